"""Black bars around a clip: where a picture of another shape was put on the camera's canvas."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Box, Frame, Mask

_BLACK: Final = 26
"""Levels: black with the ringing of a strong compression; a dark room is brighter somewhere."""
_STRAY: Final = 0.01
"""Share of a line's pixels that may be brighter: where the picture rings into it."""
_LEAST: Final = 0.02
"""Of a side: what is thinner is an edge of the codec's own, and not seen."""
_MOST: Final = 0.4
"""More on one side is no bar, but a dark picture."""


def inside_bars(frames: Iterable[Frame]) -> Box:
    """What pictures of one size show without the bars that all of them have; edges are even."""
    # one after the other: five pictures of 4K at a time would take 125 MB
    bright = reduce(np.maximum, (frame.max(axis=2) for frame in frames)) > _BLACK
    height, width = (side // 2 * 2 for side in bright.shape)
    top, bottom = _bars(bright[:height, :width].mean(axis=1) <= _STRAY)
    left, right = _bars(bright[top : height - bottom, :width].mean(axis=0) <= _STRAY)
    return Box(left, top, width - right, height - bottom)


def _bars(black: Mask) -> tuple[int, int]:
    """How many lines at either end are to be left out."""
    return _bar(black), _bar(black[::-1])


def _bar(black: NDArray[np.bool_]) -> int:
    lines = len(black) if black.all() else int(np.argmin(black))
    share = lines / len(black)
    # one line more than is black: the picture's own edge is half dark
    return (lines + 2) // 2 * 2 if _LEAST <= share <= _MOST else 0
