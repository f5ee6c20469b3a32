"""A smile's plate, as soft where closing the smile presses it together as it is elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import RIG, Frame
from lipwright.avatar import Plate
from lipwright.mouth.anatomy import Anatomy
from lipwright.mouth.field import Lattice
from lipwright.mouth.mouthwarp import MouthWarp
from lipwright.mouth.pose import LipRig, pose_of
from lipwright.mouth.tones import tones_of

Plane = NDArray[np.float32]

_LEAST: Final = 0.05
"""Pressed or drawn by a smaller share, nothing looks sharper or streaked."""
_MOST: Final = 2.5
"""Pressed or drawn by more, folds and streaks are hidden anyway."""
_STREAKS: Final = 0.6
"""Of the blur that would make what is drawn out in one direction as soft in the other."""
_LEVELS: Final = (0.0, 0.5, 1.0, 1.6, 2.3)
"""Blurs that are mixed, in units of the picture's own; the last is that of `_MOST`."""


def softened(plate: Plate, anatomy: Anatomy, warp: MouthWarp) -> Plate:
    """The plate for sampling a mouth that its picture shows parted.

    Every pose closes the picture's smile, so skin beside it is pressed together in every frame: by
    s, its own blur b becomes b / s.  Blurred by b sqrt(s^2 - 1) beforehand, it stays b.  A lip that
    the smile had drawn thin is drawn out instead, and shows streaks unless it is blurred across
    them.  Done once a plate, it costs a frame nothing.
    """
    if not anatomy.parted:
        return plate
    lattice = warp.lattice
    across, down = _pressed(anatomy, warp)
    blur_px = tones_of(plate.frame, anatomy).blur_px
    frame = plate.frame.copy()
    part = frame[lattice.box.rows, lattice.box.columns]
    rows = slice(0, lattice.box.height)
    for axis, (pressed, drawn) in enumerate(((across, down), (down, across))):
        wanted = np.maximum(pressed**2 - 1, 0) + _STREAKS * np.maximum(drawn**-2 - 1, 0)
        share = lattice.enlarged(np.asarray(np.sqrt(wanted), np.float32), rows)
        part[...] = _blurred(part, share, blur_px, axis)
    return replace(plate, frame=frame)


def _pressed(anatomy: Anatomy, warp: MouthWarp) -> tuple[Plane, Plane]:
    """How many pixels of the plate share one of the picture, across and down, at plate nodes."""
    rest = LipRig(anatomy).targets(pose_of(np.zeros(len(RIG), np.float32)))
    upper, lower = warp.fields(rest)
    lattice = warp.lattice
    nodes = lattice.nodes().reshape(*upper.shape)
    seam = float(anatomy.on_canvas(anatomy.seam)[:, 1].mean())
    found = np.where((nodes[..., 1] < seam)[..., None], upper, lower) + nodes
    steps = []
    for axis in (1, 0):
        apart = np.stack([np.gradient(field + nodes, axis=axis) for field in (upper, lower)])
        ratio = np.linalg.norm(apart, axis=-1) / lattice.cell_px
        steps.append(np.where(nodes[..., 1] < seam, ratio[0], ratio[1]))
    return _on_plate(found, steps[0], lattice), _on_plate(found, steps[1], lattice)


def _on_plate(at: NDArray[np.float64], pressed: NDArray[np.float64], lattice: Lattice) -> Plane:
    """Values known at scattered plate positions, at the lattice's nodes; 1 where unknown."""
    corner = np.array([lattice.box.left, lattice.box.top])
    column, row = np.round((at - corner) / lattice.cell_px - 0.5).astype(int).reshape(-1, 2).T
    inside = (column >= 0) & (column < lattice.columns) & (row >= 0) & (row < lattice.rows)
    total, count = np.zeros((2, lattice.rows, lattice.columns), np.float32)
    np.add.at(total, (row[inside], column[inside]), pressed.reshape(-1)[inside])
    np.add.at(count, (row[inside], column[inside]), 1)
    known = cv2.GaussianBlur(count, (0, 0), 0.7)
    found = cv2.GaussianBlur(total, (0, 0), 0.7) / np.maximum(known, 1e-3)
    plain = (np.abs(found - 1) < _LEAST) | (known < _LEAST)
    return np.clip(np.where(plain, 1, found), 1 / _MOST, _MOST).astype(np.float32)


def _blurred(part: Frame, wanted: Plane, blur_px: float, axis: int) -> Frame:
    """`part` blurred along one axis by `wanted` times the picture's own blur, pixel by pixel."""
    place = np.interp(np.maximum(wanted, 0), _LEVELS, range(len(_LEVELS))).astype(np.float32)
    left, top, width, height = cv2.boundingRect(np.asarray(place > 0, np.uint8))
    seen, blurred = np.s_[top : top + height, left : left + width], part.copy()
    place = place[seen]
    mixed = np.zeros((height, width, 3), np.float32)
    for index, level in enumerate(_LEVELS):
        share = np.clip(1 - np.abs(place - index), 0, 1)
        if share.any():
            mixed += cv2.merge([share] * 3) * _along(part, level * blur_px, axis)[seen]
    blurred[seen] = np.round(mixed)
    return blurred


def _along(part: Frame, sigma_px: float, axis: int) -> Frame:
    if sigma_px <= 0:
        return part
    across, down = (sigma_px, 1e-3) if axis == 0 else (1e-3, sigma_px)
    size = 2 * round(3 * sigma_px) + 1
    kernel = (size, 1) if axis == 0 else (1, size)
    return np.asarray(cv2.GaussianBlur(part, kernel, across, sigmaY=down), np.uint8)
