"""One frame after the other: ground, person, overlays, in one reused buffer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Protocol

import numpy as np

from lipwright.arrays import Box, Matte, Plane, YuvFrame
from lipwright.avatar import Patch, Plate
from lipwright.colour import copied, within, yuv_of
from lipwright.compose.captions import YuvaSprite
from lipwright.compose.grounds import Ground
from lipwright.compose.yuv import box_at, over, overwrite, size_of


class Overlay(Protocol):
    """Something drawn over every frame: captions, a card, a logo."""

    def sprites(self, frame_index: int) -> Sequence[YuvaSprite]:
        """What is on screen during a frame, back to front."""
        ...


class Lens(Protocol):
    """Changes the whole picture before the overlays are drawn: a push-in, a blur."""

    def seen(self, picture: YuvFrame, frame_index: int) -> YuvFrame:
        """The changed picture, in a buffer that the next call reuses."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """The moving person, on a pane that lies somewhere on the canvas."""

    plate: Plate
    """Framed on the pane; both sides even."""
    patches: Iterator[Patch]
    """One a frame, counted from the pane's corner; with alpha where `cut_out`."""
    left: int = 0
    """Of the pane on the canvas; even, may be off the canvas."""
    top: int = 0
    cut_out: bool = False
    """The ground shows where the matte is clear."""
    mask: Matte | None = None
    """Where the pane is seen, of the plate's size; None is everywhere."""


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """What a scene's frames are made of, back to front."""

    ground: Ground
    figure: Figure | None = None
    lens: Lens | None = None
    overlays: tuple[Overlay, ...] = ()
    with_alpha: bool = False
    """Every frame has an alpha plane, opaque or not."""


def compose(layers: Layers, frames: range) -> Iterator[YuvFrame]:
    """Draw frames, counted from the start of the scene.

    Every frame is the same buffer: use it before asking for the next.
    """
    canvas = (_Moving if layers.ground.moving else _Still)(layers, frames.start)
    patches = layers.figure.patches if layers.figure else repeat(None, len(frames))
    opaque = np.full(canvas.picture.y.shape, 255, np.uint8) if layers.with_alpha else None
    for frame_index, patch in zip(frames, patches, strict=True):
        canvas.draw(frame_index, patch)
        picture = canvas.picture
        if layers.lens is not None:
            picture = layers.lens.seen(picture, frame_index)
        for overlay in layers.overlays:
            for sprite in overlay.sprites(frame_index):
                sprite.lay(picture)
                canvas.spoil(box_at(sprite.left, sprite.top, sprite.y))
        yield picture if picture.alpha is not None else picture._replace(alpha=opaque)


class _Person:
    """The figure in the encoder's planes, and where it lies on the canvas."""

    def __init__(self, figure: Figure, canvas: Box) -> None:
        self._figure = figure
        self._mask = figure.mask
        self._still = yuv_of(figure.plate.frame)._replace(alpha=self._alpha())
        pane = box_at(figure.left, figure.top, figure.plate.frame)
        self.seen = pane.intersection(canvas)
        """The part of the canvas that the pane covers."""

    def _alpha(self) -> Plane | None:
        if not self._figure.cut_out:
            return self._mask
        return self._masked(self._figure.plate.matte, np.s_[:, :])

    def _masked(self, matte: Matte, part: tuple[slice, slice]) -> Plane:
        return matte if self._mask is None else np.minimum(matte, self._mask[part])

    @property
    def still(self) -> YuvFrame:
        """The plate, as far as it lies on the canvas."""
        return self._cut(self._still, self.seen)

    def _cut(self, picture: YuvFrame, box: Box) -> YuvFrame:
        return within(picture, box.moved(-self._figure.left, -self._figure.top))

    def patched(self, patch: Patch) -> tuple[Box, YuvFrame]:
        """Where on the canvas a patch lies, and its pixels there."""
        whole = box_at(patch.left, patch.top, patch.pixels.y)
        box = whole.moved(self._figure.left, self._figure.top).intersection(self.seen)
        alpha = patch.pixels.alpha
        if self._mask is not None:
            part = np.s_[whole.top : whole.bottom, whole.left : whole.right]
            alpha = self._mask[part] if alpha is None else self._masked(alpha, part)
        pixels = patch.pixels._replace(alpha=alpha)
        corner = (-self._figure.left - patch.left, -self._figure.top - patch.top)
        return box, within(pixels, box.moved(*corner))

    def patched_whole(self, patch: Patch) -> YuvFrame:
        """The plate with the patch on it, as far as it lies on the canvas; until the next call."""
        box, pixels = self.patched(patch)
        target = self._cut(self._still, box)
        if target.alpha is not None and pixels.alpha is None:
            pixels = pixels._replace(alpha=np.full_like(pixels.y, 255))
        overwrite(target, pixels)
        return self.still


class _Still:
    """A picture that returns to what it was where it was drawn on, and nowhere else."""

    def __init__(self, layers: Layers, first: int) -> None:
        self._ground = layers.ground.at(first)
        self._still = copied(self._ground)
        whole = Box(0, 0, *size_of(self._ground))
        self._person = _Person(layers.figure, whole) if layers.figure else None
        if self._person is not None and not self._person.seen.is_empty:
            _put(self._still, self._ground, self._person.seen, self._person.still)
        self.picture = copied(self._still)
        self._spoilt: list[Box] = []
        self._kept = layers.lens is not None

    def draw(self, frame_index: int, patch: Patch | None) -> None:
        """Begin a frame: the still, with the patch on it."""
        if patch is None or self._person is None:
            return self._restore_except(Box(0, 0, 0, 0))
        box, pixels = self._person.patched(patch)
        self._restore_except(box)
        if not box.is_empty:
            _put(self.picture, self._ground, box, pixels)
            self._spoilt.append(box)
        return None

    def _restore_except(self, covered: Box) -> None:
        for box in self._spoilt:
            if not covered.contains(box):
                overwrite(within(self.picture, box), within(self._still, box))
        self._spoilt.clear()

    def spoil(self, box: Box) -> None:
        """Say that something was drawn in this box."""
        if not self._kept:
            self._spoilt.append(box)


class _Moving:
    """A picture that is drawn anew for every frame."""

    def __init__(self, layers: Layers, first: int) -> None:
        self._ground = layers.ground
        self.picture = copied(self._ground.at(first))
        whole = Box(0, 0, *size_of(self.picture))
        self._person = _Person(layers.figure, whole) if layers.figure else None

    def draw(self, frame_index: int, patch: Patch | None) -> None:
        """Draw ground and person."""
        ground = self._ground.at(frame_index)
        overwrite(self.picture, ground)
        person = self._person
        if patch is None or person is None or person.seen.is_empty:
            return
        _put(self.picture, ground, person.seen, person.patched_whole(patch))

    def spoil(self, box: Box) -> None:
        """Nothing is kept, so nothing is spoilt."""


def _put(picture: YuvFrame, ground: YuvFrame, box: Box, pixels: YuvFrame) -> None:
    """Put `pixels` in a box of the picture, over the ground where they are not opaque."""
    if pixels.alpha is not None and ground.alpha is None:
        pixels = over(pixels, pixels.alpha, within(ground, box))
    elif pixels.alpha is None and ground.alpha is not None:
        pixels = pixels._replace(alpha=np.full_like(pixels.y, 255))
    overwrite(within(picture, box), pixels)
