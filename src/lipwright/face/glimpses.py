"""What is seen of the face in one picture of a clip, and notes of it that outlive a crash."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame, Plane
from lipwright.face.flow import Motions
from lipwright.face.footage import Picture
from lipwright.face.geometry import LEFT_EYE_OUTER, RIGHT_EYE_OUTER, jaw_opening
from lipwright.face.landmarker import Face
from lipwright.face.resampling import resized

_POINTS: Final = 478
_AROUND_MOUTH: Final = (-0.55, 0.0, 0.55, 0.80)
"""Left, top, right, bottom from the base of the nose, of the eye distance: lips, chin, cheeks."""
_BASE_OF_NOSE: Final = 2
LOOK: Final = (32, 24)
"""Width and height of the small picture in which a hand before the mouth is noticed."""
_SHARPNESS_UNIT_PX: Final = 160
"""Sharpness is compared at this eye distance, whatever the camera's."""
_REST: Final = "rest.npz"
_WHOLE: Final = "whole"
CHUNK: Final = 200
"""Pictures noted in one file: at most 5 s of work are done again."""


@dataclass(frozen=True, slots=True, eq=False)
class Glimpse:
    """One picture, looked at once."""

    shot: int
    shown_us: int
    width: int
    """Of the upright picture as filmed, in pixels."""
    height: int
    landmarks: NDArray[np.float32]
    """``(L, 3)`` in pixels as filmed, as measured; NaN where no face is in sight."""
    moved: NDArray[np.float32]
    """``(K, 2)`` how the steady landmarks' skin moved since the picture before, as filmed."""
    sharpness: float
    """Mean slope around the mouth, over its contrast; 0 without a face."""
    look: Plane
    """``(24, 32)`` grey, around the mouth."""
    small: Plane
    """``(27, 48)`` grey, the whole picture."""

    @property
    def is_face(self) -> bool:
        """Whether a face is in sight."""
        return bool(np.isfinite(self.landmarks[0, 0]))

    def as_face(self, picture: Picture) -> Face:
        """The face as the landmarker gave it, in the pixels of a shrunk picture."""
        scale, half = _scale(picture), _HALF
        points = np.asarray((self.landmarks + half) / scale - half, np.float32)
        return Face(points, 1.0, jaw_opening(points))


_HALF: Final = np.array([0.5, 0.5, 0], np.float32)


def _scale(picture: Picture) -> NDArray[np.float32]:
    height, width = picture.frame.shape[:2]
    across = picture.width / width
    return np.array([across, picture.height / height, across], np.float32)


@dataclass(frozen=True, slots=True)
class Sight:
    """One picture of a clip, with what is known before anybody looks for a face in it."""

    picture: Picture
    shot: int
    small: Plane


def glimpse_of(face: Face | None, sight: Sight, moved: Motions) -> Glimpse:
    """Everything that later choices need, so that the clip is decoded once for all of them.

    `moved` is in the pixels of the shrunk picture.
    """
    picture = sight.picture
    points = np.full((_POINTS, 3), np.nan, np.float32)
    look, sharpness = np.zeros(LOOK[::-1], np.uint8), 0.0
    if face is not None:
        # Landmarks on the clip's own pixels; pixel centres are whole numbers.
        points = np.asarray((face.landmarks + _HALF) * _scale(picture) - _HALF, np.float32)
        look, sharpness = _around_mouth(picture.frame, face)
    return Glimpse(
        sight.shot,
        picture.shown_us,
        picture.width,
        picture.height,
        points,
        moved * _scale(picture)[:2],
        sharpness,
        look,
        sight.small,
    )


def _around_mouth(frame: Frame, face: Face) -> tuple[Plane, float]:
    points = face.landmarks[:, :2]
    unit = float(np.linalg.norm(points[RIGHT_EYE_OUTER] - points[LEFT_EYE_OUTER]))
    low, high = (points[_BASE_OF_NOSE] + unit * np.array(_AROUND_MOUTH[k : k + 2]) for k in (0, 2))
    height, width = frame.shape[:2]
    left, top = np.clip(low, 0, (width - 2, height - 2)).astype(int)
    right, bottom = np.clip(np.ceil(high), (left + 2, top + 2), (width, height)).astype(int)
    grey = np.asarray(cv2.cvtColor(frame[top:bottom, left:right], cv2.COLOR_RGB2GRAY), np.uint8)
    return resized(grey, LOOK), _sharpness(grey, unit)


def _sharpness(grey: Plane, unit: float) -> float:
    scale = min(1.0, _SHARPNESS_UNIT_PX / max(unit, 1.0))
    size = (max(2, round(grey.shape[1] * scale)), max(2, round(grey.shape[0] * scale)))
    even = resized(grey, size).astype(np.float32)
    return float(np.abs(cv2.Laplacian(even, cv2.CV_32F)).mean() / (even.std() + 1))


class Notes:
    """Glimpses in the order of the clip, and, in a folder, what an earlier run has seen."""

    def __init__(self, folder: Path | None = None, chunk: int = CHUNK) -> None:
        self.glimpses: list[Glimpse] = []
        self._folder, self._chunk = folder, chunk
        self._earlier = list(_read(folder, chunk)) if folder is not None else []
        self.whole = False
        """Whether an earlier run has seen the clip to its end; then `glimpses` are all of it."""
        if folder is not None and (folder / _WHOLE).exists():
            self.glimpses, self.whole = self._earlier + _chunk(folder / _REST), True

    @property
    def earlier(self) -> Sequence[Glimpse]:
        """What an earlier run has seen, from the first picture on."""
        return self._earlier

    def keep(self, glimpse: Glimpse) -> None:
        """Note one more; written down with every full chunk."""
        self.glimpses.append(glimpse)
        count = len(self.glimpses)
        if self._folder is not None and count % self._chunk == 0 and count > len(self._earlier):
            _write(self.glimpses[-self._chunk :], self._folder / f"seen-{count:05d}.npz")

    def end(self) -> None:
        """Note that this was the last one."""
        if self._folder is not None and self.glimpses:
            rest = self.glimpses[len(self.glimpses) // self._chunk * self._chunk :]
            if rest:
                _write(rest, self._folder / _REST)
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / _WHOLE).touch()


def _write(glimpses: Sequence[Glimpse], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    columns: dict[str, Any] = {
        f.name: np.stack([getattr(g, f.name) for g in glimpses]) for f in fields(Glimpse)
    }
    with partial.open("wb") as file:
        np.savez(file, **columns)
    os.replace(partial, path)


def _read(folder: Path, chunk: int) -> Iterator[Glimpse]:
    """Whole chunks from the first on; our own files, written whole or not there."""
    count = chunk
    while (path := folder / f"seen-{count:05d}.npz").exists():
        yield from _chunk(path)
        count += chunk


def _chunk(path: Path) -> list[Glimpse]:
    """The glimpses of one file; none, where there is no such file."""
    if not path.exists():
        return []
    with np.load(path, allow_pickle=False) as packed:
        columns = {f.name: packed[f.name] for f in fields(Glimpse)}
    return [
        Glimpse(
            **{
                name: column[row] if column.ndim > 1 else column[row].item()
                for name, column in columns.items()
            }
        )
        for row in range(len(columns["shot"]))
    ]
