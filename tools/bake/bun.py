"""A bun on the crown: a rope of hair, wound up, with strands that have come loose."""

from __future__ import annotations

import numpy as np
from tools.bake.spec import Hair
from tools.bake.strands import strays, wander
from tools.bake.surface import Floats, unit

CROWN_CM = (0.0, 13.2, -3.4)
_ROPE_CM = 1.6
_RING_CM, _TOP_CM = 2.6, 0.6
"""Radius of the lowest and of the highest winding."""
_HIGH_CM = 2.7
_WINDINGS = 2.15
_PLIES = 5
_TWIST = 3.2
"""Turns of the plies along the rope."""


def bun(spec: Hair, rng: np.random.Generator) -> Floats:
    """Its strands, ``(count, points, 3)``."""
    count = spec.strands // 4
    span = rng.uniform(0.12, 0.34, count)
    first = rng.uniform(-0.05, 1 - 0.5 * span)
    along = np.clip(first[:, None] + span[:, None] * np.linspace(0, 1, spec.points), 0, 1)
    middle, out, up = _rope(along)
    ply = rng.integers(0, _PLIES, count)
    turn = (2 * np.pi * (ply / _PLIES)[:, None] + 2 * np.pi * _TWIST * along) % (2 * np.pi)
    within = rng.uniform(0, 2 * np.pi, count)[:, None]
    deep = np.sqrt(rng.random(count))[:, None]
    slim = _ROPE_CM * (1 - 0.35 * along) * np.minimum(1, 0.45 + 4 * (1 - along))
    across = slim * (0.62 * np.cos(turn) + 0.42 * deep * np.cos(within))
    rise = slim * (0.62 * np.sin(turn) + 0.42 * deep * np.sin(within))
    strands = middle + out * across[..., None] + up * rise[..., None]
    return strands + wander(count, spec, rng) * strays(count, rng)


def _rope(along: Floats) -> tuple[Floats, Floats, Floats]:
    """The rope's middle at 0..1 of its length, and the two directions across it."""
    turn = 2 * np.pi * _WINDINGS * along + 0.8
    radius = _RING_CM + (_TOP_CM - _RING_CM) * along**1.6
    radial = np.stack([np.sin(turn), 0 * turn, np.cos(turn)], -1)
    height = _HIGH_CM * along**1.3
    middle = radial * radius[..., None] + np.stack([0 * height, height, 0 * height], -1)
    tilt = np.array([0.0, 0.45, 0.1])
    up = unit(np.array([0, 1.0, 0]) - 0.25 * radial)
    return middle + CROWN_CM + tilt, radial, np.broadcast_to(up, radial.shape)
