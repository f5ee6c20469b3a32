"""Hair of the scalp: guide strands grown over the skull, and many strands between them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.spatial import cKDTree
from tools.bake.bun import CROWN_CM
from tools.bake.loose import loose
from tools.bake.spec import Hair
from tools.bake.strands import Follicles, Skull, outside, ragged, shortened, strays, wander
from tools.bake.surface import Floats, smoothstep, unit

_NAPE_CM = (0.0, 1.0, -9.4)
"""Where hair is tied."""
_PARTING_GAIN = 5.0
_ASIDE = 0.85
"""How far hair without a parting is combed aside over the forehead."""
_PARTED_CM = 6.0
"""How far apart the two sides of a parting count, so that no strand goes between them."""


Grower = Callable[[Follicles, Hair, Skull, np.random.Generator], Floats]


def grown(start: Follicles, spec: Hair, skull: Skull, rng: np.random.Generator) -> Floats:
    """All strands, ``(count, points, 3)`` in centimetres."""
    if spec.style in OWN:
        return OWN[spec.style](start, spec, skull, rng)
    chosen = rng.choice(len(start.at), spec.guides, replace=False)
    guides = STYLES[spec.style](start.chosen(chosen), spec, skull, rng)
    strands = _between(start, start.chosen(chosen), guides, spec, rng)
    strands += wander(len(strands), spec, rng) * (strays(len(strands), rng) - 1)
    strands = shortened(ragged(strands, rng), start.inside, rng)
    strands = outside(strands, skull)
    strands[:, 0] -= start.normal * 0.03
    return strands


def strand_radii(spec: Hair, inside: Floats | None = None) -> Floats:
    """Thin at the root, so that the hairline is soft, and pointed at the tip.

    `inside` says how far from the hairline each strand grows (0..1): the first ones are fine.
    """
    along = np.linspace(0, 1, spec.points)
    radii = np.interp(along, [0, 0.08, 0.7, 1], [0.6, 1, 0.85, 0.15]) * spec.radius_cm
    if inside is None or spec.style == "coils":
        return radii
    return radii * (0.3 + 0.7 * smoothstep(inside, 0.25, 1.0))[:, None]


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
    strands = outside(strands + wander(count, spec, rng), skull)
    strands[:, 0] = start.at - start.normal * 0.03
    return strands


def _crown_length(rest: Floats) -> Floats:
    """Longest on top, short at the sides, the nape and the hairline."""
    height = smoothstep(rest[:, 1], 1.5, 12.0)
    front = smoothstep(rest[:, 2], 9.0, 5.5)
    return (0.18 + 0.82 * height) * (0.40 + 0.60 * front)


def _gathered(start: Follicles, spec: Hair, skull: Skull, rng: np.random.Generator) -> Floats:
    """Combed back flat to a knot at the nape, or up to one on the crown."""
    knot = np.array(CROWN_CM if spec.bun else _NAPE_CM)
    length = np.linalg.norm(start.at - knot, axis=1) * 1.28 + 1
    back = unit(knot - start.at) if spec.bun else np.tile([0.0, 0.0, -1.0], (len(start.at), 1))
    comb, aside, flat = _parted(start.rest, spec.part_cm)
    back = unit(back * (1 - aside)[:, None] + comb * aside[:, None])
    layer = rng.random(len(start.at)) * flat
    # Over the forehead hair rises slowly from the skin: a line of hair that starts thick is a cap.
    swell = 3 - 1.8 * smoothstep(start.rest[:, 2], 3, 8)

    def lift(t: float) -> Floats:
        # Pulled to the nape, hair lies close above the ears.
        tight = 1.0 if spec.bun else 1 - 0.65 * float(smoothstep(t, 0.15, 0.5))
        return 0.11 + spec.volume_cm * (0.25 + 0.75 * layer) * np.minimum(1, t * swell) * tight

    def pull(at: Floats, t: float, height: Floats, normal: Floats) -> Floats:
        wide = smoothstep(np.abs(at[:, 0]), 7.5, 3.5) * np.exp(-4 * t)
        over = comb - (comb * normal).sum(1, keepdims=True) * normal * 0.9
        toward = unit(knot - at)
        toward -= (toward * normal).sum(1, keepdims=True) * normal * (height < 2)[:, None] * 0.9
        force = toward * (0.35 + 0.8 * t) + over * (aside * 0.9 * wide)[:, None]
        down = np.clip((height - lift(t)) * 0.6, 0, 1) * (height < 8)
        return force - normal * down[:, None]

    return _traced(
        start, unit(start.normal * 0.16 + back), (length, spec.points), skull, pull, lift
    )


def _parted(rest: Floats, part_cm: float | None) -> tuple[Floats, Floats, Floats]:
    """Of each strand: the way aside from the parting, how much it takes it, and its volume.

    Beside a parting hair lies flat: if it stood up at once there would be a notch.
    """
    count = len(rest)
    top = smoothstep(rest[:, 1], 5.0, 10.0) * smoothstep(rest[:, 2], -5, 0)
    if part_cm is None:
        # Straight back it would be seen end on, and dark; combed aside it shows its length.
        return np.tile([_ASIDE, -0.05, -0.6], (count, 1)), 0.8 * top, np.ones(count)
    off = _off_parting(rest, part_cm)
    aside = top * (1 - 0.5 * smoothstep(np.abs(off), 3.0, 7.0))
    comb = np.stack([np.sign(off), np.full(count, -0.25), np.full(count, -0.35)], 1)
    return comb, aside, smoothstep(np.abs(off), 0.0, 3.0)


def denser(rest: Floats, part_cm: float | None) -> Floats:
    """Beside a parting nothing lies over the skin but what grows there: more of it."""
    if part_cm is None:
        return np.ones(len(rest))
    return 1 + _PARTING_GAIN * np.exp(-((_off_parting(rest, part_cm) / 0.9) ** 2))


def _off_parting(rest: Floats, part_cm: float) -> Floats:
    """How far left of a parting that wavers a little, as drawn by hand."""
    x, _, z = rest.T
    return x - part_cm - 0.10 * np.sin(1.4 * z) - 0.03 * np.sin(4.1 * z + 1)


def _swept(start: Follicles, spec: Hair, skull: Skull, rng: np.random.Generator) -> Floats:
    """Short at the sides, longer on top and combed up from the forehead, back and aside."""
    top = smoothstep(start.rest[:, 1], 7.0, 11.0)
    front = smoothstep(start.rest[:, 2], 1.0, 7.0) * top
    length = spec.length_cm * (0.2 + 0.8 * top) * rng.uniform(0.85, 1.1, len(top))
    layer = rng.random(len(top))
    side = np.sign(start.rest[:, 0])
    flat = np.stack([0.15 * side, -0.8 + 0 * side, -0.6 + 0 * side], 1)
    comb = np.stack([0.55 + 0 * side, 0.1 + 0 * side, -0.9 + 0 * side], 1)
    way = unit(flat * (1 - top)[:, None] + comb * top[:, None])
    rise = start.normal * (0.35 + 0.5 * top + 0.9 * front)[:, None]

    def lift(t: float) -> Floats:
        body = spec.volume_cm * top * (0.3 + 0.7 * layer)
        return 0.03 + body * min(1, t * 3) * (1 - 0.45 * t) * (1 + 0.6 * front)

    def pull(at: Floats, t: float, height: Floats, normal: Floats) -> Floats:
        along = way - (way * normal).sum(1, keepdims=True) * normal * 0.8
        down = np.clip((height - lift(t)) * 0.5, 0, 1)
        return along * (0.25 + 0.5 * t) - normal * down[:, None]

    return _traced(start, unit(way * 0.5 + rise), (length, spec.points), skull, pull, lift)


STYLES: dict[str, Grower] = {"gathered": _gathered, "swept": _swept}
"""How guides grow; the other strands lie between them."""
OWN: dict[str, Grower] = {"coils": _coils, "loose": loose}
"""How every strand grows."""

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
    places = [each.rest.copy() for each in (guide_start, start)]
    if spec.part_cm is not None:
        for place in places:
            place[:, 0] += _PARTED_CM * np.sign(_off_parting(place, spec.part_cm))
    distance, near = cKDTree(places[0]).query(places[1], k=4)
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
    _, tuft = cKDTree(places[1][few]).query(places[1])
    apart = (start.at - start.at[few][tuft])[:, None]
    gather = spec.clump * along
    strands = strands * (1 - gather) + (strands[few][tuft] + apart * (1 - along) * 0.6) * gather
    return strands + wander(len(strands), spec, rng)
