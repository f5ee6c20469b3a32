"""Mattes that do not flicker: each is carried on from the one before, along with the picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame, Matte, Plane
from lipwright.face.matter import Matter
from lipwright.face.resampling import Pixels, halved, halvings

Floats = NDArray[np.float32]

_KEPT: Final = 0.8
"""Of the matte before, where the picture only moved: its noise falls to a third, and what was
wrong for one picture is gone after a fifth of a second."""
_SAME_LEVELS: Final = 7.0
"""Noise of a phone's video stays below; hair that moved otherwise than the flow says is above."""
_LOOKED_LONGER: Final = 24
"""Pictures from one longer look to the next: lumps beside the person come and go within seconds,
and one look takes as long as three to four mattes."""
_FLOW_PX: Final = 320.0
"""Shorter side of the pictures whose motion is measured."""


def steadied(frames: Iterator[Frame], matter: Matter) -> Iterator[Matte]:
    """The matte of each picture: where it only moved, mostly the one before, moved as well.

    Where something else is seen than before, it is the picture's own.
    """
    before: _Seen | None = None
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    for count, frame in enumerate(frames):
        soft = np.asarray(cv2.blur(frame, (3, 3)), np.uint8)
        matte = matter.matte(frame).astype(np.float32)
        carried = None if before is None else _carried(before, soft, flow)
        if carried is None or count % _LOOKED_LONGER == 0:
            around = matter.around(frame)
        else:
            # where something else is seen than before, the person may be after all
            around = 255 - (carried.same * (255 - carried.around)).astype(np.uint8)
        matte *= around / np.float32(255)
        if carried is not None:
            matte += carried.same * np.float32(_KEPT) * (carried.matte - matte)
        before = _Seen(soft, matte, around)
        yield np.asarray(matte + 0.5, np.uint8)


class _Seen(NamedTuple):
    """A picture that the next one follows on."""

    picture: Frame
    matte: Floats
    around: Matte
    """Opaque where the person may be."""


class _Carried(NamedTuple):
    """What was known of the picture before, moved along with it."""

    matte: Floats
    around: Matte
    same: Floats
    """1 where the picture only moved, 0 where something else is seen."""


def _carried(before: _Seen, picture: Frame, flow: cv2.DISOpticalFlow) -> _Carried:
    places = _places(flow, before.picture, picture)
    red, green, blue = cv2.split(cv2.absdiff(picture, _taken(before.picture, places)))
    apart = cv2.max(cv2.max(red, green), blue)
    same = np.clip(2 - apart / np.float32(_SAME_LEVELS), 0, 1)
    return _Carried(_taken(before.matte, places), _taken(before.around, places), same)


def _places(flow: cv2.DISOpticalFlow, before: Frame, after: Frame) -> tuple[Floats, Floats]:
    """Where each pixel was in the picture before (dense inverse search, Kroeger 2016)."""
    height, width = after.shape[:2]
    times = halvings(min(height, width) / _FLOW_PX)
    moved = flow.calc(_grey(after, times), _grey(before, times), np.empty(0))
    scale = 2.0**times
    x, y = (
        np.asarray(cv2.resize(moved[..., k] * scale, (width, height)), np.float32) for k in (0, 1)
    )
    x += np.arange(width, dtype=np.float32)
    y += np.arange(height, dtype=np.float32)[:, None]
    return x, y


def _grey(frame: Frame, times: int) -> Plane:
    return np.asarray(cv2.cvtColor(halved(frame, times), cv2.COLOR_RGB2GRAY), np.uint8)


def _taken(image: NDArray[Pixels], places: tuple[Floats, Floats]) -> NDArray[Pixels]:
    found = cv2.remap(image, *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, image.dtype)
