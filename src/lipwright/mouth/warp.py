"""The real mouth model: one resampling of the plate a frame, for head, lids and lips together."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import IDLE, IdleMotion, MouthShapes
from lipwright.avatar import Patch, Plate
from lipwright.mouth.anatomy import anatomy_of
from lipwright.mouth.boxes import Box, even_box, same_length, without
from lipwright.mouth.eyelids import Eyelids
from lipwright.mouth.field import Grid
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
        self, plate: Plate, shapes: MouthShapes, idle: IdleMotion, *, cut_out: bool
    ) -> Iterator[Patch]:
        """Yield one patch a frame; see `MouthModel.patches`."""
        same_length(shapes, idle)
        face = _MovingFace(plate)
        for shape, idle_row in zip(shapes, idle, strict=True):
            rgba = face.drawn(shape, idle_row)
            rgb = np.asarray(cv2.cvtColor(rgba, cv2.COLOR_RGBA2RGB), np.uint8)
            alpha = np.ascontiguousarray(rgba[..., 3]) if cut_out else None
            yield Patch(face.box.left, face.box.top, rgb, alpha)


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
        self._still_maps = self._source.positions(self.box)
        # Reused from frame to frame: fresh memory costs as much as what is written to it.
        self._buffer = self._head.lattice.buffer()
        part = (self.box.rows, self.box.columns)
        self._picture = np.dstack([plate.frame[part], plate.matte[part]])
        self._maps = (self._still_maps[0].copy(), self._still_maps[1].copy())

    def drawn(self, shape: NDArray[np.float32], idle_row: NDArray[np.float32]) -> Rgba:
        """RGBA of the whole box; overwritten by the next frame."""
        offsets = self._head.offsets(idle_row)
        self._move_maps(offsets)
        self._draw_around_mouth()
        rgba = self._picture
        part = self._lips.box.within(self.box)
        mouth_maps = tuple(plane[part.rows, part.columns] for plane in self._maps)
        mouth = rgba[part.rows, part.columns]
        self._lips.draw(mouth, self._source, (mouth_maps[0], mouth_maps[1]), offsets, shape)
        self._draw_eyes(rgba, idle_row)
        return rgba

    def _draw_eyes(self, rgba: Rgba, idle_row: NDArray[np.float32]) -> None:
        if self._eyes:
            part = self._eyes.box.within(self.box)
            inside = part.rows, part.columns
            maps = (self._maps[0][inside], self._maps[1][inside])
            self._eyes.draw(rgba[inside], maps, self._source.corner, idle_row)
            return
        blink = float(np.clip(idle_row[IDLE.index("blink")], 0, 1))
        if blink > _OPEN_EYES:
            self._lids.close(rgba, self._source, self._maps, self.box, blink)

    def _move_maps(self, offsets: Grid) -> None:
        """Set where every pixel of the box comes from; what never moves, from itself."""
        for axis, (still, moved) in enumerate(zip(self._still_maps, self._maps, strict=True)):
            doubled = offsets[..., axis] * np.float32(SCALE)
            offset = self._head.lattice.enlarge_smooth(doubled, self._buffer)
            for strip in self._head.strips:
                here, there = strip.within(self.box), strip.within(self._head.box)
                inside = here.rows, here.columns
                np.add(still[inside], offset[there.rows, there.columns], out=moved[inside])

    def _draw_around_mouth(self) -> None:
        """The head moved, but for the mouth's box, which is drawn later."""
        x, y = self._maps
        for strip in self._head.strips:
            for box in without(self._lips.box, strip):
                part = box.within(self.box)
                inside = part.rows, part.columns
                self._source.remap(x[inside], y[inside], self._picture[inside])


def _union(first: Box, second: Box) -> Box:
    return Box(
        min(first.left, second.left),
        min(first.top, second.top),
        max(first.right, second.right),
        max(first.bottom, second.bottom),
    )
