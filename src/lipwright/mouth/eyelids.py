"""Blinks: the upper lid's own skin and lashes, slid down over the eye."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame, YuvFrame
from lipwright.colour import within
from lipwright.mouth import topology
from lipwright.mouth.anatomy import Anatomy, Points
from lipwright.mouth.boxes import around, even_box
from lipwright.mouth.curves import step
from lipwright.mouth.field import Grid, Lattice, Maps, Zone
from lipwright.mouth.layering import half_of, lay, lay_rgb
from lipwright.mouth.source import Source
from lipwright.mouth.topology import LUMA

Plane = NDArray[np.float32]

_LASHES = 0.010  # the dark edge lies this far below the lid landmarks, local units
_SKIN = (0.10, 0.19)  # least and most lid skin, up to the brow, that a closing lid draws out
_RIGID = 0.25  # its lowest share, as high as lashes are long: drawn out they look like a comb
_RIM = 0.65  # of the lid's light: darker is a brow, or the rim of glasses, which stays where it is
_RIM_FROM = 0.035  # above the lid's edge; nearer are lashes
_RIM_LEAST = 0.03  # breadth; folds and lashes are thinner
_RIM_ALONG = 0.6  # of the eye's width; a shadow, or one end of a fold, is shorter
_LID_TO = 0.10  # above which the lid's brightest skin is not looked for
_LID = (0.03, 0.12)  # where a lid is, above its edge
_LIT_LID = 0.75  # of its light: the percentile that lashes and the fold have no part in
_DEEP_LID = (0.45, 0.85)
"""Of the light below the eye: a lid that is darker lies in the shade of its brow, or is the line of
a drawing, and comes out of it when it closes; one that is brighter keeps its own colour."""
_BELOW_EYE = (0.05, 0.15)  # where that is, below the lower lid's edge
_WHITE = 1.4  # of the lid's light: what is so bright above its landmarks is the eye's white
_WHITE_TO = 0.05  # no further up
_ENDS = 12  # places at either end that lie beyond the eye's corners, or nearly
_LID_SHADE = 0.82  # a closed lid is a little darker than it
_BRIGHTEST_LID = 0.96
_PAINTED = 0.9  # of a drawn-out lid's own skin, whose lashes would be streaks
_RIM_BESIDE = 0.012  # lid left between what is drawn out and the rim
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
    skin: Points
    """Height of the skin that a closing lid draws out."""
    paint: NDArray[np.float32]
    """``(N, 3)``: RGB of its skin when it is drawn out."""
    corners: Points
    """Canvas positions of the two corners of what moves."""


class Eyelids:
    """Closes the eyes of one plate."""

    def __init__(self, anatomy: Anatomy, lattice: Lattice, frame: Frame) -> None:
        self._anatomy = anatomy
        self._to_local = np.linalg.inv(anatomy.plane)
        left = topology.LEFT_EYE_UPPER, topology.LEFT_EYE_LOWER, topology.LEFT_BROW_BASE
        right = topology.RIGHT_EYE_UPPER, topology.RIGHT_EYE_LOWER, topology.RIGHT_BROW_BASE
        reach = _TRAVEL * anatomy.unit
        self._eyes = []
        for eye in (_eye(frame, anatomy, left), _eye(frame, anatomy, right)):
            low, high = eye.corners.min(0) - reach, eye.corners.max(0) + reach
            part = even_box(low, high, frame.shape)
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
        skin = np.interp(x, eye.x, eye.skin).astype(np.float32)
        rigid = np.asarray(np.float32(_RIGID) * skin)
        height = (above - rigid) / (travel + skin - rigid)
        height = np.clip(height, 0, 1)
        slide = -travel * (1 - height * height * (3 - 2 * height))
        lid = source.remapped(self._slid(source, maps, slide))
        drawn_out = np.clip((above - rigid) / rigid, 0, 1) * np.clip(2 - 2.5 * height, 0, 1)
        bare = (blink * drawn_out).astype(np.float32)
        _bare(lid, bare, self._anatomy.unit)
        place = np.interp(x, eye.x, np.arange(len(eye.x))).astype(np.float32)
        paint = cv2.remap(eye.paint[None], place, np.zeros_like(place), cv2.INTER_LINEAR)
        lay_rgb(np.asarray(paint, np.float32), bare * np.float32(_PAINTED), lid)
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


def _eye(frame: Frame, anatomy: Anatomy, lines: tuple[tuple[int, ...], ...]) -> _Eye:
    up, low, brow = (anatomy.flat[list(line)] for line in lines)
    first, last = up[0, 0], max(up[-1, 0], up[0, 0] + 0.02)
    x = np.linspace(first - _BEYOND, last + _BEYOND, 48)
    up_y = _along(x, up)
    up_y = up_y - _white_above(frame, anatomy, x, up_y) + _LASHES
    low_y = np.maximum(_along(x, low), up_y)
    brow_gap = float((up_y - _along(x, brow))[_ENDS:-_ENDS].min())
    skin = np.minimum(np.clip(brow_gap, *_SKIN), _bare_above(frame, anatomy, x, up_y))
    paint = _paint(frame, anatomy, x, (up_y, low_y))
    level = min(up_y.min(), low_y.min())
    box = np.array(
        [
            [x[0], level - skin.max() - 0.08],
            [x[-1], level - skin.max() - 0.08],
            [x[0], low_y.max() + 0.05],
            [x[-1], low_y.max() + 0.05],
        ]
    )
    return _Eye(x, up_y, _softened(low_y - up_y) * _MEET, skin, paint, anatomy.on_canvas(box))


def _white_above(frame: Frame, anatomy: Anatomy, x: Points, up_y: Points) -> Points:
    """How far the eye's white reaches above the lid's landmarks, which miss it in dark pictures."""
    height = np.arange(0.0, _WHITE_TO, 0.0025)
    luma = _colours(frame, anatomy, x, up_y[:, None] - height) @ LUMA
    lid = np.median(_colours(frame, anatomy, x, up_y[:, None] - np.linspace(*_LID, 12)) @ LUMA, 1)
    white = luma > _WHITE * np.maximum(1.0, lid)[:, None]
    # Skin that is lit to the brow is not the eye's.
    white &= ~white.all(axis=1, keepdims=True)
    white[:_ENDS] = white[-_ENDS:] = False
    found = height[np.argmin(white, axis=1)]
    wide = cv2.dilate(found[None], np.ones((1, 5)))[0]
    return _softened(np.asarray(wide, np.float64))


def _bare_above(frame: Frame, anatomy: Anatomy, x: Points, up_y: Points) -> Points:
    """Height of the skin between the lid's edge and the first that is much darker, at each x."""
    height = np.arange(_RIM_FROM, _SKIN[1] + 0.06, 0.004)
    luma = _colours(frame, anatomy, x, up_y[:, None] - height) @ LUMA
    # Lashes and the lid's fold are dark as well: a rim comes above the brightest skin, and is
    # broader.
    lit = np.where(height < _LID_TO, luma, 0).argmax(axis=1)[:, None]
    dark = luma < _RIM * np.take_along_axis(luma, lit, axis=1)
    dark &= np.arange(len(height)) > lit
    across = np.ones((1, round(_RIM_LEAST / 0.004)), np.uint8)
    dark = cv2.morphologyEx(dark.astype(np.uint8), cv2.MORPH_OPEN, across) > 0
    if dark.any(axis=1).mean() < _RIM_ALONG:
        return np.full(len(x), _SKIN[1])
    dark[:, -1] = True
    found = height[dark.argmax(axis=1)] - _RIM_BESIDE
    lowest = cv2.erode(found[None], np.ones((1, 7)))[0]
    return np.asarray(np.maximum(_softened(lowest), _RIM_FROM - _RIM_BESIDE))


def _paint(
    frame: Frame, anatomy: Anatomy, x: Points, lines: tuple[Points, Points]
) -> NDArray[np.float32]:
    """What colour a closed lid has along the eye: its own lit skin's, or of that below the eye."""
    edge, low = (line[:, None] for line in lines)
    lid = _colours(frame, anatomy, x, edge - np.linspace(*_LID, 12))
    luma = lid @ LUMA
    lit = luma >= np.quantile(luma, _LIT_LID, axis=1, keepdims=True)
    lit_skin = np.array([skin[seen].mean(axis=0) for skin, seen in zip(lid, lit, strict=True)])
    around = _colours(frame, anatomy, x, low + np.linspace(*_BELOW_EYE, 8))
    own, below = _softened_colours(lit_skin), _softened_colours(np.quantile(around, 0.7, axis=1))
    ratio = (own @ LUMA) / np.maximum(1.0, below @ LUMA)
    # Brighter are reflections in glasses, or on the lid.
    own *= np.minimum(1, _BRIGHTEST_LID / np.maximum(ratio, 1e-3))[:, None]
    shaded, bright = _DEEP_LID
    share = step((ratio - shaded) / (bright - shaded))[:, None]
    return np.asarray(share * own + (1 - share) * _LID_SHADE * below, np.float32)


def _softened_colours(colours: Points) -> Points:
    return np.stack([_softened(_softened(channel)) for channel in colours.T], axis=-1)


def _colours(frame: Frame, anatomy: Anatomy, x: Points, y: Points) -> NDArray[np.float32]:
    """``(N, M, 3)`` at each local x and the row of y that belongs to it."""
    local = np.dstack(np.broadcast_arrays(x[:, None], y)).reshape(-1, 2)
    at = anatomy.on_canvas(local).reshape(*y.shape, 2)
    blur_px = max(0.5, 0.006 * anatomy.unit)
    reach = 4 * blur_px + 2  # beyond that nothing comes into a Gaussian of bytes
    part = even_box(at.min((0, 1)) - reach, at.max((0, 1)) + reach, frame.shape)
    soft = cv2.GaussianBlur(frame[part.rows, part.columns], (0, 0), blur_px)
    at -= [part.left, part.top]
    columns, rows = np.ascontiguousarray(np.moveaxis(at, -1, 0), np.float32)
    seen = cv2.remap(soft, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.float32)


def _along(x: Points, line: Points) -> Points:
    """A lid line through its landmarks, level beyond the corners."""
    order = np.argsort(line[:, 0])
    return np.asarray(np.interp(x, line[order, 0], line[order, 1]))


def _softened(values: Points) -> Points:
    """Without the bends at landmarks and corners, which would draw lines up the lid."""
    kernel = np.hanning(11)[1:-1]
    padded = np.pad(values, 4, mode="edge")
    return np.convolve(padded, kernel / kernel.sum(), mode="valid")
