"""Pixel boxes with even edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lipwright.arrays import Box


def around(first: Box, second: Box) -> Box:
    """The smallest box with both in it."""
    return Box(
        min(first.left, second.left),
        min(first.top, second.top),
        max(first.right, second.right),
        max(first.bottom, second.bottom),
    )


def without(hole: Box, whole: Box) -> tuple[Box, ...]:
    """The pixels of `whole` that are not in the hole: above, below, left and right of it."""
    hole = hole.intersection(whole)
    if not (hole.width and hole.height):
        return (whole,)
    around = (
        whole._replace(bottom=hole.top),
        whole._replace(top=hole.bottom),
        Box(whole.left, hole.top, hole.left, hole.bottom),
        Box(hole.right, hole.top, whole.right, hole.bottom),
    )
    return tuple(box for box in around if box.width and box.height)


def even_box(low: ArrayLike, high: ArrayLike, canvas_shape: tuple[int, ...]) -> Box:
    """The smallest box with even edges around two (x, y) points, kept on the canvas.

    It is never empty: a face off the canvas still gives a 2x2 box at the nearest edge.
    """
    bottom_right = np.array([canvas_shape[1], canvas_shape[0]]) // 2 * 2
    first = np.clip(_even(np.floor(np.asarray(low, np.float64))), 0, bottom_right - 2)
    last = np.clip(_even(np.ceil(np.asarray(high, np.float64)) + 1), first + 2, bottom_right)
    return Box(int(first[0]), int(first[1]), int(last[0]), int(last[1]))


def same_length(shapes: NDArray[np.float32], idle: NDArray[np.float32]) -> None:
    """Raise ValueError unless both have one row a frame."""
    if len(shapes) != len(idle):
        raise ValueError(
            f"{len(shapes)} mouth shapes but {len(idle)} idle rows; give one of each a frame"
        )


def even_around(points: NDArray[np.float64], reach: float, whole: Box) -> Box:
    """The smallest even box around some points of another even box, and what is near them."""
    low = _even(np.floor(points.min(0) - reach))
    high = _even(np.ceil(points.max(0) + reach) + 2)
    return Box(int(low[0]), int(low[1]), int(high[0]), int(high[1])).intersection(whole)


def _even(values: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.asarray(values // 2 * 2, np.int64)
