"""Pictures in the encoder's planes, large enough to be sampled at the nearest pixel."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Plane, YuvFrame
from lipwright.avatar import Plate
from lipwright.colour import yuv_of
from lipwright.mouth.boxes import Box

if TYPE_CHECKING:
    from lipwright.mouth.field import Maps

SCALE: Final = 4
"""Sampled at the nearest pixel of a plane of four times the size, a picture is at most an eighth of
a pixel off and as sharp wherever it falls; that costs half of a bilinear sample.  The encoder moves
its blocks by quarters of a pixel as well."""

_HALF_TAPS = 4


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
        self._picture = picture
        self._scale = 2 if small else SCALE

    @cached_property
    def _large(self) -> YuvFrame:
        """Made when it is first sampled: of an atlas only some pictures are."""
        y, u, v = (enlarged(plane, self._scale) for plane in self._picture[:3])
        alpha = self._picture.alpha
        return YuvFrame(y, u, v, None if alpha is None else enlarged(alpha, self._scale))

    @classmethod
    def of_plate(cls, plate: Plate, box: Box, margin_px: int, *, with_alpha: bool) -> Source:
        """Colour, and matte where it is wanted, around the part of a plate that moves."""
        height, width = (side // 2 * 2 for side in plate.frame.shape[:2])
        margin_px += margin_px % 2
        around = Box(box.left - margin_px, box.top - margin_px, box.right + margin_px, 0)
        around = around._replace(bottom=box.bottom + margin_px)
        area = around.intersection(Box(0, 0, width, height))
        picture = yuv_of(plate.frame[area.rows, area.columns])
        alpha = np.ascontiguousarray(plate.matte[area.rows, area.columns]) if with_alpha else None
        return cls(picture._replace(alpha=alpha), np.array([area.left, area.top], np.float64))

    def remap(self, maps: Maps, into: YuvFrame) -> None:
        """Sample what the maps say into a picture of their size."""
        if not into.y.size:
            return
        large, (luma, chroma), how = self._large, maps, cv2.INTER_NEAREST
        if self._scale != SCALE:
            luma, chroma = luma * np.float32(0.5), chroma * np.float32(0.5)
            how = cv2.INTER_LINEAR
        _sample(large.y, luma, into.y, how)
        _sample(large.u, chroma, into.u, how)
        _sample(large.v, chroma, into.v, how)
        if large.alpha is not None and into.alpha is not None:
            _sample(large.alpha, luma, into.alpha, how)

    def remapped(self, maps: Maps) -> YuvFrame:
        """The same, as a picture of its own."""
        whole, half = maps.luma.shape[:2], maps.chroma.shape[:2]
        y, u, v = (np.empty(shape, np.uint8) for shape in (whole, half, half))
        found = YuvFrame(y, u, v, None if self._picture.alpha is None else np.empty_like(y))
        self.remap(maps, found)
        return found


def _sample(plane: Plane, at: NDArray[np.float32], into: Plane, how: int) -> None:
    border = cv2.BORDER_REPLICATE
    cv2.remap(plane, at, None, how, dst=into, borderMode=border)  # type: ignore[call-overload]


def enlarged(plane: Plane, scale: int = SCALE) -> Plane:
    """`scale` times the size; the first pixel of each square of them is an original."""
    height, width = plane.shape
    large = np.empty((height * scale, width * scale), np.uint8)
    taps = [_taps(phase / scale) for phase in range(scale)]
    anchor, border = (_HALF_TAPS - 1, _HALF_TAPS - 1), cv2.BORDER_REPLICATE
    for row, down in enumerate(taps):
        for column, across in enumerate(taps):
            large[row::scale, column::scale] = cv2.sepFilter2D(
                plane, -1, across, down, anchor=anchor, borderType=border
            )
    return large


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
