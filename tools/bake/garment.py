"""A sweater or shirt grown from the body's surface; `collar.py` finishes its neckline.

The body is cut at a sloping plane at the neck, moved outward, smoothed until anatomy becomes
cloth, and folded.  Head centimetres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree
from tools.bake.body import SURFACE, BodyModel
from tools.bake.folds import Shoulders
from tools.bake.spec import Garment, PresenterSpec
from tools.bake.surface import (
    Floats,
    Indices,
    Subdivision,
    neighbour_mean,
    quad_edges,
    smoothstep,
    subdivided,
    vertex_normals,
)

_HEM_CM = -50.0
"""Below every framing; the rest of the body is left out."""
_SETTLED = 6
"""Rounds of smoothing of what was pushed clear of the body."""
_SPAN_CM = 0.5
"""A mean surface runs through the body; this lifts it off again."""
_PIVOT = (0.55, 0.37)
"""About which shoulders are built out: across, and down from their top, in half widths."""
_CORNER_DEG, _CORNER_SPREAD_DEG = 44.0, 25.0
"""From the pivot, above the horizontal."""
_SLOPE_SPAN = (0.22, 0.88)
"""Where shoulders fall, in half widths."""
_NECK_DEPTH_CM = 12.0
"""How far the front of a neckline can lie below its highest point."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One sewn part."""

    points: Floats
    quads: Indices
    rest: Floats
    """For the threads: the body's unposed surface, or length along the collar."""


def squared(
    points: Floats,
    shoulders: Shoulders,
    share: float,
    corner_deg: float = _CORNER_DEG,
    spread_deg: float = _CORNER_SPREAD_DEG,
) -> Floats:
    """Cloth built out at the corner of the shoulder, where smoothing leaves a pillow."""
    side = np.where(points[:, 0] < 0, -1, 1)
    across = points[:, 0] * side - _PIVOT[0] * shoulders.half_cm
    up = points[:, 1] - (shoulders.top_cm - _PIVOT[1] * shoulders.half_cm)
    angle = np.degrees(np.arctan2(up, across))
    corner = np.exp(-(((angle - corner_deg) / spread_deg) ** 2) / 2)
    reach = np.hypot(across, up) / shoulders.half_cm
    grown = share * corner * smoothstep(reach, 0.15, 0.38)
    moved = points.copy()
    moved[:, 0] += side * across * grown
    moved[:, 1] += up * grown
    return moved


def sloped(points: Floats, shoulders: Shoulders, share: float) -> Floats:
    """Cloth whose shoulders fall from the neck to the arm, by this share of half their width.

    MakeHuman's run level with arms down, which makes a pillow of every sleeve.
    """
    moved = points.copy()
    out = np.abs(points[:, 0]) / shoulders.half_cm
    moved[:, 1] -= share * shoulders.half_cm * smoothstep(out, *_SLOPE_SPAN)
    return moved


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


@dataclass(frozen=True, slots=True, eq=False)
class Sewn:
    """A sweater without folds, and what others are made by."""

    cloth: Piece
    line: NeckLine
    shoulders: Shoulders


def sweater(model: BodyModel, spec: PresenterSpec, eyes: Floats, neck: Flesh) -> Sewn:
    """The sweater on this body, its eyes brought to `eyes`."""
    body, garment = spec.body, spec.garment
    unposed = model.shaped(body)
    posed = model.posed(unposed, body)
    shift = eyes + np.asarray(body.offset_cm)
    surface = (posed[SURFACE] - model.eyes(posed)) * 10 * body.scale + shift
    panel, rest = _cut(model, surface, unposed[SURFACE] * 10, garment)
    fine = subdivided(panel.faces, len(panel.points), 1)
    points, neckline, line = _sewn(fine, panel, garment, neck)
    wide = subdivided(model.faces, SURFACE.stop, 1)
    flesh = wide.matrix @ surface
    clear = Flesh(flesh, vertex_normals(flesh, wide.quads)).cleared(points, 0.6 * garment.ease_cm)
    # Not at the neckline: MakeHuman's neck is thicker than the presenter's own.
    away, _ = cKDTree(points[neckline]).query(points)
    points = points + (clear - points) * smoothstep(away, 0.5, 5.0)[:, None]
    edges, border_edges = quad_edges(fine.quads)
    pinned = np.unique(border_edges)
    points = _smoothed(points, neighbour_mean(edges, len(points)), pinned, _SETTLED)
    smooth = subdivided(fine.quads.tolist(), len(points), 1)
    rest = smooth.matrix @ (fine.matrix @ rest)
    shoulders = Shoulders.of(surface)
    points = squared(smooth.matrix @ points, shoulders, garment.shoulder)
    points = sloped(points, shoulders, garment.slope)
    return Sewn(pressed(Piece(points, smooth.quads, rest)), line, shoulders)


def _sewn(
    fine: Subdivision, panel: _Panel, garment: Garment, neck: Flesh
) -> tuple[Floats, Indices, NeckLine]:
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
    line = NeckLine.through(neck.hugged(points[neckline], 0.55))
    points[neckline] = line.at(line.angles(points[neckline]))
    return _smoothed(points, mean, border, 8), neckline, line


@dataclass(frozen=True, slots=True, eq=False)
class _Panel:
    points: Floats
    faces: list[list[int]]


def _cut(
    model: BodyModel, surface: Floats, rest: Floats, garment: Garment
) -> tuple[_Panel, Floats]:
    """The faces below the neckline and above the hem; what stands over the cut lies on it."""
    over = surface[:, 1] - (garment.neck_cm - garment.neck_slope * surface[:, 2])
    low = surface[:, 1] > _HEM_CM
    kept = [face for face in model.faces if (over[face] < 0).any() and low[face].all()]
    used, flat = np.unique(np.concatenate([np.asarray(face) for face in kept]), return_inverse=True)
    sizes = np.cumsum([len(face) for face in kept])[:-1]
    faces = [part.tolist() for part in np.split(flat.ravel(), sizes)]
    points = surface[used].copy()
    points[:, 1] -= np.clip(over[used], 0, None)
    return _Panel(points, faces), rest[used]


def _smoothed(points: Floats, mean: object, pinned: Indices, rounds: int) -> Floats:
    for _ in range(rounds):
        moved = mean @ points
        moved[pinned] = points[pinned]
        points = 0.5 * points + 0.5 * moved
    return points


@dataclass(frozen=True, slots=True, eq=False)
class NeckLine:
    """A smooth left-right symmetric loop: radius and height as cosine series of the angle."""

    centre: Floats
    radius: Floats
    height: Floats

    @classmethod
    def through(cls, points: Floats) -> NeckLine:
        """Fitted to points near it."""
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
        """Of points, from the front (radians)."""
        return np.arctan2(points[:, 0] - self.centre[0], points[:, 2] - self.centre[2])

    def at(self, angles: Floats) -> Floats:
        """Points of the loop."""
        terms = self._terms(angles)
        radius = terms @ self.radius
        x = self.centre[0] + radius * np.sin(angles)
        return np.stack([x, terms @ self.height, self.centre[2] + radius * np.cos(angles)], 1)
