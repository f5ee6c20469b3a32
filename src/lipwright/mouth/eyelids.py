"""Blinks: the upper lid's own skin and lashes, slid down over the eye."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.mouth import topology
from lipwright.mouth.anatomy import Anatomy, Points
from lipwright.mouth.boxes import Box, even_box
from lipwright.mouth.source import SCALE, Source

Plane = NDArray[np.float32]

_LASHES = 0.010  # the dark edge lies this far below the lid landmarks, local units
_SKIN = 0.17  # lid and brow skin that is drawn out while the lid closes
_MEET = 0.94  # lids meet a little above the lower one's open place
_BEYOND = 0.05  # the lid's edge is continued this far past the eye's corners


@dataclass(frozen=True, slots=True, eq=False)
class _Eye:
    """One eye: its lid lines as tables over local x."""

    x: Points
    upper: Points
    lower: Points
    corners: Points
    """Canvas positions of the two corners of what moves."""


class Eyelids:
    """Closes the eyes of one plate."""

    def __init__(self, anatomy: Anatomy) -> None:
        self._anatomy = anatomy
        self._to_local = np.linalg.inv(anatomy.plane).astype(np.float32)
        self._eyes = (
            _eye(anatomy, topology.LEFT_EYE_UPPER, topology.LEFT_EYE_LOWER),
            _eye(anatomy, topology.RIGHT_EYE_UPPER, topology.RIGHT_EYE_LOWER),
        )

    def corners(self) -> Points:
        """Canvas points around all that a blink can change."""
        return np.concatenate([eye.corners for eye in self._eyes])

    def close(
        self,
        rgba: NDArray[np.uint8],
        source: Source,
        maps: tuple[Plane, Plane],
        box: Box,
        blink: float,
    ) -> None:
        """Draw the lids, `blink` of the way down, into `rgba` (the picture inside `box`).

        Args:
            rgba: Drawn on in place.
            source: The plate.
            maps: Where each pixel of `rgba` comes from, in doubled plate pixels.
            box: Canvas box of `rgba`.
            blink: 0 open .. 1 closed.
        """
        for eye in self._eyes:
            reach = 0.06 * self._anatomy.unit  # the head may have moved since
            low, high = eye.corners.min(0) - reach, eye.corners.max(0) + reach
            part = even_box(low, high, (box.bottom, box.right)).intersection(box).within(box)
            if part.width > 0 and part.height > 0:
                self._close_one(eye, rgba, source, (maps, part), blink)

    def _close_one(
        self,
        eye: _Eye,
        rgba: NDArray[np.uint8],
        source: Source,
        where: tuple[tuple[Plane, Plane], Box],
        blink: float,
    ) -> None:
        (map_x, map_y), part = where
        from_x, from_y = map_x[part.rows, part.columns], map_y[part.rows, part.columns]
        x, y = self._local(source, from_x, from_y)
        upper = np.interp(x, eye.x, eye.upper).astype(np.float32)
        lower = np.interp(x, eye.x, eye.lower).astype(np.float32)
        travel = np.maximum(lower - upper, 0) * np.float32(_MEET * blink)
        edge = upper + travel
        # The lashes ride along unchanged; skin further up is drawn out, ever less.
        height = np.clip((edge - y) / (travel + np.float32(_SKIN)), 0, 1)
        slide = -travel * (1 - height * height * (3 - 2 * height))
        down = (self._anatomy.plane[1] * SCALE).astype(np.float32)
        lid = source.remapped(from_x + slide * down[0], from_y + slide * down[1])
        pixel = 1 / self._anatomy.unit
        covered = np.clip((edge - y) / (1.6 * pixel) + 0.5, 0, 1)
        covered = (covered * np.clip(travel / (2 * pixel), 0, 1)).astype(np.float32)
        target = np.ascontiguousarray(rgba[part.rows, part.columns])
        rgba[part.rows, part.columns] = cv2.blendLinear(
            lid, _shaded(target, edge - y, travel), covered, 1 - covered
        )

    def _local(self, source: Source, x: Plane, y: Plane) -> tuple[Plane, Plane]:
        origin = self._anatomy.origin[:2] - source.corner
        x, y = x / SCALE - np.float32(origin[0]), y / SCALE - np.float32(origin[1])
        a = self._to_local
        across = np.asarray(x * a[0, 0] + y * a[1, 0], np.float32)
        return across, np.asarray(x * a[0, 1] + y * a[1, 1], np.float32)


def _shaded(rgba: NDArray[np.uint8], above: Plane, travel: Plane) -> NDArray[np.uint8]:
    """The eyeball under the shadow of the lashes, deeper the further the lid has come."""
    near = np.exp(np.minimum(above, 0) / 0.022)
    dark = 1 - near * np.clip(travel / 0.06, 0, 1) * np.float32(0.55)
    shaded = rgba.astype(np.float32)
    shaded[..., :3] *= dark[..., None]
    return shaded.astype(np.uint8)


def _eye(anatomy: Anatomy, upper: tuple[int, ...], lower: tuple[int, ...]) -> _Eye:
    up, low = anatomy.local[list(upper), :2], anatomy.local[list(lower), :2]
    first, last = up[0, 0], max(up[-1, 0], up[0, 0] + 0.02)
    x = np.linspace(first - _BEYOND, last + _BEYOND, 48)
    up_y = _smoothed(x, up) + _LASHES
    low_y = np.maximum(_smoothed(x, low), up_y)
    level = min(up_y.min(), low_y.min())
    box = np.array(
        [
            [x[0], level - _SKIN - 0.08],
            [x[-1], level - _SKIN - 0.08],
            [x[0], low_y.max() + 0.05],
            [x[-1], low_y.max() + 0.05],
        ]
    )
    return _Eye(x, up_y, low_y, anatomy.on_canvas(box))


def _smoothed(x: Points, line: Points) -> Points:
    """A lid line: a cubic through its landmarks, straight on beyond the corners."""
    order = np.argsort(line[:, 0])
    inside = np.interp(x, line[order, 0], line[order, 1])
    kernel = np.hanning(9)[1:-1]
    padded = np.pad(inside, 3, mode="edge")
    return np.convolve(padded, kernel / kernel.sum(), mode="valid")
