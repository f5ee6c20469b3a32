"""Pictures in the encoder's planes, BT.709, 4:2:0, limited range: from RGB, back, and parts."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame, Plane, YuvFrame

# ITU-R BT.709-6 (2015), table 3, in limited range: Y 16..235, U and V 16..240.
_KR, _KB = 0.2126, 0.0722
_LUMA = np.array([_KR, 1 - _KR - _KB, _KB])
BT709: Final = np.stack(
    [
        _LUMA * 219 / 255,
        (np.array([0, 0, 1]) - _LUMA) / (2 * (1 - _KB)) * 224 / 255,
        (np.array([1, 0, 0]) - _LUMA) / (2 * (1 - _KR)) * 224 / 255,
    ]
)
FLOOR: Final = np.array([[16.0], [128.0], [128.0]])
_FROM_RGB: Final = np.hstack([BT709, FLOOR]).astype(np.float32)
_TO_RGB: Final = np.hstack([np.linalg.inv(BT709), -np.linalg.inv(BT709) @ FLOOR]).astype(np.float32)


def yuv_of(rgb: Frame) -> YuvFrame:
    """The planes of an RGB picture of even size, opaque."""
    if not rgb.size:
        return YuvFrame(*(np.empty((0, 0), np.uint8) for _ in "yuv"))
    whole = np.asarray(cv2.transform(rgb, _FROM_RGB), np.uint8)
    half = halved(whole)
    return YuvFrame(_channel(whole, 0), _channel(half, 1), _channel(half, 2))


def rgb_of(picture: YuvFrame) -> Frame:
    """The RGB picture of some planes, whatever their alpha."""
    if not picture.y.size:
        return np.empty((0, 0, 3), np.uint8)
    size = picture.y.shape[::-1]
    u, v = (cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR) for plane in picture[1:3])
    return np.asarray(cv2.transform(cv2.merge([picture.y, u, v]), _TO_RGB), np.uint8)


def within(picture: YuvFrame, box: tuple[int, int, int, int]) -> YuvFrame:
    """Views of a part of a picture; left, top, right and bottom are even."""
    left, top, right, bottom = box
    whole = np.s_[top:bottom, left:right]
    half = np.s_[top // 2 : bottom // 2, left // 2 : right // 2]
    alpha = None if picture.alpha is None else picture.alpha[whole]
    return YuvFrame(picture.y[whole], picture.u[half], picture.v[half], alpha)


def copied(picture: YuvFrame) -> YuvFrame:
    """A picture of its own with the same pixels."""
    alpha = None if picture.alpha is None else picture.alpha.copy()
    return YuvFrame(picture.y.copy(), picture.u.copy(), picture.v.copy(), alpha)


def halved(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Half the size: each pixel the mean of four."""
    height, width = picture.shape[:2]
    half = cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    return np.asarray(half, np.uint8)


def _channel(picture: NDArray[np.uint8], index: int) -> Plane:
    return np.asarray(cv2.extractChannel(picture, index), np.uint8)
