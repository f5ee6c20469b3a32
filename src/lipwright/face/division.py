"""A picture is divided into person and background along its edges."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame, Mask

Floats = NDArray[np.float32]

_HALF: Final = 0.46
"""What is likelier than this would rather be the person: a hat of which looks disagree is a hat."""
_PULL: Final = 0.4
"""Of a pixel's likelihood, against an edge of one pixel: a doubtful patch is decided as a whole."""
_SURE, _SURE_PULL = 0.9, 5.0
"""Where all looks agree to this, no edge outweighs them."""
_SHARPNESS: Final = 1.5
_CHEAPEST: Final = 0.02
"""Of what a cut costs in plain surroundings, where the edge is strongest: outlines stay short."""
_STEPS: Final = 400
_STEP: Final = 0.35
"""Both steps; converges below 1 / sqrt(8)."""


def divided(picture: Frame, likely: Floats) -> Floats:
    """1 where the person is, 0 elsewhere; in between where either costs the same.

    The minimal cut, solved as a continuous problem: total variation weighted by edges, with a
    pull towards what is likely (Chambolle and Pock, 2011, on the model of Chan, Esedoglu and
    Nikolova, 2006).

    Args:
        picture: A few hundred pixels across.
        likely: ``(H, W)`` in [0, 1].
    """
    across, down = _weights(picture)
    sure = np.abs(2 * likely - 1) > _SURE
    pull = _PULL * (_HALF - likely) * np.where(sure, np.float32(_SURE_PULL), np.float32(1))
    person, ahead = likely.copy(), likely.copy()
    right, below = np.zeros_like(likely), np.zeros_like(likely)
    for _ in range(_STEPS):
        right[:, :-1] += _STEP * (ahead[:, 1:] - ahead[:, :-1])
        below[:-1] += _STEP * (ahead[1:] - ahead[:-1])
        np.clip(right, -across, across, out=right)
        np.clip(below, -down, down, out=below)
        after = np.clip(person + _STEP * (_divergence(right, below) - pull), 0, 1)
        ahead[:] = 2 * after - person
        person[:] = after
    return person


def _divergence(right: Floats, below: Floats) -> Floats:
    flow = right + below
    flow[:, 1:] -= right[:, :-1]
    flow[1:] -= below[:-1]
    return flow


def _weights(picture: Frame) -> tuple[Floats, Floats]:
    """What a cut costs between each pixel and the one to its right, and the one below."""
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB).astype(np.float32)
    steps = [np.square(np.diff(lab, axis=axis)).sum(axis=-1) for axis in (1, 0)]
    usual = sum(float(step.mean()) for step in steps) / 2 + 1e-6
    costs = [np.exp(-_SHARPNESS * np.sqrt(step / usual)) + _CHEAPEST for step in steps]
    across, down = (np.zeros(picture.shape[:2], np.float32) for _ in range(2))
    across[:, :-1], down[:-1] = costs
    return across, down


def disc(radius_px: int) -> NDArray[np.uint8]:
    """What masks are grown and shrunk by."""
    shape = (2 * radius_px + 1, 2 * radius_px + 1)
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, shape), np.uint8)


def largest_part(mask: Mask) -> Mask:
    """The largest connected part of a mask; all of nothing is nothing."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    if count < 2:
        return mask
    return np.asarray(labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])), np.bool_)
