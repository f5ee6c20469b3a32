"""The real mouth model: one resampling of the plate a frame, for head, lids and lips together."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import IDLE, IdleMotion, MouthShapes
from lipwright.avatar import Excerpt, Patch, Plate
from lipwright.mouth.anatomy import anatomy_of
from lipwright.mouth.boxes import Box, even_box, same_length, without
from lipwright.mouth.eyelids import Eyelids
from lipwright.mouth.field import SmoothMaps
from lipwright.mouth.gaze import EyePictures
from lipwright.mouth.head import HeadMotion
from lipwright.mouth.lips import Lips
from lipwright.mouth.source import SCALE, Source

Rgba = NDArray[np.uint8]
"""``(H, W, 4)`` uint8."""

_OPEN_EYES = 0.004  # a blink below this would move lids by less than the sampling's step


class WarpMouth:
    """A `MouthModel` that warps the plate and paints the inside of the mouth."""

    def patches(
        self,
        plate: Plate,
        shapes: MouthShapes,
        idle: IdleMotion,
        *,
        cut_out: bool,
        excerpt: Excerpt | None = None,
    ) -> Iterator[Patch]:
        """Yield one patch a frame; see `MouthModel.patches`."""
        same_length(shapes, idle)
        face = _MovingFace(plate)
        for shape, idle_row in zip(shapes, idle, strict=True):
            rgba = face.drawn(shape, idle_row)
            rgb = np.asarray(cv2.cvtColor(rgba, cv2.COLOR_RGBA2RGB), np.uint8)
            alpha = np.ascontiguousarray(rgba[..., 3]) if cut_out else None
            yield Patch.of_rgb(face.box.left, face.box.top, rgb, alpha)


class _MovingFace:
    """Everything about one plate that does not change from frame to frame."""

    def __init__(self, plate: Plate) -> None:
        anatomy = anatomy_of(plate)
        self._head = HeadMotion(plate, anatomy)
        self._lips = Lips(plate, anatomy, self._head)
        self._lids = Eyelids(anatomy)
        self._eyes = EyePictures(plate.eyes, plate) if plate.eyes else None
        eyes = self._lids.corners()
        eye_box = even_box(eyes.min(0), eyes.max(0), plate.frame.shape)
        if self._eyes:
            eye_box = self._eyes.box
        self.box = _union(self._head.box, _union(self._lips.box, eye_box))
        self._source = Source(plate, self.box, margin_px=round(0.4 * anatomy.unit) + 8)
        self._maps = SmoothMaps(self._head.lattice, self.box, self._source.corner, SCALE)
        self._around_mouth = [
            box.within(self.box)
            for strip in self._head.strips
            for box in without(self._lips.box, strip)
        ]
        part = (self.box.rows, self.box.columns)
        self._picture = np.dstack([plate.frame[part], plate.matte[part]])

    def drawn(self, shape: NDArray[np.float32], idle_row: NDArray[np.float32]) -> Rgba:
        """RGBA of the whole box; overwritten by the next frame."""
        offsets = self._head.offsets(idle_row)
        self._maps.move(offsets)
        x, y = self._maps.planes
        rgba = self._picture
        for part in self._around_mouth:
            inside = part.rows, part.columns
            self._source.remap(x[inside], y[inside], rgba[inside])
        part = self._lips.box.within(self.box)
        inside = part.rows, part.columns
        self._lips.draw(rgba[inside], self._source, (x[inside], y[inside]), offsets, shape)
        self._draw_eyes(rgba, idle_row)
        return rgba

    def _draw_eyes(self, rgba: Rgba, idle_row: NDArray[np.float32]) -> None:
        x, y = self._maps.planes
        if self._eyes:
            part = self._eyes.box.within(self.box)
            inside = part.rows, part.columns
            maps = (x[inside], y[inside])
            self._eyes.draw(rgba[inside], maps, self._source.corner, idle_row)
            return
        blink = float(np.clip(idle_row[IDLE.index("blink")], 0, 1))
        if blink > _OPEN_EYES:
            self._lids.close(rgba, self._source, (x, y), self.box, blink)


def _union(first: Box, second: Box) -> Box:
    return Box(
        min(first.left, second.left),
        min(first.top, second.top),
        max(first.right, second.right),
        max(first.bottom, second.bottom),
    )
