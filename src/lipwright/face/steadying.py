"""Mattes that do not flicker: each is carried on from the one before, along with the picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

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
_FLOW_PX: Final = 320.0
"""Shorter side of the pictures whose motion is measured."""


def steadied(frames: Iterator[Frame], matter: Matter) -> Iterator[Matte]:
    """The matte of each picture: where it only moved, mostly the one before, moved as well.

    Where something else is seen than before, it is the picture's own.
    """
    before: tuple[Frame, Floats] | None = None
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    for frame in frames:
        soft = np.asarray(cv2.blur(frame, (3, 3)), np.uint8)
        matte = matter.matte(frame).astype(np.float32)
        if before is not None:
            places = _places(flow, before[0], soft)
            picture, carried = _taken(before[0], places), _taken(before[1], places)
            apart = cv2.absdiff(soft, picture).max(axis=2)
            share = np.clip(2 - apart / np.float32(_SAME_LEVELS), 0, 1) * np.float32(_KEPT)
            matte += share * (carried - matte)
        before = soft, matte
        yield np.asarray(matte + 0.5, np.uint8)


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
