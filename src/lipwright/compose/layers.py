"""One frame after the other: background, avatar, captions, in one reused buffer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from lipwright.arrays import Frame, Matte, YuvFrame
from lipwright.avatar import Patch, Plate
from lipwright.compose.captions import YuvaSprite
from lipwright.compose.yuv import Box, box_at, copied, halved, mix, overwrite, within, yuv_of


class Overlay(Protocol):
    """Something drawn over every frame: captions."""

    def sprites(self, frame_index: int) -> Sequence[YuvaSprite]:
        """What is on screen during a frame, back to front."""
        ...


def compose(
    plate: Plate,
    patches: Iterator[Patch],
    frames: range,
    *,
    background: Frame | None = None,
    captions: Overlay | None = None,
) -> Iterator[YuvFrame]:
    """Draw frames on an opaque canvas of the plate's size.

    Every frame is the same buffer: use it before asking for the next.

    Args:
        plate: The avatar as it stands on the canvas, both sides even.
        patches: One a frame, for `frames`; with alpha when there is a background.
        frames: Which frames these are, for the captions.
        background: As large as the plate; None shows the plate's own scene.
        captions: Drawn over everything.
    """
    scene = None if background is None else yuv_of(background)
    person = yuv_of(plate.frame)
    still = person if scene is None else _over(person, plate.matte, scene)
    canvas = _Canvas(still, scene)
    for frame_index, patch in zip(frames, patches, strict=True):
        canvas.put(patch)
        for sprite in captions.sprites(frame_index) if captions else ():
            canvas.lay(sprite)
        yield canvas.picture


def compose_transparent(plate: Plate, patches: Iterator[Patch]) -> Iterator[YuvFrame]:
    """Draw the avatar alone, one frame a patch, with an alpha plane.

    Every frame is the same buffer: use it before asking for the next.
    """
    canvas = _Canvas(yuv_of(plate.frame)._replace(alpha=plate.matte), None)
    for patch in patches:
        canvas.put(patch)
        yield canvas.picture


class _Canvas:
    """A picture that returns to what it was where it was drawn on, and nowhere else."""

    def __init__(self, still: YuvFrame, scene: YuvFrame | None) -> None:
        self.picture = copied(still)
        self._still = still
        self._scene = scene
        self._drawn: list[Box] = []

    def put(self, patch: Patch) -> None:
        """Begin the next frame: the still, with the patch on it."""
        box = box_at(patch.left, patch.top, patch.rgb)
        self._restore_except(box)
        pixels = yuv_of(patch.rgb)
        if patch.alpha is not None and self._scene is not None:
            pixels = _over(pixels, patch.alpha, within(self._scene, box))
        overwrite(within(self.picture, box), pixels._replace(alpha=patch.alpha))
        self._drawn.append(box)

    def _restore_except(self, covered: Box) -> None:
        for box in self._drawn:
            if not covered.contains(box):
                overwrite(within(self.picture, box), within(self._still, box))
        self._drawn.clear()

    def lay(self, sprite: YuvaSprite) -> None:
        sprite.blend(self.picture.y, self.picture.u, self.picture.v)
        self._drawn.append(box_at(sprite.left, sprite.top, sprite.y))


def _over(person: YuvFrame, matte: Matte, scene: YuvFrame) -> YuvFrame:
    chroma_matte = halved(matte)
    return YuvFrame(
        mix(person.y, scene.y, matte),
        mix(person.u, scene.u, chroma_matte),
        mix(person.v, scene.v, chroma_matte),
    )
