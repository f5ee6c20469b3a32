"""How steady and how sharp a mouth is: lips inside the face, and detail against the original."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Landmarks, Plane
from lipwright.avatar import Film
from lipwright.media import pixels, shown
from lipwright.timeline import FrameGrid

Track = NDArray[np.float64]
"""``(F, L, 2)`` landmarks in pixels."""

STABLE: Final = (6, 168, 197, 195, 5, 4, 33, 133, 362, 263, 10, 151, 9, 8, 127, 356, 234, 454)
LIPS: Final = (
    *(61, 40, 37, 0, 267, 270, 291, 91, 84, 17),
    *(314, 321, 78, 81, 13, 311, 308, 88, 14, 318),
)
"""Mesh points that speech hardly moves, and those on the lips."""
LOOKS: Final = 5
"""At each face whose steadiness is measured.  One look at still lips has 0.18 % of noise where a
picture is soft or grainy, which is as much as speech; the mean of five has 0.06 %."""
REAL_JITTER: Final = {"face": 0.069, "lips": 0.168, "jaw": 0.077}
"""Per cent of the outer-eye distance of a man who talks for five seconds (30 fps), by `LOOKS`
looks, lips and jaw `inside` the face.  In parts of two seconds of it lips have 0.12 to 0.25; two
seconds of another who talks, filmed small, 0.21 to 0.40; one who grins 0.09, one silent 0.04."""
REAL_EYES_PX: Final = 185
"""Outer-eye distance in that clip: a landmarker's own noise is a matter of pixels."""
_QUIET: Final = 25.0
"""Percentile of steps that are taken for noise: the others are speech."""
_LEAST: Final = 12
"""Frames below which noise cannot be told from speech."""
_MOUTH: Final = (0.62, 0.30, 0.50)
"""Half width, and height above and below the lips, of the mouth region, in outer-eye distances."""


def jitter(track: Track, marks: Sequence[int]) -> float:
    """White noise of some landmarks, in per cent of the outer-eye distance.

    The third difference of a smooth path is next to nothing; that of white noise has a variance
    20 times the noise's (binomials 1 3 3 1 squared).
    """
    unit = float(np.median(np.linalg.norm(track[:, 263] - track[:, 33], axis=-1)))
    steps = np.diff(track[:, list(marks)], 3, axis=0) / np.sqrt(20)
    quiet = float(np.percentile(np.linalg.norm(steps, axis=-1), _QUIET))
    deviation = quiet / np.sqrt(-2 * np.log(1 - _QUIET / 100))  # of a Rayleigh distribution
    return float(100 * deviation / unit)


def inside(track: Track) -> Track:
    """The track as if the head stood still, neither turned nor nearer in the plane."""
    steady = list(STABLE)
    faces = track @ np.array([1, 1j])
    first = faces[len(faces) // 2, steady]
    reference = first - first.mean()
    centres = faces[:, steady].mean(axis=1, keepdims=True)
    turns = ((faces[:, steady] - centres) @ reference.conj()) / (np.abs(reference) ** 2).sum()
    placed = (faces - centres) / turns[:, None]
    return np.stack([placed.real, placed.imag], axis=-1)


def lip_jitter(times: NDArray[np.float64], faces: Sequence[Landmarks]) -> float | None:
    """Noise of the lips inside the face, in the longest run of frames that follow each other.

    Args:
        times: When each face is seen, in frames.
        faces: Each the mean of `LOOKS` looks.
    """
    if len(faces) < _LEAST:
        return None
    breaks = np.flatnonzero(np.abs(np.diff(times) - 1) > 0.5) + 1
    run = max(np.split(np.arange(len(times)), breaks), key=len)
    if len(run) < _LEAST:
        return None
    track = np.stack([faces[index][:, :2] for index in run]).astype(np.float64)
    return jitter(inside(track), LIPS)


def sharpness(video: Path, original: Film, grid: FrameGrid, spans: Sequence[range]) -> float | None:
    """Detail around the mouth against the same pictures of the original, the median of frames.

    Args:
        video: The finished file, as large as the original's canvas.
        original: What it was made from.
        grid: The frame clock of both.
        spans: Frames to compare.
    """
    ratios: list[float] = []
    with av.open(str(video)) as container:
        for span in spans:
            pictures = shown(container, span, grid)
            for made, moment in zip(pictures, original.during(span, grid), strict=False):
                if moment.canvas is not None and moment.trust > 0:
                    before = detail(moment.canvas.y, moment.landmarks)
                    after = detail(pixels(made.planes[0]), moment.landmarks)
                    ratios.append(after / max(before, 1e-6))
    found = np.array(ratios)[np.isfinite(ratios)] if ratios else np.zeros(0)
    return float(np.median(found)) if len(found) else None


def detail(luma: Plane, face: Landmarks) -> float:
    """RMS of the Laplacian around the mouth; NaN without a face."""
    if not np.isfinite(face[0, 0]):
        return float("nan")
    unit = float(np.linalg.norm(face[263, :2] - face[33, :2]))
    beside, above, below = (round(share * unit) for share in _MOUTH)
    x, y = np.round(face[[13, 14], :2].mean(axis=0)).astype(int)
    part = luma[max(0, y - above) : y + below, max(0, x - beside) : x + beside]
    if min(part.shape) < 3:
        return float("nan")
    return float(np.sqrt(np.mean(np.square(cv2.Laplacian(part.astype(np.float32), cv2.CV_32F)))))
