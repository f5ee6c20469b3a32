"""The real mouth model: one resampling of the plate a frame, for head, lids and lips together."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import IDLE, IdleMotion, MouthShapes
from lipwright.avatar import Patch, Plate
from lipwright.mouth.anatomy import anatomy_of
from lipwright.mouth.boxes import Box, even_box, same_length
from lipwright.mouth.eyelids import Eyelids
from lipwright.mouth.field import Grid
from lipwright.mouth.head import HeadMotion
from lipwright.mouth.lips import Lips
from lipwright.mouth.pose import pose_of
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
        eyes = self._lids.corners()
        eye_box = even_box(eyes.min(0), eyes.max(0), plate.frame.shape)
        self.box = _union(self._head.box, _union(self._lips.box, eye_box))
        self._source = Source(plate, self.box, margin_px=round(0.4 * anatomy.unit) + 8)
        self._still_maps = self._source.positions(self.box)
        # Reused from frame to frame: fresh memory costs as much as what is written to it.
        self._buffer = self._head.lattice.buffer()
        self._picture = np.empty((self.box.height, self.box.width, 4), np.uint8)
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
        self._lips.draw(
            mouth, self._source, (mouth_maps[0], mouth_maps[1]), offsets, pose_of(shape)
        )
        blink = float(np.clip(idle_row[IDLE.index("blink")], 0, 1))
        if blink > _OPEN_EYES:
            self._lids.close(rgba, self._source, self._maps, self.box, blink)
        return rgba

    def _move_maps(self, offsets: Grid) -> None:
        """Set where every pixel of the box comes from; beyond the head's box, from itself."""
        part = self._head.box.within(self.box)
        for axis, (still, moved) in enumerate(zip(self._still_maps, self._maps, strict=True)):
            inside = part.rows, part.columns
            doubled = offsets[..., axis] * np.float32(SCALE)
            offset = self._head.lattice.enlarge_smooth(doubled, self._buffer)
            np.add(still[inside], offset, out=moved[inside])

    def _draw_around_mouth(self) -> None:
        """The picture with the head moved, but for the mouth's box, which is drawn later."""
        x, y = self._maps
        for part in _surroundings(self._lips.box.within(self.box), self.box):
            inside = part.rows, part.columns
            self._source.remap(x[inside], y[inside], self._picture[inside])


def _surroundings(hole: Box, whole: Box) -> tuple[Box, Box, Box, Box]:
    """The box of `whole`'s size without the hole: above, below, left and right of it."""
    return (
        Box(0, 0, whole.width, hole.top),
        Box(0, hole.bottom, whole.width, whole.height),
        Box(0, hole.top, hole.left, hole.bottom),
        Box(hole.right, hole.top, whole.width, hole.bottom),
    )


def _union(first: Box, second: Box) -> Box:
    return Box(
        min(first.left, second.left),
        min(first.top, second.top),
        max(first.right, second.right),
        max(first.bottom, second.bottom),
    )
