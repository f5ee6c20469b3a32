"""An open jacket over a sweater or shirt: a shell cut to a V, its collar and its lapels.

The V ends below every framing, so there is no button.  Head centimetres.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from tools.bake.garment import Flesh, NeckLine, Piece, Sewn, squared
from tools.bake.surface import Floats, Indices, smoothstep, subdivided, thick, unit, vertex_normals

_OVER_CM = 0.75
_PADDED = 0.06
"""How far its shoulders are built out beyond what lies under it."""
_BUTTON_CM = (0.6, -46.0)
"""Where the two sides meet: across, and above the head's origin."""
_NECK_ANGLE = 1.20
"""From the front (radians): where the edge leaves the neck and runs straight to the button."""
_AROUND, _ACROSS = 48, 9
_IRONINGS = 8
_THICK_CM = 0.14
_NOTCH = 0.25
"""How far down the straight edge collar and lapel part."""
_COLLAR_CM, _LAPEL_CM = 4.0, 6.8
_SLANT = 0.055
"""The lapel's upper edge rises outward and the collar's end falls, by this share of the edge."""


def jacket(sewn: Sewn) -> tuple[Piece, ...]:
    """The jacket's body, then collar, lapel and stand of each side."""
    under, line = sewn.cloth, sewn.line
    outward = vertex_normals(under.points, under.quads)
    shell = squared(under.points + outward * _OVER_CM, sewn.shoulders, _PADDED)
    surface = Flesh(shell, vertex_normals(shell, under.quads))
    pieces = [_opened(Piece(shell, under.quads, under.rest), line)]
    for side in (1.0, -1.0):
        edge = _edge(line, surface, side)
        pieces += [_strip(edge, surface, side, part) for part in (_collar, _lapel)]
        pieces.append(_stand(edge[: _AROUND + _AROUND // 4], line, side))
    return tuple(pieces)


def _opened(shell: Piece, line: NeckLine) -> Piece:
    """The shell without what the V leaves open, its edges straight."""
    start, points = line.at(np.array([_NECK_ANGLE]))[0], shell.points.copy()
    across, down = _BUTTON_CM
    share = np.clip((start[1] - points[:, 1]) / (start[1] - down), 0, 1)
    half = start[0] + (across - start[0]) * share
    front = points[:, 2] > start[2] - 1
    inside = front & (np.abs(points[:, 0]) < half)
    kept = shell.quads[~inside[shell.quads].all(1)]
    rim = np.unique(kept)[inside[np.unique(kept)]]
    points[rim, 0] = np.where(points[rim, 0] < 0, -1, 1) * half[rim]
    return Piece(points, kept, shell.rest)


def _edge(line: NeckLine, surface: Flesh, side: float) -> Floats:
    """The fold of collar and lapel from the nape to the button, ``(points, 3)``."""
    angles = np.linspace(np.pi, _NECK_ANGLE, _AROUND)
    behind = line.at(angles)
    out = unit((behind - line.centre) * [1, 0, 1])
    behind = behind + out * 0.9 + [0, 0.7, 0]
    share = np.linspace(0, 1, _AROUND)[1:, None]
    button = np.array([*_BUTTON_CM, behind[-1, 2]])
    straight = behind[-1] + (button - behind[-1]) * share
    lying = surface.hugged(straight, 0.55)
    straight = straight + (lying - straight) * smoothstep(share, 0, 0.2)
    edge = np.concatenate([behind, straight])
    for _ in range(6):
        edge[1:-1] = (edge[:-2] + 2 * edge[1:-1] + edge[2:]) / 4
    return edge * [side, 1, 1]


def _collar(along: Floats, out: Floats) -> tuple[Floats, Floats]:
    """Places along the edge (0 nape, 1 neck, 2 button) and widths of the collar's grid."""
    end = 1 + _NOTCH + _SLANT * 0.6 - _SLANT * out
    return along * end, _COLLAR_CM * out * (0.85 + 0.15 * along)


def _lapel(along: Floats, out: Floats) -> tuple[Floats, Floats]:
    """The same of the lapel, from the notch to the button."""
    start = 1 + _NOTCH + _SLANT * (0.7 - out)
    return start + (2 - start) * along, _LAPEL_CM * out * (1 - along) ** 0.85


def _strip(
    edge: Floats,
    surface: Flesh,
    side: float,
    part: Callable[[Floats, Floats], tuple[Floats, Floats]],
) -> Piece:
    along, out = np.meshgrid(np.linspace(0, 1, _AROUND), np.linspace(0, 1, _ACROSS), indexing="ij")
    places, widths = part(along, out)
    at = places * (_AROUND - 1)
    knots = np.arange(len(edge))
    fold = np.stack([np.interp(at, knots, edge[:, axis]) for axis in range(3)], -1)
    # Around the neck a collar falls outward and down, on the chest a lapel lies to the side.
    centre = np.array([0, 0, edge[0, 2] / 3])
    radial = unit((fold - centre) * [1, 0, 1])
    chest = smoothstep(places, 0.9, 1.2)[..., None]
    way = unit((radial - np.array([0, 0.9, 0])) * (1 - chest) + np.array([side, 0.10, 0]) * chest)
    grid = (fold + way * widths[..., None]).reshape(-1, 3)
    t = out.ravel()
    lying = grid.copy()
    for height in np.unique(t):
        row = t == height
        gap = 0.55 + 0.25 * np.sin(np.pi * height) - 0.40 * height**3
        lying[row] = surface.hugged(grid[row], gap)
    grid = grid + (lying - grid) * smoothstep(t, 0, 0.45)[:, None]
    sheet = thick(_ironed(grid.reshape(_AROUND, _ACROSS, 3)), _THICK_CM).reshape(-1, 3)
    rest = np.stack([widths, at * 0.45, 0 * at], -1)
    rest = np.concatenate([rest, rest[:, ::-1]], 1).reshape(-1, 3)
    fine = subdivided(_quads(_AROUND, 2 * _ACROSS, side).tolist(), len(sheet), 1)
    return Piece(fine.matrix @ sheet, fine.quads, fine.matrix @ rest)


def _stand(fold: Floats, line: NeckLine, side: float) -> Piece:
    """The collar's inside, from its fold down to the neckline: no dark gap around the neck."""
    t = np.linspace(0, 1, 5)[:, None, None]
    inward = unit((line.centre - fold) * [1, 0, 1])
    grid = fold + inward * 0.8 * smoothstep(t, 0, 0.7) - np.array([0, 2.2, 0]) * t
    quads = _quads(len(t), len(fold), -side)
    fine = subdivided(quads.tolist(), grid[..., 0].size, 1)
    rest = np.stack(np.broadcast_arrays(np.arange(len(fold)) * 0.45, 2.2 * t[..., 0], 0.0), -1)
    return Piece(fine.matrix @ grid.reshape(-1, 3), fine.quads, fine.matrix @ rest.reshape(-1, 3))


def _ironed(grid: Floats) -> Floats:
    """Stiff cloth does not follow every bump below it; the borders stay, lengthwise smooth."""
    for _ in range(_IRONINGS):
        grid[1:-1] = (grid[:-2] + 2 * grid[1:-1] + grid[2:]) / 4
        grid[:, 1:-1] = (grid[:, :-2] + 2 * grid[:, 1:-1] + grid[:, 2:]) / 4
    return grid


def _quads(rows: int, columns: int, side: float) -> Indices:
    corner = np.arange(rows * columns).reshape(rows, columns)
    around = [corner[:-1, :-1], corner[1:, :-1], corner[1:, 1:], corner[:-1, 1:]]
    quads = np.stack([each.ravel() for each in around], 1)
    return quads if side > 0 else quads[:, ::-1]
