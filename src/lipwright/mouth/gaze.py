"""Real lids and eyes of the same person, laid over the plate's."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import IDLE, Box, YuvFrame
from lipwright.avatar import Atlas, Plate
from lipwright.colour import within, yuv_of
from lipwright.mouth import topology
from lipwright.mouth.boxes import even_around, even_box
from lipwright.mouth.curves import step
from lipwright.mouth.field import Grid, Lattice, Zone
from lipwright.mouth.layering import lay, mixed
from lipwright.mouth.source import Source, of_even_size

_LIDS: Final = (*topology.LEFT_EYE_LOWER, *topology.RIGHT_EYE_LOWER)
_EDGE: Final = 0.10
"""Soft edge of the pictures, over their height: skin shades differ by less than can be seen."""
_TRAVEL: Final = 0.14
"""The furthest that head motion takes the eyes, over the distance of their outer corners."""
_OPEN: Final = 0.004
_BLINK, _GAZE_X, _GAZE_Y = (IDLE.index(name) for name in ("blink", "gaze_x", "gaze_y"))


class Look(NamedTuple):
    """Two pictures, and how much of the second is seen."""

    first: int
    second: int
    share: float


class EyePictures:
    """The eyes of one plate's atlas."""

    def __init__(self, atlas: Atlas, plate: Plate, lattice: Lattice) -> None:
        lids = list(_LIDS)
        rest = int(np.abs(atlas.states).sum(1).argmin())
        corner = (plate.landmarks[lids, :2] - atlas.landmarks[rest, lids]).mean(0)
        height, width = atlas.pictures.shape[1:3]
        edge = of_even_size(_soft_edge(height, width))
        self._pictures = [
            Source(
                yuv_of(of_even_size(each))._replace(alpha=edge),
                corner.astype(np.float64),
                small=True,
            )
            for each in atlas.pictures
        ]
        straight = np.abs(atlas.states[:, 1:]).max(1) == 0
        self._lids = sorted(np.flatnonzero(straight), key=lambda index: atlas.states[index, 0])
        self._closed = [float(atlas.states[index, 0]) for index in self._lids]
        self._open = np.flatnonzero(atlas.states[:, 0] == 0)
        self._directions = atlas.states[self._open, 1:]
        first, last = topology.EYE_CORNERS
        self._corners = np.stack([corner, corner + np.array([width, height])])
        travel = _TRAVEL * float(np.linalg.norm(plate.landmarks[first] - plate.landmarks[last]))
        low, high = corner - travel, corner + np.array([width, height]) + travel
        self.box: Box = even_box(low, high, plate.frame.shape)
        self._zone = Zone(lattice, self.box, smooth=False)
        self._look = lru_cache(maxsize=4)(self._look_at)

    def look(self, idle_row: NDArray[np.float32]) -> Look | None:
        """What to lay over the plate; None where the plate's own eyes are right."""
        blink, gaze_x, gaze_y = idle_row[[_BLINK, _GAZE_X, _GAZE_Y]].tolist()
        return self._look(blink, gaze_x, gaze_y)

    def _look_at(self, blink: float, gaze_x: float, gaze_y: float) -> Look | None:
        blink = min(1.0, max(0.0, blink))
        if blink > _OPEN:
            place = float(np.interp(blink, self._closed, range(len(self._closed))))
            before = min(int(place), len(self._lids) - 2)
            return Look(int(self._lids[before]), int(self._lids[before + 1]), place - before)
        looking = np.array([gaze_x, gaze_y], np.float32)
        nearest = int(((self._directions - looking) ** 2).sum(1).argmin())
        chosen = int(self._open[nearest])
        return Look(chosen, chosen, 0.0) if self._directions[nearest].any() else None

    def draw(self, into: YuvFrame, head_offsets: Grid, look: Look) -> None:
        """Draw lids and gaze into a picture that shows exactly `box`, the head already moved."""
        part = self._part(head_offsets)
        maps = self._zone.maps(head_offsets, self._pictures[look.first], part)
        first = self._pictures[look.first].remapped(maps)
        pictures = [(first, 1 - look.share)]
        if look.share > 0:
            second = self._pictures[look.second].remapped(maps, with_alpha=False)
            pictures.append((second, look.share))
        if first.alpha is not None:
            edge = first.alpha.astype(np.float32) * np.float32(1 / 255)
            lay(mixed(pictures), edge, within(into, part))

    def _part(self, head_offsets: Grid) -> Box:
        """Where the pictures are now, counted from the corner of `box`."""
        whole = self.box.within(self.box)
        offsets = head_offsets.reshape(-1, 2)[self._zone.nodes_around(whole)]
        corners = self._corners - [self.box.left, self.box.top]
        low, high = corners[0] - offsets.max(0), corners[1] - offsets.min(0)
        return even_around(np.stack([low, high]), 1, whole)


def _soft_edge(height: int, width: int) -> NDArray[np.uint8]:
    reach = max(2.0, _EDGE * height)
    x, y = np.arange(width) + 0.5, np.arange(height)[:, None] + 0.5
    inside = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y)) / reach
    return np.asarray(step(inside) * 255, np.uint8)
