"""A crew-neck sweater grown from the body's surface, with a ribbed collar.

The body is cut at a sloping plane at the neck, moved outward, smoothed until anatomy becomes
cloth, and draped.  Head centimetres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree
from tools.bake.body import SURFACE, BodyModel
from tools.bake.drape import Fall, draped
from tools.bake.spec import Body, Garment
from tools.bake.surface import (
    Floats,
    Indices,
    Subdivision,
    neighbour_mean,
    quad_edges,
    smoothstep,
    subdivided,
    unit,
    vertex_normals,
)

_HEM_CM = -50.0
"""Below every framing; the rest of the body is left out."""
_COLLAR_POINTS = 240
_SETTLED = 10
"""Rounds of smoothing after the fall, against the grain of a centimetre-wide mesh."""
_SPAN_CM = 0.5
"""A mean surface runs through the body; this lifts it off again."""
_ARM_STAGES = 4
_ARMS_AT_FIRST = 1.12
"""Past where they end: coming back up leaves slack over the shoulder, where folds belong."""
_SLEEVE_HELD_CM = (12.0, 19.0)
"""From the body's middle, arms wide: shoulder and sleeve beyond go with the body, unsolved."""
_HEAD_CM = 21.0
"""From the crown down: MakeHuman's own head and upper neck, which the presenter's replaces."""
_NECK_DEPTH_CM = 12.0
"""How far the front of a neckline can lie below its highest point."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One sewn part."""

    points: Floats
    quads: Indices
    rest: Floats
    """For the threads: the body's unposed surface, or length along the collar."""


def write_pieces(pieces: Sequence[Piece], path: Path) -> None:
    """Keep a draped garment: it takes minutes, and changes only with body and garment."""
    arrays = {}
    for index, piece in enumerate(pieces):
        arrays |= {f"{name}{index}": getattr(piece, name) for name in Piece.__slots__}
    np.savez_compressed(path, **arrays)


def read_pieces(path: Path) -> tuple[Piece, ...]:
    """What `write_pieces` kept."""
    with np.load(path) as kept:
        count = len(kept.files) // len(Piece.__slots__)
        return tuple(
            Piece(*(kept[f"{name}{index}"] for name in Piece.__slots__)) for index in range(count)
        )


def pressed(cloth: Piece) -> Piece:
    """The garment with its chest a low-order surface: a sweater spans, it does not cling."""
    x, y, z = cloth.points.T
    chest = smoothstep(np.abs(x), 13.0, 10.0) * smoothstep(y, -17.0, -22.0) * smoothstep(z, 0, 4)
    inside = chest > 0
    across, down = (x / 13) ** 2, (y + 33) / 16
    terms = np.stack([across**i * down**j for i in range(3) for j in range(4)], 1)
    fit = np.linalg.lstsq(terms[inside], z[inside], rcond=None)[0]
    points = cloth.points.copy()
    points[:, 2] += chest * (terms @ fit + _SPAN_CM - z)
    return Piece(points, cloth.quads, cloth.rest)


@dataclass(frozen=True, slots=True, eq=False)
class Flesh:
    """Skin that cloth must stay outside of."""

    points: Floats
    normals: Floats

    def cleared(self, cloth: Floats, gap_cm: float) -> Floats:
        """`cloth` at least `gap_cm` outside the skin near it."""
        tree = cKDTree(self.points)
        for _ in range(3):
            away, nearest = tree.query(cloth)
            normal = self.normals[nearest]
            height = ((cloth - self.points[nearest]) * normal).sum(1)
            push = np.clip(gap_cm - height, 0, 2.5) * (away < 3.5)
            cloth = cloth + normal * push[:, None]
        return cloth

    def hugged(self, cloth: Floats, gap_cm: float) -> Floats:
        """`cloth` at `gap_cm` from the skin, from either side."""
        _, nearest = cKDTree(self.points).query(cloth)
        normal = self.normals[nearest]
        height = ((cloth - self.points[nearest]) * normal).sum(1)
        return cloth - normal * (height - gap_cm)[:, None]


def sweater(
    model: BodyModel, body: Body, garment: Garment, eyes: Floats, neck: Flesh
) -> tuple[Piece, Piece]:
    """The sweater and its collar on this body, its eyes brought to `eyes`.

    The sweater is cut on the body with its arms pressed to the sides, and falls while they come
    to rest, so that its folds lie where a real one's do.
    """
    unposed = model.shaped(body)
    shift = eyes + np.asarray(body.offset_cm)

    def placed(share: float) -> Floats:
        posed = model.posed(unposed, body, share)
        return (posed[SURFACE] - model.eyes(posed)) * 10 * body.scale + shift

    stages = [placed(share) for share in np.linspace(_ARMS_AT_FIRST, 1, _ARM_STAGES)]
    panel, rest = _cut(model, (stages[0], stages[-1]), unposed[SURFACE] * 10, garment)
    fine = subdivided(panel.faces, len(panel.points), 1)
    points, neckline, line = _sewn(fine, panel, garment, neck)
    wide = subdivided(model.faces, SURFACE.stop, 1)
    flesh = wide.matrix @ stages[0]
    shell = Flesh(flesh, vertex_normals(flesh, wide.quads))
    clear = shell.cleared(points, 0.8 * garment.ease_cm)
    # Not at the neckline: MakeHuman's neck is thicker than the presenter's own.
    away, _ = cKDTree(points[neckline]).query(points)
    points = points + (clear - points) * smoothstep(away, 0.5, 5.0)[:, None]
    below = stages[-1][:, 1].max() - _HEAD_CM
    trunk = [face for face in model.faces if stages[-1][face, 1].max() < below]
    follow = [fine.matrix @ (stage - stages[0])[panel.used] for stage in stages]
    rest = fine.matrix @ rest
    held = smoothstep(np.abs(rest[:, 0]), *_SLEEVE_HELD_CM)
    held[neckline] = 1
    fall = Fall([points + each for each in follow], fine.quads, held, garment.stiffness)
    points = neck.cleared(draped(fall, stages, trunk), 0.4)
    edges, border_edges = quad_edges(fine.quads)
    pinned = np.unique(border_edges)
    points = _smoothed(points, neighbour_mean(edges, len(points)), pinned, _SETTLED)
    smooth = subdivided(fine.quads.tolist(), len(points), 1)
    cloth = Piece(smooth.matrix @ points, smooth.quads, smooth.matrix @ rest)
    return pressed(cloth), _collar(line, garment.collar_cm)


def _sewn(
    fine: Subdivision, panel: _Panel, garment: Garment, neck: Flesh
) -> tuple[Floats, Indices, _NeckLine]:
    """The panel as cloth: eased, smoothed, its neckline a clean loop outside the neck."""
    points = fine.matrix @ panel.points
    edges, border_edges = quad_edges(fine.quads)
    border = np.unique(border_edges)
    neckline = border[points[border, 1] > points[:, 1].max() - _NECK_DEPTH_CM]
    mean = neighbour_mean(edges, len(points))
    points = points + vertex_normals(points, fine.quads) * garment.ease_cm
    points = _smoothed(points, mean, border, garment.smoothing)
    rim_mean = neighbour_mean(border_edges, len(points))
    for _ in range(25):
        points[neckline] = 0.5 * points[neckline] + 0.5 * (rim_mean @ points)[neckline]
    points = neck.cleared(_smoothed(neck.cleared(points, 0.5), mean, border, 6), 0.4)
    line = _NeckLine.through(neck.hugged(points[neckline], 0.55))
    points[neckline] = line.at(line.angles(points[neckline]))
    return _smoothed(points, mean, border, 8), neckline, line


@dataclass(frozen=True, slots=True, eq=False)
class _Panel:
    points: Floats
    faces: list[list[int]]
    used: Indices
    """Which vertices of the body these are."""


def _cut(
    model: BodyModel, surfaces: tuple[Floats, Floats], rest: Floats, garment: Garment
) -> tuple[_Panel, Floats]:
    """The faces below the neckline and above the hem; what stands over the cut lies on it.

    `surfaces` are the body at the first stage, which gives the shape, and at the last, which
    says what is low enough to be left out.
    """
    surface, down = surfaces
    over = surface[:, 1] - (garment.neck_cm - garment.neck_slope * surface[:, 2])
    kept = [
        face for face in model.faces if (over[face] < 0).any() and down[face, 1].min() > _HEM_CM
    ]
    used, flat = np.unique(np.concatenate([np.asarray(face) for face in kept]), return_inverse=True)
    sizes = np.cumsum([len(face) for face in kept])[:-1]
    faces = [part.tolist() for part in np.split(flat.ravel(), sizes)]
    points = surface[used].copy()
    points[:, 1] -= np.clip(over[used], 0, None)
    return _Panel(points, faces, used), rest[used]


def _smoothed(points: Floats, mean: object, pinned: Indices, rounds: int) -> Floats:
    for _ in range(rounds):
        moved = mean @ points
        moved[pinned] = points[pinned]
        points = 0.5 * points + 0.5 * moved
    return points


@dataclass(frozen=True, slots=True, eq=False)
class _NeckLine:
    """A smooth left-right symmetric loop: radius and height as cosine series of the angle."""

    centre: Floats
    radius: Floats
    height: Floats

    @classmethod
    def through(cls, points: Floats) -> _NeckLine:
        centre = points.mean(0)
        across = points - centre
        terms = cls._terms(np.arctan2(across[:, 0], across[:, 2]))
        radius = np.linalg.lstsq(terms, np.hypot(across[:, 0], across[:, 2]), rcond=None)[0]
        height = np.linalg.lstsq(terms, points[:, 1], rcond=None)[0]
        return cls(centre, radius, height)

    @staticmethod
    def _terms(angles: Floats) -> Floats:
        return np.stack([np.cos(i * angles) for i in range(5)], 1)

    def angles(self, points: Floats) -> Floats:
        return np.arctan2(points[:, 0] - self.centre[0], points[:, 2] - self.centre[2])

    def at(self, angles: Floats) -> Floats:
        terms = self._terms(angles)
        radius = terms @ self.radius
        x = self.centre[0] + radius * np.sin(angles)
        return np.stack([x, terms @ self.height, self.centre[2] + radius * np.cos(angles)], 1)


def _collar(line: _NeckLine, height_cm: float) -> Piece:
    """A folded band along the neckline, leaning inward."""
    angles = np.linspace(0, 2 * np.pi, _COLLAR_POINTS, endpoint=False) + np.pi
    loop = line.at(angles)
    inward = (line.centre - loop) * [1, 0, 1]
    inward = unit(inward)
    up = np.array([0, 0.80, 0]) + inward * 0.55
    out = np.array([0, 0.30, 0]) - inward * 0.75
    h = height_cm
    profile = [(-0.25, 0.10), (0, 0.28), (0.35 * h, 0.34), (0.75 * h, 0.28), (0.96 * h, 0.14)]
    profile += [(h, -0.05), (0.9 * h, -0.22), (0.3 * h, -0.30), (-0.6, -0.35)]
    points = np.concatenate([loop + up * rise + out * swell for rise, swell in profile])
    faces = []
    for ring in range(len(profile) - 1):
        for here in range(_COLLAR_POINTS):
            beside = (here + 1) % _COLLAR_POINTS
            low, high = ring * _COLLAR_POINTS, (ring + 1) * _COLLAR_POINTS
            faces.append((low + here, low + beside, high + beside, high + here))
    length = np.cumsum(np.linalg.norm(np.roll(loop, -1, 0) - loop, axis=1))
    rest = np.concatenate(
        [
            np.stack([length, np.full(_COLLAR_POINTS, a), np.full(_COLLAR_POINTS, b)], 1)
            for a, b in profile
        ]
    )
    fine = subdivided(faces, len(points), 1)
    return Piece(fine.matrix @ points, fine.quads, fine.matrix @ rest)
