"""Folds and dark corners that a smile presses into the skin, lightened as far as the smile goes.

A warp takes them along: lips that round in a smiling picture would drag its folds and the pits at
its corners inwards, where no speaking face has any.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Box, YuvFrame
from lipwright.avatar import Plate
from lipwright.colour import BT709, within
from lipwright.mouth import topology
from lipwright.mouth.anatomy import Anatomy, Points
from lipwright.mouth.boxes import even_box
from lipwright.mouth.curves import blurred, drawn_along, filled, step
from lipwright.mouth.field import Grid
from lipwright.mouth.mouthwarp import MouthWarp
from lipwright.mouth.source import Source

_SIDES: Final = ((129, 206, 216, 212, 61), (358, 426, 436, 432, 291))
"""Down each fold from the nose's wing, and to the corner of the lips."""
_BROAD: Final = 0.20
"""Breadth of what is looked at along them, of the eye distance."""
_LOOKED_AT_UNIT_PX: Final = 150.0
_GRAIN: Final = 0.007
"""Finer than this is skin and stubble, which stay."""
_DEEP: Final = 0.13
"""Broader than this is no fold."""
_LIPS: Final = 0.02
"""Around the lips nothing is lightened: corners of lips are dark."""
_GAIN: Final = 1.5
_MOST: Final = 0.80
"""Gone without a trace a fold would look retouched."""
_FELT: Final = 0.02
_SMILES: Final = 0.2
"""Share of the folds that would go with the whole smile: below, there are none to speak of."""
_COARSE: Final = 2
"""Folds without their grain are as smooth in every second pixel of chroma."""


class Creases:
    """What one plate's smile has darkened."""

    def __init__(self, plate: Plate, anatomy: Anatomy, warp: MouthWarp, relaxed: float) -> None:
        """Look for them; `relaxed` is how much of a smile is gone in every pose."""
        self._warp, self._relaxed = warp, relaxed
        smiles = _share(anatomy.smile) >= _SMILES
        self._sides = [_Side(plate, anatomy, marks) for marks in _SIDES] if smiles else []

    def eased(self, plate: Plate) -> Plate:
        """A plate with less of them, by what is gone in every pose."""
        share = _share(self._relaxed)
        if not self._sides or share < _FELT:
            return plate
        frame = plate.frame.copy()
        for side in self._sides:
            part = frame[side.box.rows, side.box.columns]
            size = part.shape[1], part.shape[0]
            more = np.float32(share) * cv2.resize(side.lighter, size)
            part[...] = np.clip(np.round(part + more), 0, 255)
        return replace(plate, frame=frame)

    def ease(self, into: YuvFrame, source: Source, field: Grid, rounded: float) -> None:
        """Lighten them in a picture of the mouth's box, drawn by a field of its warp.

        Args:
            into: Changed.
            source: The plate, eased.
            field: Of the upper warp; beside the lips both agree.
            rounded: How much more of the smile is gone.
        """
        share = _share(self._relaxed + rounded) - _share(self._relaxed)
        if share < _FELT:
            return
        for side in self._sides:
            corners = self._warp.in_box(side.corners)
            part = even_box(corners.min(0), corners.max(0), into.y.shape)
            part = part.intersection(self._warp.moving)
            if part.height > 0 and part.width > 0:
                at = self._warp.zone.blocks(field, source, part)
                side.lighten(within(into, part), at, source, share)


class _Side:
    """One cheek's folds: how much lighter each place of the plate would be without them."""

    def __init__(self, plate: Plate, anatomy: Anatomy, marks: tuple[int, ...]) -> None:
        path = anatomy.marks[list(marks), :2]
        reach = (0.8 * _BROAD) * anatomy.unit
        self.box: Box = even_box(path.min(0) - reach, path.max(0) + reach, plate.frame.shape)
        self.corners: Points = np.array(
            [[self.box.left, self.box.top], [self.box.right, self.box.bottom]], np.float64
        )
        self._scale = min(1.0, _LOOKED_AT_UNIT_PX / anatomy.unit)
        part = plate.frame[self.box.rows, self.box.columns]
        width, height = (
            max(2, round(side * self._scale)) for side in (self.box.width, self.box.height)
        )
        small = cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)
        unit = anatomy.unit * self._scale
        soft = blurred(small, _GRAIN * unit)
        deep = max(3, round(_DEEP * unit) | 1)
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (deep, deep))
        closed = np.asarray(cv2.morphologyEx(soft, cv2.MORPH_CLOSE, kernel), np.float32)
        level = blurred(closed, 0.02 * unit)
        near = self._near(anatomy, path, (width, height))
        # Each colour by itself: folds are not only dark but red.
        self.lighter: NDArray[np.float32] = np.maximum(level - soft, 0) * near[..., None]
        """``(h, w, 3)``: RGB to be added."""
        self._yuv = np.asarray(self.lighter @ BT709.T, np.float32)

    def _near(self, anatomy: Anatomy, path: Points, size: tuple[int, int]) -> NDArray[np.float32]:
        """1 along the folds, 0 further away and on the lips."""
        corner, unit = self.corners[0], anatomy.unit * self._scale
        lips = anatomy.marks[[*topology.OUTER_UPPER, *topology.OUTER_LOWER[::-1]], :2]
        width, height = size
        there, back = (path - corner) * self._scale, (path[::-1] - corner) * self._scale
        near = drawn_along(np.r_[there, back], width, height, _BROAD * unit)
        near = step(blurred(near, 0.04 * unit))
        mouth = filled((lips - corner) * self._scale, width, height)
        away = blurred(mouth, _LIPS * unit)
        return np.asarray(near * (1 - step(away * 3)), np.float32)

    def lighten(
        self, into: YuvFrame, at: NDArray[np.float32], source: Source, share: float
    ) -> None:
        """Add light where the plate's folds have gone; `at` as for `Source.remap_blocks`."""
        # From middles of the source's chroma to pixels of `lighter`.
        step_px = 2 * self._scale / source.scale
        start = (source.corner - self.corners[0] + 0.5) * self._scale - 0.5
        coarse = at[::_COARSE, ::_COARSE] * np.float32(step_px)
        coarse += (start + step_px * (0.25 + (_COARSE - 1) / 2)).astype(np.float32)
        x, y = cv2.split(coarse)
        found = cv2.remap(self._yuv, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        found = np.asarray(found * np.float32(share), np.float32)
        y, u, v = cv2.split(found)
        # Luma gets lighter only, and bytes are added faster.
        light = np.asarray(np.round(y), np.uint8)
        for plane, more, times in (
            (into.y, light, 2 * _COARSE),
            (into.u, u, _COARSE),
            (into.v, v, _COARSE),
        ):
            height, width = plane.shape
            large = cv2.resize(more, (more.shape[1] * times, more.shape[0] * times))
            cv2.add(plane, large[:height, :width], plane, dtype=cv2.CV_8U)


def _share(relaxed: float) -> float:
    """How much of them goes with so much of a smile."""
    return min(_MOST, _GAIN * max(0.0, relaxed))
