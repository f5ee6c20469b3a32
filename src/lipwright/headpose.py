"""How a head stands in space, from landmarks that the mouth does not move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Landmarks

Points = NDArray[np.float64]

STEADY: Final = (
    *(6, 168, 197, 195, 5, 4, 33, 133, 362, 263, 151, 9, 8, 127, 356),
    *(50, 280, 117, 346, 98, 327, 2, 1),
)
"""Nose, forehead, eye corners and cheekbones: neither lips, jaw, lids nor brows move them."""
_STEADY: Final = np.array(STEADY)


@dataclass(frozen=True, slots=True, eq=False)
class HeadPose:
    """``points @ turn * scale + shift`` takes one head's points to another's place."""

    scale: float
    turn: Points
    """``(3, 3)`` rotation."""
    shift: Points
    """``(3,)``."""

    def placed(self, points: Points) -> Points:
        """Where points of the first head are on the second."""
        return np.asarray(points @ self.turn * self.scale + self.shift)

    def undone(self, points: Points) -> Points:
        """Points of the second head, as if it stood like the first."""
        return np.asarray((points - self.shift) @ self.turn.T / self.scale)

    @property
    def angles(self) -> Points:
        """``(3,)``: yaw, pitch and roll, in radians for small ones."""
        return np.array([self.turn[0, 2], self.turn[1, 2], self.turn[0, 1]])


def pose_between(first: Landmarks | Points, second: Landmarks | Points) -> HeadPose:
    """The pose that takes one face to another, mouths aside."""
    return poses_from(first, second[None])[0]


def poses_from(
    first: Landmarks | Points, faces: NDArray[np.float32] | NDArray[np.float64]
) -> list[HeadPose]:
    """The pose that takes one face to each of ``(F, L, 3)``, mouths aside (Umeyama 1991)."""
    a, b = first[_STEADY].astype(np.float64), faces[:, _STEADY].astype(np.float64)
    a_middle, b_middle = a.mean(0), b.mean(1)
    a -= a_middle
    u, s, vt = np.linalg.svd(a.T @ (b - b_middle[:, None]))
    upright = np.ones((len(faces), 1, 3))
    upright[:, 0, 2] = np.where(np.linalg.det(u @ vt) < 0, -1.0, 1.0)
    turns = (u * upright) @ vt
    scales = (s * upright[:, 0]).sum(1) / max(float((a**2).sum()), 1e-12)
    shifts = b_middle - scales[:, None] * (a_middle @ turns)
    poses = zip(scales.tolist(), turns, shifts, strict=True)
    return [HeadPose(max(scale, 1e-9), turn, shift) for scale, turn, shift in poses]
