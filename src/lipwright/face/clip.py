"""A clip -> its `Study`, its still and its mouths: everything that revoicing it needs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame
from lipwright.avatar import Atlas, Plate
from lipwright.errors import UnreadableMedia
from lipwright.face.film import ClipFilm
from lipwright.face.geometry import LEFT_EYE_OUTER, RIGHT_EYE_OUTER, jaw_opening
from lipwright.face.glimpses import Notes
from lipwright.face.landmarker import Landmarker
from lipwright.face.reel import Reel, upright_rgb
from lipwright.face.study import Study, studied
from lipwright.face.track import tracked
from lipwright.headpose import HeadPose, pose_between
from lipwright.request import SyncMode

_MOUTH_BOX: Final = (0.66, 0.46, 0.66)
"""What a picture of a mouth shows beside, above and below the lips, of the eye distance."""
_FINGERPRINT_BYTES: Final = 1_000_000
_NOTED: Final = 2
"""Raised whenever something else is noted: notes of an earlier version are not believed."""
_ATLAS_BYTES: Final = 120_000_000
"""All pictures together; a face that fills a 4K picture gets fewer."""


def looked_at(
    path: Path,
    landmarker: Landmarker,
    *,
    near: tuple[float, float] | None = None,
    notes: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Study:
    """Look at a clip from beginning to end.

    Args:
        path: The clip.
        landmarker: Finds the face in a picture.
        near: As in `track.tracked`.
        notes: A folder in which an interrupted look is taken up again by the next.
        progress: Told how many pictures are done after each one; may raise to stop.

    Raises:
        UnreadableMedia: No video, damaged, cut off, or larger than 4K.
        InvalidRequest: Longer than 5 minutes, or more than 60 frames a second.
        UnusablePhoto: No face, or the mouth is never in sight.
    """
    seen = Notes(notes and notes / _fingerprint(path, near))
    track = tracked(path, landmarker, progress, near=near, notes=seen)
    return studied(track, seen.glimpses)


def _fingerprint(path: Path, near: tuple[float, float] | None) -> str:
    """Tells one look from another: notes of a clip that was changed since are not believed."""
    try:
        with path.open("rb") as file:
            content = file.read(_FINGERPRINT_BYTES)
        size = path.stat().st_size
    except OSError as error:
        raise UnreadableMedia(f"{path.name} cannot be read: {error.strerror}.") from error
    return hashlib.sha256(content + f"{_NOTED} {size} {near}".encode()).hexdigest()[:16]


def plate_of(path: Path, study: Study, mode: SyncMode = SyncMode.CUT_OFF) -> Plate:
    """The clip as a plate: its still, its mouths, and itself as the film."""
    track = study.track
    wanted = sorted({study.rest, *study.mouths})
    still_marks = track.landmarks[study.rest]
    shape = _mouth_shape(still_marks, (track.height, track.width))
    wanted = _affordable(wanted, study.rest, shape)
    pictures, landmarks = [], []
    still: Frame | None = None
    with Reel(path, track.shown_us) as reel:
        for index, decoded in zip(wanted, reel.play(wanted), strict=True):
            frame = upright_rgb(decoded)
            picture, marks = _cut(frame, track.landmarks[index], still_marks, shape)
            pictures.append(picture)
            landmarks.append(marks)
            if index == study.rest:
                still = frame
    if still is None:
        raise AssertionError("the picture at rest is among those wanted")
    still = np.ascontiguousarray(still[: track.height // 2 * 2, : track.width // 2 * 2])
    states = np.zeros((len(pictures), 8), np.float32)
    return Plate(
        still,
        np.full(still.shape[:2], 255, np.uint8),
        still_marks,
        jaw_opening(still_marks),
        mouths=Atlas(np.stack(pictures), np.stack(landmarks), states),
        film=ClipFilm(path, study, mode),
    )


@dataclass(frozen=True, slots=True)
class _MouthShape:
    """The box, in the still, that every picture of a mouth is cut by."""

    left: int
    top: int
    width: int
    height: int


def _mouth_shape(marks: NDArray[np.float32], size: tuple[int, int]) -> _MouthShape:
    unit = float(np.linalg.norm(marks[RIGHT_EYE_OUTER] - marks[LEFT_EYE_OUTER]))
    beside, above, below = (reach * unit for reach in _MOUTH_BOX)
    x, y = marks[[13, 14], :2].mean(axis=0)
    left, top = round(max(0.0, x - beside)), round(max(0.0, y - above))
    right, bottom = min(size[1], round(x + beside)), min(size[0], round(y + below))
    return _MouthShape(left, top, max(4, right - left), max(4, bottom - top))


def _affordable(wanted: list[int], rest: int, shape: _MouthShape) -> list[int]:
    """Fewer pictures where they are large, the one at rest among them."""
    most = max(12, _ATLAS_BYTES // (shape.width * shape.height * 3))
    if len(wanted) <= most:
        return wanted
    kept = {wanted[k] for k in np.linspace(0, len(wanted) - 1, most - 1).round().astype(int)}
    return sorted(kept | {rest})


def _cut(
    frame: Frame, marks: NDArray[np.float32], still: NDArray[np.float32], shape: _MouthShape
) -> tuple[Frame, NDArray[np.float32]]:
    """The mouth at the still's scale and tilt, and the landmarks in the picture's pixels."""
    pose = pose_between(marks, still)
    tilt = float(np.arctan2(pose.turn[0, 1] - pose.turn[1, 0], pose.turn[0, 0] + pose.turn[1, 1]))
    flat = np.eye(3)
    flat[:2, :2] = [[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]]
    level = HeadPose(pose.scale, flat, np.zeros(3))
    placed = level.placed(marks.astype(np.float64))
    target = still.astype(np.float64) - [shape.left, shape.top, 0]
    steady = [6, 197, 5, 4, 98, 327, 2, 1]  # the nose keeps the mouth in place
    shift = (target[steady] - placed[steady]).mean(axis=0)
    linear = (pose.scale * flat[:2, :2]).T
    matrix = np.c_[linear, shift[:2]]
    how = cv2.INTER_AREA if pose.scale < 0.5 else cv2.INTER_CUBIC
    picture = cv2.warpAffine(
        frame, matrix, (shape.width, shape.height), flags=how, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(picture, np.uint8), np.asarray(placed + shift, np.float32)
