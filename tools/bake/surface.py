"""Polygon surfaces as arrays: subdivision, normals, smoothing, and points that ride on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Faces = Sequence[Sequence[int]]

_ALONG = np.linspace(0, 1, 28)
"""Of a ridge's curve."""


def smoothstep(value: Floats | float, low: Floats | float, high: Floats | float) -> Floats:
    """0 at `low`, 1 at `high`, flat at both ends; `low` may be the larger."""
    t = np.clip((np.asarray(value) - low) / (np.asarray(high) - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def unit(vectors: Floats) -> Floats:
    """The vectors at length one (zero stays zero)."""
    return vectors / (np.linalg.norm(vectors, axis=-1, keepdims=True) + 1e-12)


@dataclass(frozen=True, slots=True)
class Subdivision:
    """A subdivided surface as a matrix, so that it follows every pose of its cage exactly."""

    matrix: sp.csr_matrix
    """``(fine vertices, cage vertices)``; rows sum to 1."""
    quads: Indices
    """``(Q, 4)`` fine vertex indices."""
    source: Indices
    """Cage face of every quad."""


def subdivided(faces: Faces, vertex_count: int, levels: int) -> Subdivision:
    """Catmull-Clark (1978) with sharp borders, `levels` times."""
    matrix = sp.identity(vertex_count, format="csr")
    source = np.arange(len(faces))
    for _ in range(levels):
        step, quads, parents = _catmull_clark(faces, matrix.shape[0])
        matrix, source, faces = (step @ matrix).tocsr(), source[parents], quads.tolist()
    return Subdivision(matrix, np.asarray(faces, dtype=np.int64), source)


def _catmull_clark(faces: Faces, count: int) -> tuple[sp.csr_matrix, Indices, Indices]:
    sizes = np.array([len(face) for face in faces])
    corner_face = np.repeat(np.arange(len(faces)), sizes)
    corners = np.concatenate([np.asarray(face) for face in faces])
    following = np.concatenate([np.roll(face, -1) for face in faces])
    pairs = np.sort(np.stack([corners, following], 1), axis=1)
    edges, edge_of, uses = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    edge_of = edge_of.ravel()
    face_points = sp.csr_matrix(
        (1 / sizes[corner_face], (corner_face, corners)), (len(faces), count)
    )
    edge_points = _edge_points(edges, edge_of, uses, corner_face, face_points)
    vertex_points = _vertex_points(corners, corner_face, edges, uses, face_points)
    matrix = sp.vstack([vertex_points, edge_points, face_points]).tocsr()
    starts = np.r_[0, np.cumsum(sizes)[:-1]]
    previous = np.arange(len(corners)) - 1
    previous[starts] = starts + sizes - 1
    first_face = count + len(edges)
    quads = np.stack(
        [corners, count + edge_of, first_face + corner_face, count + edge_of[previous]], 1
    )
    return matrix, quads, corner_face


def _edge_points(
    edges: Indices,
    edge_of: Indices,
    uses: Indices,
    corner_face: Indices,
    face_points: sp.csr_matrix,
) -> sp.csr_matrix:
    shape = (len(edges), face_points.shape[1])
    middle = sp.csr_matrix(
        (np.full(edges.size, 0.5), (np.repeat(np.arange(len(edges)), 2), edges.ravel())), shape
    )
    beside = sp.csr_matrix(
        (np.ones(len(edge_of)), (edge_of, corner_face)), (len(edges), face_points.shape[0])
    )
    border = uses != 2
    own = sp.diags(np.where(border, 1, 0.5))
    return own @ middle + sp.diags(np.where(border, 0, 0.25)) @ beside @ face_points


def _vertex_points(
    corners: Indices,
    corner_face: Indices,
    edges: Indices,
    uses: Indices,
    face_points: sp.csr_matrix,
) -> sp.csr_matrix:
    count = face_points.shape[1]
    valence = np.maximum(np.bincount(edges.ravel(), minlength=count), 1)
    face_uses = np.maximum(np.bincount(corners, minlength=count), 1)
    border_edges = edges[uses != 2]
    border = np.zeros(count, dtype=bool)
    border[border_edges.ravel()] = True
    around = sp.csr_matrix(
        (1 / face_uses[corners], (corners, corner_face)), (count, face_points.shape[0])
    )
    rows = edges.ravel()
    others = edges[:, ::-1].ravel()
    half = 0.5 / valence[rows]
    middles = sp.csr_matrix((half, (rows, rows)), (count, count)) + sp.csr_matrix(
        (half, (rows, others)), (count, count)
    )
    inner = (
        sp.diags(1 / valence) @ (around @ face_points)
        + sp.diags(2 / valence) @ middles
        + sp.diags((valence - 3) / valence)
    )
    along = _symmetric(border_edges, count)
    neighbours = np.asarray(along.sum(1)).ravel()
    keep = sp.diags(np.where(neighbours > 0, 0.75, 1))
    pull = sp.diags(np.where(neighbours > 0, 0.25 / np.maximum(neighbours, 1), 0))
    outer = keep + pull @ along
    return sp.diags((~border).astype(float)) @ inner + sp.diags(border.astype(float)) @ outer


def _symmetric(edges: Indices, count: int) -> sp.csr_matrix:
    half = sp.csr_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), (count, count))
    return (half + half.T).tocsr()


def grid_quads(rows: int, columns: int) -> Indices:
    """The quads of a grid of points, row after row."""
    corner = np.arange(rows * columns).reshape(rows, columns)
    around = [corner[:-1, :-1], corner[1:, :-1], corner[1:, 1:], corner[:-1, 1:]]
    return np.stack([each.ravel() for each in around], 1)


def quad_edges(quads: Indices) -> tuple[Indices, Indices]:
    """The edges of `quads`, and those used once: the border."""
    pairs = np.concatenate([quads[:, [i, (i + 1) % 4]] for i in range(4)])
    edges, uses = np.unique(np.sort(pairs, axis=1), axis=0, return_counts=True)
    return edges, edges[uses == 1]


def neighbour_mean(edges: Indices, count: int) -> sp.csr_matrix:
    """Row-normalised adjacency: each vertex becomes the mean of its neighbours."""
    along = _symmetric(edges, count)
    return sp.diags(1 / np.maximum(np.asarray(along.sum(1)).ravel(), 1)) @ along


def vertex_normals(positions: Floats, quads: Indices) -> Floats:
    """Area-weighted unit normals."""
    across = np.cross(
        positions[quads[:, 2]] - positions[quads[:, 0]],
        positions[quads[:, 3]] - positions[quads[:, 1]],
    )
    total = np.zeros_like(positions)
    for corner in range(4):
        np.add.at(total, quads[:, corner], across)
    return unit(total)


def thick(sheet: Floats, half_cm: float) -> Floats:
    """A sheet around a body, folded at its lower edge: ``(along, 2 down, 3)``, outside first."""
    across = np.cross(np.gradient(sheet, axis=0), np.gradient(sheet, axis=1))
    facing = np.sign((across * sheet * [1, 0, 1]).sum())
    outward = unit(across) * facing * half_cm
    return np.concatenate([sheet + outward, (sheet - outward)[:, ::-1]], 1)


@dataclass(frozen=True, slots=True)
class Roots:
    """Points that ride on a surface."""

    triangles: Indices
    weights: Floats
    """Barycentric."""

    def on(self, values: Floats) -> Floats:
        """Any per-vertex value at the points."""
        return np.asarray((values[self.triangles] * self.weights[:, :, None]).sum(1))

    def normals(self, positions: Floats) -> Floats:
        """Of the triangles the points lie in."""
        a, b, c = (positions[self.triangles[:, corner]] for corner in range(3))
        return unit(np.cross(b - a, c - a))


def scattered(
    positions: Floats, quads: Indices, density: Floats, count: int, rng: np.random.Generator
) -> Roots:
    """`count` random points, as dense as the per-vertex `density` says."""
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    a, b, c = (positions[triangles[:, corner]] for corner in range(3))
    mass = np.linalg.norm(np.cross(b - a, c - a), axis=1) * density[triangles].mean(1)
    chosen = rng.choice(len(triangles), count, p=mass / mass.sum())
    u, v = rng.random((2, count))
    flip = u + v > 1
    u, v = np.where(flip, 1 - u, u), np.where(flip, 1 - v, v)
    return Roots(triangles[chosen], np.stack([1 - u - v, u, v], 1))


def ridge(flat: Floats, knots: Floats, width_cm: float) -> Floats:
    """Height over a quadratic curve: a crest, a valley on one side, fading at both ends."""
    t = _ALONG[:, None]
    curve = (1 - t) ** 2 * knots[0] + 2 * t * (1 - t) * knots[1] + t**2 * knots[2]
    reach = 4 * width_cm
    low, high = curve.min(0) - reach, curve.max(0) + reach
    near = np.flatnonzero(((flat > low) & (flat < high)).all(1))
    height = np.zeros(len(flat))
    if not len(near):
        return height
    offset = flat[near, None] - curve[None]
    squared = (offset**2).sum(2)
    nearest = squared.argmin(1)
    rows = np.arange(len(near))
    tangent = np.gradient(curve, axis=0)[nearest]
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    beside = offset[rows, nearest]
    sign = np.sign(tangent[:, 0] * beside[:, 1] - tangent[:, 1] * beside[:, 0])
    u = sign * np.sqrt(squared[rows, nearest]) / width_cm
    fade = np.sin(np.pi * np.clip(_ALONG[nearest], 0.02, 0.98)) ** 0.7
    height[near] = fade * (np.exp(-(u**2)) - 0.55 * np.exp(-((u + 1.35) ** 2) / 0.8))
    return height
