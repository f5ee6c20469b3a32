"""Loose hair: it leaves a soft parting or is brushed back, covers the ears and falls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree
from tools.bake.spec import Hair
from tools.bake.strands import Follicles, Skull, outside, shortened, strays, wander
from tools.bake.surface import Floats, Indices, smoothstep, unit

_CENTRE_CM = np.array([0.0, 4.0, -0.5])
_ROOT_DEG = (-40.0, 0.0, 30.0, 60.0, 90.0, 140.0, 180.0)
_PARTED_DEG = (60.0, 64.0, 70.0, 82.0, 100.0, 145.0, 178.0)
_SWEPT_DEG = (84.0, 86.0, 90.0, 96.0, 108.0, 148.0, 178.0)
"""Where hair that grows at an azimuth (0 is the front) falls: beside the face, or behind."""
_FALL_DEG = -12.0
"""Elevation at which it leaves the head: below the ear's top."""
_CROSSING_CM = 0.30
"""How far beyond a parting a strand may fall to the other side: no parting is a ruled line."""
_CROWN_CM, _WOVEN_CM = (7.0, 3.0), 5.0
"""Between these depths a parting ends, before the head's outline, which it would dent: behind them
strands of either side cross it by up to this much, and lie as high there as elsewhere."""
_RISE_CM, _CROWN_RISE_CM = 5.0, 1.3
"""How far a strand goes until it lies as high as it will: at once where others lie below it, but
never straight out of the side of the head."""
_HEAD_CM = 10.0
_LOCK, _TUFT = 170, 24
"""How many strands fall together, and how many of them cling to each other."""
_FULL = 40000
"""Fewer strands have the locks of so many: the middle of a wider lock would lie in the head."""
_APART_CM = 6.0
"""How far apart the two sides count, so that no lock belongs to both and falls between them."""
_CLING = 0.5
"""How close such a tuft is at its tip."""
_UNEVEN = 0.08
"""How much locks differ in height: a surface without it shines like a helmet."""
_GRID, _SPREAD_DEG = 3000, 7.0
_EAR_CM = 1.5
"""Height of the ear's middle: lengths count from here."""


@dataclass(frozen=True, slots=True, eq=False)
class _Cap:
    """How far the head reaches in a direction, ears smoothed over."""

    tree: cKDTree
    radius: Floats

    @classmethod
    def over(cls, skull: Skull) -> _Cap:
        from_centre = skull.points - _CENTRE_CM
        index = np.arange(_GRID) + 0.5
        height, turn = 1 - 2 * index / _GRID, np.pi * (1 + 5**0.5) * index
        flat = np.sqrt(1 - height**2)
        grid = np.stack([flat * np.cos(turn), height, flat * np.sin(turn)], 1)
        _, near = cKDTree(unit(from_centre)).query(grid, k=6)
        return cls(cKDTree(grid), np.linalg.norm(from_centre, axis=1)[near].max(1))

    def reach(self, way: Floats) -> Floats:
        """Of unit vectors, ``(..., 3)``."""
        away, near = self.tree.query(way.reshape(-1, 3), k=24)
        weight = np.exp(-((away / np.radians(_SPREAD_DEG)) ** 2) / 2)
        reach = (self.radius[near] * weight).sum(1) / weight.sum(1)
        return np.asarray(reach.reshape(way.shape[:-1]))


def loose(start: Follicles, spec: Hair, skull: Skull, rng: np.random.Generator) -> Floats:
    """Strands over the skull and down, ``(count, points, 3)``."""
    count = len(start.at)
    side = _side(start.rest, spec, rng)
    apart = start.rest + np.outer(side, [_APART_CM, 0, 0])
    lock, tuft = _near(apart, _LOCK, rng), _near(apart, _TUFT, rng)
    layer = rng.random(count)
    over = _over(start, spec, side, (lock, layer), skull, rng)
    down = _down(over[:, -1], spec, (lock, layer), rng)
    strands = _settled(np.concatenate([over, down], 1))
    strands = _evenly(strands, spec.points)
    strands = _gathered(strands, lock, spec.clump, 0.1) + _waves(strands, lock, spec, rng)
    strands = _gathered(strands, tuft, _CLING, 0.0)
    strands += wander(count, spec, rng) * strays(count, rng)
    strands = shortened(strands, start.inside, rng)
    strands = outside(strands, skull)
    strands[:, 0] = start.at - start.normal * 0.03
    return strands


def _near(rest: Floats, size: int, rng: np.random.Generator) -> Indices:
    """Of each strand the number of its lock, when about `size` strands are one."""
    locks = min(max(len(rest), _FULL) // size, len(rest))
    few = rng.choice(len(rest), locks, replace=False)
    return np.asarray(cKDTree(rest[few]).query(rest)[1])


def _side(rest: Floats, spec: Hair, rng: np.random.Generator) -> Floats:
    x, _, z = rest.T
    line = (
        (spec.part_cm or 0.0) * smoothstep(z, -5, 1)
        + 0.25 * np.sin(0.9 * z)
        + 0.12 * np.sin(2.7 * z + 1)
    )
    woven = _WOVEN_CM * _crown(rest) * rng.uniform(-1, 1, len(x))
    return np.where(x - line + woven + rng.normal(0, _CROSSING_CM, len(x)) < 0, -1.0, 1.0)


def _crown(rest: Floats) -> Floats:
    """1 where the outline of the head may lie, 0 in front of it and at its sides."""
    return smoothstep(rest[:, 2], *_CROWN_CM) * smoothstep(rest[:, 1], 8, 11)


def _way(azimuth: Floats, elevation: Floats, side: Floats) -> Floats:
    turn, rise = np.radians(azimuth), np.radians(elevation)
    flat = np.cos(rise)
    return np.stack([side * flat * np.sin(turn), np.sin(rise), flat * np.cos(turn)], -1)


def _over(
    start: Follicles,
    spec: Hair,
    side: Floats,
    lot: tuple[Indices, Floats],
    skull: Skull,
    rng: np.random.Generator,
) -> Floats:
    """From the root over the skull to where it leaves the head."""
    lock, layer = lot
    way = unit(start.at - _CENTRE_CM)
    azimuth = np.degrees(np.arctan2(way[:, 0] * side, way[:, 2]))
    azimuth = np.where(azimuth < -90, 360 + azimuth, azimuth)
    elevation = np.degrees(np.arcsin(way[:, 1]))
    swept = np.interp(azimuth, _ROOT_DEG, _SWEPT_DEG)
    fall = np.interp(azimuth, _ROOT_DEG, _PARTED_DEG)
    fall = fall + (swept - fall) * spec.sweep
    fall += rng.normal(0, 5.0, lock.max() + 1)[lock] + rng.normal(0, 1.5, len(lock))
    end = np.minimum(_FALL_DEG, elevation - 12)
    front = smoothstep(azimuth, 95, 35) * smoothstep(elevation, 5, 30)
    # Hair of the front rises first: straight to the ear it would cross the brow.
    arch = front * (24 + 24 * spec.sweep) * smoothstep(elevation, 80, 45) + 6 * (1 - front)
    via = _way(azimuth + (fall - azimuth) * 0.55, (elevation + end) / 2 + arch, side)
    t = np.linspace(0, 1, 14)[None, :, None]
    path = (1 - t) ** 2 * way[:, None] + 2 * t * (1 - t) * via[:, None]
    path = unit(path + t**2 * _way(fall, end, side)[:, None])
    walked = np.cumsum(np.linalg.norm(np.diff(path, axis=1, prepend=path[:, :1]), axis=2), 1)
    full = _RISE_CM + (_CROWN_RISE_CM - _RISE_CM) * _crown(start.rest)
    rise = smoothstep(_HEAD_CM * walked, 0, full[:, None])
    uneven = 1 + rng.normal(0, _UNEVEN, lock.max() + 1)[lock, None]
    lift = 0.12 + uneven * spec.volume_cm * (0.25 + 0.75 * layer)[:, None] * rise
    lift = lift * (1 - 0.35 * smoothstep(t[..., 0], 0.5, 1))
    cap = _Cap.over(skull)
    # At the root it starts where the skin is, not where the smooth cap is.
    own = np.linalg.norm(start.at - _CENTRE_CM, axis=1) - cap.reach(way)
    reach = cap.reach(path) + lift + own[:, None] * (1 - rise)
    return _CENTRE_CM + path * reach[..., None]


def _down(top: Floats, spec: Hair, lot: tuple[Indices, Floats], rng: np.random.Generator) -> Floats:
    """Hanging hair; inner layers nearer to the neck, ends turned a little inward."""
    lock, layer = lot
    end = _EAR_CM - spec.length_cm + rng.normal(0, 0.35, lock.max() + 1)[lock]
    end = np.minimum(end + rng.normal(0, 0.2, len(lock)) + 0.8 * (1 - layer), top[:, 1] - 1)
    t = np.linspace(0, 1, 12)[None, 1:]
    y = top[:, 1:2] + (end - top[:, 1])[:, None] * t
    # That in front closes over the ear's lobe and opens again: it would lie on the throat.
    front = smoothstep(top[:, 2], -1.5, 2.5)[:, None]
    close = smoothstep(t, 0, 0.6) * (1 - front) + np.sin(np.pi * np.minimum(t / 0.8, 1)) * front
    inner = 1 - (0.30 * (1 - layer))[:, None] * close
    scale = inner * (1 + 0.05 * np.sin(np.pi * t) - 0.10 * spec.tuck * t**2)
    return np.stack([top[:, 0:1] * scale, y, -1 + (top[:, 2:3] + 1) * scale], -1)


def _settled(strands: Floats) -> Floats:
    for _ in range(4):
        strands[:, 1:-1] = (strands[:, :-2] + 2 * strands[:, 1:-1] + strands[:, 2:]) / 4
    return strands


def _evenly(strands: Floats, points: int) -> Floats:
    """The same curves with this many points."""
    at = np.linspace(0, strands.shape[1] - 1, points)
    left = np.minimum(at.astype(int), strands.shape[1] - 2)
    share = (at - left)[None, :, None]
    return strands[:, left] * (1 - share) + strands[:, left + 1] * share


def _gathered(strands: Floats, lock: Indices, clump: float, from_: float) -> Floats:
    """Strands drawn to the middle of their lock toward the tip."""
    total = np.zeros((lock.max() + 1, *strands.shape[1:]))
    np.add.at(total, lock, strands)
    middle = total / np.bincount(lock)[:, None, None]
    along = np.linspace(0, 1, strands.shape[1])[None, :, None]
    share = clump * smoothstep(along, from_, 1)
    return strands + (middle[lock] - strands) * share


def _waves(strands: Floats, lock: Indices, spec: Hair, rng: np.random.Generator) -> Floats:
    """What a lock sways aside by."""
    out = unit((strands - _CENTRE_CM) * [1, 0, 1])
    around = np.stack([out[..., 2], 0 * out[..., 0], -out[..., 0]], -1)
    along = np.linspace(0, 1, spec.points)[None]
    locks = lock.max() + 1
    phase = rng.uniform(0, 2 * np.pi, locks)[lock, None]
    turns = rng.uniform(0.9, 1.5, locks)[lock, None]
    size = spec.wave_cm * rng.uniform(0.5, 1.2, locks)[lock, None] * smoothstep(along, 0.1, 0.8)
    angle = phase + 2 * np.pi * turns * along
    return (
        around * (size * np.sin(angle))[..., None] + out * (size * np.cos(angle) * 0.6)[..., None]
    )
