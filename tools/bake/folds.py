"""Folds and seams of cloth that hangs from shoulders, laid on as a sculptor would.

Every fold is a ridge with a valley beside it along a curve over the front of the body.  Where they
run follows how sleeves and chests really fold: they fan out from the armpit, cross the upper arm,
and fall from the breast.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from tools.bake.surface import Floats, Indices, ridge, smoothstep, vertex_normals

Point = tuple[float, float]

# Three points of a curve on the left half, ridge width and height.  Across in half shoulder
# widths; down from the top of the shoulder, like width and height, in centimetres on shoulders
# 38 cm wide.
_STROKES: tuple[tuple[tuple[Point, Point, Point], float, float], ...] = (
    (((0.70, 10.0), (0.82, 7.6), (0.96, 7.0)), 0.9, 0.30),
    (((0.71, 11.8), (0.84, 10.4), (0.99, 11.2)), 0.9, 0.36),
    (((0.72, 14.2), (0.85, 13.2), (1.00, 15.4)), 1.0, 0.36),
    (((0.74, 17.5), (0.86, 17.2), (1.00, 20.4)), 1.1, 0.40),
    (((1.00, 18.6), (0.88, 21.8), (0.76, 22.8)), 1.1, 0.40),
    (((0.75, 25.6), (0.87, 25.4), (1.00, 28.6)), 1.1, 0.40),
    (((0.68, 10.6), (0.61, 7.0), (0.61, 2.6)), 0.9, 0.34),
    (((0.67, 11.2), (0.55, 8.4), (0.44, 4.4)), 1.0, 0.38),
    (((0.66, 12.2), (0.50, 11.4), (0.34, 9.4)), 1.2, 0.34),
    (((0.66, 13.6), (0.52, 15.0), (0.36, 15.4)), 1.3, 0.32),
    (((0.67, 14.6), (0.61, 20.0), (0.50, 29.0)), 1.3, 0.40),
    (((0.56, 16.6), (0.46, 23.0), (0.30, 31.0)), 1.5, 0.34),
    (((0.32, 18.0), (0.21, 25.0), (0.10, 34.0)), 1.6, 0.40),
    (((0.10, 6.0), (0.16, 11.0), (0.06, 17.0)), 1.6, 0.26),
    (((0.50, 2.6), (0.42, 6.0), (0.26, 8.4)), 1.3, 0.26),
    (((0.67, 21.0), (0.63, 26.0), (0.58, 35.0)), 1.2, 0.36),
)
_SHOULDERS_CM = 38.0
_JITTER_CM = 0.9
_LEFT_OUT = 0.12
_SEAM_CM = 0.22
_SEAM_DEPTH_CM = 0.10


@dataclass(frozen=True, slots=True)
class Shoulders:
    """What folds are placed by: half the width, the height of the top, the scale."""

    half_cm: float
    top_cm: float

    @classmethod
    def of(cls, body: Floats) -> Shoulders:
        """Of a posed body in head centimetres, arms down."""
        outer = np.abs(body[:, 0])
        trunk = (body[:, 1] < -12) & (body[:, 1] > -26)
        half = float(outer[trunk].max())
        point = np.abs(outer - 0.65 * half) < 0.8
        return cls(half, float(body[point, 1].max()))

    @property
    def scale(self) -> float:
        """Against the body that the strokes were drawn on."""
        return 2 * self.half_cm / _SHOULDERS_CM

    def place(self, point: Point) -> Floats:
        """A stroke's point in head centimetres."""
        return np.array([point[0] * self.half_cm, self.top_cm - point[1] * self.scale])


def folded(
    points: Floats, quads: Indices, shoulders: Shoulders, amount: float, rng: np.random.Generator
) -> Floats:
    """Cloth with folds on its front; `amount` 1 is a jersey, less a thick knit."""
    normals = vertex_normals(points, quads)
    front = smoothstep(normals[:, 2], -0.25, 0.15)
    height = np.zeros(len(points))
    for side in (1.0, -1.0):
        flat = points[:, :2] * [side, 1]
        for curve, width, rise in _STROKES:
            shift = rng.normal(0, _JITTER_CM, (3, 2))
            swell, lot = rng.uniform(0.7, 1.25), rng.random()
            if lot >= _LEFT_OUT:
                knots = np.array([shoulders.place(point) for point in curve]) + shift
                crest = ridge(flat, knots, width * shoulders.scale)
                height += rise * swell * np.where(flat[:, 0] > 0, crest, 0)
    return points + normals * (amount * shoulders.scale * height * front)[:, None]


def seamed(points: Floats, quads: Indices, rest: Floats, at_cm: float) -> Floats:
    """Cloth with a groove where sleeves are set in: at this width of the unposed body."""
    off = (np.abs(rest[:, 0]) - at_cm) / _SEAM_CM
    normals = vertex_normals(points, quads)
    return points - normals * (_SEAM_DEPTH_CM * np.exp(-(off**2)))[:, None]
