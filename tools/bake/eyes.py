"""An eyeball of our own: a recessed iris in a white, under a clear cornea.

The template's eye is one closed ball; a separate cornea over a sunken iris is what gives the
eye its depth and its catch-light.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from tools.bake.surface import Floats, smoothstep

_SEGMENTS = 96


@dataclass(frozen=True, slots=True, eq=False)
class Revolved:
    """A surface of revolution about the gaze (+z), with values per vertex for its material."""

    points: Floats
    faces: list[tuple[int, ...]]
    values: dict[str, Floats]


def fitted_sphere(points: Floats) -> tuple[Floats, float]:
    """Centre and radius of the sphere through `points`, by least squares."""
    system = np.c_[2 * points, np.ones(len(points))]
    solution = np.linalg.lstsq(system, (points**2).sum(1), rcond=None)[0]
    centre = solution[:3]
    return centre, math.sqrt(solution[3] + centre @ centre)


def eyeball(radius: float, iris_radius: float) -> Revolved:
    """Iris (sunken by half a millimetre, where the real one lies) and white.

    Values: ``iris`` 0 in the middle, 1 at the rim; ``fibre`` coordinates that run outward;
    ``redness`` toward the back; ``rest`` for noise.
    """
    rim = math.asin(iris_radius / radius)
    plane = radius * math.cos(rim)
    inward = np.linspace(0, 1, 26)
    iris = np.stack([inward * iris_radius * 0.985, plane - 0.055 - 0.03 * (1 - inward)], 1)
    angles = np.linspace(rim, math.radians(115), 60)
    white = np.stack([radius * np.sin(angles), radius * np.cos(angles)], 1)
    points, faces = _revolve(np.concatenate([iris, white]))
    outward = np.repeat(np.r_[inward, angles / rim], _SEGMENTS)
    turn = np.arctan2(points[:, 1], points[:, 0])
    back = np.degrees(np.arctan2(np.hypot(points[:, 0], points[:, 1]), points[:, 2]))
    values = {
        "iris": outward,
        "fibre": np.stack([np.cos(turn), np.sin(turn), 0.12 * outward], 1),
        "redness": smoothstep(back, 32, 58),
        "rest": points,
    }
    return Revolved(points, faces, values)


def cornea(radius: float, iris_radius: float) -> Revolved:
    """A clear shell just outside the white, bulging over the iris."""
    plane = radius * math.cos(math.asin(iris_radius / radius))
    bulge = iris_radius * 1.32  # a real cornea's curvature is about two thirds of the eyeball's
    bulge_centre = plane - math.sqrt(bulge**2 - iris_radius**2)
    angles = np.linspace(0, math.radians(110), 90)
    across, along = radius * 1.004 * np.sin(angles), radius * 1.004 * np.cos(angles)
    dome = bulge_centre + np.sqrt(np.maximum(bulge**2 - across**2, 0))
    rise = dome - along
    # Beyond 0.03 cm the dome itself; below, a soft shoulder so that no crease catches light.
    lift = np.where(rise > 0.03, rise, 0.03 * np.exp((rise - 0.03) / 0.03))
    over_iris = (across < iris_radius * 1.15) & (angles < 1)
    along = np.where(over_iris, along + lift, along)
    points, faces = _revolve(np.stack([across, along], 1))
    return Revolved(points, faces, {})


def _revolve(profile: Floats) -> tuple[Floats, list[tuple[int, ...]]]:
    turn = np.linspace(0, 2 * np.pi, _SEGMENTS, endpoint=False)
    across = np.maximum(profile[:, 0], 1e-4)[:, None]
    along = np.repeat(profile[:, 1], _SEGMENTS)
    points = np.stack([(across * np.cos(turn)).ravel(), (across * np.sin(turn)).ravel(), along], 1)
    faces = []
    for ring in range(len(profile) - 1):
        for here in range(_SEGMENTS):
            beside = (here + 1) % _SEGMENTS
            inner, outer = ring * _SEGMENTS, (ring + 1) * _SEGMENTS
            faces.append((inner + here, outer + here, outer + beside, inner + beside))
    return points, faces
