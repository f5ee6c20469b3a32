"""Pictures at another size."""

from __future__ import annotations

from typing import TypeVar

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
