"""Smooth displacement fields: coarse grids, points through grids, and maps made of them.

A field gives, for a pixel of the picture being made, the offset to where its colour is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Box
from lipwright.mouth.anatomy import Points
from lipwright.mouth.source import Source

Grid: TypeAlias = NDArray[np.float32]
"""``(rows, columns, 2)`` float32 offsets in pixels at the nodes of a `Lattice`."""

Plane: TypeAlias = NDArray[np.float32]
"""``(H, W)`` float32."""


class Maps(NamedTuple):
    """Where each pixel of an even box is taken from, in pixels of a `Source`'s large planes."""

    luma: Plane
    """``(H, W, 2)`` float32 x and y."""
    chroma: Plane
    """``(H // 2, W // 2, 2)``."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """Coarse nodes over a box, in the middles of square cells of an even number of pixels."""

    box: Box
    cell_px: int

    @classmethod
    def with_cells(cls, box: Box, cell_px: float) -> Lattice:
        """Nodes about `cell_px` apart, closer where the box is small."""
        return cls(box, max(2, 2 * round(min(cell_px, box.width / 4, box.height / 4) / 2)))

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

    # Cubic interpolation looks two nodes beyond the pixels that are wanted.

    def _rows_near(self, rows: slice) -> tuple[int, int]:
        first = max(0, rows.start // self.cell_px - 2)
        return first, min(self.rows, -(-rows.stop // self.cell_px) + 2)

    def _columns_near(self, columns: slice) -> tuple[int, int]:
        first = max(0, columns.start // self.cell_px - 2)
        return first, min(self.columns, -(-columns.stop // self.cell_px) + 2)


class Zone:
    """An even box of the canvas, and the nodes that say where its pixels come from.

    Around the lattice its outermost offsets hold.
    """

    def __init__(
        self,
        lattice: Lattice,
        box: Box,
        *,
        smooth: bool,
        room: Room | None = None,
    ) -> None:
        """Prepare a zone.

        Args:
            lattice: The nodes; its box is even too.
            box: Of the canvas.
            smooth: Without a kink at the nodes, for fields that bend between two of them.
            room: Memory shared with zones whose maps are not needed at the same time.
        """
        self._cell, self._reach, self._smooth = lattice.cell_px, 2 if smooth else 1, smooth
        self._room = room or Room()
        self._whole = box.within(box)
        inner = lattice.box
        down, self._top = self._nodes_beside(box.top, box.bottom, inner.top)
        along, self._left = self._nodes_beside(box.left, box.right, inner.left)
        rows, columns = np.clip(down, 0, lattice.rows - 1), np.clip(along, 0, lattice.columns - 1)
        self._nodes = rows[:, None] * lattice.columns + columns
        # Straight lines run through the nodes' positions.  Cubic curves run through offsets only,
        # as they do not pass through a ramp, and positions are added at the size of chroma.
        step = 2 if smooth else self._cell
        x = inner.left + int(along[0]) * self._cell + np.arange(0, len(along) * self._cell, step)
        y = inner.top + int(down[0]) * self._cell + np.arange(0, len(down) * self._cell, step)
        still = np.dstack(np.meshgrid(x + (step - 1) / 2, y + (step - 1) / 2))
        self._still = still.astype(np.float32)
        self._placed: dict[int, Plane] = {}
        """The same as positions in chroma, by the scale of the source."""

    def _nodes_beside(self, low: int, high: int, origin: int) -> tuple[NDArray[np.intp], int]:
        """The nodes along a side of the box, and how far the first one's cell begins before it."""
        cell, reach = self._cell, self._reach
        first, last = (low - origin) // cell - reach, -(-(high - origin) // cell) + reach
        return np.arange(first, last), low - origin - first * cell

    def maps(self, offsets: Grid, source: Source, part: Box | None = None) -> Maps:
        """Maps of all or some of the box, valid until the room is used again.

        Args:
            offsets: At all nodes of the lattice.
            source: What will be sampled.
            part: Even, counted from the corner of the box.
        """
        rows, columns, box = self._window(part)
        at = self._at(offsets, source, rows, columns)
        chroma = self._chroma(at, source.scale, rows, columns)
        if self._smooth:
            luma = chroma * np.float32(2) + np.float32(source.scale / 2)
            luma = self._room.resized(luma, 2, 0, cv2.INTER_LINEAR)
        else:
            luma = at * np.float32(source.scale)
            luma = self._room.resized(luma, self._cell, 0, cv2.INTER_LINEAR)
        return Maps(luma[box.rows, box.columns], _halved(chroma, box))

    def blocks(self, offsets: Grid, source: Source, part: Box | None = None) -> Plane:
        """`Maps.chroma` alone, for `Source.remap_blocks`."""
        rows, columns, box = self._window(part)
        at = self._at(offsets, source, rows, columns)
        return _halved(self._chroma(at, source.scale, rows, columns), box)

    def _window(self, part: Box | None) -> tuple[slice, slice, Box]:
        """The nodes around a part, and where it lies among the pixels of their cells."""
        part = part or self._whole
        rows, columns = self._around(part)
        top = self._top + part.top - rows.start * self._cell
        left = self._left + part.left - columns.start * self._cell
        return rows, columns, Box(left, top, left + part.width, top + part.height)

    def _at(self, offsets: Grid, source: Source, rows: slice, columns: slice) -> Grid:
        """Positions at the nodes, or of smooth fields offsets, from the source's first pixel."""
        at = offsets.reshape(-1, 2).take(self._nodes[rows, columns], axis=0)
        if not self._smooth:
            at += self._still[rows, columns]
        at -= source.corner.astype(np.float32)
        return np.asarray(at, np.float32)

    def _chroma(self, at: Grid, scale: int, rows: slice, columns: slice) -> Plane:
        # Middles of two by two pixels, from luma to chroma: s (p - 1 / 2) / 2.
        cell, share, corner = self._cell // 2, np.float32(scale / 2), np.float32(scale / 4)
        if not self._smooth:
            return self._room.resized(at * share - corner, cell, 1, cv2.INTER_LINEAR)
        chroma = self._room.resized(at * share, cell, 1, cv2.INTER_CUBIC)
        if scale not in self._placed:
            self._placed[scale] = self._still * share - corner
        chroma += self._placed[scale][
            rows.start * cell : rows.stop * cell, columns.start * cell : columns.stop * cell
        ]
        return chroma

    def nodes_around(self, part: Box) -> NDArray[np.intp]:
        """Which nodes, of those that `Lattice.nodes` gives, `maps` looks at; some of them twice."""
        return self._nodes[self._around(part)].ravel()

    def _around(self, part: Box) -> tuple[slice, slice]:
        rows, columns = self._nodes.shape
        return (
            self._beside(self._top + part.top, part.height, rows),
            self._beside(self._left + part.left, part.width, columns),
        )

    def _beside(self, low: int, length: int, most: int) -> slice:
        first = max(0, low // self._cell - self._reach)
        return slice(first, min(-(-(low + length) // self._cell) + self._reach, most))


def _halved(chroma: Plane, box: Box) -> Plane:
    """The part of a plane of chroma that belongs to a box of luma."""
    return chroma[box.top // 2 : box.bottom // 2, box.left // 2 : box.right // 2]


class Room:
    """Memory for maps: fresh memory costs as much as what is written to it."""

    def __init__(self) -> None:
        self._kept = [np.empty(0, np.float32)] * 2

    def resized(self, grid: Grid, times: int, which: int, how: int) -> Plane:
        """The grid `times` as large, in the first or the second half of the room."""
        height, width = grid.shape[0] * times, grid.shape[1] * times
        if self._kept[which].size < height * width * 2:
            self._kept[which] = np.empty(height * width * 2, np.float32)
        into = self._kept[which][: height * width * 2].reshape(height, width, 2)
        return np.asarray(
            cv2.resize(grid, (width, height), dst=into, interpolation=how), np.float32
        )
