"""Smooth displacement fields: thin-plate splines, coarse grids, and points through grids.

A field gives, for a pixel of the picture being made, the offset to where its colour is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.mouth.anatomy import Points
from lipwright.mouth.boxes import Box

Grid: TypeAlias = NDArray[np.float32]
"""``(rows, columns, 2)`` float32 offsets in pixels at the nodes of a `Lattice`."""

Plane: TypeAlias = NDArray[np.float32]
"""``(H, W)`` float32."""

_Float = TypeVar("_Float", NDArray[np.float32], NDArray[np.float64])

_SMOOTHING = 1e-5
"""Added to the kernel's diagonal: keeps near-coincident landmarks solvable, and costs less
than 0.1 px at the lips."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """Coarse nodes over a box, where `cv2.resize` puts the centres of coarse pixels."""

    box: Box
    columns: int
    rows: int

    @classmethod
    def with_cells(cls, box: Box, cell_px: float) -> Lattice:
        """Nodes about `cell_px` apart; at least four each way, for cubic interpolation."""
        count = [max(4, round(side / max(1.0, cell_px))) for side in (box.width, box.height)]
        return cls(box, count[0], count[1])

    def nodes(self) -> Points:
        """``(rows * columns, 2)`` canvas positions, row by row."""
        x = self.box.left + (np.arange(self.columns) + 0.5) * self.box.width / self.columns - 0.5
        y = self.box.top + (np.arange(self.rows) + 0.5) * self.box.height / self.rows - 0.5
        return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)

    def sample(self, grid: Grid, points: Points) -> Points:
        """Offsets at canvas points, bilinear; beyond the box as at its edge."""
        x = (points[:, 0] - self.box.left + 0.5) * self.columns / self.box.width - 0.5
        y = (points[:, 1] - self.box.top + 0.5) * self.rows / self.box.height - 0.5
        where = x.astype(np.float32)[:, None], y.astype(np.float32)[:, None]
        found = cv2.remap(grid, *where, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(found[:, 0], np.float64)


def enlarged(plane: Plane, box: Box) -> Plane:
    """One component of a grid at every pixel of its box, without a kink at the nodes."""
    size = (box.width, box.height)
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_CUBIC), np.float32)


def enlarged_smooth(plane: Plane, box: Box) -> Plane:
    """The same for a field so smooth that its kinks at the nodes are not seen; faster."""
    size = (box.width, box.height)
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR), np.float32)


class SplinePair:
    """Two thin-plate splines over one set of points, each leaving some of them out.

    Bookstein (1989), "Principal warps".  They run from moved to original positions, so that
    the picture is sampled without inverting anything; kernels are shared between the two.
    """

    def __init__(self, count: int, first: NDArray[np.intp], second: NDArray[np.intp]) -> None:
        self._count = count
        self._members = (first, second)

    def offsets(self, moved: Points, original: Points, at: Points) -> tuple[Points, Points]:
        """Offsets of both splines at the points `at`."""
        centre, scale = moved.mean(0), float(np.ptp(moved, axis=0).max()) or 1.0
        centres = (moved - centre) / scale
        kernel = _kernel(centres, centres)
        weights = np.zeros((self._count + 3, 4))
        for k, members in enumerate(self._members):
            solved = _solve(kernel, centres, original - moved, members)
            weights[members, 2 * k : 2 * k + 2] = solved[:-3]
            weights[-3:, 2 * k : 2 * k + 2] = solved[-3:]
        where = ((at - centre) / scale).astype(np.float32)
        weights = weights.astype(np.float32)
        both = _kernel(where, centres.astype(np.float32)) @ weights[:-3]
        both += where @ weights[-2:] + weights[-3]
        return both[:, :2], both[:, 2:]


def _solve(kernel: Points, centres: Points, offsets: Points, members: NDArray[np.intp]) -> Points:
    count = len(members)
    plane = np.c_[np.ones(count), centres[members]]
    system = np.zeros((count + 3, count + 3))
    system[:count, :count] = kernel[np.ix_(members, members)]
    system[range(count), range(count)] += _SMOOTHING
    system[:count, count:], system[count:, :count] = plane, plane.T
    right = np.zeros((count + 3, 2))
    right[:count] = offsets[members]
    return np.asarray(np.linalg.solve(system, right))


def _kernel(at: _Float, centres: _Float) -> _Float:
    """``r ** 2 * log(r)`` between all pairs."""
    squared = (at**2).sum(-1)[:, None] + (centres**2).sum(-1)[None] - 2 * at @ centres.T
    np.maximum(squared, 1e-12, out=squared)
    return np.asarray(0.5 * squared * np.log(squared))
