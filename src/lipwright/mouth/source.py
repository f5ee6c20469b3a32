"""Pictures in the encoder's planes, large enough to be sampled at the nearest pixel."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Box, Plane, YuvFrame
from lipwright.avatar import Plate
from lipwright.colour import yuv_of

if TYPE_CHECKING:
    from lipwright.mouth.field import Maps

SCALE: Final = 4
"""Sampled at the nearest pixel of a plane of four times the size, a picture is at most an eighth of
a pixel off and as sharp wherever it falls; that costs half of a bilinear sample.  The encoder moves
its blocks by quarters of a pixel as well."""
_HALF_SCALE: Final = 2
_WHOLE_PX: Final = 2_100_000
"""A 1080p picture.  Of larger ones half a pixel is as small to the eye, and takes a quarter."""

_HALF_TAPS = 4
_NONE: Final = np.ones(1, np.float32)


class Source:
    """A picture, and where on the canvas it lies."""

    def __init__(
        self, picture: YuvFrame, corner: NDArray[np.float64], *, small: bool = False
    ) -> None:
        """Keep a picture.

        Args:
            picture: Of even size.
            corner: Canvas position of its first pixel.
            small: Enlarged by two and sampled bilinearly: for pictures of which little is seen, and
                that seldom, as enlarging by four would take longer than it saves.
        """
        self.corner = corner
        """Canvas position of the first pixel."""
        self.scale = _HALF_SCALE if small or picture.y.size > _WHOLE_PX else SCALE
        """How many times larger the planes are that maps point into."""
        self._picture = picture
        self._how = cv2.INTER_LINEAR if small else cv2.INTER_NEAREST

    # Made when they are first sampled: of an atlas only some pictures are.

    @cached_property
    def _luma(self) -> Plane:
        return _enlarged_and_more(self._picture.y, self.scale)

    @cached_property
    def _alpha(self) -> Plane | None:
        alpha = self._picture.alpha
        return None if alpha is None else _enlarged_and_more(alpha, self.scale)

    @cached_property
    def _chroma(self) -> NDArray[np.uint8]:
        """``(H, W, 2)``: one look into memory for both."""
        u, v = (enlarged(plane, self.scale) for plane in self._picture[1:3])
        return np.asarray(cv2.merge([u, v]), np.uint8)

    @cached_property
    def _luma_pairs(self) -> NDArray[np.uint16]:
        return _in_pairs(self._luma, self.scale)

    @cached_property
    def _alpha_pairs(self) -> NDArray[np.uint16] | None:
        return None if self._alpha is None else _in_pairs(self._alpha, self.scale)

    @classmethod
    def of_plate(cls, plate: Plate, box: Box, *, with_alpha: bool) -> Source:
        """Colour, and matte where it is wanted, around the part of a plate that moves."""
        height, width = (side // 2 * 2 for side in plate.frame.shape[:2])
        area = box.intersection(Box(0, 0, width, height))
        picture = yuv_of(plate.frame[area.rows, area.columns])
        alpha = np.ascontiguousarray(plate.matte[area.rows, area.columns]) if with_alpha else None
        return cls(picture._replace(alpha=alpha), np.array([area.left, area.top], np.float64))

    def remap(self, maps: Maps, into: YuvFrame) -> None:
        """Sample what the maps say into a picture of their size, pixel by pixel."""
        if not into.y.size:
            return
        _sample(self._luma, maps.luma, into.y, self._how)
        if self._alpha is not None and into.alpha is not None:
            _sample(self._alpha, maps.luma, into.alpha, self._how)
        self._remap_chroma(maps.chroma, into)

    def remap_blocks(self, chroma: NDArray[np.float32], into: YuvFrame) -> None:
        """The same in squares of two by two pixels: for fields that hardly change within them.

        Args:
            chroma: As `Maps.chroma`.
            into: Overwritten.
        """
        if not into.y.size:
            return
        first = chroma * np.float32(2)
        self._sample_pairs(self._luma_pairs, first, into.y)
        if self._alpha_pairs is not None and into.alpha is not None:
            self._sample_pairs(self._alpha_pairs, first, into.alpha)
        self._remap_chroma(chroma, into)

    def _sample_pairs(
        self, pairs: NDArray[np.uint16], at: NDArray[np.float32], into: Plane
    ) -> None:
        for row in (0, 1):
            below = pairs[row * self.scale :]
            _sample(below, at, into[row::2].view(np.uint16), cv2.INTER_NEAREST)

    def _remap_chroma(self, at: NDArray[np.float32], into: YuvFrame) -> None:
        height, width = at.shape[:2]
        if self._how == cv2.INTER_NEAREST:
            both = np.empty((height, width), np.uint16)
            _sample(self._chroma.view(np.uint16)[..., 0], at, both, self._how)
            found = both.view(np.uint8).reshape(height, width, 2)
        else:
            found = np.empty((height, width, 2), np.uint8)
            _sample(self._chroma, at, found, self._how)
        cv2.extractChannel(found, 0, into.u)
        cv2.extractChannel(found, 1, into.v)

    def remapped_blocks(self, chroma: NDArray[np.float32]) -> YuvFrame:
        """`remap_blocks` into a picture of its own, without alpha."""
        height, width = chroma.shape[:2]
        y = np.empty((2 * height, 2 * width), np.uint8)
        u, v = np.empty((2, height, width), np.uint8)
        found = YuvFrame(y, u, v, None)
        self.remap_blocks(chroma, found)
        return found

    def remapped(self, maps: Maps, *, with_alpha: bool = True) -> YuvFrame:
        """`remap` into a picture of its own."""
        whole, half = maps.luma.shape[:2], maps.chroma.shape[:2]
        y, u, v = (np.empty(shape, np.uint8) for shape in (whole, half, half))
        with_alpha = with_alpha and self._picture.alpha is not None
        found = YuvFrame(y, u, v, np.empty_like(y) if with_alpha else None)
        self.remap(maps, found)
        return found


def _sample(plane: NDArray[Any], at: NDArray[np.float32], into: NDArray[Any], how: int) -> None:
    border = cv2.BORDER_REPLICATE
    cv2.remap(plane, at, None, how, dst=into, borderMode=border)  # type: ignore[call-overload]


def _in_pairs(plane: Plane, scale: int) -> NDArray[np.uint16]:
    """At each place two pixels side by side, the first of which is there, as the bytes of a number.

    One look into memory gives both.  Four in one are no faster, and take twice the memory: for a
    large face a tenth of a second goes into having it.

    Args:
        plane: As `_enlarged_and_more` gives it.
        scale: How many times it was enlarged.
    """
    pairs = cv2.merge([plane[:, :-scale], plane[:, scale:]])
    return np.asarray(pairs, np.uint8).view(np.uint16)[..., 0]


def _enlarged_and_more(plane: Plane, scale: int) -> Plane:
    """`enlarged`, and `scale` pixels more to the right and below, for `_in_pairs`."""
    more = cv2.copyMakeBorder(plane, 0, 1, 0, 1, cv2.BORDER_REPLICATE)
    return enlarged(np.asarray(more, np.uint8), scale)


def enlarged(plane: Plane, scale: int = SCALE) -> Plane:
    """`scale` times the size; the first pixel of each square of them is an original."""
    height, width = plane.shape
    large = np.empty((height, scale, width * scale), np.uint8)
    phases = [_filtered(plane, _taps(phase / scale), _NONE) for phase in range(1, scale)]
    rows = np.asarray(cv2.merge([plane, *phases]), np.uint8).reshape(height, -1)
    large[:, 0] = rows
    for phase in range(1, scale):
        _filtered(rows, _NONE, _taps(phase / scale), large[:, phase])
    return large.reshape(height * scale, width * scale)


def _filtered(
    plane: Plane,
    across: NDArray[np.float32],
    down: NDArray[np.float32],
    into: Plane | None = None,
) -> Plane:
    anchor = ((len(across) - 1) // 2, (len(down) - 1) // 2)
    border = cv2.BORDER_REPLICATE
    found = cv2.sepFilter2D(plane, -1, across, down, into, anchor=anchor, borderType=border)
    return np.asarray(found, np.uint8)


def _taps(phase: float) -> NDArray[np.float32]:
    """Lanczos-4 weights of the eight pixels around a point between the fourth and the fifth."""
    x = np.arange(2 * _HALF_TAPS) - (_HALF_TAPS - 1) - phase
    weights = np.sinc(x) * np.sinc(x / _HALF_TAPS)
    return np.asarray(weights / weights.sum(), np.float32)


def of_even_size(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture, with its last row or column twice where it has an odd number of them."""
    height, width = picture.shape[:2]
    border = cv2.BORDER_REPLICATE
    return np.asarray(cv2.copyMakeBorder(picture, 0, height % 2, 0, width % 2, border), np.uint8)
