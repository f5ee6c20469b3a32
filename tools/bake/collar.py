"""Collars: a ribbed band, a roll neck, and the stand, leaves and tape of a shirt.

Each is swept along a garment's neckline.  Head centimetres.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from tools.bake.garment import Flesh, NeckLine, Piece, Sewn
from tools.bake.surface import (
    Floats,
    Indices,
    grid_quads,
    smoothstep,
    subdivided,
    thick,
    unit,
    vertex_normals,
)

_AROUND = 240
# Rows of a roll neck from its seam over the fold to its inside: rise as a share, gap to the neck.
_ROLL = ((-0.3, 0.5), (-0.1, 0.62), (0.0, 0.8), (0.12, 0.95), (0.4, 0.85), (0.7, 0.8), (0.9, 0.74))
_ROLL_INSIDE = ((0.98, 0.6), (1.0, 0.42), (0.98, 0.26), (0.85, 0.2), (0.4, 0.15))
_STAND = ((-0.3, 0.45), (0.0, 0.42), (0.4, 0.36), (0.8, 0.32), (1.0, 0.26), (0.9, 0.14), (0.3, 0.1))
STAND_CM = 2.9
_LEAF_ALONG, _LEAF_DOWN = 72, 12
_LEAF_CM = (4.4, 6.6)
"""Depth of the leaf at the nape and at its point."""
_MEET = 0.07
"""Where the leaves end, from the front (radians): the top button shows between them."""
_ROLLED_CM = 0.42
"""Of the fold's roll, outward from the stand."""
_TAPE_CM, _TAPE_THICK_CM, _TAPE_END_CM = 1.6, 0.16, -49.0
_BUTTON_CM, _BUTTON_STEP_CM = 0.56, 8.6


def collar(kind: str, sewn: Sewn, neck: Flesh, height_cm: float) -> list[Piece]:
    """The collar of this kind; `height_cm` is that of a band or roll."""
    if kind == "crew":
        return [_band(sewn.line, height_cm)]
    if kind == "roll":
        return [_sleeve(sewn.line, neck, (*_ROLL, *_ROLL_INSIDE), height_cm)]
    cloth = Flesh(sewn.cloth.points, vertex_normals(sewn.cloth.points, sewn.cloth.quads))
    stand = _sleeve(sewn.line, neck, _STAND, STAND_CM)
    leaves = [_leaf(sewn.line, neck, cloth, side) for side in (1.0, -1.0)]
    return [stand, *leaves, _tape(sewn.line, cloth)]


def buttons(sewn: Sewn) -> list[tuple[Floats, Floats]]:
    """Centre and outward normal of every button of a shirt's tape, from the second one down."""
    cloth = Flesh(sewn.cloth.points, vertex_normals(sewn.cloth.points, sewn.cloth.quads))
    top = sewn.line.at(np.zeros(1))[0, 1] - 0.55 * _BUTTON_STEP_CM
    heights = np.arange(top, _TAPE_END_CM, -_BUTTON_STEP_CM)
    middle = _spine(sewn.line, cloth, heights)
    along = np.gradient(middle, axis=0)
    outward = unit(np.stack([0 * heights, -along[:, 2], along[:, 1]], 1) * -1)
    return list(zip(middle + outward * (_TAPE_THICK_CM + 0.04), outward, strict=True))


def button() -> tuple[Floats, list[tuple[int, ...]]]:
    """A disc with a rounded rim, facing +z."""
    profile = [(0.02, 0.09), (0.6, 0.09), (0.72, 0.12), (0.9, 0.12), (1.0, 0.05), (1.0, -0.1)]
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    rings = [np.stack([r * np.cos(turn), r * np.sin(turn), h + 0 * turn], 1) for r, h in profile]
    points = np.concatenate(rings) * [_BUTTON_CM, _BUTTON_CM, 1]
    return points, [tuple(quad) for quad in _rings(len(profile), len(turn))[:, ::-1].tolist()]


def _band(line: NeckLine, height_cm: float) -> Piece:
    """A folded band along the neckline, leaning inward."""
    loop, length = _loop(line)
    inward = unit((line.centre - loop) * [1, 0, 1])
    up = np.array([0, 0.80, 0]) + inward * 0.55
    out = np.array([0, 0.30, 0]) - inward * 0.75
    h = height_cm
    profile = [(-0.25, 0.10), (0, 0.28), (0.35 * h, 0.34), (0.75 * h, 0.28), (0.96 * h, 0.14)]
    profile += [(h, -0.05), (0.9 * h, -0.22), (0.3 * h, -0.30), (-0.45, -0.70)]
    rows = [loop + up * rise + out * swell for rise, swell in profile]
    return _woven(rows, length)


def _sleeve(
    line: NeckLine, neck: Flesh, profile: Sequence[tuple[float, float]], height_cm: float
) -> Piece:
    """Rows around the neck itself: `profile` is the rise as a share, and the gap to the skin."""
    loop, length = _loop(line)
    rows = []
    for share, gap in profile:
        row = loop + np.array([0, share * height_cm, 0])
        fitted = NeckLine.through(neck.hugged(row, gap)).at(_angles())
        fitted[:, 1] = row[:, 1]
        # At the seam it meets the garment, above it stands off the neck by the gap.
        rows.append(row + (fitted - row) * float(smoothstep(share, -0.35, 0.2)))
    return _woven(rows, length)


def _leaf(line: NeckLine, neck: Flesh, cloth: Flesh, side: float) -> Piece:
    """One half of a turned-down collar, from the nape to its point."""
    along, down = np.meshgrid(
        np.linspace(0, 1, _LEAF_ALONG), np.linspace(0, 1, _LEAF_DOWN), indexing="ij"
    )
    grid, depth = _hanging(line, neck, along, down)
    flat = grid.reshape(-1, 3)
    near = smoothstep(down, 0.35, 0.95).reshape(-1, 1)
    flat = flat + (cloth.hugged(flat, 0.30) - flat) * near * 0.9
    # Above the neckline there is no cloth to clear: its rim would push the fold down.
    clear = cloth.cleared(flat, 0.28) - flat
    grid = (flat + clear * smoothstep(down, 0.1, 0.5).reshape(-1, 1)).reshape(grid.shape)
    for _ in range(10):
        grid[1:-1] = (grid[:-2] + 2 * grid[1:-1] + grid[2:]) / 4
        grid[:, 1:-1] = (grid[:, :-2] + 2 * grid[:, 1:-1] + grid[:, 2:]) / 4
    flat = thick(grid, 0.09).reshape(-1, 3) * [side, 1, 1]
    rest = np.stack([along * 22, down * depth, 0 * along], -1)
    rest = np.concatenate([rest, rest[:, ::-1]], 1).reshape(-1, 3)
    quads = grid_quads(_LEAF_ALONG, 2 * _LEAF_DOWN)
    fine = subdivided((quads if side < 0 else quads[:, ::-1]).tolist(), len(flat), 1)
    return Piece(fine.matrix @ flat, fine.quads, fine.matrix @ rest)


def _hanging(line: NeckLine, neck: Flesh, along: Floats, down: Floats) -> tuple[Floats, Floats]:
    """A leaf before it meets the cloth: out over the stand's top and down; and how deep it is."""
    angle = np.pi + (_MEET - np.pi) * along[:, 0]
    rise = np.array([0, STAND_CM, 0])
    top = line.at(angle) + rise
    fold = NeckLine.through(neck.hugged(_loop(line)[0] + rise, 0.30)).at(angle)
    top[:, [0, 2]] = fold[:, [0, 2]]
    radial = unit((top - line.centre) * [1, 0, 1])[:, None]
    point = smoothstep(along, 0.62, 1.0)
    behind = 0.35 * radial - np.array([0.0, 1.0, 0.0])
    front = np.array([0.62, -1.0, 0.18])
    way = unit(behind * (1 - point)[..., None] + front * point[..., None])
    depth = _LEAF_CM[0] + (_LEAF_CM[1] - _LEAF_CM[0]) * point
    roll = radial * _ROLLED_CM * smoothstep(down, 0, 0.12)[..., None]
    return top[:, None] + roll + way * (depth * down)[..., None], depth


def _spine(line: NeckLine, cloth: Flesh, heights: Floats) -> Floats:
    """The middle of the shirt's front at these heights."""
    front = line.at(np.zeros(1))[0]
    middle = np.stack([0 * heights, heights, np.full_like(heights, front[2])], 1)
    near = np.abs(cloth.points[:, 0]) < 1.6
    near &= cloth.points[:, 2] > front[2] - 2
    order = np.argsort(cloth.points[near, 1])
    y, z = cloth.points[near, 1][order], cloth.points[near, 2][order]
    middle[:, 2] = np.interp(
        heights, y, np.convolve(np.pad(z, 7, "edge"), np.ones(15) / 15, "valid")
    )
    return middle


def _tape(line: NeckLine, cloth: Flesh) -> Piece:
    """The strip that carries the buttons, laid on the front."""
    top = line.at(np.zeros(1))[0, 1] + 0.2
    heights = np.linspace(top, _TAPE_END_CM, 90)
    across = np.array([-1.0, -0.97, -0.86, -0.4, 0, 0.4, 0.86, 0.97, 1.0]) * _TAPE_CM
    lift = np.array([-0.05, 0.75, 1, 1, 1, 1, 1, 0.75, -0.05]) * _TAPE_THICK_CM
    x, y = np.meshgrid(across, heights)
    z = np.zeros_like(x)
    flat = np.stack([x, y, z], -1)
    flat[..., 2] = _spine(line, cloth, heights)[:, None, 2]
    lying = cloth.hugged(flat.reshape(-1, 3), 0.0).reshape(flat.shape)
    flat[..., 2] = lying[..., 2]
    for _ in range(6):
        flat[1:-1] = (flat[:-2] + 2 * flat[1:-1] + flat[2:]) / 4
    flat[..., 2] += lift
    rest = np.stack([x, y, z], -1).reshape(-1, 3)
    fine = subdivided(grid_quads(*x.shape)[:, ::-1].tolist(), x.size, 1)
    return Piece(fine.matrix @ flat.reshape(-1, 3), fine.quads, fine.matrix @ rest)


def _angles() -> Floats:
    return np.linspace(0, 2 * np.pi, _AROUND, endpoint=False) + np.pi


def _loop(line: NeckLine) -> tuple[Floats, Floats]:
    """The neckline from the nape around, and its length so far."""
    loop = line.at(_angles())
    return loop, np.cumsum(np.linalg.norm(np.roll(loop, -1, 0) - loop, axis=1))


def _woven(rows: Sequence[Floats], length: Floats) -> Piece:
    """Closed rows as one piece; threads run along the first axis."""
    points = np.concatenate(rows)
    rest = np.concatenate(
        [np.stack([length, np.full(_AROUND, i), np.zeros(_AROUND)], 1) for i in range(len(rows))]
    )
    fine = subdivided(_rings(len(rows), _AROUND).tolist(), len(points), 1)
    return Piece(fine.matrix @ points, fine.quads, fine.matrix @ rest)


def _rings(rings: int, around: int) -> Indices:
    index = np.arange(rings * around).reshape(rings, around)
    beside = np.roll(index, -1, axis=1)
    corners = [index[:-1], beside[:-1], beside[1:], index[1:]]
    return np.stack([corner.ravel() for corner in corners], 1)
