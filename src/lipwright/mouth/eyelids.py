"""Blinks: the upper lid's own skin and lashes, slid down over the eye."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import YuvFrame
from lipwright.colour import within
from lipwright.mouth import topology
from lipwright.mouth.anatomy import Anatomy, Points
from lipwright.mouth.boxes import around, even_box
from lipwright.mouth.field import Grid, Lattice, Maps, Zone
from lipwright.mouth.layering import half_of, lay
from lipwright.mouth.source import Source

Plane = NDArray[np.float32]

_LASHES = 0.010  # the dark edge lies this far below the lid landmarks, local units
_SKIN = (0.10, 0.19)  # least and most lid skin, up to the brow, that a closing lid draws out
_RIGID = 0.25  # its lowest share, as high as lashes are long: drawn out they look like a comb
_MEET = 1.08  # the lashes cover the lower lid's edge; less leaves a white line
_LASH_GAP = 0.05  # of the eye distance: wider than a bundle of lashes, narrower than the lid
_TRAVEL = 0.06  # the furthest that head motion takes a lid
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

    def __init__(self, anatomy: Anatomy, lattice: Lattice, canvas: tuple[int, ...]) -> None:
        self._anatomy = anatomy
        self._to_local = np.linalg.inv(anatomy.plane)
        left = topology.LEFT_EYE_UPPER, topology.LEFT_EYE_LOWER, topology.LEFT_BROW_BASE
        right = topology.RIGHT_EYE_UPPER, topology.RIGHT_EYE_LOWER, topology.RIGHT_BROW_BASE
        reach = _TRAVEL * anatomy.unit
        self._eyes = []
        for eye in (_eye(anatomy, *left), _eye(anatomy, *right)):
            low, high = eye.corners.min(0) - reach, eye.corners.max(0) + reach
            part = even_box(low, high, canvas)
            self._eyes.append((eye, part, Zone(lattice, part, smooth=False)))
        self.box = around(self._eyes[0][1], self._eyes[1][1])
        """All that a blink can change."""

    def close(self, into: YuvFrame, source: Source, head_offsets: Grid, blink: float) -> None:
        """Draw the lids, `blink` of the way down (0 to 1), into a picture that shows `box`."""
        for eye, part, zone in self._eyes:
            maps = zone.maps(head_offsets, source)
            self._close_one(eye, within(into, part.within(self.box)), source, maps, blink)

    def _close_one(
        self, eye: _Eye, into: YuvFrame, source: Source, maps: Maps, blink: float
    ) -> None:
        x, y = self._local(source, maps.luma)
        upper = np.interp(x, eye.x, eye.upper).astype(np.float32)
        travel = np.interp(x, eye.x, eye.travel).astype(np.float32) * np.float32(blink)
        above = upper + travel - y
        # The lashes ride along unchanged; skin further up is drawn out, ever less.
        rigid = np.float32(_RIGID * eye.skin)
        height = (above - rigid) / (travel + np.float32(eye.skin) - rigid)
        height = np.clip(height, 0, 1)
        slide = -travel * (1 - height * height * (3 - 2 * height))
        lid = source.remapped(self._slid(source, maps, slide))
        drawn_out = np.clip((above - rigid) / rigid, 0, 1) * np.clip(2 - 2.5 * height, 0, 1)
        _bare(lid, (blink * drawn_out).astype(np.float32), self._anatomy.unit)
        pixel = 1 / self._anatomy.unit
        covered = np.clip(above / (1.6 * pixel) + 0.5, 0, 1)
        covered = (covered * np.clip(travel / (2 * pixel), 0, 1)).astype(np.float32)
        _shade(into, above, travel)
        lay(lid, covered, into)

    def _slid(self, source: Source, maps: Maps, slide: Plane) -> Maps:
        """The maps moved down the face by so much, in local units."""
        down = (self._anatomy.plane[1] * source.scale).astype(np.float32)
        return Maps(
            maps.luma + slide[..., None] * down,
            maps.chroma + half_of(slide)[..., None] * (down / 2),
        )

    def _local(self, source: Source, at: Plane) -> tuple[Plane, Plane]:
        a = self._to_local / source.scale
        start = (self._anatomy.origin[:2] - source.corner) * source.scale @ a
        local = at @ a.astype(np.float32) - start.astype(np.float32)
        return local[..., 0], local[..., 1]


def _bare(lid: YuvFrame, share: Plane, unit: float) -> None:
    """Bare skin where the lid is drawn out: open, the lashes lie over it, and would streak."""
    width = max(3, round(_LASH_GAP * unit) | 1)
    bright = cv2.morphologyEx(lid.y, cv2.MORPH_CLOSE, np.ones((1, width), np.uint8))
    size, half = (width, max(1, width // 3)), (width // 2 | 1, max(1, width // 6))
    y, u, v = cv2.blur(bright, size), cv2.blur(lid.u, half), cv2.blur(lid.v, half)
    lay(YuvFrame(*(np.asarray(plane, np.uint8) for plane in (y, u, v))), share, lid)


def _shade(eye: YuvFrame, above: Plane, travel: Plane) -> None:
    """The eyeball under the shadow of the lashes, deeper the further the lid has come."""
    near = np.exp(-np.abs(above) / 0.022)
    dark = (near * np.clip(travel / 0.08, 0, 1) * np.float32(0.65)).astype(np.float32)
    black, grey = np.full_like(eye.y, 16), np.full_like(eye.u, 128)
    lay(YuvFrame(black, grey, grey), dark, eye)


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
