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


class Anchor:
    """Points that a spline never moves: what they ask for is solved once."""

    def __init__(self, still: Points) -> None:
        """Take note of ``(N, 2)`` points that reach around all that moves."""
        self.frame = _frame_of(still)
        self.centres = self.placed(still)
        self._inverse = np.linalg.inv(_system(self.centres))

    def placed(self, points: Points) -> Points:
        """Points in the numbers that splines are solved in."""
        return np.asarray((points - self.frame[0]) / self.frame[1])

    def solved(self, centres: Points, right: Points) -> tuple[Points, Points]:
        """Weights of the anchor's plane and points, and of the others, by the Schur complement.

        Args:
            centres: ``(M, 2)`` the points that move, as `placed`.
            right: ``(3 + N + M, columns)``: what is wanted of the system's rows.
        """
        beside = self.beside(centres)
        across = beside @ self._inverse
        shared = len(self._inverse)
        moving = _solved(
            _smoothed(centres) - across @ beside.T, right[shared:] - across @ right[:shared]
        )
        still = self._inverse @ right[:shared] if right[:shared].any() else 0.0
        return still - across.T @ moving, moving

    def beside(self, centres: Points) -> Points:
        """``(M, 3 + N)``: rows of the system: of points beside the anchor's plane and points."""
        rows = np.empty((len(centres), 3 + len(self.centres)))
        rows[:, 0], rows[:, 1:3] = 1, centres
        rows[:, 3:] = _kernel(centres, self.centres)
        return rows


class AnchoredSpline:
    """A spline most of whose points never move."""

    def __init__(self, anchor: Anchor) -> None:
        self._anchor = anchor

    def offsets(self, moved: Points, original: Points, at: Points) -> Offsets:
        """Offsets at the points `at`, of a spline that moves some more points."""
        anchor, centres = self._anchor, self._anchor.placed(moved)
        right = np.zeros((3 + len(anchor.centres) + len(moved), 2))
        right[-len(moved) :] = original - moved
        weights = np.concatenate(anchor.solved(centres, right))
        return _bent(at, np.concatenate([anchor.centres, centres]), weights, anchor.frame)


class SplinePair:
    """Two splines over one set of points, each of which leaves some of them out.

    What both have in common is solved once; the rest by the Schur complement.
    """

    def __init__(self, anchor: Anchor, common: int, own: int) -> None:
        """For `common` moving points of both, then `own` of the first, then of the second."""
        self._anchor, self.common, self._own = anchor, common, own

    def offsets(self, moved: Points, original: Points, at: Points) -> tuple[Offsets, Offsets]:
        """Offsets of both splines at the points `at`."""
        anchor, centres = self._anchor, self._anchor.placed(moved)
        weights = self._weights(centres, original - moved)
        both = _bent(at, np.concatenate([anchor.centres, centres]), weights, anchor.frame)
        return both[:, :2], both[:, 2:]

    def _weights(self, centres: Points, offsets: Points) -> Points:
        """``(3 + points, 4)``: weights of both splines' planes and points."""
        anchor, common, own = self._anchor, self.common, self._own
        fixed = 3 + len(anchor.centres)
        shared = fixed + common
        owned = np.hstack([anchor.beside(centres[common:]), _kernel(centres[common:], centres)])
        right = np.zeros((shared, 2 + 2 * own))
        right[fixed:, :2] = offsets[:common]
        right[:, 2:] = owned[:, :shared].T
        solved = np.concatenate(anchor.solved(centres[:common], right))
        weights = np.zeros((shared + 2 * own, 4))
        for k in (0, 1):
            rows = slice(k * own, (k + 1) * own)
            extra = slice(shared + k * own, shared + (k + 1) * own)
            beside, columns = owned[rows, :shared], solved[:, 2 + k * own : 2 + (k + 1) * own]
            inner = owned[rows, extra] + _SMOOTHING * np.eye(own)
            wanted = offsets[common + k * own : common + (k + 1) * own]
            rest = _solved(inner - beside @ columns, wanted - beside @ solved[:, :2])
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
    system[3:, 3:] = _smoothed(centres)
    system[0, 3:], system[1:3, 3:] = 1, centres.T
    system[3:, :3] = system[:3, 3:].T
    return system


def _smoothed(centres: Points) -> Points:
    kernel = _kernel(centres, centres)
    kernel[np.diag_indices_from(kernel)] += _SMOOTHING
    return kernel


def _bent(
    at: Points, centres: Points, weights: Points, frame: tuple[Points, float]
) -> NDArray[np.float32]:
    """``(len(at), columns)``: the splines of these weights."""
    centre, scale = frame
    where = ((at - centre) / scale).astype(np.float32)
    squared = _squared(where, centres.astype(np.float32))
    bent = np.log2(squared)  # which takes half of the time that log does
    bent *= squared
    bent = bent @ (weights[3:] * np.log(2)).astype(np.float32)
    plane = weights[:3].astype(np.float32)
    bent += where @ plane[1:]
    bent += plane[0]
    return np.asarray(bent)


def _kernel(at: Points, centres: Points) -> Points:
    """``r ** 2 * log(r ** 2)`` between all pairs."""
    squared = _squared(at, centres)
    return np.asarray(np.log(squared) * squared)


def _squared(at: _Float, centres: _Float) -> _Float:
    """Squared distances between all pairs, none of them 0."""
    left, right = np.ones((len(at), 4), at.dtype), np.ones((4, len(centres)), at.dtype)
    left[:, :2], left[:, 2] = at, (at**2).sum(1)
    right[:2], right[3] = -2 * centres.T, (centres**2).sum(1)
    squared = left @ right
    return np.asarray(np.maximum(squared, squared.dtype.type(1e-12), out=squared))


def _solved(system: Points, right: Points) -> Points:
    # a third of the time of numpy's solve, which copies and checks more
    *_, found, trouble = dgesv(system, right)
    if trouble:
        raise np.linalg.LinAlgError(f"a spline cannot be solved ({trouble})")
    return np.asarray(found)
