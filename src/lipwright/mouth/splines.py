"""Thin-plate splines: smooth displacement fields through control points.

They run from moved to original positions, so that a picture is sampled without inverting anything.
Bookstein (1989), "Principal warps".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dgesv

from lipwright.mouth.anatomy import Points

Offsets: TypeAlias = NDArray[np.float32]
"""``(N, 2)`` float32."""

_Float = TypeVar("_Float", NDArray[np.float32], NDArray[np.float64])

_SMOOTHING = 1e-5
"""Added to the kernel's diagonal: keeps near-coincident landmarks solvable, and costs less
than 0.1 px at the lips."""


class SplinePair:
    """Two splines over one set of points, each of which leaves some of them out.

    What both have in common is solved once; the rest by the Schur complement.
    """

    def __init__(self, common: int, own: int) -> None:
        """For `common` points of both, then `own` of the first, then as many of the second."""
        self.common, self._own = common, own

    def offsets(self, moved: Points, original: Points, at: Points) -> tuple[Offsets, Offsets]:
        """Offsets of both splines at the points `at`."""
        frame = _frame_of(moved)
        centres = (moved - frame[0]) / frame[1]
        weights = self._weights(_system(centres), original - moved)
        both = _bent(at, centres, weights, frame)
        return both[:, :2], both[:, 2:]

    def _weights(self, system: Points, offsets: Points) -> Points:
        """``(3 + points, 4)``: weights of both splines' planes and points."""
        shared, own = 3 + self.common, self._own
        right = np.zeros((len(system), 2))
        right[3:] = offsets
        weights = np.zeros((len(system), 4))
        solved = _solved(
            system[:shared, :shared], np.hstack([right[:shared], system[:shared, shared:]])
        )
        for k in (0, 1):
            extra = slice(shared + k * own, shared + (k + 1) * own)
            beside, columns = system[extra, :shared], solved[:, 2 + k * own : 2 + (k + 1) * own]
            rest = _solved(
                system[extra, extra] - beside @ columns, right[extra] - beside @ solved[:, :2]
            )
            weights[extra, 2 * k : 2 * k + 2] = rest
            weights[:shared, 2 * k : 2 * k + 2] = solved[:, :2] - columns @ rest
        return weights


def spline_offsets(moved: Points, originals: Sequence[Points], at: Points) -> list[Offsets]:
    """Splines from `moved` to each of `originals`: their offsets at the points `at`."""
    frame = _frame_of(moved)
    centres = (moved - frame[0]) / frame[1]
    right = np.zeros((3 + len(moved), 2 * len(originals)))
    for k, original in enumerate(originals):
        right[3:, 2 * k : 2 * k + 2] = original - moved
    bent = _bent(at, centres, _solved(_system(centres), right), frame)
    return [bent[:, 2 * k : 2 * k + 2] for k in range(len(originals))]


def _frame_of(points: Points) -> tuple[Points, float]:
    """Middle and extent: kernels of numbers around 1 are solved best."""
    return points.mean(0), float(np.ptp(points, axis=0).max()) or 1.0


def _system(centres: Points) -> Points:
    """The symmetric matrix of a spline: three rows for its plane, then one a point."""
    system = np.zeros((3 + len(centres), 3 + len(centres)))
    system[3:, 3:] = _kernel(centres, centres)
    system[0, 3:], system[1:3, 3:] = 1, centres.T
    system[3:, :3] = system[:3, 3:].T
    points = np.arange(3, len(system))
    system[points, points] += _SMOOTHING
    return system


def _bent(
    at: Points, centres: Points, weights: Points, frame: tuple[Points, float]
) -> NDArray[np.float32]:
    """``(len(at), columns)``: the splines of these weights."""
    centre, scale = frame
    where = ((at - centre) / scale).astype(np.float32)
    bent = _kernel(where, centres.astype(np.float32)) @ weights[3:].astype(np.float32)
    plane = weights[:3].astype(np.float32)
    bent += where @ plane[1:]
    bent += plane[0]
    return np.asarray(bent)


def _kernel(at: _Float, centres: _Float) -> _Float:
    """``r ** 2 * log(r ** 2)`` between all pairs."""
    left, right = np.ones((len(at), 4), at.dtype), np.ones((4, len(centres)), at.dtype)
    left[:, :2], left[:, 2] = at, (at**2).sum(1)
    right[:2], right[3] = -2 * centres.T, (centres**2).sum(1)
    squared = left @ right
    np.maximum(squared, squared.dtype.type(1e-12), out=squared)
    logarithm = np.log(squared)
    logarithm *= squared
    return np.asarray(logarithm)


def _solved(system: Points, right: Points) -> Points:
    # a third of the time of numpy's solve, which copies and checks more
    *_, found, trouble = dgesv(system, right)
    if trouble:
        raise np.linalg.LinAlgError(f"a spline cannot be solved ({trouble})")
    return np.asarray(found)
