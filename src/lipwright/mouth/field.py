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
    """Coarse nodes over a box, in the middles of square cells of whole pixels."""

    box: Box
    cell_px: int

    @classmethod
    def with_cells(cls, box: Box, cell_px: float) -> Lattice:
        """Nodes about `cell_px` apart, closer where the box is small."""
        return cls(box, max(1, min(round(cell_px), box.width // 4, box.height // 4)))

    @property
    def columns(self) -> int:
        """Cells side by side; the last may reach beyond the box."""
        return -(-self.box.width // self.cell_px)

    @property
    def rows(self) -> int:
        """Cells on top of each other; the last may reach beyond the box."""
        return -(-self.box.height // self.cell_px)

    def nodes(self) -> Points:
        """``(rows * columns, 2)`` canvas positions, row by row."""
        middle = (self.cell_px - 1) / 2
        x = self.box.left + np.arange(self.columns) * self.cell_px + middle
        y = self.box.top + np.arange(self.rows) * self.cell_px + middle
        return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)

    def cells(self, row: int, first: int, last: int) -> Box:
        """The pixels around the nodes ``[first, last)`` of a row."""
        left, top = self.box.left + first * self.cell_px, self.box.top + row * self.cell_px
        right = self.box.left + last * self.cell_px
        return Box(left, top, right, top + self.cell_px).intersection(self.box)

    def sample(self, grid: Grid, points: Points) -> Points:
        """Offsets at canvas points, bilinear; beyond the box as at its edge."""
        corner = np.array([self.box.left, self.box.top])
        place = ((points - corner + 0.5) / self.cell_px - 0.5).astype(np.float32)
        x, y = np.ascontiguousarray(place.T)[:, :, None]
        found = cv2.remap(grid, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(found[:, 0], np.float64)

    def enlarged(self, plane: Plane, rows: slice) -> Plane:
        """One component of a grid at every pixel of some rows, without a kink at the nodes."""
        cell = self.cell_px
        first, last = self._rows_near(rows)
        if last <= first:
            return np.empty((0, self.box.width), np.float32)
        size = (self.columns * cell, (last - first) * cell)
        large = cv2.resize(plane[first:last], size, interpolation=cv2.INTER_CUBIC)
        start = rows.start - first * cell
        part = large[start : start + rows.stop - rows.start, : self.box.width]
        return np.asarray(part, np.float32)

    def nodes_near(self, rows: slice) -> slice:
        """The nodes, of those that `nodes` gives, that `enlarged` uses for some rows of pixels."""
        first, last = self._rows_near(rows)
        return slice(first * self.columns, last * self.columns)

    def _rows_near(self, rows: slice) -> tuple[int, int]:
        # Cubic interpolation looks two nodes beyond the rows that are wanted.
        first = max(0, rows.start // self.cell_px - 2)
        return first, min(self.rows, -(-rows.stop // self.cell_px) + 2)

    def enlarge_smooth(self, plane: Plane, buffer: Plane) -> Plane:
        """The whole box, for a field so smooth that its kinks at nodes are not seen; faster.

        `buffer` (as `buffer` gives it) is overwritten and what is returned is a part of it.
        """
        size = (buffer.shape[1], buffer.shape[0])
        cv2.resize(plane, size, dst=buffer, interpolation=cv2.INTER_LINEAR)
        return buffer[: self.box.height, : self.box.width]

    def buffer(self) -> Plane:
        """Memory for `enlarge_smooth`."""
        return np.empty((self.rows * self.cell_px, self.columns * self.cell_px), np.float32)


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


def spline_offsets(moved: Points, original: Points, at: Points) -> Points:
    """One thin-plate spline from `moved` to `original`: its offsets at the points `at`."""
    everyone = np.arange(len(moved))
    centre, scale = moved.mean(0), float(np.ptp(moved, axis=0).max()) or 1.0
    centres, where = (moved - centre) / scale, (at - centre) / scale
    weights = _solve(_kernel(centres, centres), centres, original - moved, everyone)
    bent = _kernel(where, centres) @ weights[:-3]
    return np.asarray(bent + where @ weights[-2:] + weights[-3])


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
