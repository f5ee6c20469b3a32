"""How a scene comes and goes: over the picture before it, and under the one after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import cv2
import numpy as np

from lipwright.arrays import Box, Plane, YuvFrame
from lipwright.colour import copied, within
from lipwright.compose.yuv import overwrite, size_of
from lipwright.request import Transition

_LENGTH_S: Final = Fraction(2, 5)
"""Quicker reads as a fault, slower makes a talking head wait."""
_SHARE_MAX: Final = Fraction(1, 3)
"""Of a short scene."""


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """A transition at one end of a scene."""

    kind: Transition
    other: YuvFrame
    """What is seen on its far side: the picture before the scene, or after it."""


def transition_frames(fps: Fraction, frame_count: int) -> int:
    """Frames that a transition of a scene takes."""
    return max(1, min(round(_LENGTH_S * fps), int(frame_count * _SHARE_MAX)))


def passing(
    pictures: Iterator[YuvFrame],
    frames: range,
    spans: tuple[range, range],
    coming: Passage | None,
    leaving: Passage | None,
) -> Iterator[YuvFrame]:
    """The pictures with the transitions over them, each valid until the next.

    Args:
        pictures: One for each of `frames`.
        frames: Counted from the start of the scene.
        spans: The frames in which the scene comes, and those in which it leaves.
        coming: None is a hard cut.
        leaving: None is a hard cut.
    """
    buffer: YuvFrame | None = None
    arriving, going = spans
    for frame_index, picture in zip(frames, pictures, strict=True):
        if coming is not None and frame_index in arriving:
            buffer = buffer or copied(picture)
            share = (frame_index - arriving.start + 1) / (len(arriving) + 1)
            yield _mixed(coming.kind, picture, coming.other, _eased(share), buffer)
        elif leaving is not None and frame_index in going:
            buffer = buffer or copied(picture)
            share = (frame_index - going.start + 1) / (len(going) + 1)
            yield _left(leaving, picture, share, buffer)
        else:
            yield picture


def _left(passage: Passage, picture: YuvFrame, share: float, buffer: YuvFrame) -> YuvFrame:
    """Leaving is arriving of what comes after."""
    return _mixed(passage.kind, passage.other, picture, _eased(share), buffer)


def _mixed(
    kind: Transition, new: YuvFrame, old: YuvFrame, share: float, buffer: YuvFrame
) -> YuvFrame:
    """The moment at which `share` of `new` has come over `old`."""
    if kind is Transition.FADE:
        (_fade_clear if buffer.alpha is not None else _fade)(buffer, new, old, share)
        return buffer
    width, height = size_of(buffer)
    across, down = (
        direction(share, size)
        for direction, size in zip(_SWIPES[kind], (width, height), strict=True)
    )
    _push(buffer, old, (across - _sign(across) * width, down - _sign(down) * height))
    _push(buffer, new, (across, down))
    return buffer


def _fade(buffer: YuvFrame, new: YuvFrame, old: YuvFrame, share: float) -> None:
    for target, over, under in zip(buffer[:3], new[:3], old[:3], strict=True):
        cv2.addWeighted(over, share, under, 1 - share, 0, dst=target)


def _fade_clear(buffer: YuvFrame, new: YuvFrame, old: YuvFrame, share: float) -> None:
    """Each colour by how much of it is seen: nothing fades towards the black of a clear pixel."""
    seen = [_alpha(new) * np.float32(share), _alpha(old) * np.float32(1 - share)]
    np.copyto(_alpha(buffer), np.rint(seen[0] + seen[1]).astype(np.uint8))
    for target, over, under in zip(buffer[:3], new[:3], old[:3], strict=True):
        size = (target.shape[1], target.shape[0])
        first, second = (cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in seen)
        mixed = (over * first + under * second) / np.maximum(first + second, 1e-3)
        np.copyto(target, np.rint(mixed).astype(np.uint8))


def _alpha(picture: YuvFrame) -> Plane:
    if picture.alpha is None:
        raise ValueError("an opaque picture fades into a transparent one")
    return picture.alpha


def _eased(share: float) -> float:
    """Smoothstep: starts and stops gently."""
    return share * share * (3 - 2 * share)


def _still(share: float, side: int) -> int:
    return 0


def _from_end(share: float, side: int) -> int:
    return 2 * round((1 - share) * side / 2)


def _from_start(share: float, side: int) -> int:
    return -_from_end(share, side)


_SWIPES: Final[Mapping[Transition, tuple[Callable[[float, int], int], ...]]] = {
    Transition.SWIPE_LEFT: (_from_end, _still),
    Transition.SWIPE_RIGHT: (_from_start, _still),
    Transition.SWIPE_UP: (_still, _from_end),
    Transition.SWIPE_DOWN: (_still, _from_start),
}
"""Where the corner of the new picture is, across and down; the old one goes before it."""


def _sign(place: int) -> int:
    return (place > 0) - (place < 0)


def _push(buffer: YuvFrame, picture: YuvFrame, corner: tuple[int, int]) -> None:
    """Put the part of a picture that is on the canvas when its corner is at `corner`."""
    canvas = Box(0, 0, *size_of(buffer))
    box = canvas.moved(*corner).intersection(canvas)
    if not box.is_empty:
        overwrite(within(buffer, box), within(picture, box.moved(-corner[0], -corner[1])))
