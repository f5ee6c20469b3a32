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
from lipwright.mouth.field import enlarged
from lipwright.mouth.head import HeadMotion
from lipwright.mouth.lips import Lips
from lipwright.mouth.pose import pose_of
from lipwright.mouth.source import SCALE, Source

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
        self._x, self._y = self._source.positions(self.box)

    def drawn(self, shape: NDArray[np.float32], idle_row: NDArray[np.float32]) -> NDArray[np.uint8]:
        """RGBA of the whole box."""
        offsets = self._head.offsets(idle_row)
        maps = self._maps(offsets)
        rgba = self._source.remapped(*maps)
        blink = float(np.clip(idle_row[IDLE.index("blink")], 0, 1))
        if blink > _OPEN_EYES:
            self._lids.close(rgba, self._source, maps, self.box, blink)
        part = self._lips.box.within(self.box)
        mouth = rgba[part.rows, part.columns]
        mouth_maps = (maps[0][part.rows, part.columns], maps[1][part.rows, part.columns])
        self._lips.draw(mouth, self._source, mouth_maps, offsets, pose_of(shape))
        return rgba

    def _maps(
        self, offsets: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Where every pixel of the box comes from; outside the head's box, from itself."""
        x = np.empty((self.box.height, self.box.width), np.float32)
        y = np.empty_like(x)
        x[:], y[:] = self._x, self._y
        part = self._head.box.within(self.box)
        x[part.rows, part.columns] += enlarged(offsets[..., 0] * SCALE, self._head.box)
        y[part.rows, part.columns] += enlarged(offsets[..., 1] * SCALE, self._head.box)
        return x, y


def _union(first: Box, second: Box) -> Box:
    return Box(
        min(first.left, second.left),
        min(first.top, second.top),
        max(first.right, second.right),
        max(first.bottom, second.bottom),
    )
