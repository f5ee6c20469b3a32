"""Landmarks without jitter: the mesh says where a face is, its skin how it moves.

Steady points follow the skin from picture to picture, and the mesh over a second.  Everything
else moves with them, and inside the face as the mesh says.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import scipy
from numpy.typing import NDArray

from lipwright.face.geometry import LEFT_EYE_OUTER, RIGHT_EYE_OUTER
from lipwright.headpose import STEADY

Floats = NDArray[np.float64]

_MOUTH_US: Final = 170_000
"""Window for lips, jaw and lids: 5 pictures at 30 fps, the least for a parabola."""
_PLACE_US: Final = 1_000_000
"""Over this the mesh's own place of a steady point is a mean; in between its skin is followed."""
_DEPTH_US: Final = 500_000
"""Depth is what a mesh knows least, and a head does not turn quickly."""
_AT_A_TIME: Final = 64
"""Points smoothed together: the filter's own copies of five minutes would take 400 MB."""
_STRAY: Final = 0.06
"""Of the eye distance: skin cannot move by more than this beside the mesh."""
_LEAST: Final = 8
"""Points whose skin was followed, below which the mesh alone is believed."""
_STEADY: Final = list(STEADY)


def smooth(landmarks: NDArray[np.float32], motions: NDArray[np.float32], spacing_us: float) -> None:
    """Smooth one face through an unbroken run of pictures, in place.

    Args:
        landmarks: ``(F, L, 3)`` as the mesh gave them.
        motions: ``(F, len(STEADY), 2)``: how the skin moved to each picture from the one before.
        spacing_us: Between two pictures.
    """
    count = len(landmarks)
    window, longer, depth = (
        _window(us, spacing_us, count) for us in (_MOUTH_US, _PLACE_US, _DEPTH_US)
    )
    if window < 5:
        return
    steady = landmarks[:, _STEADY, :2].astype(np.float64)
    places = _followed(steady, motions, longer, window)
    reference = steady[count // 2]
    measured, wanted = (_similarities(reference, each) for each in (steady, places))
    for first in range(0, landmarks.shape[1], _AT_A_TIME):
        part = landmarks[:, first : first + _AT_A_TIME]
        inside = _undone(part[..., :2].astype(np.float64), measured)
        inside = scipy.signal.savgol_filter(inside, window, 2, axis=0)
        part[..., :2] = _placed(inside, wanted)
        part[..., 2] = scipy.signal.savgol_filter(part[..., 2], depth, 2, axis=0)
    landmarks[:, _STEADY, :2] = places


def _window(length_us: int, spacing_us: float, count: int) -> int:
    """Pictures, an odd number; 0 where there are too few."""
    wanted = max(5, round(length_us / spacing_us) // 2 * 2 + 1)
    return min(wanted, (count - 1) // 2 * 2 + 1) if count >= 5 else 0


def _followed(steady: Floats, motions: NDArray[np.float32], longer: int, window: int) -> Floats:
    """``(F, K, 2)`` the steady points on the skin's own paths, laid through the mesh's places."""
    steps = _steps(steady, motions, window)
    path = np.concatenate([np.zeros_like(steps[:1]), np.cumsum(steps, axis=0)])
    return np.asarray(path + scipy.signal.savgol_filter(steady - path, longer, 2, axis=0))


def _steps(steady: Floats, motions: NDArray[np.float32], window: int) -> Floats:
    """``(F - 1, K, 2)``: the skin's motion, and where that is not known what fits the others'."""
    meshes = np.diff(scipy.signal.savgol_filter(steady, window, 2, axis=0), axis=0)
    marks = [_STEADY.index(mark) for mark in (LEFT_EYE_OUTER, RIGHT_EYE_OUTER)]
    unit = np.linalg.norm(steady[:, marks[1]] - steady[:, marks[0]], axis=-1)[:-1]
    steps = motions[1:].astype(np.float64)
    apart = np.linalg.norm(steps - meshes, axis=-1)
    # A comparison with NaN is false.
    known = apart < _STRAY * unit[:, None]
    for step, mesh, here, good in zip(steps, meshes, steady, known, strict=False):
        if good.all():
            continue
        if good.sum() < _LEAST:
            step[...] = mesh
            continue
        (moved,) = _similarities(here[good], (here[good] + step[good])[None])
        step[~good] = _placed(here[~good][None], moved[None])[0] - here[~good]
    return steps


def _similarities(reference: Floats, faces: Floats) -> Floats:
    """``(F, 4)``: a, b and shift of the planar similarity that takes the reference to each face."""
    centre, centres = reference.mean(0), faces.mean(1)
    a, b = reference - centre, faces - centres[:, None]
    spread = (a**2).sum()
    along = (b * a).sum((1, 2)) / spread
    across = (a[:, 0] * b[..., 1] - a[:, 1] * b[..., 0]).sum(1) / spread
    turned = np.stack(
        [along * centre[0] - across * centre[1], across * centre[0] + along * centre[1]], 1
    )
    return np.asarray(np.c_[along, across, centres - turned])


def _placed(points: Floats, by: Floats) -> Floats:
    a, b = by[:, 0, None], by[:, 1, None]
    x, y = points[..., 0], points[..., 1]
    moved = np.stack([a * x - b * y, b * x + a * y], axis=-1)
    return np.asarray(moved + by[:, None, 2:])


def _undone(points: Floats, by: Floats) -> Floats:
    a, b = by[:, 0, None], by[:, 1, None]
    x, y = np.moveaxis(points - by[:, None, 2:], -1, 0)
    squared = a**2 + b**2
    back = np.stack([(a * x + b * y) / squared, (a * y - b * x) / squared], axis=-1)
    return np.asarray(back)
