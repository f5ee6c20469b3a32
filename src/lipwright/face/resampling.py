"""Pictures at another size."""

from __future__ import annotations

from typing import Final, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = TypeVar("Pixels", np.uint8, np.float32)


def resized(image: NDArray[Pixels], size: tuple[int, int]) -> NDArray[Pixels]:
    """The image at (width, height): area means when shrinking, Lanczos when growing."""
    if image.shape[1::-1] == size:
        return image
    shrinking = size[0] < image.shape[1] or size[1] < image.shape[0]
    how = cv2.INTER_AREA if shrinking else cv2.INTER_LANCZOS4
    return np.asarray(cv2.resize(image, size, interpolation=how), image.dtype)


def fitting(image: NDArray[Pixels], longer_side: int, least: int = 1) -> tuple[int, int]:
    """(width, height) of the image where its longer side is no longer than this; never enlarged."""
    height, width = image.shape[:2]
    scale = min(1.0, longer_side / max(height, width))
    return max(least, round(width * scale)), max(least, round(height * scale))


_TURNS: Final = (None, cv2.ROTATE_90_COUNTERCLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_CLOCKWISE)


def turned(picture: NDArray[np.uint8], quarters: int) -> NDArray[np.uint8]:
    """The picture turned anticlockwise by some quarters."""
    how = _TURNS[quarters % 4]
    return picture if how is None else np.asarray(cv2.rotate(picture, how))


def halved(image: NDArray[np.uint8], times: int) -> NDArray[np.uint8]:
    """The image at 1, 1/2, 1/4, … of its size: for networks, which get many of them.

    Means of four pixels cost a tenth of what means over other areas do.  What does not fill a last
    pixel is left off, at the right and at the bottom.
    """
    for _ in range(times):
        height, width = (side // 2 for side in image.shape[:2])
        if not height or not width:
            break
        whole = image[: 2 * height, : 2 * width]
        image = np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA))
    return image


def halvings(factor: float) -> int:
    """How often a picture can be halved before it is smaller than 1 / `factor`.

    >>> [halvings(factor) for factor in (0.5, 1.9, 2, 3.9, 4)]
    [0, 0, 1, 1, 2]
    """
    return max(0, int(np.log2(max(factor, 1.0))))
