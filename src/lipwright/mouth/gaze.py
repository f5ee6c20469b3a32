"""Real lids and eyes of the same person, laid over the plate's."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import IDLE
from lipwright.avatar import Atlas, Plate
from lipwright.mouth import topology
from lipwright.mouth.boxes import Box, even_box
from lipwright.mouth.source import SCALE, doubled

Plane = NDArray[np.float32]

_LIDS: Final = (*topology.LEFT_EYE_LOWER, *topology.RIGHT_EYE_LOWER)
_EDGE: Final = 0.10
"""Soft edge of the pictures, over their height: skin shades differ by less than can be seen."""
_TRAVEL: Final = 0.14
"""The furthest that head motion takes the eyes, over the distance of their outer corners."""
_OPEN: Final = 0.004
_BLINK, _GAZE_X, _GAZE_Y = (IDLE.index(name) for name in ("blink", "gaze_x", "gaze_y"))


class EyePictures:
    """The eyes of one plate's atlas."""

    def __init__(self, atlas: Atlas, plate: Plate) -> None:
        lids = list(_LIDS)
        rest = int(np.abs(atlas.states).sum(1).argmin())
        self._corner = (plate.landmarks[lids, :2] - atlas.landmarks[rest, lids]).mean(0)
        height, width = atlas.pictures.shape[1:3]
        edge = _soft_edge(height, width)
        self._pictures = [doubled(np.dstack([picture, edge])) for picture in atlas.pictures]
        straight = np.abs(atlas.states[:, 1:]).max(1) == 0
        self._lids = sorted(np.flatnonzero(straight), key=lambda index: atlas.states[index, 0])
        self._closed = [float(atlas.states[index, 0]) for index in self._lids]
        self._open = np.flatnonzero(atlas.states[:, 0] == 0)
        self._directions = atlas.states[self._open, 1:]
        first, last = topology.EYE_CORNERS
        travel = _TRAVEL * float(np.linalg.norm(plate.landmarks[first] - plate.landmarks[last]))
        low = self._corner - travel
        high = self._corner + np.array([width, height]) + travel
        self.box: Box = even_box(low, high, plate.frame.shape)

    def draw(
        self,
        rgba: NDArray[np.uint8],
        maps: tuple[Plane, Plane],
        corner: NDArray[np.float64],
        idle_row: NDArray[np.float32],
    ) -> None:
        """Draw lids and gaze into `rgba`, which shows exactly `box`, in place.

        Args:
            rgba: The picture, the head already moved.
            maps: Where each of its pixels comes from, in doubled plate pixels.
            corner: Canvas position of the plate's pixel that the maps count from.
            idle_row: One row of `IdleMotion`.
        """
        picture = self._picture(idle_row)
        if picture is None:
            return
        left, top = np.float32(SCALE) * (corner - self._corner).astype(np.float32)
        seen = cv2.remap(picture, maps[0] + left, maps[1] + top, cv2.INTER_LINEAR)
        share = cv2.extractChannel(seen, 3).astype(np.float32) * np.float32(1 / 255)
        kept = np.ascontiguousarray(rgba)
        rgba[..., :3] = cv2.blendLinear(seen, kept, share, 1 - share)[..., :3]

    def _picture(self, idle_row: NDArray[np.float32]) -> NDArray[np.uint8] | None:
        """What to lay over the plate; None where the plate's own eyes are right."""
        blink = float(np.clip(idle_row[_BLINK], 0, 1))
        if blink > _OPEN:
            place = float(np.interp(blink, self._closed, range(len(self._closed))))
            before = min(int(place), len(self._lids) - 2)
            first, second = (self._pictures[self._lids[before + k]] for k in (0, 1))
            share = place - before
            return np.asarray(cv2.addWeighted(first, 1 - share, second, share, 0), np.uint8)
        looking = idle_row[[_GAZE_X, _GAZE_Y]]
        nearest = int(((self._directions - looking) ** 2).sum(1).argmin())
        return self._pictures[self._open[nearest]] if self._directions[nearest].any() else None


def _soft_edge(height: int, width: int) -> NDArray[np.uint8]:
    reach = max(2.0, _EDGE * height)
    x, y = np.arange(width) + 0.5, np.arange(height)[:, None] + 0.5
    inside = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y)) / reach
    inside = np.clip(inside, 0, 1)
    return np.asarray(inside * inside * (3 - 2 * inside) * 255, np.uint8)
