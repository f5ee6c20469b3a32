"""A jacket worn open: a shell cut to a V, and on each side a collar and a lapel that roll over.

Collar and lapel are drawn as a tailor draws them, seen from the front, and laid on the shell as it
hangs, folds and all.  The V ends below every framing, so there is no button.  Head centimetres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree
from tools.bake.folds import Shoulders
from tools.bake.garment import NeckLine, Piece, Sewn, squared
from tools.bake.surface import Floats, grid_quads, smoothstep, subdivided, unit, vertex_normals

_OVER_CM = 0.75
_PADDED, _PAD_DEG = 0.10, (47.0, 19.0)
"""How far its shoulders are built out beyond what lies under it, and how sharp their corner is."""
_BUTTON_CM = (0.6, -46.0)
"""Where the two sides meet: across, and above the head's origin."""
_NECK_ANGLE = 1.20
"""From the front (radians): where the fold leaves the neck and runs straight to the button."""
_BARED_CM = 1.5
"""How much of what is worn below shows above the jacket's collar."""
_LEAST_CM = 1.0
"""How high its collar stands above the neckline at least."""
_ROWS, _COLUMNS = 72, 19
_GORGE_CM = 5.4
"""Down the straight fold: where collar and lapel are sewn together."""
_GORGE_DEG = -20.0
"""The seam falls outward; beyond the notch the lapel's upper edge goes on in its line."""
_NOTCH_CM, _LAPEL_CM = 3.5, 7.0
"""Along that line from the fold: where the collar leaves it, and the lapel's corner."""
_COLLAR_END_CM, _COLLAR_END_DEG = 2.7, 30.0
_COLLAR_CM = 4.2
"""How wide the collar falls around the neck."""
_HALF_THICK_CM = 0.08
_ROLL_CM = 0.34
"""The fold rolls this high above the shell."""
_INSIDE = ((1.0, -1.3, 0.3), (0.45, -0.75, 0.1), (0.1, -0.3, -0.2))
"""Of the cloth behind the fold, that goes into the V: outward and up from the roll, and how far
below the shell it lies at least."""
_POCKET_CM, _POCKET_DEG = (8.2, 2.1), 5.0
_POCKET_AT_CM = (11.0, 12.6)
"""The breast pocket's welt: its middle, to the wearer's left and below the shoulders' top."""
_HALF_SHOULDERS_CM = 23.3
"""Of whom all widths were drawn for; on others they are to scale."""
_BACK_CM = 0.8
"""How far behind the fold the shell begins."""
_EVENINGS, _IRONINGS = 25, 6
"""Rounds of smoothing: along the outer edge, which a tailor cuts in one sweep, and across."""
_NEAR_CM = 1.1
"""Cloth this stiff bridges what is narrower."""
_BUMP_CM = 0.6
_CONTACT_CM = 0.12


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A surface as stiff cloth feels it: bumps narrower than the cloth can follow are gone."""

    points: Floats
    normals: Floats
    tree: cKDTree

    @classmethod
    def of(cls, piece: Piece) -> Ground:
        """The outside of a piece."""
        normals = vertex_normals(piece.points, piece.quads)
        return cls(piece.points, normals, cKDTree(piece.points))

    def felt(self, places: Floats) -> tuple[Floats, Floats]:
        """Height over the ground and its normal (implicit moving least squares; Kolluri 2008)."""
        away, near = self.tree.query(places, k=24)
        share = np.exp(-(away**2 - away[:, :1] ** 2) / (2 * _NEAR_CM**2))
        share /= share.sum(1, keepdims=True)
        normals = self.normals[near]
        off = ((places[:, None] - self.points[near]) * normals).sum(2)
        return (share * off).sum(1), unit((share[..., None] * normals).sum(1))

    def laid(self, places: Floats, gap_cm: Floats | float, *, turning: bool = True) -> Floats:
        """Places moved to this height.

        On the chest they move straight back, so that they keep their shape as seen from the front;
        on the shoulders, if `turning`, along the normals.
        """
        ahead = np.array([0.0, 0.0, 1.0])
        for _ in range(5):
            height, normal = self.felt(places)
            front = smoothstep(normal[:, 2], 0.35, 0.65)[:, None] if turning else 1.0
            way = unit(normal * (1 - front) + ahead * front)
            slant = np.maximum((way * normal).sum(1), 0.4)
            places = places + way * ((gap_cm - height) / slant)[:, None]
        return places

    def cleared(self, places: Floats, gap_cm: float) -> Floats:
        """Places lifted to at least this height over every bump under them."""
        _, near = self.tree.query(places, k=24)
        mean, normal = self.felt(places)
        off = places[:, None] - self.points[near]
        height = (off * normal[:, None]).sum(2)
        beside = np.linalg.norm(off - height[..., None] * normal[:, None], axis=2)
        least = np.minimum(np.where(beside < _BUMP_CM, height, np.inf).min(1), mean)
        return places + normal * np.clip(gap_cm - least, 0, 1)[:, None]

    def sunk(self, places: Floats, below_cm: float) -> Floats:
        """Places pushed down to at least this far below the ground."""
        height, normal = self.felt(places)
        return places - normal * np.clip(height + below_cm, 0, None)[:, None]


def shell(sewn: Sewn) -> Piece:
    """The jacket's body before it hangs in folds and is opened."""
    under = sewn.cloth
    outward = vertex_normals(under.points, under.quads)
    points = squared(under.points + outward * _OVER_CM, sewn.shoulders, _PADDED, *_PAD_DEG)
    return Piece(points, under.quads, under.rest)


def tailored(hung: Piece, sewn: Sewn, beneath: Sequence[Piece]) -> tuple[Piece, ...]:
    """The shell opened, then collar and lapel of each side.

    `beneath` is what is worn under it: its body, then its collar.
    """
    ground = Ground.of(hung)
    folds = [_fold(sewn, ground, beneath, side) for side in (1.0, -1.0)]
    pieces = [_opened(hung, folds[0])]
    for fold in folds:
        pieces += [_collar(fold, ground), _lapel(fold, ground)]
    return tuple(pieces)


def _opened(hung: Piece, fold: _Fold) -> Piece:
    """The shell without what the V leaves open; its edge lies behind the lapels."""
    down, points = fold.front[::-1], hung.points
    half = np.interp(points[:, 1], down[:, 1], np.abs(down[:, 0])) + _BACK_CM
    front = (points[:, 2] > fold.neck[-1, 2] - 1) & (points[:, 1] < fold.neck[-1, 1])
    inside = front & (np.abs(points[:, 0]) < half)
    return Piece(points, hung.quads[~inside[hung.quads].any(1)], hung.rest)


def pocket(hung: Piece, shoulders: Shoulders) -> Piece:
    """The welt of the breast pocket."""
    ground = Ground.of(hung)
    scale = _scale(shoulders)
    across, down = np.meshgrid(np.linspace(-0.5, 0.5, 24), np.linspace(0.5, -0.5, 8))
    turn = _toward(1.0, _POCKET_DEG), _toward(1.0, 90 + _POCKET_DEG)
    flat = across[..., None] * turn[0] * _POCKET_CM[0] + down[..., None] * turn[1] * _POCKET_CM[1]
    front = ground.points[:, 2].max()
    left, below = _POCKET_AT_CM
    middle = [left * scale, shoulders.top_cm - below * scale, front]
    flat = (flat * scale + middle).reshape(-1, 3)
    lying = ground.laid(flat, _HALF_THICK_CM, turning=False)
    return _sewn_up(lying.reshape(*across.shape, 3), 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Fold:
    """The line along which collar and lapel roll over."""

    neck: Floats
    """From the nape to where it leaves the neck."""
    front: Floats
    """From there straight to the button."""
    middle: Floats
    """Of the neck."""
    side: float
    """1 is the wearer's left, -1 the right."""
    scale: float

    def down(self, cm: float) -> int:
        """The point of the front this far down."""
        length = np.linalg.norm(np.diff(self.front, axis=0), axis=1).cumsum()
        return int(np.searchsorted(length, cm)) + 1


def _scale(shoulders: Shoulders) -> float:
    return shoulders.half_cm / _HALF_SHOULDERS_CM


def _fold(sewn: Sewn, ground: Ground, beneath: Sequence[Piece], side: float) -> _Fold:
    line = sewn.line
    angles = np.linspace(np.pi, _NECK_ANGLE, _ROWS)
    worn = np.concatenate([piece.points for piece in beneath[1:]])
    top = np.array([worn[_beside(line, worn, each * side), 1].max() for each in angles])
    neck = line.at(angles) * [side, 1, 1]
    neck[:, 1] = np.maximum(_evened(top, 12) - _BARED_CM, neck[:, 1] + _LEAST_CM)
    out = unit((neck - line.centre) * [1, 0, 1])
    reach = np.hypot(*(worn - line.centre)[:, [0, 2]].T)
    radius = [
        reach[_beside(line, worn, angle * side) & (np.abs(worn[:, 1] - y) < 0.6)].max()
        for angle, y in zip(angles, neck[:, 1], strict=True)
    ]
    neck[:, [0, 2]] = (line.centre + out * (_evened(np.array(radius), 12) + 0.3)[:, None])[
        :, [0, 2]
    ]
    button = np.array([side * _BUTTON_CM[0], _BUTTON_CM[1], neck[-1, 2]])
    front = neck[-1] + (button - neck[-1]) * np.linspace(0, 1, 3 * _ROWS)[:, None]
    front = _over(front, ground, np.concatenate([piece.points for piece in beneath]))
    both = np.concatenate([neck, front[1:]])
    for _ in range(10):
        both[1:-1] = (both[:-2] + 2 * both[1:-1] + both[2:]) / 4
    scale = _scale(sewn.shoulders)
    return _Fold(both[:_ROWS], both[_ROWS - 1 :], line.centre, side, scale)


def _beside(line: NeckLine, points: Floats, angle: float) -> np.ndarray:
    """Which points lie at this angle around the neck."""
    off = line.angles(points) - angle
    return np.abs((off + np.pi) % (2 * np.pi) - np.pi) < 0.08


def _over(front: Floats, ground: Ground, worn: Floats) -> Floats:
    """The straight fold at the height of its roll: over the shell, and over what is below."""
    lying = ground.laid(front, _ROLL_CM)
    worn = worn[worn[:, 2] > 0]
    near = cKDTree(worn[:, :2]).query_ball_point(front[:, :2], 0.6)
    below = np.array([worn[each, 2].max() if each else -np.inf for each in near])
    high = front.copy()
    high[:, 2] = np.maximum(lying[:, 2], below + 0.3)
    leaving = smoothstep(np.linspace(0, 1, len(front)), 0, 0.04)
    high[:, 2] = front[:, 2] + (_evened(high[:, 2], 9) - front[:, 2]) * leaving
    return high


def _evened(values: Floats, reach: int) -> Floats:
    kernel = np.hanning(2 * reach + 3)[1:-1]
    padded = np.pad(values, reach, "edge")
    return np.convolve(padded, kernel / kernel.sum(), "valid")


def _collar(fold: _Fold, ground: Ground) -> Piece:
    side, scale, end = fold.side, fold.scale, fold.down(_GORGE_CM * fold.scale)
    inner = _spaced(np.concatenate([fold.neck, fold.front[1 : end + 1]]), _ROWS)
    notch = inner[-1] + _toward(side, _GORGE_DEG) * _NOTCH_CM * scale
    corner = notch + _toward(side, _COLLAR_END_DEG) * _COLLAR_END_CM * scale
    along = np.linspace(0, 1, _ROWS)[:, None]
    radial = unit((inner - fold.middle) * [1, 0, 1])
    falling = unit(radial - np.array([0, 0.8, 0])) * _COLLAR_CM * scale
    outer = falling + (corner - inner[-1] - falling) * smoothstep(along, 0.55, 1)
    # The last row goes along the seam to the notch and from there to the collar's corner.
    out = np.linspace(0, 1, _COLUMNS)[:, None]
    turn = _NOTCH_CM / (_NOTCH_CM + _COLLAR_END_CM)
    bent = np.where(
        out < turn,
        inner[-1] + (notch - inner[-1]) * out / turn,
        notch + (corner - notch) * (out - turn) / (1 - turn),
    )
    grid = inner[:, None] + outer[:, None] * out
    grid += (bent - grid[-1]) * smoothstep(along, 0.7, 1)[..., None]
    return _rolled(grid, fold, ground, turning=True)


def _lapel(fold: _Fold, ground: Ground) -> Piece:
    side, scale = fold.side, fold.scale
    inner = _spaced(fold.front[fold.down(_GORGE_CM * scale) :], _ROWS)
    corner = inner[0] + _toward(side, _GORGE_DEG) * _LAPEL_CM * scale
    along = np.linspace(0, 1, _ROWS)[:, None]
    button = inner[-1] + [side * 0.8, 0, 0]
    belly = np.array([side * 0.7, 0, 0]) * np.sin(np.pi * along**0.8)
    outer = corner + (button - corner) * along + belly
    out = np.linspace(0, 1, _COLUMNS)[:, None]
    return _rolled(inner[:, None] + (outer - inner)[:, None] * out, fold, ground, turning=False)


def _toward(side: float, degrees: float) -> Floats:
    """Outward on this side, turned up by an angle, seen from the front."""
    return np.array([side * np.cos(np.radians(degrees)), np.sin(np.radians(degrees)), 0])


def _spaced(curve: Floats, count: int) -> Floats:
    """The curve at `count` places equally far apart."""
    at = np.r_[0, np.linalg.norm(np.diff(curve, axis=0), axis=1).cumsum()]
    places = np.linspace(0, at[-1], count)
    return np.stack([np.interp(places, at, axis) for axis in curve.T], 1)


def _rolled(flat: Floats, fold: _Fold, ground: Ground, *, turning: bool) -> Piece:
    """A strip from its fold outward, laid on the shell, with the cloth behind its fold."""
    rows, columns = flat.shape[:2]
    out = np.linspace(0, 1, columns)
    gap = _CONTACT_CM + 0.22 * np.sin(np.pi * out) * (1 - out)
    lying = ground.laid(flat.reshape(-1, 3), np.tile(gap, rows), turning=turning)
    lying = lying.reshape(flat.shape)
    grid = flat + (lying - flat) * smoothstep(out, 0, 0.42)[:, None]
    for _ in range(_EVENINGS):
        grid[1:-1, 1:] = (grid[:-2, 1:] + 2 * grid[1:-1, 1:] + grid[2:, 1:]) / 4
    for _ in range(_IRONINGS):
        grid[1:-1, 1:-1] = (grid[1:-1, :-2] + 2 * grid[1:-1, 1:-1] + grid[1:-1, 2:]) / 4
    outside = grid[:, 2:].reshape(-1, 3)
    grid[:, 2:] = ground.cleared(outside, _CONTACT_CM).reshape(grid[:, 2:].shape)
    return _sewn_up(_turned_in(grid, fold, ground), fold.side)


def _turned_in(grid: Floats, fold: _Fold, ground: Ground) -> Floats:
    """With the columns behind the fold: down beside the neck, into the V on the chest."""
    edge, outward = grid[:, 0], unit(grid[:, 2] - grid[:, 0])
    height, normal = ground.felt(edge)
    chest = _evened(smoothstep(height, 1.5, 0.4), 5)[:, None]
    up = unit(normal * chest + np.array([0, 1.0, 0]) * (1 - chest))
    radial = unit((edge - fold.middle) * [1, 0, 1])
    beside = unit(outward * chest + 0.2 * radial * (1 - chest))
    inside = [ground.sunk(edge + beside * away + up * rise, below) for away, rise, below in _INSIDE]
    return np.concatenate([np.stack(inside, 1), grid], 1)


def _sewn_up(sheet: Floats, side: float) -> Piece:
    """A sheet as a closed body with rounded rims."""
    rows, columns = sheet.shape[:2]
    across = np.cross(np.gradient(sheet, axis=0), np.gradient(sheet, axis=1))
    half = unit(across) * _HALF_THICK_CM * side
    both = np.concatenate([sheet + half, (sheet - half)], 0).reshape(-1, 3)
    corner = np.arange(2 * rows * columns).reshape(2, rows, columns)
    rim = np.concatenate(
        [corner[:, 0, :-1], corner[:, :-1, -1], corner[:, -1, :0:-1], corner[:, :0:-1, 0]], 1
    )
    after = np.roll(rim, -1, 1)
    wall = np.stack([rim[0], after[0], after[1], rim[1]], 1)
    outside = grid_quads(rows, columns)
    quads = np.concatenate([outside, outside[:, ::-1] + rows * columns, wall])
    lengths = np.linalg.norm(np.diff(sheet, axis=1, prepend=sheet[:, :1]), axis=2).cumsum(1)
    rest = np.stack([lengths, 0.5 * np.arange(rows)[:, None] + 0 * lengths, 0 * lengths], -1)
    fine = subdivided((quads if side > 0 else quads[:, ::-1]).tolist(), len(both), 1)
    rest = np.concatenate([rest, rest]).reshape(-1, 3)
    return Piece(fine.matrix @ both, fine.quads, fine.matrix @ rest)
