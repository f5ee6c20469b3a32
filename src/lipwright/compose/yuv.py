"""Boxes on YUV 4:2:0 planes, and what is put there."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Box, Plane, YuvFrame
from lipwright.colour import halved


def box_at(left: int, top: int, picture: NDArray[np.uint8]) -> Box:
    """The box that `picture` fills with its top-left corner at (`left`, `top`)."""
    return Box(left, top, left + picture.shape[1], top + picture.shape[0])


def overwrite(target: YuvFrame, source: YuvFrame) -> None:
    """Put the pixels of `source` in `target`, plane by plane; both have the same size."""
    for target_plane, source_plane in zip(target, source, strict=True):
        if target_plane is not None and source_plane is not None:
            np.copyto(target_plane, source_plane)


def mix(over: Plane, under: Plane, alpha: Plane) -> Plane:
    """`over` on `under` by `alpha` / 255."""
    kept = cv2.multiply(under, cv2.bitwise_not(alpha), scale=1 / 255)
    return np.asarray(cv2.add(cv2.multiply(over, alpha, scale=1 / 255), kept), np.uint8)


def over(picture: YuvFrame, alpha: Plane, ground: YuvFrame) -> YuvFrame:
    """`picture` on an opaque `ground`, by `alpha`."""
    chroma_alpha = halved(alpha)
    return YuvFrame(
        mix(picture.y, ground.y, alpha),
        mix(picture.u, ground.u, chroma_alpha),
        mix(picture.v, ground.v, chroma_alpha),
    )


def size_of(frame: YuvFrame) -> tuple[int, int]:
    """(width, height) in pixels."""
    return frame.y.shape[1], frame.y.shape[0]


def clear_frame(size: tuple[int, int]) -> YuvFrame:
    """A canvas of (width, height) on which nothing stands: transparent black."""
    width, height = size
    half = (height // 2, width // 2)
    return YuvFrame(
        np.full((height, width), 16, np.uint8),
        np.full(half, 128, np.uint8),
        np.full(half, 128, np.uint8),
        np.zeros((height, width), np.uint8),
    )


def black_frame(size: tuple[int, int]) -> YuvFrame:
    """An opaque black canvas of (width, height)."""
    return clear_frame(size)._replace(alpha=None)
