"""Hair of the scalp: guide strands grown over the skull, and many strands between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree
from tools.bake.spec import Hair
from tools.bake.surface import Floats, Roots, smoothstep, unit

_NAPE_CM = (0.0, 1.0, -9.4)
_CROWN_CM = (0.0, 13.2, -3.4)
"""Where hair is tied."""
_BUN_CM = 3.1


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

    def chosen(self, index: Floats) -> Follicles:
        """Some of them."""
        return Follicles(self.at[index], self.rest[index], self.normal[index])


Grower = Callable[[Follicles, Hair, Skull, np.random.Generator], Floats]


def follicles(roots: Roots, skin: Floats, rest: Floats, normals: Floats) -> Follicles:
    """Follicles at `roots` of the skin."""
    return Follicles(roots.on(skin), roots.on(rest), unit(roots.on(normals)))


def grown(start: Follicles, spec: Hair, skull: Skull, rng: np.random.Generator) -> Floats:
    """All strands, ``(count, points, 3)`` in centimetres."""
    if spec.style == "coils":
        return _coils(start, spec, skull, rng)
    chosen = rng.choice(len(start.at), spec.guides, replace=False)
    guides = STYLES[spec.style](start.chosen(chosen), spec, skull, rng)
    strands = _between(start, start.chosen(chosen), guides, spec, rng)
    strands = _ragged(strands, spec, rng)
    strands = _outside(strands, skull)
    strands[:, 0] -= start.normal * 0.03
    return strands


def strand_radii(spec: Hair) -> Floats:
    """Thin at the root, so that the hairline is soft, and pointed at the tip."""
    along = np.linspace(0, 1, spec.points)
    return np.interp(along, [0, 0.08, 0.7, 1], [0.6, 1, 0.85, 0.15]) * spec.radius_cm


def _coils(start: Follicles, spec: Hair, skull: Skull, rng: np.random.Generator) -> Floats:
    """Short natural curls: every strand a loose helix out from the skull.

    Neighbouring strands share a curl, so that tufts form; near the hairline strands are shorter,
    which is what a real hairline does.
    """
    count = len(start.at)
    tufts = rng.choice(count, count // 14, replace=False)
    _, tuft = cKDTree(start.rest[tufts]).query(start.rest)
    phase = rng.uniform(0, 2 * np.pi, len(tufts))[tuft] + rng.normal(0, 0.45, count)
    turns = rng.uniform(1.6, 3.2, len(tufts))[tuft]
    lean = unit(start.normal + rng.normal(0, 0.20, (len(tufts), 3))[tuft])
    lean = unit(lean + rng.normal(0, 0.08, (count, 3)) + [0, 0.22, -0.10])
    length = spec.length_cm * _crown_length(start.rest) * rng.uniform(0.72, 1.08, count)
    width = spec.volume_cm * rng.uniform(0.7, 1.2, len(tufts))[tuft]
    side = unit(np.cross(lean, rng.normal(size=(count, 3))))
    other = np.cross(lean, side)
    along = np.linspace(0, 1, spec.points)[None, :]
    angle = phase[:, None] + 2 * np.pi * turns[:, None] * along
    swing = width[:, None] * smoothstep(along, 0, 0.35)
    strands = (
        start.at[:, None]
        + lean[:, None] * (length[:, None] * along)[..., None]
        + side[:, None] * (swing * np.cos(angle))[..., None]
        + other[:, None] * (swing * np.sin(angle))[..., None]
    )
    gather = (spec.clump * smoothstep(along, 0.1, 0.9))[..., None]
    centre = (
        strands[tufts][tuft] + (start.at - start.at[tufts][tuft])[:, None] * (1 - along)[..., None]
    )
    strands = strands * (1 - gather) + centre * gather
    strands = _outside(strands + _wander(count, spec, rng), skull)
    strands[:, 0] = start.at - start.normal * 0.03
    return strands


def _crown_length(rest: Floats) -> Floats:
    """Longest on top, short at the sides, the nape and the hairline."""
    height = smoothstep(rest[:, 1], 1.5, 12.0)
    front = smoothstep(rest[:, 2], 9.0, 5.5)
    return (0.18 + 0.82 * height) * (0.40 + 0.60 * front)


def _gathered(start: Follicles, spec: Hair, skull: Skull, rng: np.random.Generator) -> Floats:
    """Combed back flat to a knot at the nape, or up to one on the crown."""
    side = np.clip(start.rest[:, 0] / 5, -1, 1)
    knot = np.array(_CROWN_CM if spec.bun else _NAPE_CM)
    length = np.linalg.norm(start.at - knot, axis=1) * 1.28 + 1
    top = smoothstep(start.rest[:, 1], 8, 12) * smoothstep(start.rest[:, 2], -2, 2)
    back = np.stack([side * 0.5 * top, 0 * side, -np.ones_like(side)], 1)
    if spec.bun:
        back = unit(knot - start.at)
    layer = rng.random(len(side))

    def lift(t: float) -> Floats:
        return 0.07 + spec.volume_cm * (0.25 + 0.75 * layer) * min(1, t * 3)

    def pull(at: Floats, t: float, height: Floats, normal: Floats) -> Floats:
        toward = unit(knot - at)
        toward -= (toward * normal).sum(1, keepdims=True) * normal * (height < 2)[:, None] * 0.9
        force = toward * (0.35 + 0.8 * t)
        force[:, 0] += side * 0.25 * top * np.exp(-4 * t)
        down = np.clip((height - lift(t)) * 0.6, 0, 1) * (height < 8)
        return force - normal * down[:, None]

    return _traced(
        start, unit(start.normal * 0.08 + back), (length, spec.points), skull, pull, lift
    )


def bun(spec: Hair, rng: np.random.Generator) -> Floats:
    """Hair of the crown's knot: strands wound around a flattened ball."""
    count = spec.strands // 6
    t = np.linspace(0, 1, spec.points)[None]
    polar = rng.uniform(0.15, 2.3, count)[:, None] + rng.normal(0, 0.30, (count, 1)) * (t - 0.5)
    turn = rng.uniform(0, 2 * np.pi, count)[:, None] + 2 * np.pi * 0.8 * t
    radius = _BUN_CM * (1 - 0.13 * rng.random((count, 1)) ** 2 + 0.05 * np.sin(3 * polar + turn))
    shape = [np.cos(turn) * np.sin(polar), 0.78 * np.cos(polar), np.sin(turn) * np.sin(polar)]
    ball = np.stack(np.broadcast_arrays(*shape), -1) * radius[..., None]
    return ball + np.add(_CROWN_CM, [0, 0.55 * _BUN_CM, 0]) + _wander(count, spec, rng)


STYLES: dict[str, Grower] = {"gathered": _gathered}

Pull = Callable[[Floats, float, Floats, Floats], Floats]


def _traced(
    start: Follicles,
    direction: Floats,
    extent: tuple[Floats, int],
    skull: Skull,
    pull: Pull,
    lift: Callable[[float], Floats],
) -> Floats:
    """Follow `pull` from every follicle, held at least `lift` above the skin."""
    length, points = extent
    step = (length / (points - 1))[:, None]
    trail = [start.at.copy()]
    for index in range(1, points):
        t = index / (points - 1)
        height, normal = skull.above(trail[-1])
        direction = unit(direction + pull(trail[-1], t, height, normal))
        at = trail[-1] + direction * step
        height, normal = skull.above(at)
        push = np.clip(lift(t) - height, 0, None) * (np.abs(height) < 4)
        at = at + normal * (push * np.where(height < 0.05, 1, 0.35))[:, None]
        direction = unit(at - trail[-1])
        trail.append(at)
    return np.stack(trail, 1)


def _between(
    start: Follicles, guide_start: Follicles, guides: Floats, spec: Hair, rng: np.random.Generator
) -> Floats:
    """Strands between the nearest guides, clumped at two scales."""
    distance, near = cKDTree(guide_start.rest).query(start.rest, k=4)
    weight = 1 / (distance + 0.08) ** 2
    weight /= weight.sum(1, keepdims=True)
    offsets = guides - guides[:, :1]
    strands = start.at[:, None] + (offsets[near] * weight[:, :, None, None]).sum(1)
    along = np.linspace(0, 1, spec.points)[None, :, None]
    closest = near[np.arange(len(near)), weight.argmax(1)]
    apart = (start.at - guide_start.at[closest])[:, None]
    gather = spec.clump * along**1.2
    strands = strands * (1 - gather) + (guides[closest] + apart * 0.35 * (1 - along)) * gather
    few = rng.choice(len(strands), len(strands) // 9, replace=False)
    _, tuft = cKDTree(start.rest[few]).query(start.rest)
    apart = (start.at - start.at[few][tuft])[:, None]
    gather = spec.clump * along
    strands = strands * (1 - gather) + (strands[few][tuft] + apart * (1 - along) * 0.6) * gather
    return strands + _wander(len(strands), spec, rng)


def _wander(count: int, spec: Hair, rng: np.random.Generator) -> Floats:
    """A slow random drift along each strand."""
    knots = rng.normal(size=(count, 5, 3))
    at = np.linspace(0, 4, spec.points)
    left = np.minimum(at.astype(int), 3)
    share = smoothstep(at - left, 0, 1)[:, None]
    drift = knots[:, left] * (1 - share) + knots[:, left + 1] * share
    return drift * np.linspace(0, 1, spec.points)[None, :, None] * spec.frizz_cm


def _ragged(strands: Floats, spec: Hair, rng: np.random.Generator) -> Floats:
    """Cut strands at up to a quarter of their length."""
    count, points = strands.shape[:2]
    kept = 1 - 0.25 * rng.random(count) ** 2
    at = np.linspace(0, points - 1, points)[None] * kept[:, None]
    left = np.minimum(at.astype(int), points - 2)
    share = (at - left)[..., None]
    row = np.arange(count)[:, None]
    return strands[row, left] * (1 - share) + strands[row, left + 1] * share


def _outside(strands: Floats, skull: Skull) -> Floats:
    """Push what sank into the skin back out."""
    for _ in range(2):
        height, normal = skull.above(strands[:, 1:])
        push = np.clip(0.02 - height, 0, None) * (np.abs(height) < 2.5)
        strands[:, 1:] += normal * push[..., None]
    return strands
