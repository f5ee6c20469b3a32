"""Small things worn on the head."""

from __future__ import annotations

import numpy as np
from tools.bake.surface import Floats

_RINGS, _SEGMENTS = 24, 48


def stud(radius_cm: float) -> tuple[Floats, list[tuple[int, ...]]]:
    """A ball, without its poles' last millidegree."""
    tilt = np.linspace(1e-3, np.pi - 1e-3, _RINGS)[:, None]
    turn = np.linspace(0, 2 * np.pi, _SEGMENTS, endpoint=False)[None, :]
    ball = [np.sin(tilt) * np.cos(turn), np.cos(tilt) + 0 * turn, np.sin(tilt) * np.sin(turn)]
    points = np.stack([axis.ravel() for axis in ball], 1) * radius_cm
    faces = []
    for ring in range(_RINGS - 1):
        for here in range(_SEGMENTS):
            beside = (here + 1) % _SEGMENTS
            upper, lower = ring * _SEGMENTS, (ring + 1) * _SEGMENTS
            faces.append((upper + here, lower + here, lower + beside, upper + beside))
    return points, faces


def lobes(skin: Floats, ear: Floats) -> list[Floats]:
    """The front of each ear lobe."""
    places = []
    for side in (1, -1):
        own = skin[(ear > 0.6) & (skin[:, 0] * side > 0)]
        lobe = own[own[:, 1] < own[:, 1].min() + 0.6]
        places.append(np.array([lobe[:, 0].mean(), lobe[:, 1].mean(), lobe[:, 2].max()]))
    return places
