"""Pictures laid over others, in the encoder's planes."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Plane, YuvFrame
from lipwright.colour import BT709, FLOOR
from lipwright.mouth.curves import Weights

Colours = NDArray[np.float32]
"""``(H, W)`` or ``(H, W, 3)`` float32."""

_FROM_RGB: Final = np.hstack([BT709, FLOOR]).astype(np.float32)


def lay(over: YuvFrame, share: Weights, under: YuvFrame, half: Weights | None = None) -> None:
    """Blend the colours of a picture into another of its size, by 0 to 1; `half` is of chroma."""
    half = half_of(share) if half is None else half
    _blend(over.y, share, under.y)
    _blend(over.u, half, under.u)
    _blend(over.v, half, under.v)


def lay_rgb(over: Colours, share: Weights, under: YuvFrame) -> None:
    """The same with ``(H, W, 3)`` RGB colours in 0 .. 255."""
    colour = np.asarray(cv2.transform(over, _FROM_RGB), np.float32) * share[..., None]
    half, kept = half_of(colour), 1 - half_of(share)
    _add(colour[..., 0], 1 - share, under.y)
    _add(half[..., 1], kept, under.u)
    _add(half[..., 2], kept, under.v)


def mixed(pictures: list[tuple[YuvFrame, float]]) -> YuvFrame:
    """Pictures of one size added up by shares whose sum is 1."""
    (total, known), *others = pictures
    for picture, share in others:
        known += share
        y, u, v = (
            np.asarray(cv2.addWeighted(one, 1 - share / known, other, share / known, 0), np.uint8)
            for one, other in zip(total[:3], picture[:3], strict=True)
        )
        total = YuvFrame(y, u, v)
    return total


def half_of(share: NDArray[np.float32]) -> NDArray[np.float32]:
    """Half the size: each the mean of four."""
    height, width = share.shape[:2]
    half = cv2.resize(share, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    return np.asarray(half, np.float32)


def _blend(over: Plane, share: Weights, under: Plane) -> None:
    cv2.blendLinear(over, under, share, 1 - share, dst=under)


def _add(light: Colours, kept: Weights, under: Plane) -> None:
    """``under * kept + light``."""
    remaining = cv2.multiply(under, kept, dtype=cv2.CV_32F)
    cv2.add(remaining, np.ascontiguousarray(light), dst=under, dtype=cv2.CV_8U)
