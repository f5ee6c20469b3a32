"""How one person opens the mouth: how far, and which way lips and corners go with it.

People differ: one talks with hardly parted lips, another's corners rise while the jaw drops.
Both are learned from the faces of the footage itself, and only as far as it shows them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import RIG, MouthShape
from lipwright.mouth import topology
from lipwright.mouth.anatomy import Anatomy, Points
from lipwright.mouth.pose import SKIN_POINTS, LipRig, Targets, pose_of
from lipwright.mouth.resting import CONTOURS, MOVING, Resting, fitted

_OPENS: Final = tuple(RIG.index(name) for name in ("jaw", "upper_lip", "lower_lip"))
_SHOWN: Final = 97.0
"""Percentile of the real mouths' openings that counts as the widest: the last may be a yawn."""
_BEYOND: Final = 1.1
"""Times as wide a real mouth is drawn out without being seen to be."""
_SPEAKS: Final = 0.045
"""Of the eye distance: where no mouth opens this far, nothing is known of how the person talks."""
_KNEE: Final = 0.6
"""Of the widest: up to it openings are as they are asked for."""
_OWN: Final = 0.7
"""Share of the person's own way where the footage shows such a mouth."""
PARTED: Final = 0.03
"""Of the eye distance: lips parted by less keep the shape that was asked for."""
_NEAR: Final = np.array([0.025, 0.06, 0.05])
"""Opening, width and chin this far from any that was seen are not known well."""
_OPENINGS: Final = (0.04, 0.055, 0.07)
"""Of the eye distance: what everybody who talks is seen to open."""
_DROPS: Final = 0.4
"""Of an opening, so far the chin goes down."""
_ENOUGH: Final = 6
"""Faces that show it: a smile passes through every opening, too."""
_LEAST_COVERED, _WELL_COVERED = 0.3, 0.6
_CHIN: Final = SKIN_POINTS.index(topology.CHIN)


class Manner:
    """One person's way of opening the mouth, learned from real faces."""

    def __init__(
        self, anatomy: Anatomy, rig: LipRig, resting: Resting, atlas: NDArray[np.float64]
    ) -> None:
        """Learn from what `resting` saw, and from ``(P, L, 3)`` faces with different mouths."""
        self._rest = rig.targets(pose_of(np.zeros(len(RIG), np.float32)))
        turned, places = resting.seen(atlas)
        local = (places - anatomy.origin) @ anatomy.axes.T / anatomy.unit
        mouths = _mouths(local)
        count = len(atlas)
        self._widest = 0.0
        if count:
            self._widest = _BEYOND * float(np.percentile(mouths[-count:, 0], _SHOWN))
        self._share = _OWN * _covered(mouths, _mouth_of(self._rest)) if count else 0.0
        self._learn(turned, mouths, local, count)

    def _learn(self, turned: Points, mouths: Points, places: Points, chosen: int) -> None:
        """Regress lips on pose and mouth; the chosen few count as much as all the others."""
        weight = np.ones(len(mouths))
        if 0 < chosen < len(mouths):
            weight[-chosen:] = (len(mouths) - chosen) / chosen
        weight /= weight.sum()
        features = np.c_[turned, mouths, mouths[:, :1] ** 2]
        self._mean = weight @ features
        self._spread = np.sqrt(weight @ (features - self._mean) ** 2) + 1e-6
        even = (features - self._mean) / self._spread
        flat = places.reshape(len(places), -1)
        self._fit = fitted(even, flat, weight)[turned.shape[1] :]
        self._spread = self._spread[turned.shape[1] :]

    def within_reach(self, shape: MouthShape, targets: Targets) -> MouthShape:
        """The shape, opened no further than the person is seen to open the mouth."""
        gap, most = _gap(targets), self._widest
        if most < _SPEAKS * _BEYOND or gap <= _KNEE * most:
            return shape
        room = (1 - _KNEE) * most
        soft = most - room * np.exp(-(gap - _KNEE * most) / room)
        narrower = shape.copy()
        narrower[list(_OPENS)] *= soft / gap
        return narrower

    def spoken(self, targets: Targets, sealed: float) -> Targets:
        """The targets, drawn towards how this person opens lips and jaw as far and as wide.

        Closed lips (`sealed` is 1) stay closed.
        """
        mouth, rest = (_mouth_of(each) for each in (targets, self._rest))
        gap = float(mouth[0])
        share = self._share * (1 - sealed) * float(np.clip(gap / PARTED, 0, 1))
        if share <= 0.01:
            return targets
        change = np.r_[mouth - rest, gap**2] / self._spread
        moved = (change @ self._fit).reshape(-1, 3)
        own = {}
        for name in CONTOURS:
            asked = getattr(targets, name)
            there = getattr(self._rest, name) + moved[[MOVING.index(i) for i in CONTOURS[name]]]
            own[name] = asked + share * (there - asked)
        return replace(targets, **own)


def _covered(mouths: Points, rest: Points) -> float:
    """0 .. 1: how well faces show a mouth opening from its rest.

    One number a clip: a share that changed with the mouth would move lips by itself.
    """
    opened = rest + np.outer(_OPENINGS, [1.0, 0.0, _DROPS])
    apart = ((mouths[:, None] - opened) / _NEAR) ** 2
    enough = min(_ENOUGH, len(mouths)) - 1
    near = np.exp(-np.partition(apart.sum(axis=2), enough, axis=0)[enough]).mean()
    return float(np.clip((near - _LEAST_COVERED) / (_WELL_COVERED - _LEAST_COVERED), 0, 1))


def _gap(targets: Targets) -> float:
    return max(0.0, float(targets.inner_lower[5, 1] - targets.inner_upper[5, 1]))


def _mouth_of(targets: Targets) -> Points:
    """Opening, width, and how low the chin is."""
    wide = targets.outer_upper[-1, 0] - targets.outer_upper[0, 0]
    return np.array([_gap(targets), wide, targets.skin[_CHIN, 1]])


def _mouths(local: Points) -> Points:
    """``(S, 3)``: the same of straightened faces, in local units."""
    upper, lower, left, right, chin = (
        local[:, MOVING.index(i)] for i in (13, 14, *topology.LIP_CORNERS, topology.CHIN)
    )
    gaps = np.linalg.norm(lower - upper, axis=1)
    return np.asarray(np.c_[gaps, np.linalg.norm(right - left, axis=1), chin[:, 1]])
