"""The head: ICT-FaceKit's identities, expressions, and where on it things are.

Centimetres, y up, the face looks along +z.  Ranges and landmark indices are those of
ICT-FaceKit's template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from scipy.interpolate import PchipInterpolator
from scipy.sparse import csgraph
from tools.bake.surface import Faces, Floats, Indices, ridge, smoothstep

SKIN = slice(0, 14062)
SKIN_FACES = slice(0, 14034)
MOUTH_SOCK_FACES = (11144, 13226)
"""Inside of the cheeks: part of the skin mesh, but wet."""
GUMS, GUM_FACES = slice(14062, 17039), slice(14034, 17006)
TEETH, TEETH_FACES = slice(17039, 21451), slice(17006, 21496)
EYES = (slice(21451, 22221), slice(23021, 23791))
TEARS, TEAR_FACES = slice(24591, 24999), slice(24692, 25018)
LASHES, LASH_FACES = slice(25351, 26719), slice(25304, 26384)

# The 68 points of the usual face annotation, as template vertices.
LANDMARKS: tuple[int, ...] = (
    1225, 1888, 1052, 367, 1719, 1722, 2199, 1447, 966, 3661, 4390, 3927, 3924, 2608, 3272, 4088,
    3443, 268, 493, 1914, 2044, 1401, 3615, 4240, 4114, 2734, 2509, 978, 4527, 4942, 4857, 1140,
    2075, 1147, 4269, 3360, 1507, 1542, 1537, 1528, 1518, 1511, 3742, 3751, 3756, 3721, 3725, 3732,
    5708, 5695, 2081, 0, 4275, 6200, 6213, 6346, 6461, 5518, 5957, 5841, 5702, 5711, 5533, 6216,
    6207, 6470, 5517, 5966,
)  # fmt: skip
BRIDGE, CHIN = 27, 8
BROWS = (slice(17, 22), slice(22, 27))
LIP_OUTLINE, LIP_OPENING = slice(48, 60), slice(60, 68)

# Elevation (degrees above the middle of the skull) of the hairline at each azimuth from the front.
_AZIMUTHS = [0, 20, 38, 52, 64, 74, 86, 104, 122, 145, 180]
_HAIRLINES = {
    "rounded": [36.5, 36, 33.5, 27, 12, 0, 16, 17, -12, -30, -36],
    "low": [32.5, 32, 30, 23, 7, -5, 3, 14, -10, -24, -29],
    "receding": [44, 47.5, 50.5, 44, 18, -6, 2, 14, -10, -24, -29],
    "drawn": [34, 35, 34, 29, 17, 3, 1, 14, -10, -24, -29],
    "square": [38, 38.5, 39.5, 35, 15, -6, 2, 14, -10, -24, -29],
}


@dataclass(frozen=True, slots=True, eq=False)
class HeadModel:
    """ICT-FaceKit as arrays."""

    neutral: Floats
    identities: Floats
    """``(modes, vertices, 3)`` offsets; one standard deviation each."""
    expressions: Mapping[str, Floats]
    faces: tuple[tuple[int, ...], ...]
    texture_faces: Indices
    texture_points: Floats

    @property
    def landmarks(self) -> Floats:
        """Of the neutral template."""
        return self.neutral[list(LANDMARKS)]

    def identity(self, weights: Sequence[float]) -> Floats:
        """The head with the first modes at these weights."""
        return self.neutral + np.tensordot(weights, self.identities[: len(weights)], 1)

    def lip_path(self, *, upper: bool) -> Indices:
        """Vertices along the inner edge of one lip, from corner to corner."""
        stops = [LANDMARKS[i] for i in ((60, 61, 62, 63, 64) if upper else (60, 67, 66, 65, 64))]
        graph = _edge_graph(self.faces[:9230], self.neutral)
        return np.array([stops[0], *_path(graph, stops)])

    def expressed(self, head: Floats, shapes: Mapping[str, float]) -> Floats:
        """`head` with blend shapes added; a name without side moves both sides."""
        moved = head.copy()
        for name, weight in shapes.items():
            for side in [name] if name in self.expressions else [f"{name}_L", f"{name}_R"]:
                moved += weight * self.expressions[side]
        return moved


def read_head(path: Path) -> HeadModel:
    """Load the packed model (see README.md for how it is packed)."""
    with np.load(path) as packed:
        return HeadModel(
            neutral=packed["N"].astype(float),
            identities=packed["ids"],
            expressions=dict(zip(packed["names"].tolist(), packed["ex"], strict=True)),
            faces=tuple(tuple(int(i) for i in face if i >= 0) for face in packed["F"]),
            texture_faces=packed["FT"],
            texture_points=packed["VT"],
        )


def local_faces(model: HeadModel, faces: slice, vertices: slice) -> Faces:
    """The faces of one part, counted from its own first vertex."""
    return [[i - vertices.start for i in face] for face in model.faces[faces]]


def regions(model: HeadModel) -> dict[str, Floats]:
    """Soft masks over the skin vertices: where lips, cheeks, lids ... are on the template."""
    skin = model.neutral[SKIN]
    masks = {"lips": _lips(model), "nose": _blob(skin, (0, 0.3, 12.6), (1.7, 1.3, 2.5))}
    masks["cheek"] = _pair(skin, (5.0, 0.6, 8), (2.4, 1.9, 4))
    masks["chin"] = _blob(skin, (0, -6.2, 10.5), (1.6, 1.3, 3))
    masks["under"] = _pair(skin, (3.1, 2.35, 9.2), (1.5, 0.55, 2))
    masks["lid"] = _pair(skin, (3.2, 4.35, 9.2), (1.7, 0.6, 2))
    masks["shine"] = _blob(skin, (0, 7.5, 10), (3.2, 2.4, 4)) + _blob(
        skin, (0, 2.5, 12), (1.0, 2.5, 3)
    )
    x, y, z = np.abs(skin[:, 0]), skin[:, 1], skin[:, 2]
    masks["ear"] = smoothstep(x, 7.5, 8.6) * (y > -3.5) * (y < 6.5) * (z < 4.5)
    masks["lidrim"], masks["liner"] = _lid_rims(skin)
    masks["beard"] = _beard(skin) * (1 - masks["lips"])
    return {name: np.clip(mask, 0, 1) for name, mask in masks.items()}


def scalp(model: HeadModel, hairline: str, ear: Floats) -> Floats:
    """Where hair grows: 1 inside the hairline, falling to 0 over a few irregular degrees."""
    from_centre = model.neutral[SKIN] - np.array([0, 4.5, 0.5])
    azimuth = np.degrees(np.arctan2(np.abs(from_centre[:, 0]), from_centre[:, 2]))
    flat = np.hypot(from_centre[:, 0], from_centre[:, 2])
    elevation = np.degrees(np.arctan2(from_centre[:, 1], flat))
    side = np.sign(from_centre[:, 0])
    wobble = 1.1 * np.sin(azimuth * 0.23 + side) + 0.8 * np.sin(azimuth * 0.51 + 2 * side)
    line = PchipInterpolator(_AZIMUTHS, _HAIRLINES[hairline])(np.clip(azimuth, 0, 180))
    inside = smoothstep(elevation + wobble + 0.5 * np.sin(azimuth * 1.13) - line, -3.0, 4.0)
    return inside * (1 - ear)


# The folds that age brings, on one half of the face: curve, width and height in centimetres.
_AGE_FOLDS = (
    (((1.75, 0.6), (2.9, -0.9), (3.45, -3.4)), 0.42, 0.13),
    (((1.5, 2.35), (3.1, 1.55), (4.9, 2.5)), 0.34, 0.07),
    (((3.1, -4.2), (3.3, -5.2), (3.2, -6.4)), 0.40, 0.07),
)

# What sinks and swells, on one half: centre, size and shift in centimetres.
_AGE_FORMS = (
    ((5.2, -5.2, 7.0), (1.7, 1.5, 3.0), (0.30, -0.38, 0.10)),
    ((3.3, -6.4, 8.5), (1.2, 1.0, 2.5), (0.10, -0.22, 0.08)),
    ((5.6, -1.8, 7.0), (1.5, 1.5, 3.0), (-0.22, 0.0, -0.22)),
    ((6.3, 5.4, 5.5), (1.3, 1.5, 2.5), (-0.22, 0.0, -0.10)),
    ((3.1, 2.05, 9.3), (1.15, 0.38, 1.5), (0.0, 0.0, 0.10)),
    ((4.2, 4.75, 8.5), (1.1, 0.5, 1.5), (0.0, -0.16, 0.06)),
    ((4.3, 5.6, 8.5), (1.6, 0.9, 2.0), (0.0, -0.12, 0.0)),
    ((0.0, 0.2, 12.8), (1.2, 1.0, 1.5), (0.0, -0.10, 0.0)),
    ((0.8, -8.6, 7.0), (2.4, 1.2, 3.5), (0.0, -0.22, 0.05)),
    ((0.0, -2.75, 11.0), (2.6, 0.40, 2.0), (0.0, -0.035, -0.06)),
    ((0.0, -4.00, 11.0), (2.6, 0.42, 2.0), (0.0, 0.045, -0.06)),
)
"""Jowls, the chin's sides, hollow cheeks and temples, bags, heavy lids, falling brows, nose tip,
under the chin, thinner lips."""


def aged(model: HeadModel, head: Floats, amount: float) -> Floats:
    """`head` with folds beside nose and mouth and under the eyes; `amount` 1 is about sixty."""
    if not amount:
        return head
    flat = np.abs(model.neutral[:, :2] * [1, 0]) + model.neutral[:, :2] * [0, 1]
    height = np.zeros(len(head))
    front = np.arange(len(head)) < SKIN.stop
    front &= model.neutral[:, 2] > 5
    for curve, width, rise in _AGE_FOLDS:
        height[front] += rise * ridge(flat[front], np.array(curve), width)
    moved = head + (amount * height)[:, None] * np.array([0.25, 0, 1]) * np.sign(
        np.c_[model.neutral[:, :1], np.ones((len(head), 2))]
    )
    for centre, size, push in _AGE_FORMS:
        for side in (1.0, -1.0):
            flip = np.array([side, 1.0, 1.0])
            near = _blob(model.neutral[SKIN], np.array(centre) * flip, size)
            moved[SKIN] += amount * near[:, None] * np.array(push) * flip
    return moved


def _blob(points: Floats, centre: Sequence[float], size: Sequence[float]) -> Floats:
    return np.exp(-(((points - np.asarray(centre)) / np.asarray(size)) ** 2).sum(1))


def _pair(points: Floats, centre: Sequence[float], size: Sequence[float]) -> Floats:
    mirrored = (-centre[0], *centre[1:])
    return _blob(points, centre, size) + _blob(points, mirrored, size)


def _lid_rims(skin: Floats) -> tuple[Floats, Floats]:
    rim = np.zeros(len(skin))
    liner = np.zeros(len(skin))
    for side in (1, -1):
        from_eye = skin - np.array([3.116 * side, 3.6, 7.98])
        away = np.linalg.norm(from_eye, axis=1)
        front = skin[:, 2] > 8
        rim += np.exp(-(((away - 1.63) / 0.06) ** 2)) * front
        upper = np.where(from_eye[:, 1] > -0.1, 1, 0.35)
        liner += (
            np.exp(-(((away - 1.73) / 0.06) ** 2)) * front * (np.abs(from_eye[:, 0]) < 1.9) * upper
        )
    return rim, liner


def _beard(skin: Floats) -> Floats:
    x, y, z = np.abs(skin[:, 0]), skin[:, 1], skin[:, 2]
    jaw = smoothstep(y, -0.2, -2.2) * smoothstep(z, 3.0, 5.5) * smoothstep(y, -9.5, -7.5)
    sideburn = smoothstep(y, 4, 0) * smoothstep(z, 7.5, 5) * smoothstep(z, 3, 4.2)
    sideburn = sideburn * smoothstep(x, 5.5, 6.6) * smoothstep(y, -9, -7.5)
    under_lip = _blob(skin, (0, -4.9, 11), (2.2, 0.25, 3))
    return np.maximum(jaw, sideburn) * (1 - 0.7 * under_lip)


def _lips(model: HeadModel) -> Floats:
    graph = _edge_graph(model.faces[:9230], model.neutral)
    outline = _closed_path(graph, list(LANDMARKS[LIP_OUTLINE]))
    inside: set[int] = set()
    waiting = list(LANDMARKS[LIP_OPENING])
    while waiting:
        vertex = waiting.pop()
        if vertex not in inside and vertex not in outline:
            inside.add(vertex)
            waiting += graph.indices[graph.indptr[vertex] : graph.indptr[vertex + 1]].tolist()
    mask = np.zeros(SKIN.stop)
    mask[list(inside)] = 1
    mask[list(outline)] = 0.55
    return mask


def _closed_path(graph: sp.csr_matrix, stops: list[int]) -> set[int]:
    return set(_path(graph, [*stops, stops[0]]))


def _path(graph: sp.csr_matrix, stops: list[int]) -> list[int]:
    """Shortest way over the edges from stop to stop, without the first."""
    path: list[int] = []
    for start, end in pairwise(stops):
        _, before = csgraph.dijkstra(graph, indices=start, return_predecessors=True)
        leg = [end]
        while before[leg[-1]] != start:
            leg.append(int(before[leg[-1]]))
        path += leg[::-1]
    return path


def _edge_graph(faces: Faces, positions: Floats) -> sp.csr_matrix:
    pairs = np.array([(face[i - 1], face[i]) for face in faces for i in range(len(face))])
    lengths = np.linalg.norm(positions[pairs[:, 0]] - positions[pairs[:, 1]], axis=1)
    shape = (len(positions), len(positions))
    graph = sp.csr_matrix((lengths, (pairs[:, 0], pairs[:, 1])), shape)
    return graph.maximum(graph.T).tocsr()
