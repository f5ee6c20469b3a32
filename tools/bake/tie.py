"""A necktie: its knot between the leaves of a shirt's collar, and its blade down the front.

Head centimetres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree
from tools.bake.collar import STAND_CM
from tools.bake.garment import Flesh, Piece, Sewn
from tools.bake.surface import Floats, grid_quads, smoothstep, subdivided

_KNOT_CM = 3.9
_BELOW_FOLD_CM = 0.1
_HALF_TOP_CM, _HALF_FOOT_CM = 2.05, 1.4
_DEEP_CM = 1.15
_SQUARE = 2.5
"""Exponent of the knot's outline from above: 2 is round, more is boxy."""
_ROWS, _AROUND = 26, 33
_PLEATS = ((-0.42, 0.05, -0.2), (0.30, 0.06, 0.35), (0.66, 0.04, 0.15))
"""Gathered cloth of the knot: across (of its half), depth in cm, lean toward the foot."""
_BLADE_END_CM = -49.0
_BLADE_ROWS, _BLADE_COLUMNS = 90, 21
_HALF_BLADE_CM, _WIDENING_CM = (1.25, 4.1), 12.0
"""Half the width at the knot and far below it, and over how much it widens."""
_DIMPLE_CM, _DIMPLE_LONG_CM, _DIMPLE_WIDE_CM = 0.32, 5.0, 0.55
_LIES_CM, _ARCH_CM, _ARCH_LONG_CM = 0.42, 0.5, 5.0
"""How far before the shirt the blade lies: arched below the knot, then flat."""
_DRAPE_CM = 3.5
"""The blade does not follow folds of the shirt that are shorter."""
_THICK_CM = 0.3
_LEAF_GAP_CM, _LEAF_REACH_CM = 0.16, 1.2


@dataclass(frozen=True, slots=True)
class Tie:
    """The knot's middle at its top and at its foot."""

    top: Floats
    foot: Floats
    front: Floats
    """The middle of the shirt at the blade's rows."""

    @classmethod
    def on(cls, sewn: Sewn, worn: Piece, neck: Flesh) -> Tie:
        """Tied around this neck, over the shirt as it is worn."""
        ring = sewn.line.at(np.zeros(1))[0]
        ring[1] += STAND_CM - _BELOW_FOLD_CM
        top = np.array([0, ring[1], neck.hugged(ring[None], 0.5)[0, 2]])
        heights = np.linspace(top[1] - _KNOT_CM, _BLADE_END_CM, _BLADE_ROWS)
        shirt = worn.points[
            (np.abs(worn.points[:, 0]) < _HALF_BLADE_CM[1]) & (worn.points[:, 2] > 0)
        ]
        share = np.exp(-(((heights[:, None] - heights) / _DRAPE_CM) ** 2))
        near = np.abs(heights[:, None] - shirt[:, 1]) < _DRAPE_CM / 2
        depth = np.where(near, shirt[:, 2], -np.inf).max(1)
        depth = (share * depth).sum(1) / share.sum(1)
        front = np.stack([0 * heights, heights, depth], 1)
        return cls(top, front[0] + [0, 0, 0.25], front)

    def pieces(self) -> tuple[Piece, Piece]:
        """Knot and blade."""
        return self._knot(), self._blade()

    def over(self, leaf: Piece) -> Piece:
        """A leaf of the collar, lifted over the knot."""
        x, y, z = leaf.points.T
        down = (self.top[1] - y) / _KNOT_CM
        reach = 1 - (np.abs(x) / _half(down)) ** _SQUARE
        inside = (reach > 0) & (down > -0.1) & (down < 1) & (z > self.top[2] - _DEEP_CM)
        before = self._middle(down)[:, 2] + _deep(down) * np.clip(reach, 0, 1) ** (1 / _SQUARE)
        need = np.where(inside, np.clip(before + _LEAF_GAP_CM - z, 0, None), 0)
        tree = cKDTree(leaf.points[:, :2])
        near = tree.query_ball_point(leaf.points[:, :2], _LEAF_REACH_CM)
        most = np.array([need[each].max() for each in near])
        lift = np.array([most[each].mean() for each in near])
        return Piece(leaf.points + lift[:, None] * [0, 0, 1], leaf.quads, leaf.rest)

    def _middle(self, down: Floats) -> Floats:
        return self.top + (self.foot - self.top) * np.clip(down, 0, 1)[:, None]

    def _knot(self) -> Piece:
        down = np.linspace(0, 1, _ROWS)
        turn = np.radians(np.linspace(-115, 115, _AROUND))[None]
        middle = self._middle(down)
        closing = (smoothstep(down, 1.0, 0.86) * smoothstep(down, -0.02, 0.1))[:, None] ** 0.5
        half, deep = _half(down)[:, None] * (0.75 + 0.25 * closing), _deep(down)[:, None] * closing
        sine, cosine = np.sin(turn), np.cos(turn)
        x = half * np.sign(sine) * np.abs(sine) ** (2 / _SQUARE)
        z = deep * np.sign(cosine) * np.abs(cosine) ** (2 / _SQUARE)
        across = x / half
        for at, depth, lean in _PLEATS:
            off = (across - at - lean * (down[:, None] - 0.5)) / 0.10
            z = z - depth * np.exp(-(off**2)) * smoothstep(down, 0.1, 0.7)[:, None] * (cosine > 0)
        y = middle[:, 1:2] - 0.25 * (1 - across**2) * smoothstep(down, 0.6, 1)[:, None]
        points = np.stack([x, y + 0 * x, middle[:, 2:] + z], -1)
        return _woven(points, np.stack([-x, y + 0 * x, 0 * x], -1))

    def _blade(self) -> Piece:
        down = self.front[0, 1] - self.front[:, 1:2]
        across = np.sin(np.linspace(-np.pi / 2, np.pi / 2, _BLADE_COLUMNS))[None]
        narrow, broad = _HALF_BLADE_CM
        half = broad - (broad - narrow) * np.exp(-down / _WIDENING_CM)
        x = half * across
        fade = smoothstep(down, _DIMPLE_LONG_CM, 0)
        off = _LIES_CM + _ARCH_CM * np.exp(-(((down - 1.5) / _ARCH_LONG_CM) ** 2))
        lift = off - 0.12 * across**2 - _THICK_CM * np.abs(across) ** 8
        lift = lift - _DIMPLE_CM * fade * np.exp(-((x / _DIMPLE_WIDE_CM) ** 2))
        # Its first rows are inside the knot.
        y = self.front[:, 1:2] + 0.8 * smoothstep(down, 2.0, 0)
        points = np.stack([x, y + 0 * x, self.front[:, 2:] + lift], -1)
        return _woven(points, np.stack([x, y + 0 * x, 0 * x], -1))


def _half(down: Floats) -> Floats:
    """Half the knot's width, a little drawn in at the middle."""
    down = np.clip(down, 0, 1)
    return _HALF_TOP_CM + (_HALF_FOOT_CM - _HALF_TOP_CM) * down**0.85


def _deep(down: Floats) -> Floats:
    return _DEEP_CM * (0.65 + 0.35 * np.sin(np.pi * np.clip(down, 0, 1)))


def _woven(grid: Floats, rest: Floats) -> Piece:
    quads = grid_quads(*grid.shape[:2])[:, ::-1]
    fine = subdivided(quads.tolist(), grid[..., 0].size, 1)
    return Piece(fine.matrix @ grid.reshape(-1, 3), fine.quads, fine.matrix @ rest.reshape(-1, 3))
