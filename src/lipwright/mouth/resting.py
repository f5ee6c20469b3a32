"""Where one person's lips, jaw and cheeks are at rest, however the head is turned.

A landmarker sees the same lips a little elsewhere in a turned face, and a talking face is never
at rest.  Both are learned from the clip itself: lips are regressed on pose and mouth, and asked
for at the mouth of the picture at rest.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Landmarks
from lipwright.headpose import HeadPose, poses_from
from lipwright.mouth import topology
from lipwright.mouth.anatomy import Points
from lipwright.mouth.pose import SKIN_POINTS

CONTOURS: Final = {
    "outer_upper": topology.OUTER_UPPER,
    "outer_lower": topology.OUTER_LOWER,
    "inner_upper": topology.INNER_UPPER,
    "inner_lower": topology.INNER_LOWER,
    "skin": SKIN_POINTS,
}
MOVING: Final = tuple(sorted({i for contour in CONTOURS.values() for i in contour}))

_UPPER, _LOWER = MOVING.index(13), MOVING.index(14)
_LEFT, _RIGHT = MOVING.index(61), MOVING.index(291)
_CHIN, _LIP = MOVING.index(152), MOVING.index(0)
_RIDGE: Final = 0.02
"""Of all pictures' weight: a clip with one pose must not say anything of others."""
_SAMPLES: Final = 1500
_SLIP, _SLIP_TURNED = 0.05, 0.2
"""Eye distances, and more for each radian of yaw and pitch, beyond which lips are not taken to
slip: what a grimace leaves in the fit does not tear them."""
_AWAY, _GIVES_WAY = 0.35, 0.2
"""Eye distances from the lips from which on skin goes its own way, and over which it comes to."""
_ODD: Final = 2.5
_NEVER_ODD: Final = 0.016
"""Times the usual distance of a face from what its mouth tells, and of the eye distance, from which
on it is a grimace.  In a clip of a man who talks his faces reach 2.0, his skewed ones 3 to 5.6."""


class Resting:
    """The rest of one face, by its pose."""

    def __init__(self, still: Landmarks, faces: NDArray[np.float32]) -> None:
        self._still = still.astype(np.float64)
        seen = faces[np.isfinite(faces[:, 0, 0])]
        seen = seen[:: max(1, len(seen) // _SAMPLES)]
        ids = list(MOVING)
        turned, places = self._straightened(seen)
        across = float(np.linalg.norm(self._still[263] - self._still[33])) or 1.0
        self._across = across
        self._mouth = _mouth_of(self._still[ids], across)
        mouths = np.stack([_mouth_of(place, across) for place in places])
        usual = _usual(mouths, places.reshape(len(places), -1) / across)
        self._turned, self._places = turned[usual], places[usual]
        features = np.c_[self._turned, mouths[usual]]
        self._mean, self._spread = features.mean(axis=0), features.std(axis=0) + 1e-6
        even = (features - self._mean) / self._spread
        self._fit = fitted(even, self._places.reshape(len(even), -1))
        self._straight = self._at(np.zeros(5))
        flat = np.c_[np.ones(len(ids)), self._still[ids, :2] / across]
        self._evenly = flat @ np.linalg.pinv(flat)
        apart = flat[:, None, 1:] - flat[[_LEFT, _RIGHT, _UPPER, _LOWER, _LIP], 1:]
        away = np.linalg.norm(apart, axis=-1).min(axis=1)
        self._near_lips = np.clip((_AWAY - away) / _GIVES_WAY, 0, 1)[:, None]

    def seen(self, others: Points) -> tuple[Points, Points]:
        """How heads were turned ``(S, 5)``, and `MOVING` as if they were not ``(S, M, 3)``.

        Those of the clip, evenly chosen and without grimaces, then ``(P, L, 3)`` others.
        """
        if not len(others):
            return self._turned, self._places
        turned, places = self._straightened(others)
        return np.concatenate([self._turned, turned]), np.concatenate([self._places, places])

    def _straightened(self, faces: NDArray[np.floating]) -> tuple[Points, Points]:
        poses = poses_from(self._still, faces)
        places = [
            pose.undone(face[list(MOVING)].astype(np.float64))
            for pose, face in zip(poses, faces, strict=True)
        ]
        return np.stack([_turned(pose) for pose in poses]), np.stack(places)

    def shift(self, pose: HeadPose) -> Points:
        """``(M, 3)``: from the still's rest to that of a turned head, in the still's pixels.

        Lips and the skin beside them go as one piece that may stretch and slant: so lips do not
        fold over a chin that a pout has drawn up.
        """
        slip = self._at(_turned(pose)) - self._straight
        slip += self._near_lips * (self._evenly @ slip - slip)
        most = self._across * (_SLIP + _SLIP_TURNED * float(np.linalg.norm(pose.angles[:2])))
        far = np.linalg.norm(slip, axis=1, keepdims=True) / most
        return np.asarray(slip / (1 + far**4) ** 0.25)

    def _at(self, turned: Points) -> Points:
        even = (np.r_[turned, self._mouth] - self._mean) / self._spread
        return np.asarray((even @ self._fit).reshape(-1, 3))


def fitted(even: Points, flat: Points, weight: Points | None = None) -> Points:
    """What of places, about their mean, comes with features of mean 0 and spread 1.

    Args:
        even: ``(S, K)``.
        flat: ``(S, N)``.
        weight: ``(S,)`` that sum to 1; None is all alike.
    """
    weight = np.full(len(even), 1 / len(even)) if weight is None else weight
    system = (even.T * weight) @ even + _RIDGE * np.eye(even.shape[1])
    return np.asarray(np.linalg.solve(system, (even.T * weight) @ (flat - weight @ flat)))


def _usual(mouths: Points, flat: Points) -> NDArray[np.bool_]:
    """Which faces have lips as their opening, width and jaw tell: no skewed or puffed mouths.

    A grimace is made with a turn of the head, and would be taken for what lips do in such a turn.
    """
    even = (mouths - mouths.mean(axis=0)) / (mouths.std(axis=0) + 1e-6)
    known = flat.mean(axis=0) + even @ fitted(even, flat)
    off = np.sqrt(np.square(flat - known).mean(axis=1))
    return np.asarray(off <= max(_ODD * float(np.median(off)), _NEVER_ODD))


def _turned(pose: HeadPose) -> Points:
    angles = pose.angles
    return np.asarray(np.r_[angles, angles[:2] ** 2])


def _mouth_of(moving: Points, across: float) -> Points:
    """Opening, width, jaw and upper lip, of the eye distance."""
    gap = moving[_LOWER, 1] - moving[_UPPER, 1]
    width = moving[_RIGHT, 0] - moving[_LEFT, 0]
    return np.array([gap, width, moving[_CHIN, 1], moving[_LIP, 1]]) / across
