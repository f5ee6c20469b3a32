"""Strands of hair: where they start, what they lie on, and how they stray."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree
from tools.bake.spec import Hair
from tools.bake.surface import Floats, Indices, smoothstep, unit

_WISP = 0.2
"""Below this much of the scalp (0..1) strands are the short fine ones of a hairline."""
_STRAY, _STRAY_GAIN = 0.02, 7.0
"""Which part of all strands has come loose, and how much further those stray."""


@dataclass(frozen=True, slots=True, eq=False)
class Skull:
    """Distance to the skin, near enough for hair to lie on."""

    points: Floats
    normals: Floats
    tree: cKDTree

    @classmethod
    def over(cls, points: Floats, normals: Floats) -> Skull:
        """The skull with this skin."""
        return cls(points, normals, cKDTree(points))

    def above(self, positions: Floats) -> tuple[Floats, Floats]:
        """Signed height over the skin, and the skin's normal there."""
        flat = positions.reshape(-1, 3)
        distance, nearest = self.tree.query(flat, k=3)
        weight = 1 / (distance + 0.05)
        weight /= weight.sum(1, keepdims=True)
        normal = unit((self.normals[nearest] * weight[..., None]).sum(1))
        foot = (self.points[nearest] * weight[..., None]).sum(1)
        height = ((flat - foot) * normal).sum(1)
        return height.reshape(positions.shape[:-1]), normal.reshape(positions.shape)


@dataclass(frozen=True, slots=True, eq=False)
class Follicles:
    """Where strands start: posed position, rest position, skin normal."""

    at: Floats
    rest: Floats
    normal: Floats
    inside: Floats
    """How far from the hairline (0..1)."""

    def chosen(self, index: Indices) -> Follicles:
        """Some of them."""
        parts = (self.at, self.rest, self.normal, self.inside)
        return Follicles(*(part[index] for part in parts))


def wander(count: int, spec: Hair, rng: np.random.Generator) -> Floats:
    """A slow random drift along each strand."""
    knots = rng.normal(size=(count, 5, 3))
    at = np.linspace(0, 4, spec.points)
    left = np.minimum(at.astype(int), 3)
    share = smoothstep(at - left, 0, 1)[:, None]
    drift = knots[:, left] * (1 - share) + knots[:, left + 1] * share
    return drift * np.linspace(0, 1, spec.points)[None, :, None] * spec.frizz_cm


def strays(count: int, rng: np.random.Generator) -> Floats:
    """How much more than the others each strand strays: a few have come loose."""
    return np.where(rng.random(count) < _STRAY, rng.uniform(2, _STRAY_GAIN, count), 1)[
        :, None, None
    ]


def ragged(strands: Floats, rng: np.random.Generator) -> Floats:
    """Cut strands at up to a quarter of their length."""
    return _cut(strands, 1 - 0.25 * rng.random(len(strands)) ** 2)


def shortened(strands: Floats, inside: Floats, rng: np.random.Generator) -> Floats:
    """Cut strands at the hairline short, as they grow there, and no two others alike."""
    count = len(strands)
    wisp = rng.uniform(0.15, 0.9, count)
    share = smoothstep(inside, 0.5 * _WISP, 1.5 * _WISP) > rng.random(count)
    return _cut(strands, np.where(share, 1 - 0.08 * rng.random(count), wisp))


def _cut(strands: Floats, kept: Floats) -> Floats:
    count, points = strands.shape[:2]
    at = np.linspace(0, points - 1, points)[None] * kept[:, None]
    left = np.minimum(at.astype(int), points - 2)
    share = (at - left)[..., None]
    row = np.arange(count)[:, None]
    return strands[row, left] * (1 - share) + strands[row, left + 1] * share


def outside(strands: Floats, skull: Skull) -> Floats:
    """Push what sank into the skin back out."""
    for _ in range(2):
        height, normal = skull.above(strands[:, 1:])
        push = np.clip(0.02 - height, 0, None) * (np.abs(height) < 2.5)
        strands[:, 1:] += normal * push[..., None]
    return strands
