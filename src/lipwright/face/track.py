"""Where the face is in every picture of a clip, measured once and kept in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.signal import savgol_filter

from lipwright.arrays import Frame, Mask
from lipwright.errors import UnreadableMedia
from lipwright.face.footage import LONGEST_S, Picture, pictures
from lipwright.face.landmarker import Face, Landmarker

_VERSION: Final = 1
_POINTS: Final = 478
_ANALYSIS_PX: Final = 1920
"""The mesh sees 192 pixels of a face: more than 1080p adds time, not precision."""

_THUMBNAIL: Final = (48, 27)
_CUT_DIFFERENCE: Final = 24.0
"""Mean grey levels between neighbours across a cut; three clips of talking heads stay below 1.2."""

_SMOOTHED_US: Final = 170_000
"""The smoothing window: 5 pictures at 30 fps, the least for a parabola."""
_JUMP: Final = 0.5
"""Of the face's width in one picture: it is another face, or the same after a jump."""
_MOST_FILE_BYTES: Final = 150_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """The main face of a clip, picture by picture."""

    width: int
    """Of the upright picture as filmed, in pixels."""
    height: int
    shown_us: NDArray[np.int64]
    """``(F,)`` when each picture is shown, in microseconds; the first is at 0."""
    landmarks: NDArray[np.float32]
    """``(F, L, 3)`` in pixels as filmed; NaN where no face is in sight."""
    cuts: Mask
    """``(F,)`` whether a scene starts with this picture; the first always does."""

    @property
    def seen(self) -> Mask:
        """``(F,)`` whether a face is in sight."""
        return np.isfinite(self.landmarks[:, 0, 0])


def tracked(
    path: Path, landmarker: Landmarker, progress: Callable[[int], None] | None = None
) -> Track:
    """Follow the main face through a clip, anew after each cut, without the jitter.

    Args:
        path: The clip.
        landmarker: Finds the face in a picture.
        progress: Told how many pictures are done after each one; may raise to stop.

    Raises:
        UnreadableMedia: No video, damaged, cut off, or larger than 4K.
        InvalidRequest: Longer than 5 minutes, or more than 60 frames a second.
    """
    seen: list[_Seen] = []
    points: list[NDArray[np.float32]] = []
    shots = groupby(_noted(pictures(path, longer_side_px=_ANALYSIS_PX), seen), lambda s: s[0])
    for _, shot in shots:
        for face in landmarker.track(frame for _, frame in shot):
            points.append(_as_filmed(face, seen[-1]))
            if progress is not None:
                progress(len(points))
    shown_us = np.array([s.shown_us for s in seen], np.int64)
    cuts = np.diff([s.shot for s in seen], prepend=-1) > 0
    landmarks = np.stack(points)
    _smooth(landmarks, shown_us, cuts)
    return Track(seen[0].width, seen[0].height, shown_us, landmarks, cuts)


def write_track(track: Track, path: Path) -> None:
    """Write the track as one file."""
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            version=np.int32(_VERSION),
            size=np.array([track.width, track.height], np.int32),
            shown_us=track.shown_us,
            landmarks=track.landmarks,
            cuts=track.cuts,
        )


def read_track(path: Path) -> Track:
    """Read what `write_track` wrote.

    Raises:
        UnreadableMedia: Missing, damaged, or of another version; track the clip again.
    """
    try:
        if path.stat().st_size > _MOST_FILE_BYTES:
            raise ValueError("far too large")
        with path.open("rb") as file, np.load(file, allow_pickle=False) as packed:
            return _checked(int(packed["version"]), {name: packed[name] for name in packed})
    # A damaged archive makes its reader raise nearly anything.
    except Exception as error:
        raise UnreadableMedia(f"{path.name} is no track of this version; track again.") from error


def _checked(version: int, packed: dict[str, NDArray[np.generic]]) -> Track:
    shown_us = packed["shown_us"].astype(np.int64)
    landmarks = packed["landmarks"].astype(np.float32)
    cuts = packed["cuts"].astype(np.bool_)
    count = len(shown_us)
    fits = landmarks.shape == (count, _POINTS, 3) and cuts.shape == (count,) and count > 0
    if version != _VERSION or not fits or shown_us[-1] > LONGEST_S * 1_000_000:
        raise ValueError("does not fit together")
    width, height = packed["size"].tolist()
    return Track(width, height, shown_us, landmarks, cuts)


@dataclass(frozen=True, slots=True)
class _Seen:
    shot: int
    shown_us: int
    width: int
    height: int
    scale_x: float
    scale_y: float


def _noted(clip: Iterable[Picture], seen: list[_Seen]) -> Iterator[tuple[int, Frame]]:
    """Each picture with the number of its shot; notes in `seen` all but the pixels."""
    last: NDArray[np.float32] | None = None
    shot = 0
    for picture in clip:
        small = _thumbnail(picture.frame)
        if last is not None and float(np.abs(small - last).mean()) > _CUT_DIFFERENCE:
            shot += 1
        last = small
        height, width = picture.frame.shape[:2]
        scale = (picture.width / width, picture.height / height)
        seen.append(_Seen(shot, picture.shown_us, picture.width, picture.height, *scale))
        yield shot, picture.frame


def _thumbnail(frame: Frame) -> NDArray[np.float32]:
    small = cv2.resize(frame, _THUMBNAIL, interpolation=cv2.INTER_AREA)
    return np.asarray(small.mean(axis=2), np.float32)


def _as_filmed(face: Face | None, seen: _Seen) -> NDArray[np.float32]:
    """Landmarks on the clip's own pixels; pixel centres are whole numbers."""
    if face is None:
        return np.full((_POINTS, 3), np.nan, np.float32)
    scale = np.array([seen.scale_x, seen.scale_y, seen.scale_x], np.float32)
    half = np.array([0.5, 0.5, 0], np.float32)
    return np.asarray((face.landmarks + half) * scale - half, np.float32)


def _smooth(landmarks: NDArray[np.float32], shown_us: NDArray[np.int64], cuts: Mask) -> None:
    """Local parabolas (Savitzky and Golay, 1964): no delay, and peaks keep their height."""
    if len(shown_us) < 2:
        return
    spacing = max(1.0, float(np.median(np.diff(shown_us))))
    window = max(5, round(_SMOOTHED_US / spacing) // 2 * 2 + 1)
    for start, end in _runs(landmarks, cuts):
        if end - start >= window:
            landmarks[start:end] = savgol_filter(landmarks[start:end], window, 2, axis=0)


def _runs(landmarks: NDArray[np.float32], cuts: Mask) -> Iterator[tuple[int, int]]:
    """Spans through which one face moves without a break."""
    seen = np.isfinite(landmarks[:, 0, 0])
    width = np.ptp(landmarks[:, :, 0], axis=1)
    moved = np.linalg.norm(np.diff(landmarks[:, 1, :2], axis=0), axis=1)
    # A comparison with NaN is false: a face that comes or goes is a break as well.
    breaks = cuts.copy()
    breaks[1:] |= ~(moved < _JUMP * width[1:])
    edges = [*np.flatnonzero(breaks).tolist(), len(seen)]
    for start, end in pairwise(edges):
        if seen[start]:
            yield start, end
