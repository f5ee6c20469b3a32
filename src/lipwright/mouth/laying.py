"""Laying real mouths over a picture: mixed, in its light, with a soft edge; all in planes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Box, Plane, YuvFrame
from lipwright.colour import halved
from lipwright.mouth.anatomy import Points
from lipwright.mouth.curves import Weights, blurred, outlined

Light: TypeAlias = NDArray[np.float32]
"""``(h, w, 3)`` levels of Y, U and V to be added, coarse."""

LAID_BEYOND: Final = 0.10
"""Of the eye distance: so far over the skin around its lips a real mouth is laid.  With less, the
stubble and folds of a grin are left around lips that no longer grin."""
_RIM: Final = 0.10  # the light of the surroundings is carried this far into the mouth
_MOST_LIGHT: Final = 28.0  # levels; a larger difference is not light but another surface
_FINE_PX: Final = 0.9
"""Detail finer than this Gaussian is what sampling and mixing take away."""
_SAMPLED: Final = 0.5
_MIXED: Final = 0.8
"""How much of it is given back for the one and for the other: three clips have then the detail
around the mouth that they had before."""


def laid_share(outline: Points, part: Box, unit: float) -> Weights:
    """1 on the lips and a little around them, falling to 0: soft, so a small one is enlarged."""
    shrink = max(1, round(0.4 * LAID_BEYOND * unit / 2))
    size = (-(-part.width // shrink), -(-part.height // shrink))
    reach = LAID_BEYOND * unit / shrink
    wide = outlined((outline + 0.5) / shrink - 0.5, *size, 2 * reach)
    soft = blurred(wide.astype(np.float32), 0.5 * reach)
    whole = (size[0] * shrink, size[1] * shrink)
    large = cv2.resize(soft, whole, interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(large[: part.height, : part.width], np.float32)


def mixed(pictures: Sequence[YuvFrame], shares: Sequence[float]) -> YuvFrame:
    """Pictures laid over each other, as sharp as one of them.

    Sampling between pixels costs fine detail, and so does a mean: of n pictures whose grain and
    stubble do not match, their root of n-th part is left.
    """
    y, u, v = (_mean(planes, shares) for planes in zip(*(p[:3] for p in pictures), strict=True))
    kept = float(np.sqrt(np.square(shares).sum()))
    gain = _SAMPLED + _MIXED * (1 / max(kept, 0.3) - 1)
    soft = cv2.GaussianBlur(y, (0, 0), _FINE_PX)
    return YuvFrame(np.asarray(cv2.addWeighted(y, 1 + gain, soft, -gain, 0), np.uint8), u, v)


def _mean(planes: Sequence[NDArray[np.uint8]], shares: Sequence[float]) -> NDArray[np.uint8]:
    """The sum of planes by shares that add up to 1, rounded once."""
    if len(planes) == 1:
        return planes[0]
    total: NDArray[Any] = planes[0] * np.float32(shares[0])
    last = len(planes) - 1
    for k in range(1, len(planes)):
        depth = cv2.CV_8U if k == last else cv2.CV_32F
        total = cv2.addWeighted(planes[k], shares[k], total, 1, 0, dtype=depth)
    return np.asarray(total, np.uint8)


def light_of(own: YuvFrame, laid: YuvFrame, half: Weights, unit: float) -> Light:
    """What the picture's surroundings are brighter than the laid mouth's, smoothly all over it.

    A Gaussian mean of the differences along the rim, normalised by how much rim is near
    (Knutsson and Westin 1993).

    Args:
        own: The picture.
        laid: Of the same size.
        half: The laid mouth's share, at the size of chroma.
        unit: Pixels between the outer corners of the eyes.
    """
    shrink = max(1, round(0.03 * unit))
    size = (max(2, 2 * half.shape[1] // shrink), max(2, 2 * half.shape[0] // shrink))
    share = cv2.resize(half, size, interpolation=cv2.INTER_AREA)
    rim = np.asarray((share > 0.04) & (share < 0.6), np.float32)
    most = np.float32(_MOST_LIGHT)
    apart = [
        np.clip(_apart(under, over, size), -most, most) * rim
        for under, over in zip(_in_halves(own), _in_halves(laid), strict=True)
    ]
    soft = cv2.GaussianBlur(cv2.merge([*apart, rim]), (0, 0), max(0.8, _RIM * unit / shrink))
    return np.asarray(soft[..., :3] / (soft[..., 3:] + np.float32(1e-3)), np.float32)


def _in_halves(picture: YuvFrame) -> tuple[Plane, Plane, Plane]:
    """All planes at the size of chroma."""
    return halved(picture.y), picture.u, picture.v


def _apart(under: Plane, over: Plane, size: tuple[int, int]) -> NDArray[np.float32]:
    apart = cv2.subtract(under, over, dtype=cv2.CV_16S)
    return np.asarray(cv2.resize(apart, size, interpolation=cv2.INTER_AREA), np.float32)


def lit(picture: YuvFrame, light: Light) -> YuvFrame:
    """The picture with some light added."""
    planes = []
    for k, plane in enumerate(picture[:3]):
        added = cv2.resize(np.ascontiguousarray(light[..., k]), plane.shape[::-1])
        planes.append(np.asarray(cv2.add(plane, added, dtype=cv2.CV_8U), np.uint8))
    return YuvFrame(*planes)
