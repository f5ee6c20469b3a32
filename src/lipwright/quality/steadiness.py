"""How steady and how sharp a mouth is: lips inside the face, and detail against the original."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
import scipy
from numpy.typing import NDArray

from lipwright.arrays import Landmarks, Plane
from lipwright.avatar import Film
from lipwright.media import pixels, shown
from lipwright.quality.lips import TrackedFace
from lipwright.timeline import FrameGrid

Looks = NDArray[np.float64]
"""``(F, V, L, 2)`` landmarks in pixels, of faces in pictures that follow each other, each face seen
by V looks that are a little apart."""

STABLE: Final = (6, 168, 197, 195, 5, 4, 33, 133, 362, 263, 10, 151, 9, 8, 127, 356, 234, 454)
LIPS: Final = (
    *(61, 40, 37, 0, 267, 270, 291, 91, 84, 17),
    *(314, 321, 78, 81, 13, 311, 308, 88, 14, 318),
)
"""Mesh points that speech hardly moves, and those on the lips."""
LOOKS: Final = 5
"""At each face whose steadiness is measured."""
REAL_JITTER: Final = {"face": 0.060, "lips": 0.145, "jaw": 0.072}
"""Per cent of the outer-eye distance of people who talk, lips and jaw `inside` the face.

The middle of four men's own medians, over 61 parts of two seconds in which the gap between the lips
goes to and fro by at least a fifth of the eye distance a second, in clips of 24 to 30 fps.  Lips:
one before his webcam 0.095 (30 parts, the middle eight tenths of them 0.07 to 0.14), one in a
conversation before a blue screen 0.120 (14 parts, 0.10 to 0.18), one who holds his phone 0.170
(12 parts, 0.13 to 0.23), one who argues in a moving car, filmed small, 0.326 (5 parts, 0.21 to
0.36).  Silent, they have 0.02 to 0.17, most while a head turns."""
REAL_EYES_PX: Final = 185
"""Outer-eye distance that pictures are shrunk to before they are looked at.  It matters little: one
clip has 0.14 to 0.16 % at any from 31 to 247 px."""
_FPS: Final = 30
"""At which jitter is told.  Lips that speak have about as much more as pictures are further apart:
every second picture of four people's has 1.8 to 2.2 times as much."""
_PART_S: Final = 2
"""Jitter is that of so long a part: how much of it is quiet counts."""
_QUIET: Final = 25.0
"""Percentile of steps that are taken for noise: the others are speech."""
_LEAST: Final = 12
"""Frames below which noise cannot be told from speech."""
_MOUTH: Final = (0.62, 0.30, 0.50)
"""Half width, and height above and below the lips, of the mouth region, in outer-eye distances."""


def looks_at(faces: Iterable[TrackedFace]) -> Looks:
    """All looks at each of some faces."""
    seen = [[look[:, :2] for look in face.looks or (face.landmarks,)] for face in faces]
    return np.array(seen, np.float64)


def jitter(looks: Looks, marks: Sequence[int], fps: float = _FPS) -> float:
    """White noise of some landmarks, in per cent of the outer-eye distance.

    As at 30 pictures a second.  The median over parts of two seconds, half a second apart.
    """
    every = max(1, round(fps / _FPS))
    looks = looks[::every]
    length, step = round(_PART_S * fps / every), round(fps / every / 2)
    starts = range(0, max(1, len(looks) - length + 1), step)
    parts = [looks[start : start + length] for start in starts]
    return float(np.median([_noise(part, marks) for part in parts])) * fps / every / _FPS


def _noise(looks: Looks, marks: Sequence[int]) -> float:
    """The same of one part, at its own frame rate.

    The third difference of a smooth path is next to nothing; that of white noise has a variance
    20 times the noise's (binomials 1 3 3 1 squared).  What looks disagree about is the
    landmarker's own noise, and the mean of looks still has some.  How much, is seen in sums of the
    same looks with weights that cancel what all see and keep a mean's noise (Helmert's contrasts):
    their quiet steps are compared with the mean's, because a landmarker's noise has long tails.
    """
    count = looks.shape[1]
    eyes = np.linalg.norm(looks[:, :, 263] - looks[:, :, 33], axis=-1)
    steps = np.diff(looks[:, :, list(marks)], 3, axis=0) / np.sqrt(20)
    own = [
        _deviation(np.tensordot(steps, weights, (1, 0)) / np.sqrt(count)) ** 2
        for weights in (scipy.linalg.helmert(count) if count > 1 else ())
    ]
    truly = _deviation(steps.mean(axis=1)) ** 2 - (float(np.mean(own)) if own else 0.0)
    return float(100 * np.sqrt(max(0.0, truly)) / np.median(eyes))


def _deviation(steps: NDArray[np.float64]) -> float:
    """Of ``(..., 2)`` steps, the quiet ones taken for the lower end of a Rayleigh distribution."""
    quiet = float(np.percentile(np.linalg.norm(steps, axis=-1), _QUIET))
    return quiet / float(np.sqrt(-2 * np.log(1 - _QUIET / 100)))


def inside(looks: Looks) -> Looks:
    """The same as if the head stood still, neither turned nor nearer in the plane."""
    steady = list(STABLE)
    faces = looks @ np.array([1, 1j])
    first = faces[len(faces) // 2, :, steady].T
    reference = first - first.mean(axis=-1, keepdims=True)
    centres = faces[..., steady].mean(axis=-1, keepdims=True)
    turned = ((faces[..., steady] - centres) * reference.conj()).sum(axis=-1, keepdims=True)
    placed = (faces - centres) / (turned / (np.abs(reference) ** 2).sum(axis=-1, keepdims=True))
    return np.stack([placed.real, placed.imag], axis=-1)


def lip_jitter(
    times: NDArray[np.float64], faces: Sequence[TrackedFace], fps: float
) -> float | None:
    """Noise of the lips inside the face, in the longest run of frames that follow each other.

    Args:
        times: When each face is seen, in frames.
        faces: Each seen by `LOOKS` looks.
        fps: Frames a second.
    """
    if len(faces) < _LEAST:
        return None
    breaks = np.flatnonzero(np.abs(np.diff(times) - 1) > 0.5) + 1
    run = max(np.split(np.arange(len(times)), breaks), key=len)
    if len(run) < _LEAST:
        return None
    return jitter(inside(looks_at([faces[index] for index in run])), LIPS, fps)


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
