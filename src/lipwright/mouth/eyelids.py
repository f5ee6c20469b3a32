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
_SKIN = (0.10, 0.19)  # least and most lid skin, up to the brow, that a closing lid draws out
_RIGID = 0.25  # its lowest share, as high as lashes are long: drawn out they look like a comb
_MEET = 1.08  # the lashes cover the lower lid's edge; less leaves a white line
_LASH_GAP = 0.05  # of the eye distance: wider than a bundle of lashes, narrower than the lid
_BEYOND = 0.05  # the lid's edge is continued this far past the eye's corners


@dataclass(frozen=True, slots=True, eq=False)
class _Eye:
    """One eye: its lid lines as tables over local x."""

    x: Points
    upper: Points
    travel: Points
    """How far the lid's edge comes down to meet the other."""
    skin: float
    """Height of the skin that a closing lid draws out."""
    corners: Points
    """Canvas positions of the two corners of what moves."""


class Eyelids:
    """Closes the eyes of one plate."""

    def __init__(self, anatomy: Anatomy) -> None:
        self._anatomy = anatomy
        self._to_local = np.linalg.inv(anatomy.plane)
        self._eyes = (
            _eye(
                anatomy, topology.LEFT_EYE_UPPER, topology.LEFT_EYE_LOWER, topology.LEFT_BROW_BASE
            ),
            _eye(
                anatomy,
                topology.RIGHT_EYE_UPPER,
                topology.RIGHT_EYE_LOWER,
                topology.RIGHT_BROW_BASE,
            ),
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
        travel = np.interp(x, eye.x, eye.travel).astype(np.float32) * np.float32(blink)
        edge = upper + travel
        # The lashes ride along unchanged; skin further up is drawn out, ever less.
        rigid = np.float32(_RIGID * eye.skin)
        height = (edge - y - rigid) / (travel + np.float32(eye.skin) - rigid)
        height = np.clip(height, 0, 1)
        slide = -travel * (1 - height * height * (3 - 2 * height))
        down = (self._anatomy.plane[1] * SCALE).astype(np.float32)
        lid = source.remapped(from_x + slide * down[0], from_y + slide * down[1])
        drawn_out = np.clip((edge - y - rigid) / rigid, 0, 1) * np.clip(2 - 2.5 * height, 0, 1)
        lid = _without_lashes(lid, blink * drawn_out, self._anatomy.unit)
        pixel = 1 / self._anatomy.unit
        covered = np.clip((edge - y) / (1.6 * pixel) + 0.5, 0, 1)
        covered = (covered * np.clip(travel / (2 * pixel), 0, 1)).astype(np.float32)
        target = np.ascontiguousarray(rgba[part.rows, part.columns])
        rgba[part.rows, part.columns] = cv2.blendLinear(
            lid, _shaded(target, edge - y, travel), covered, 1 - covered
        )

    def _local(self, source: Source, x: Plane, y: Plane) -> tuple[Plane, Plane]:
        origin = (self._anatomy.origin[:2] - source.corner) * SCALE
        a = self._to_local / SCALE
        start = origin @ a
        across = x * np.float32(a[0, 0]) + y * np.float32(a[1, 0]) - np.float32(start[0])
        down = x * np.float32(a[0, 1]) + y * np.float32(a[1, 1]) - np.float32(start[1])
        return across, down


def _without_lashes(lid: NDArray[np.uint8], share: Plane, unit: float) -> NDArray[np.uint8]:
    """Bare skin where the lid is drawn out: open, the lashes lie over it, and would streak."""
    width = max(3, round(_LASH_GAP * unit) | 1)
    bare = cv2.morphologyEx(lid, cv2.MORPH_CLOSE, np.ones((1, width), np.uint8))
    bare = cv2.blur(bare, (width, max(1, width // 3)))
    share = share.astype(np.float32)
    return np.asarray(cv2.blendLinear(bare, lid, share, 1 - share), np.uint8)


def _shaded(rgba: NDArray[np.uint8], above: Plane, travel: Plane) -> NDArray[np.uint8]:
    """The eyeball under the shadow of the lashes, deeper the further the lid has come."""
    near = np.exp(-np.abs(above) / 0.022)
    dark = 1 - near * np.clip(travel / 0.08, 0, 1) * np.float32(0.65)
    shaded = rgba.astype(np.float32)
    shaded[..., :3] *= dark[..., None]
    return shaded.astype(np.uint8)


def _eye(
    anatomy: Anatomy, upper: tuple[int, ...], lower: tuple[int, ...], brow: tuple[int, ...]
) -> _Eye:
    up, low = anatomy.flat[list(upper)], anatomy.flat[list(lower)]
    first, last = up[0, 0], max(up[-1, 0], up[0, 0] + 0.02)
    x = np.linspace(first - _BEYOND, last + _BEYOND, 48)
    up_y = _along(x, up) + _LASHES
    low_y = np.maximum(_along(x, low), up_y)
    brow_gap = float((up_y[12:-12] - _along(x, anatomy.flat[list(brow)])[12:-12]).min())
    skin = float(np.clip(brow_gap, *_SKIN))
    level = min(up_y.min(), low_y.min())
    box = np.array(
        [
            [x[0], level - skin - 0.08],
            [x[-1], level - skin - 0.08],
            [x[0], low_y.max() + 0.05],
            [x[-1], low_y.max() + 0.05],
        ]
    )
    return _Eye(x, up_y, _softened(low_y - up_y) * _MEET, skin, anatomy.on_canvas(box))


def _along(x: Points, line: Points) -> Points:
    """A lid line through its landmarks, level beyond the corners."""
    order = np.argsort(line[:, 0])
    return np.asarray(np.interp(x, line[order, 0], line[order, 1]))


def _softened(values: Points) -> Points:
    """Without the bends at landmarks and corners, which would draw lines up the lid."""
    kernel = np.hanning(11)[1:-1]
    padded = np.pad(values, 4, mode="edge")
    return np.convolve(padded, kernel / kernel.sum(), mode="valid")
