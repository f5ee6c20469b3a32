"""Three neutral studio walls, drawn at any size: one soft light on a seamless backdrop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame

_Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Wall:
    """A backdrop: sRGB colours where the light falls and where it does not."""

    lit: tuple[int, int, int]
    unlit: tuple[int, int, int]
    light: tuple[float, float]
    """Middle of the light, as shares of width and height."""
    reach: float
    """How far the light falls, over the canvas's diagonal."""


WALLS: Final = {
    "studio-light": Wall((240, 240, 239), (203, 206, 210), (0.46, 0.36), 0.60),
    "studio-warm": Wall((226, 211, 194), (161, 141, 124), (0.40, 0.34), 0.55),
    "studio-dark": Wall((84, 93, 106), (22, 25, 31), (0.56, 0.38), 0.46),
}
"""Beside them a presenter's light edges look right: none is lit harder than the face."""

_GRAIN: Final = 0.8
"""Standard deviation, in steps of 8 bits: a gradient without grain shows bands."""


def studio_wall(name: str, size: tuple[int, int]) -> Frame:
    """The wall of this name on a canvas of `size` (width, height)."""
    wall = WALLS[name]
    lit, unlit = (np.array(colour, np.float32) for colour in (wall.lit, wall.unlit))
    share = _light(wall, size)[..., None]
    grain = np.random.default_rng(1).normal(0, _GRAIN, (size[1], size[0], 1)).astype(np.float32)
    return np.asarray(np.clip(unlit + (lit - unlit) * share + grain + 0.5, 0, 255), np.uint8)


def _light(wall: Wall, size: tuple[int, int]) -> _Plane:
    """1 in the middle of the light, falling off as a soft box's does on a wall."""
    width, height = size
    x = np.arange(width, dtype=np.float32) - np.float32(wall.light[0] * width)
    y = np.arange(height, dtype=np.float32)[:, None] - np.float32(wall.light[1] * height)
    reach = np.float32(wall.reach * np.hypot(width, height))
    return np.asarray(1 / (1 + (x * x + y * y) / (reach * reach)) ** 1.5, np.float32)
