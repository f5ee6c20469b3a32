"""The fine lines of an older face, as a map of height around the head; and its age spots.

Curves are drawn on the front of the template (centimetres across and up), where they run across
the pull of the muscles below: that is where skin creases.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, gaussian_filter1d, median_filter
from scipy.spatial import cKDTree
from tools.bake.head import SKIN, HeadModel
from tools.bake.surface import Floats, smoothstep

SPAN_DEG = 110.0
"""The map reaches this far to both sides of the front."""
LOW_CM, HIGH_CM = -15.0, 12.0
_PX_CM = 60.0
_RADIUS_CM = 10.0
"""Of the head, near enough to say how wide a degree is."""
_FLAT_Z_CM = 1.0
"""Behind this there is no front to draw on."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A quadratic curve; its width (standard deviation, cm) and depth (0..1, negative: a band)."""

    knots: tuple[Point, Point, Point]
    width: float
    depth: float


# One half of the face; the other half gets its own jitter.
_LINES = (
    # Between the brows, beside the nose's root.
    Line(((0.50, 4.3), (0.62, 5.1), (0.48, 6.1)), 0.060, 0.55),
    Line(((0.95, 4.7), (1.00, 5.3), (0.90, 5.9)), 0.050, 0.25),
    # Bags and the fine lines over them.
    Line(((1.60, 2.35), (3.00, 1.20), (4.80, 2.25)), 0.110, 0.55),
    Line(((1.75, 2.60), (3.10, 1.62), (4.60, 2.55)), 0.040, 0.28),
    Line(((2.10, 2.55), (3.20, 1.90), (4.40, 2.72)), 0.035, 0.24),
    Line(((2.60, 2.40), (3.60, 2.10), (4.70, 2.90)), 0.035, 0.22),
    Line(((1.70, 2.00), (2.50, 0.90), (3.90, 0.40)), 0.150, 0.26),
    # Nose to mouth, mouth to chin.
    Line(((1.75, 0.30), (2.70, -0.95), (3.20, -3.10)), 0.100, 0.75),
    Line(((2.20, -0.60), (3.05, -1.50), (3.50, -3.20)), 0.070, 0.16),
    Line(((2.95, -3.75), (3.25, -4.80), (3.00, -6.20)), 0.120, 0.36),
    Line(((3.30, -3.70), (3.70, -4.70), (3.50, -5.90)), 0.080, 0.14),
    # Cheeks, when a face has smiled for decades.
    Line(((4.10, -0.40), (4.75, -1.90), (4.45, -3.90)), 0.085, 0.15),
    Line(((4.90, 0.20), (5.50, -1.60), (5.15, -3.90)), 0.080, 0.13),
    Line(((5.50, 0.80), (6.10, -0.80), (5.80, -2.60)), 0.075, 0.12),
    # Under the lower lip; over the upper one.
    Line(((-0.50, -5.20), (0.90, -5.15), (1.70, -4.85)), 0.110, 0.40),
    Line(((0.25, -2.20), (0.28, -1.80), (0.34, -1.40)), 0.032, 0.22),
    Line(((0.62, -2.18), (0.70, -1.75), (0.82, -1.25)), 0.034, 0.34),
    Line(((1.02, -2.30), (1.14, -1.85), (1.32, -1.40)), 0.034, 0.36),
    Line(((1.42, -2.50), (1.58, -2.05), (1.80, -1.60)), 0.034, 0.34),
    Line(((1.80, -2.75), (2.00, -2.35), (2.25, -2.00)), 0.032, 0.28),
    Line(((0.55, -4.60), (0.58, -4.85), (0.64, -5.10)), 0.032, 0.20),
    Line(((1.15, -4.45), (1.25, -4.75), (1.35, -5.05)), 0.032, 0.24),
    # The neck: rings, and the bands of its muscle.
    Line(((-1.50, -9.40), (2.40, -9.20), (5.00, -8.20)), 0.110, 0.60),
    Line(((-1.50, -11.2), (2.60, -11.0), (5.40, -10.2)), 0.110, 0.60),
    Line(((1.10, -8.20), (1.20, -10.5), (1.00, -13.0)), 0.220, -0.60),
)
_FOREHEAD_CM = (6.55, 7.30, 8.10, 8.95)
_CANTHUS = (4.85, 3.40)
_CROW_DEG = (58.0, 34.0, 14.0, -6.0, -26.0, -46.0)
_SPOTS = 46


def relief(model: HeadModel, rng: np.random.Generator) -> Floats:
    """Height around the head, ``(rows from below, columns)``; 1 is as deep as a line gets."""
    face = _Face.of(model)
    height = np.zeros((_rows(), _columns()))
    for side in (1.0, -1.0):
        for line in (*_LINES, *_crow(rng), *_forehead(rng)):
            _engrave(height, face, line, side, rng)
    return height


def spots(rng: np.random.Generator) -> Floats:
    """How much of an age spot lies where (0..1), on the same map."""
    size = (_rows(), _columns())
    map_ = np.zeros(size)
    for _ in range(_SPOTS):
        across = rng.choice([-1, 1]) * rng.uniform(3.0, 12.0)
        up = rng.uniform(-5.5, 9.0)
        radius = rng.uniform(0.05, 0.19)
        _dab(map_, (across, up), radius, rng.uniform(0.25, 0.85))
    ragged = gaussian_filter(rng.normal(size=size), 4) * 4 * np.sqrt(4 * np.pi)
    return map_ * smoothstep(ragged, -2.6, 1.2)


def _dab(map_: Floats, at: Point, radius: float, much: float) -> None:
    column, row = _pixel(np.array([at[0] / _RADIUS_CM]), np.array([at[1]]))
    reach = int(4 * radius * _PX_CM)
    rows = slice(max(int(row[0]) - reach, 0), int(row[0]) + reach)
    columns = slice(max(int(column[0]) - reach, 0), int(column[0]) + reach)
    y, x = np.mgrid[rows, columns][:, : map_.shape[0], : map_.shape[1]]
    away = np.hypot(x - column[0], y - row[0]) / (radius * _PX_CM)
    spot = much * smoothstep(away, 1.5, 0.5)
    part = map_[rows, columns]
    part[:] = np.maximum(part, spot[: part.shape[0], : part.shape[1]])


@dataclass(frozen=True, slots=True, eq=False)
class _Face:
    """The template's front, to find the azimuth of what is drawn on it."""

    tree: cKDTree
    z: Floats

    @classmethod
    def of(cls, model: HeadModel) -> _Face:
        skin = model.neutral[SKIN]
        front = skin[skin[:, 2] > _FLAT_Z_CM]
        # Of the two skins at one place, the outer.
        order = np.argsort(front[:, 2])
        return cls(cKDTree(front[order, :2]), front[order, 2])

    def azimuth(self, flat: Floats) -> Floats:
        """Radians from the front."""
        away, near = self.tree.query(flat, k=6)
        z = np.where(away < away[:, :1] + 0.5, self.z[near], -np.inf).max(1)
        # Neighbours along a curve lie at like depths, whichever vertices are nearest to them.
        z = gaussian_filter1d(median_filter(z, 25, mode="nearest"), 9, mode="nearest")
        return np.arctan2(flat[:, 0], z)


def _rows() -> int:
    return round((HIGH_CM - LOW_CM) * _PX_CM)


def _columns() -> int:
    return round(2 * np.radians(SPAN_DEG) * _RADIUS_CM * _PX_CM)


def _pixel(azimuth: Floats, up: Floats) -> tuple[Floats, Floats]:
    """Column and row."""
    across = azimuth * _RADIUS_CM * _PX_CM + _columns() / 2
    return across, (up - LOW_CM) * _PX_CM


def _crow(rng: np.random.Generator) -> Iterator[Line]:
    """Lines that fan out from the outer corner of the eye."""
    for index, angle in enumerate(_CROW_DEG):
        turn = np.radians(angle + rng.normal(0, 4))
        start, reach = rng.uniform(0.25, 0.5), rng.uniform(1.2, 2.1)
        way = np.array([np.cos(turn), np.sin(turn)])
        bend = np.array([-way[1], way[0]]) * 0.22 * (1 if index < 3 else -1)
        knots = [np.array(_CANTHUS) + way * start]
        knots += [knots[0] + way * reach / 2 + bend, knots[0] + way * reach]
        first, second, third = ((float(x), float(y)) for x, y in knots)
        yield Line((first, second, third), 0.042, rng.uniform(0.4, 0.65))


def _forehead(rng: np.random.Generator) -> Iterator[Line]:
    """Lines over the brow, none of them through from side to side."""
    for up in _FOREHEAD_CM:
        y = up + rng.normal(0, 0.08)
        end = rng.uniform(2.6, 4.3)
        knots = ((rng.uniform(-0.7, 0.1), y - 0.12), (end / 2, y + 0.18), (end, y - 0.15))
        yield Line(knots, 0.060, rng.uniform(0.28, 0.5))
    for _ in range(5):
        x, y = rng.uniform(0.2, 3.0), rng.uniform(6.3, 9.2)
        long = rng.uniform(0.7, 1.6)
        yield Line(((x, y), (x + long / 2, y + 0.06), (x + long, y - 0.05)), 0.040, 0.22)


def _engrave(
    height: Floats, face: _Face, line: Line, side: float, rng: np.random.Generator
) -> None:
    """Lay one line into the map: a valley between two low walls."""
    curve = _curve(line.knots, rng)
    azimuth = face.azimuth(curve) * side
    column, row = _pixel(azimuth, curve[:, 1])
    path = np.stack([column, row], 1)
    width = line.width * _PX_CM
    reach = 5 * width
    left, low = np.maximum(path.min(0) - reach, 0).astype(int)
    right, high = (path.max(0) + reach).astype(int)
    part = height[low:high, left:right]
    y, x = np.mgrid[low : low + part.shape[0], left : left + part.shape[1]]
    away, near = cKDTree(path).query(np.stack([x.ravel(), y.ravel()], 1))
    along = np.linspace(0, 1, len(path))[near]
    fade = np.sin(np.pi * np.clip(along, 0.02, 0.98)) ** 0.7
    uneven = 0.75 + 0.25 * np.sin(2 * np.pi * (along * rng.uniform(1.5, 3.5) + rng.random()))
    u = away / width
    profile = -np.exp(-(u**2) / 2) + 0.30 * np.exp(-(((u - 2.4) / 0.9) ** 2) / 2)
    part += (line.depth * fade * uneven * profile).reshape(part.shape)


def _curve(knots: Sequence[Point], rng: np.random.Generator) -> Floats:
    """Points of a quadratic curve that trembles a little."""
    first, via, last = (np.array(knot) + rng.normal(0, 0.05, 2) for knot in knots)
    t = np.linspace(0, 1, 160)[:, None]
    curve = (1 - t) ** 2 * first + 2 * t * (1 - t) * via + t**2 * last
    tremble = gaussian_filter(rng.normal(size=(160, 2)), (9, 0)) * 0.10
    return np.asarray(curve + tremble)
