"""Masks of panes: round and rounded windows with smooth edges."""

from __future__ import annotations

import numpy as np

from lipwright.arrays import Matte
from lipwright.compose.captions.painter import rounded


def disc(side: int) -> Matte:
    """A round window that touches the four sides of a square pane."""
    return rounded_pane((side, side), side / 2)


def rounded_pane(size: tuple[int, int], radius: float) -> Matte:
    """A window of (width, height) with round corners."""
    width, height = size
    inside = rounded((height, width), (0, width), (0, height), radius)
    return np.asarray(np.rint(inside * 255), np.uint8)
