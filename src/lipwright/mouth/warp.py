"""The real mouth model: the plate is sampled again where head, lids or lips have moved."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import IDLE, IdleMotion, MouthShape, MouthShapes, YuvFrame
from lipwright.avatar import Excerpt, Patch, Plate
from lipwright.colour import copied, within, yuv_of
from lipwright.mouth.anatomy import Anatomy, anatomy_of
from lipwright.mouth.boxes import around, same_length, without
from lipwright.mouth.eyelids import Eyelids
from lipwright.mouth.field import Grid, Room, Zone
from lipwright.mouth.gaze import EyePictures
from lipwright.mouth.head import HeadMotion
from lipwright.mouth.lips import Lips
from lipwright.mouth.source import Source

_STRETCH = 0.4  # of the eye distance: lips and lids are sampled no further around their boxes
_TAPS_PX = 8  # what an enlarged pixel is made of
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
        face = _MovingFace(plate, with_alpha=cut_out)
        for shape, idle_row in zip(shapes, idle, strict=True):
            yield Patch(face.box.left, face.box.top, copied(face.drawn(shape, idle_row)))


class _MovingFace:
    """One plate's moving part, drawn over and over; what has not moved is left as it is."""

    def __init__(self, plate: Plate, *, with_alpha: bool) -> None:
        anatomy = anatomy_of(plate)
        self._head = HeadMotion(plate, anatomy)
        self._lips = Lips(plate, anatomy, self._head)
        self._eyes = _Eyes(plate, anatomy, self._head)
        self.box = around(self._head.box, around(self._lips.box, self._eyes.box))
        features = around(self._lips.box, self._eyes.box).grown(round(_STRETCH * anatomy.unit))
        reach = around(self._head.reach, features).grown(_TAPS_PX)
        self._source = Source.of_plate(self._lips.softened(plate), reach, with_alpha=with_alpha)
        room = Room()
        self._zones = [
            (box.within(self.box), Zone(self._head.lattice, box, smooth=False, room=room))
            for strip in self._head.strips
            for box in without(self._lips.box, strip)
        ]
        part = (self.box.rows, self.box.columns)
        matte = plate.matte[part].copy() if with_alpha else None
        self._picture = yuv_of(plate.frame[part])._replace(alpha=matte)
        self._shape: MouthShape | None = None
        self._idle: NDArray[np.float32] | None = None
        self._offsets: Grid = self._head.at_rest

    def drawn(self, shape: MouthShape, idle_row: NDArray[np.float32]) -> YuvFrame:
        """The whole box; overwritten by the next frame."""
        moved = self._idle is None or self._head.moves(self._idle, idle_row)
        looks = self._idle is None or self._eyes.change(self._idle, idle_row)
        if moved:
            self._follow(idle_row)
        elif looks:
            self._eyes.restore(self._seen_eyes, self._source, self._offsets)
        if moved or looks or self._shape is None or (shape != self._shape).any():
            lips = within(self._picture, self._lips.box.within(self.box))
            self._lips.draw(lips, self._source, shape, whole=moved)
            self._eyes.draw(self._seen_eyes, self._source, self._offsets, idle_row)
        self._shape, self._idle = shape, idle_row
        return self._picture

    @property
    def _seen_eyes(self) -> YuvFrame:
        return within(self._picture, self._eyes.box.within(self.box))

    def _follow(self, idle_row: NDArray[np.float32]) -> None:
        """Draw the head where it is now, but for the mouth."""
        self._offsets = self._head.offsets(idle_row)
        self._lips.follow(self._offsets)
        for box, zone in self._zones:
            at = zone.blocks(self._offsets, self._source)
            self._source.remap_blocks(at, within(self._picture, box))


class _Eyes:
    """Lids and gaze: real ones where the avatar has them, else the plate's own lids moved."""

    def __init__(self, plate: Plate, anatomy: Anatomy, head: HeadMotion) -> None:
        lattice = head.lattice
        self._seen: EyePictures | Eyelids = (
            EyePictures(plate.eyes, plate, lattice)
            if plate.eyes
            else Eyelids(anatomy, lattice, plate.frame)
        )
        self.box = self._seen.box
        self._zone = Zone(lattice, self.box, smooth=False)

    def change(self, before: NDArray[np.float32], now: NDArray[np.float32]) -> bool:
        """Whether they look different in another row of `IdleMotion`."""
        if isinstance(self._seen, EyePictures):
            return self._seen.look(before) != self._seen.look(now)
        return _blink(before) != _blink(now)

    def restore(self, into: YuvFrame, source: Source, offsets: Grid) -> None:
        """Draw the plate's own."""
        source.remap_blocks(self._zone.blocks(offsets, source), into)

    def draw(
        self, into: YuvFrame, source: Source, offsets: Grid, idle_row: NDArray[np.float32]
    ) -> None:
        """Draw them over the plate's own, where they differ."""
        if isinstance(self._seen, EyePictures):
            look = self._seen.look(idle_row)
            if look is not None:
                self._seen.draw(into, offsets, look)
        elif (blink := _blink(idle_row)) > 0:
            self._seen.close(into, source, offsets, blink)


def _blink(idle_row: NDArray[np.float32]) -> float:
    blink = float(np.clip(idle_row[IDLE.index("blink")], 0, 1))
    return blink if blink > _OPEN_EYES else 0.0
