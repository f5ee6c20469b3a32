"""The short hairs of the face: lashes, brows, down and stubble, all riding on the skin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.sparse import coo_matrix, csgraph
from scipy.spatial import cKDTree
from tools.bake.head import BROWS, EYES, LASH_FACES, LASHES, HeadModel
from tools.bake.spec import Brows
from tools.bake.surface import Floats, Indices, Roots, scattered, unit

_LASH_POINTS = 7
_UPPER_LENGTH = 0.7
"""Longer lashes are those of the upper lid."""


@dataclass(frozen=True, slots=True, eq=False)
class Fur:
    """Strands fixed to skin roots: offsets from the root that do not change with the pose."""

    roots: Roots
    offsets: Floats
    """``(count, points, 3)``"""

    def on(self, skin: Floats) -> Floats:
        """The strands on this skin."""
        return self.roots.on(skin)[:, None] + self.offsets


@dataclass(frozen=True, slots=True, eq=False)
class Lashes:
    """Curves through the rows of the template's lash cards."""

    corners: Indices
    """``(count, 3 rows, 4)``: root and tip column pairs."""
    shares: Floats
    """``(count, 3)``: place between the root columns, between the tip columns, length."""
    curl_cm: Floats
    """How far each tip is bent up."""

    def on(self, head: Floats) -> Floats:
        """The lashes of this head, quadratic curves from lid to tip."""
        root_share, tip_share, length = (self.shares[:, i][:, None] for i in range(3))
        c = self.corners
        root = head[c[:, 0, 0]] * (1 - root_share) + head[c[:, 0, 1]] * root_share
        middle = 0.5 * (
            head[c[:, 1, 0]] * (1 - root_share)
            + head[c[:, 1, 1]] * root_share
            + head[c[:, 1, 2]] * (1 - tip_share)
            + head[c[:, 1, 3]] * tip_share
        )
        tip = head[c[:, 2, 0]] * (1 - tip_share) + head[c[:, 2, 1]] * tip_share
        middle, tip = root + (middle - root) * length, root + (tip - root) * length
        tip = tip + np.array([0, 1, -0.15]) * self.curl_cm[:, None]
        t = np.linspace(0, 1, _LASH_POINTS)[None, :, None]
        return (
            (1 - t) * (1 - 2 * t) * root[:, None]
            + 4 * t * (1 - t) * middle[:, None]
            + t * (2 * t - 1) * tip[:, None]
        )


def lashes(model: HeadModel, density: float, rng: np.random.Generator) -> Lashes:
    """Lashes for both lids of both eyes."""
    corners: list[list[list[int]]] = []
    shares: list[tuple[float, float, float]] = []
    for grid in _lash_grids(model):
        points = model.neutral[grid]
        eye = model.neutral[EYES[0] if points[..., 0].mean() > 0 else EYES[1]].mean(0)
        upper = points[0, :, 1].mean() > eye[1]
        columns = grid.shape[1]
        for along in np.sort(rng.random(int((62 if upper else 17) * density))):
            root = along * (columns - 1) * 0.999
            tip = float(np.clip(root + rng.normal(0, 0.9), 0, columns - 1.001))
            i, j = int(root), int(tip)
            # Lower lashes are about half as long, and real lashes differ by a fifth.
            length = rng.uniform(0.75, 1.15) * (1.1 if upper else 0.52)
            first, second, last = grid[0], grid[1], grid[-1]
            corners.append(
                [
                    [first[i], first[i + 1], 0, 0],
                    [second[i], second[i + 1], second[j], second[j + 1]],
                    [last[j], last[j + 1], 0, 0],
                ]
            )
            shares.append((root - i, tip - j, length))
    grown = np.array(shares)
    # The template's upper cards hang a little; lashes curl up.
    return Lashes(np.array(corners), grown, np.where(grown[:, 2] > _UPPER_LENGTH, 0.42, -0.02))


def lash_radii(strand: float) -> Floats:
    """Thick at the lid, a point at the tip."""
    return np.linspace(1, 0.15, _LASH_POINTS) * 0.0065 * strand


def _lash_grids(model: HeadModel) -> list[Indices]:
    """The lash cards as grids of vertices, first row on the lid."""
    faces = np.array(model.faces[LASH_FACES])
    edges = np.concatenate([faces[:, [i, (i + 1) % 4]] for i in range(4)])
    size = len(model.neutral)
    graph = coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), (size, size))
    _, label = csgraph.connected_components(graph, directed=False)
    texture = np.zeros((size, 2))
    texture[faces.ravel()] = model.texture_points[model.texture_faces[LASH_FACES].ravel()][:, :2]
    cards = []
    for card in np.unique(label[LASHES]):
        vertices = np.flatnonzero(label == card)
        grid = _card_grid(vertices, texture[vertices])
        points = model.neutral[grid]
        eye = model.neutral[EYES[0] if points[..., 0].mean() > 0 else EYES[1]].mean(0)
        first, last = (np.linalg.norm(points[row] - eye, axis=1).mean() for row in (0, -1))
        cards.append(grid[::-1] if first > last else grid)
    return cards


def _card_grid(vertices: Indices, texture: Floats) -> Indices:
    """Rows and columns by texture coordinate; cards differ in how exactly theirs line up."""
    for decimals in (3, 2):
        rows = np.unique(texture[:, 1].round(decimals))
        columns = np.unique(texture[:, 0].round(decimals))
        if len(rows) * len(columns) == len(vertices):
            grid = np.empty((len(rows), len(columns)), dtype=np.int64)
            row = np.abs(rows[:, None] - texture[None, :, 1]).argmin(0)
            column = np.abs(columns[:, None] - texture[None, :, 0]).argmin(0)
            grid[row, column] = vertices
            return grid
    raise ValueError(f"a lash card of {len(vertices)} vertices is no grid.")


def brow_mask(model: HeadModel, rest: Floats, spec: Brows) -> Floats:
    """Where the brows grow: a band along the brow landmarks, thin toward the temple."""
    mask = np.zeros(len(rest))
    for points in _brow_lines(model, spec):
        curve = CubicSpline(np.linspace(0, 1, 5), points)
        along = np.linspace(-0.06, 1.0, 80)
        away, nearest = cKDTree(curve(along)).query(rest)
        u = along[nearest]
        width = np.interp(u, [-0.06, 0.05, 0.3, 0.65, 1.0], [0.30, 0.42, 0.44, 0.34, 0.10])
        band = np.clip(1.15 - away / (width * spec.thickness), 0, 1)
        band *= np.interp(u, [-0.06, 0.06, 0.3, 1.0], [0.25, 0.8, 1, 1])
        mask = np.maximum(mask, band)
    return mask


def _brow_lines(model: HeadModel, spec: Brows) -> list[Floats]:
    """From the nose outward."""
    lines = []
    for points in (model.landmarks[BROWS[0]][::-1], model.landmarks[BROWS[1]]):
        raised = points.copy()
        raised[:, 1] += spec.raise_cm + spec.tilt_cm * (np.abs(points[:, 0]) - 3.2) / 2
        lines.append(raised)
    return lines


def brows(
    skin: tuple[Floats, Indices, Floats],
    model: HeadModel,
    mask: Floats,
    spec: Brows,
    rng: np.random.Generator,
) -> Fur:
    """Brow hairs: upright at the nose, fanning outward and down to the temple.

    `skin` is the posed surface, its quads and the same surface at rest.
    """
    positions, quads, rest = skin
    roots = scattered(positions, quads, np.where(mask > 0.05, mask, 0), spec.count, rng)
    at, normal = roots.on(rest), roots.normals(positions)
    side = np.sign(at[:, 0])
    u = np.clip((np.abs(at[:, 0]) - 1.0) / 4.8, 0, 1)
    line = _brow_lines(model, spec)[1]
    middle = np.interp(np.abs(at[:, 0]), line[:, 0], line[:, 1])
    off = np.clip((at[:, 1] - middle) / 0.35, -1, 1)
    fan = np.interp(u, [0, 0.12, 0.35, 0.7, 1], [62, 46, 22, -4, -24])
    angle = np.radians(fan - 22 * off * np.clip(u * 4, 0, 1)) + rng.normal(0, 0.13, len(u))
    lie = np.stack([np.cos(angle) * side, np.sin(angle), 0 * angle], 1)
    lie = _tangent(lie, normal)
    length = np.interp(u, [0, 0.2, 0.6, 1], [0.45, 0.7, 0.72, 0.5]) * rng.uniform(0.7, 1.2, len(u))
    t = np.linspace(0, 1, 7)[None, :, None]
    lift = normal[:, None] * (0.042 * np.sin(t * np.pi * 0.6) - 0.02 * t)
    shape = lie[:, None] * t + lift + np.array([0, -0.10, 0]) * t**2
    return Fur(roots, shape * length[:, None, None] + normal[:, None] * 0.005)


def down(
    positions: Floats, quads: Indices, density: Floats, count: int, rng: np.random.Generator
) -> Fur:
    """Vellus hair: nearly invisible, but it is what softens the outline of a cheek."""
    return _lying(scattered(positions, quads, density, count, rng), positions, 0.19, 0.35, rng)


def stubble(
    positions: Floats, quads: Indices, density: Floats, length_cm: float, rng: np.random.Generator
) -> Fur:
    """Beard hair."""
    roots = scattered(positions, quads, np.where(density < 0.08, 0, density), 14000, rng)
    return _lying(roots, positions, length_cm, 0.5, rng)


def _lying(
    roots: Roots, positions: Floats, length_cm: float, rise: float, rng: np.random.Generator
) -> Fur:
    normal = roots.normals(positions)
    lie = _tangent(np.array([0, -1.0, -0.1]) + rng.normal(0, 0.27, normal.shape), normal)
    t = np.linspace(0, 1, 4)[None, :, None]
    length = length_cm * rng.uniform(0.6, 1.2, len(normal))[:, None, None]
    return Fur(roots, (lie[:, None] * t * 0.85 + normal[:, None] * t * rise) * length)


def _tangent(direction: Floats, normal: Floats) -> Floats:
    return unit(direction - (direction * normal).sum(1, keepdims=True) * normal)
