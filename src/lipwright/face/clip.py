"""A clip -> its `Study`, its still and its mouths: everything that revoicing it needs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import RIG, Frame
from lipwright.avatar import Atlas, Plate
from lipwright.errors import UnreadableMedia
from lipwright.face.film import ClipFilm
from lipwright.face.footage import upright_rgb
from lipwright.face.geometry import LEFT_EYE_OUTER, RIGHT_EYE_OUTER, jaw_opening
from lipwright.face.glimpses import Notes
from lipwright.face.landmarker import Landmarker
from lipwright.face.reel import Reel
from lipwright.face.study import Study, studied
from lipwright.face.track import tracked
from lipwright.request import SyncMode

_MOUTH_BOX: Final = (0.66, 0.46, 0.66)
"""What a picture of a mouth shows beside, above and below the lips, of the eye distance."""
_FINGERPRINT_BYTES: Final = 1_000_000
_NOTED: Final = 2
"""Raised whenever something else is noted: notes of an earlier version are not believed."""
_ATLAS_BYTES: Final = 60_000_000
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
    seen = Notes(notes and notes / fingerprint(path, near))
    track = tracked(path, landmarker, progress, near=near, notes=seen)
    return studied(track, seen.glimpses)


def fingerprint(path: Path, near: tuple[float, float] | None) -> str:
    """Tells one look from another: notes of a clip that was changed since are not believed.

    Raises:
        UnreadableMedia: There is no such file.
    """
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
    size = _mouth_size(track.landmarks[wanted])
    wanted = _affordable(wanted, study.rest, size)
    # at once: a list of them would be there a second time while it becomes an array
    pictures = np.empty((len(wanted), size[1], size[0], 3), np.uint8)
    landmarks = []
    still: Frame | None = None
    with Reel(path, track.shown_us) as reel:
        for place, (index, decoded) in enumerate(zip(wanted, reel.play(wanted), strict=True)):
            frame = upright_rgb(decoded)
            pictures[place], marks = _cut(frame, track.landmarks[index], size)
            landmarks.append(marks)
            if index == study.rest:
                still = frame
    if still is None:
        raise AssertionError("the picture at rest is among those wanted")
    still = np.ascontiguousarray(still[: track.height // 2 * 2, : track.width // 2 * 2])
    states = np.zeros((len(pictures), len(RIG)), np.float32)
    return Plate(
        still,
        np.full(still.shape[:2], 255, np.uint8),
        still_marks,
        jaw_opening(still_marks),
        mouths=Atlas(pictures, np.stack(landmarks), states),
        film=ClipFilm(path, track, study.trust, mode),
    )


def _mouth_size(marks: NDArray[np.float32]) -> tuple[int, int]:
    """(width, height) of every picture of a mouth: enough for the face where it is largest."""
    eyes = marks[:, RIGHT_EYE_OUTER, :2] - marks[:, LEFT_EYE_OUTER, :2]
    unit = float(np.percentile(np.linalg.norm(eyes, axis=-1), 90))
    beside, above, below = _MOUTH_BOX
    return max(4, round(2 * beside * unit)), max(4, round((above + below) * unit))


def _affordable(wanted: list[int], rest: int, size: tuple[int, int]) -> list[int]:
    """Fewer pictures where they are large, the one at rest among them."""
    most = max(12, _ATLAS_BYTES // (size[0] * size[1] * 3))
    if len(wanted) <= most:
        return wanted
    kept = {wanted[k] for k in np.linspace(0, len(wanted) - 1, most - 1).round().astype(int)}
    return sorted(kept | {rest})


def _cut(
    frame: Frame, marks: NDArray[np.float32], size: tuple[int, int]
) -> tuple[Frame, NDArray[np.float32]]:
    """The mouth, pixel by pixel as it was filmed, and the landmarks in the picture's pixels."""
    above = _MOUTH_BOX[1] / (_MOUTH_BOX[1] + _MOUTH_BOX[2])
    x, y = marks[[13, 14], :2].mean(axis=0)
    left, top = round(float(x) - size[0] / 2), round(float(y) - size[1] * above)
    rows = np.clip(np.arange(top, top + size[1]), 0, frame.shape[0] - 1)
    columns = np.clip(np.arange(left, left + size[0]), 0, frame.shape[1] - 1)
    corner = np.array([left, top, 0], np.float32)
    return np.ascontiguousarray(frame[rows[:, None], columns]), marks - corner
