"""The product's landmarks in every picture of an atlas: carried by the skin they lie on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.mouth import topology

Points = NDArray[np.float32]
Indices = NDArray[np.integer]

_NEIGHBOURS = 4
"""Vertices of the template are 3 mm apart: between four of them its motion is smooth."""


def carried(
    landmarks: Points, still: Points, skin: Points, lips: tuple[Indices, Indices]
) -> Points:
    """Where landmarks seen in the still go when the skin moves, ``(P, L, 2)`` pixels.

    Args:
        landmarks: ``(L, 2)``, as the landmarker sees them in the still.
        still: ``(V, 2)`` vertices of the front of the head in the still.
        skin: ``(P, V, 2)`` the same in every picture.
        lips: Vertices along the inner edges of the upper and the lower lip.  Where lips touch,
            the nearest vertex may be the other lip's, so these landmarks go by their edge.
    """
    away = np.linalg.norm(landmarks[:, None] - still[None], axis=2)
    nearest = np.argsort(away, axis=1)[:, :_NEIGHBOURS]
    weights = 1 / (np.take_along_axis(away, nearest, 1) + 0.5)
    weights /= weights.sum(1, keepdims=True)
    moved = skin - still
    offsets = (moved[:, nearest] * weights[..., None]).sum(2)
    for edge, path in zip((topology.INNER_UPPER, topology.INNER_LOWER), lips, strict=True):
        marks = list(edge)
        across = np.clip(_along(landmarks[marks]), 0, 1)
        places = _along(still[path])
        for picture, offset in zip(moved, offsets, strict=True):
            for axis in (0, 1):
                offset[marks, axis] = np.interp(across, places, picture[path, axis])
    return np.asarray(landmarks + offsets, np.float32)


def _along(points: Points) -> Points:
    """How far along the line from the first to the last point each one is, 0 to 1."""
    line = points[-1] - points[0]
    return np.asarray(np.maximum.accumulate((points - points[0]) @ line / (line @ line)))
