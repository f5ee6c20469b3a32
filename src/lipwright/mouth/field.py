"""Smooth displacement fields: thin-plate splines, coarse grids, and points through grids.

A field gives, for a pixel of the picture being made, the offset to where its colour is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
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

    def enlarged(self, plane: Plane, rows: slice, columns: slice = slice(None)) -> Plane:
        """One component of a grid at every pixel of a part, without a kink at the nodes."""
        cell = self.cell_px
        columns = slice(*columns.indices(self.box.width))
        (top, bottom), (left, right) = self._rows_near(rows), self._columns_near(columns)
        if bottom <= top or right <= left:
            return np.empty((rows.stop - rows.start, columns.stop - columns.start), np.float32)
        size = ((right - left) * cell, (bottom - top) * cell)
        large = cv2.resize(plane[top:bottom, left:right], size, interpolation=cv2.INTER_CUBIC)
        y, x = rows.start - top * cell, columns.start - left * cell
        part = large[y : y + rows.stop - rows.start, x : x + columns.stop - columns.start]
        return np.asarray(part, np.float32)

    def nodes_near(self, rows: slice, columns: slice) -> NDArray[np.intp]:
        """The nodes, of those that `nodes` gives, that `enlarged` uses for a part."""
        (top, bottom), (left, right) = self._rows_near(rows), self._columns_near(columns)
        inside = np.arange(top, bottom)[:, None] * self.columns + np.arange(left, right)
        return inside.ravel()

    # Cubic interpolation looks two nodes beyond the pixels that are wanted.

    def _rows_near(self, rows: slice) -> tuple[int, int]:
        first = max(0, rows.start // self.cell_px - 2)
        return first, min(self.rows, -(-rows.stop // self.cell_px) + 2)

    def _columns_near(self, columns: slice) -> tuple[int, int]:
        first = max(0, columns.start // self.cell_px - 2)
        return first, min(self.columns, -(-columns.stop // self.cell_px) + 2)


class SmoothMaps:
    """Where every pixel of a box comes from, for a field without kinks to be seen.

    Positions, not offsets, are interpolated between the nodes: a plane of memory less is read
    for each.  Around the lattice its outermost offsets hold.
    """

    def __init__(
        self, lattice: Lattice, box: Box, corner: NDArray[np.float64], scale: float
    ) -> None:
        cell, inner = lattice.cell_px, lattice.box
        before = [
            1 + max(0, -(-gap // cell)) for gap in (inner.left - box.left, inner.top - box.top)
        ]
        left, top = inner.left - before[0] * cell, inner.top - before[1] * cell
        columns, rows = -(-(box.right - left) // cell) + 1, -(-(box.bottom - top) // cell) + 1
        after = (columns - before[0] - lattice.columns, rows - before[1] - lattice.rows)
        self._ring = (before[1], max(0, after[1]), before[0], max(0, after[0]))
        x = left + (cell - 1) / 2 + np.arange(before[0] + lattice.columns + self._ring[3]) * cell
        y = top + (cell - 1) / 2 + np.arange(before[1] + lattice.rows + self._ring[1]) * cell
        self._scale = np.float32(scale)
        self._still = [
            np.asarray(plane * scale, np.float32)
            for plane in np.meshgrid(x - corner[0], y - corner[1])
        ]
        # Reused from frame to frame: fresh memory costs as much as what is written to it.
        self._buffers = [np.empty((len(y) * cell, len(x) * cell), np.float32) for _ in "xy"]
        part = box.within(Box(left, top, left, top))
        self.planes = tuple(buffer[part.rows, part.columns] for buffer in self._buffers)
        """x and y of every pixel of the box, counted from `corner` and scaled."""

    def move(self, offsets: Grid) -> None:
        """Set the planes to their own positions plus these offsets at the lattice's nodes."""
        for axis, (still, buffer) in enumerate(zip(self._still, self._buffers, strict=True)):
            ringed = cv2.copyMakeBorder(offsets[..., axis], *self._ring, cv2.BORDER_REPLICATE)
            size = (buffer.shape[1], buffer.shape[0])
            cv2.resize(
                still + ringed * self._scale, size, dst=buffer, interpolation=cv2.INTER_LINEAR
            )


def _beyond(near: int, far: int, cell: int) -> int:
    """Nodes between two edges, and one more to interpolate to."""
    return 1 + max(0, -(-(far - near) // cell))


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


def spline_offsets(moved: Points, originals: Sequence[Points], at: Points) -> list[Points]:
    """Thin-plate splines from `moved` to each of `originals`: their offsets at the points `at`."""
    everyone = np.arange(len(moved))
    centre, scale = moved.mean(0), float(np.ptp(moved, axis=0).max()) or 1.0
    centres, where = (moved - centre) / scale, ((at - centre) / scale).astype(np.float32)
    steps = np.concatenate([original - moved for original in originals], axis=1)
    weights = _solve(_kernel(centres, centres), centres, steps, everyone).astype(np.float32)
    bent = _kernel(where, centres.astype(np.float32)) @ weights[:-3]
    bent += where @ weights[-2:] + weights[-3]
    return [bent[:, 2 * k : 2 * k + 2] for k in range(len(originals))]


def _solve(kernel: Points, centres: Points, offsets: Points, members: NDArray[np.intp]) -> Points:
    count = len(members)
    plane = np.c_[np.ones(count), centres[members]]
    system = np.zeros((count + 3, count + 3))
    system[:count, :count] = kernel[np.ix_(members, members)]
    system[range(count), range(count)] += _SMOOTHING
    system[:count, count:], system[count:, :count] = plane, plane.T
    right = np.zeros((count + 3, offsets.shape[1]))
    right[:count] = offsets[members]
    return np.asarray(np.linalg.solve(system, right))


def _kernel(at: _Float, centres: _Float) -> _Float:
    """``r ** 2 * log(r)`` between all pairs."""
    squared = at @ (-2 * centres.T)
    squared += (at**2).sum(-1)[:, None]
    squared += (centres**2).sum(-1)
    np.maximum(squared, 1e-12, out=squared)
    return np.asarray(0.5 * squared * cv2.log(squared), at.dtype)
