"""Lip curves and the antialiased masks they bound."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.mouth.anatomy import Points

Weights = NDArray[np.float32]
"""``(H, W)`` float32 in [0, 1]."""

_SUBPIXEL_BITS = 4
_SOFT = 3.8  # a Hermite step this many standard deviations wide is like a Gaussian's
_FAR_PX = 30_000.0  # cv2 overflows on coordinates beyond 16 bits with 4 bits of fraction


def curve(points: Points, per_span: int = 6) -> Points:
    """A Catmull-Rom curve through the points."""
    return np.asarray(_basis(len(points), per_span) @ points)


@lru_cache(maxsize=8)
def _basis(count: int, per_span: int) -> Points:
    """What each point has in each place of the curve: ``(places, count)``."""
    points = np.eye(count)
    padded = np.r_[[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]]
    t = np.linspace(0, 1, per_span, endpoint=False)[None, :, None]
    a, b, c, d = (padded[k : len(padded) - 3 + k, None] for k in range(4))
    bend = (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    spans = b + 0.5 * ((c - a) * t + bend)
    return np.concatenate([spans.reshape(-1, count), points[-1:]])


def filled(outline: Points, width: int, height: int) -> Weights:
    """1 inside the closed outline, antialiased at its edge."""
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [_fixed(outline)], 255, cv2.LINE_AA, _SUBPIXEL_BITS)
    return np.asarray(mask / np.float32(255), np.float32)


def outlined(outline: Points, width: int, height: int, across_px: float) -> NDArray[np.uint8]:
    """1 inside the outline and within half of `across_px` around it."""
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [_fixed(outline)], 1, cv2.LINE_8, _SUBPIXEL_BITS)
    thick = max(1, round(across_px))
    cv2.polylines(mask, [_fixed(outline)], True, 1, thick, cv2.LINE_8, _SUBPIXEL_BITS)
    return mask


def drawn_along(outline: Points, width: int, height: int, across_px: float) -> Weights:
    """1 within half of `across_px` of a closed outline, antialiased."""
    mask = np.zeros((height, width), np.uint8)
    thick = max(1, round(across_px))
    cv2.polylines(mask, [_fixed(outline)], True, 255, thick, cv2.LINE_AA, _SUBPIXEL_BITS)
    return np.asarray(mask / np.float32(255), np.float32)


def strokes(path: Points, width: int, height: int, sigma_px: float) -> Weights:
    """A soft line of peak 1, thinning out towards both ends."""
    mask = np.zeros((height, width), np.float32)
    middle = (len(path) - 1) / 2
    for k, (start, end) in enumerate(pairwise(_fixed(path))):
        strength = 1 - (abs(k + 0.5 - middle) / middle) ** 4
        piece = np.zeros((height, width), np.uint8)
        cv2.line(piece, start.tolist(), end.tolist(), 255, 1, cv2.LINE_AA, _SUBPIXEL_BITS)
        np.maximum(mask, piece * np.float32(strength / 255), out=mask)
    # A line one pixel wide blurs to this peak.
    peak = 1 / (max(0.3, sigma_px) * np.sqrt(2 * np.pi))
    return np.asarray(np.clip(blurred(mask, sigma_px) / peak, 0, 1), np.float32)


def blurred(mask: Weights, sigma_px: float) -> Weights:
    """The mask under a Gaussian."""
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), max(0.3, sigma_px)), np.float32)


def step(x: NDArray[np.floating]) -> Weights:
    """Hermite step from 0 at 0 to 1 at 1."""
    x = np.clip(x, 0, 1)
    rest = x * -2
    rest += 3
    rest *= x
    rest *= x
    return np.asarray(rest, np.float32)


def below(seam: Points, width: int, height: int, soft_px: float, end_px: float) -> Weights:
    """1 under the lip line and its continuation to both sides, 0 above.

    Between the corners the edge is as sharp as the pixels; beyond them, where both fields
    agree but for the bend around the corner, it widens to `soft_px` within `end_px`.
    """
    first, last = seam[0], seam[-1]
    along = last - first
    length = float(np.linalg.norm(along)) or 1.0
    along = along / length
    down = np.array([-along[1], along[0]])
    reach = 4.0 * max(width, height)
    outline = np.r_[
        [first - along * reach],
        seam,
        [last + along * reach, last + (along + down) * reach, first + (down - along) * reach],
    ]
    sharp = filled(outline, width, height)
    # Between the corners it is all that counts: only what is beyond them is looked at.
    lean = abs(float(along[1])) * height + end_px + 2
    left, right = int(min(first[0], last[0]) + lean), int(max(first[0], last[0]) - lean)
    left = int(np.clip(left, 0, width))
    for part in (slice(0, left), slice(int(np.clip(right, left, width)), width)):
        x = np.arange(part.start, part.stop, dtype=np.float32)[None] - np.float32(first[0])
        y = np.arange(height, dtype=np.float32)[:, None] - np.float32(first[1])
        across = x * np.float32(along[0]) + y * np.float32(along[1])
        under = x * np.float32(down[0] / (_SOFT * soft_px))
        under = under + (y * np.float32(down[1] / (_SOFT * soft_px)) + np.float32(0.5))
        outside = np.abs(across - np.float32(length / 2))
        outside -= np.float32(length / 2 - end_px)
        outside *= np.float32(1 / (2 * end_px))
        share = step(outside)
        share *= step(under) - sharp[:, part]
        sharp[:, part] += share
    return sharp


def _fixed(points: Points) -> NDArray[np.int32]:
    scaled = np.clip(points, -_FAR_PX, _FAR_PX) * 2**_SUBPIXEL_BITS
    return np.asarray(np.round(scaled), np.int32)
