"""An atlas on disk: one sheet of pictures, and beside it what each of them shows."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lipwright.avatar import Atlas
from lipwright.errors import InvalidAvatar, UnreadableMedia
from lipwright.face.photo import of_bundle
from lipwright.face.resampling import resized

_COLUMNS = 8
_QUALITY = 94
"""Of the WebP sheet: lips keep their lines, and 40 mouths take about 0.3 MB."""

_MOST_PICTURES = 512
_MOST_FILE_BYTES = 20_000_000


def write_atlas(atlas: Atlas, folder: Path, name: str) -> None:
    """Write ``<name>.webp`` and ``<name>.npz`` into a bundle."""
    sheet = _laid_out(atlas.pictures)
    Image.fromarray(sheet).save(folder / f"{name}.webp", quality=_QUALITY, method=6)
    np.savez_compressed(
        folder / f"{name}.npz",
        size=np.array(atlas.pictures.shape[1:3], np.int32),
        landmarks=atlas.landmarks.astype(np.float32).round(2),
        states=atlas.states.astype(np.float32),
    )


def read_atlas(folder: Path, name: str) -> Atlas | None:
    """The atlas of this name; None if the bundle has none.

    Raises:
        InvalidAvatar: One of its files is missing or damaged, or they do not fit together.
    """
    values, sheet = folder / f"{name}.npz", folder / f"{name}.webp"
    if not values.exists() and not sheet.exists():
        return None
    size, landmarks, states = _values(values)
    try:
        pixels = of_bundle(sheet)
    except UnreadableMedia as error:
        raise InvalidAvatar(f"{sheet.name}: {error}") from error
    return Atlas(_cut(pixels, size, len(states), sheet.name), landmarks, states)


def scaled(atlas: Atlas, scale: float) -> Atlas:
    """The atlas for a plate drawn at another scale."""
    count, height, width = atlas.pictures.shape[:3]
    size = (max(2, round(width * scale)), max(2, round(height * scale)))
    pictures = np.empty((count, size[1], size[0], 3), np.uint8)
    for picture, smaller in zip(atlas.pictures, pictures, strict=True):
        smaller[...] = resized(picture, size)
    across, down = size[0] / width, size[1] / height
    factor, half = np.array([across, down, across], np.float32), np.array([0.5, 0.5, 0], np.float32)
    points = atlas.landmarks.shape[2]
    landmarks = (atlas.landmarks + half[:points]) * factor[:points] - half[:points]
    return Atlas(pictures, landmarks, atlas.states)


def _laid_out(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    count, height, width = pictures.shape[:3]
    rows = math.ceil(count / _COLUMNS)
    sheet = np.zeros((rows * height, _COLUMNS * width, 3), np.uint8)
    for index, picture in enumerate(pictures):
        top, left = index // _COLUMNS * height, index % _COLUMNS * width
        sheet[top : top + height, left : left + width] = picture
    return sheet


def _cut(
    sheet: NDArray[np.uint8], size: tuple[int, int], count: int, name: str
) -> NDArray[np.uint8]:
    height, width = size
    rows = math.ceil(count / _COLUMNS)
    if sheet.shape[:2] != (rows * height, _COLUMNS * width):
        raise InvalidAvatar(f"{name} does not hold {count} pictures of {width} x {height} pixels.")
    grid = sheet.reshape(rows, height, _COLUMNS, width, 3).swapaxes(1, 2)
    return np.ascontiguousarray(grid.reshape(-1, height, width, 3)[:count])


def _values(path: Path) -> tuple[tuple[int, int], NDArray[np.float32], NDArray[np.float32]]:
    try:
        if path.stat().st_size > _MOST_FILE_BYTES:
            raise InvalidAvatar(f"{path.name} is far too large.")
        with np.load(path, allow_pickle=False) as packed:
            size, landmarks, states = packed["size"], packed["landmarks"], packed["states"]
    except InvalidAvatar:
        raise
    # A damaged archive makes its reader raise nearly anything.
    except Exception as error:
        raise InvalidAvatar(f"{path.name} is missing or damaged.") from error
    fits = size.shape == (2,) and landmarks.ndim == 3 and states.ndim == 2
    if not fits or not 1 <= len(states) == len(landmarks) <= _MOST_PICTURES or size.min() < 2:
        raise InvalidAvatar(f"{path.name} does not describe 1 to {_MOST_PICTURES} pictures.")
    if not (np.isfinite(landmarks).all() and np.isfinite(states).all()):
        raise InvalidAvatar(f"{path.name} has numbers that are not finite.")
    height, width = size.tolist()
    return (height, width), landmarks.astype(np.float32), states.astype(np.float32)
