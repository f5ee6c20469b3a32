"""Where faces are: BlazeFace, short range (Bazarevsky et al., 2019)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame
from lipwright.face.resampling import resized
from lipwright.face.weights import DETECTOR, Network

Floats = NDArray[np.float32]

_SIDE = 128
_STRIDES = ((8, 2), (16, 6))
"""(stride, anchors per cell) of the two feature maps."""

_MIN_SCORE = 0.5
_MIN_TILE_SCORE = 0.6
"""Tiles see many more patches of no face than the whole picture, so they must be surer."""

_MIN_TILE_PX = 64
"""Half the network's input: a smaller tile holds no face that could be measured."""

_OVERLAP = 0.3
"""Detections overlapping more than this are one face, as in MediaPipe."""

_LONG_SIDE_PX = 1024
"""Faces too small to be seen in a picture of this size are far too small for an avatar."""


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """One detected face, in pixels of the frame, edges (not centres) at whole numbers."""

    score: float
    centre: Floats
    """(x, y)."""
    size: Floats
    """(width, height), about from the brows to the chin."""
    eyes: Floats
    """((x, y), (x, y)): the eye on the viewer's left, then the other."""

    @property
    def area(self) -> float:
        """Area in square pixels."""
        return float(self.size[0] * self.size[1])


class Detector:
    """Finds every face of a frame, small ones in overlapping tiles."""

    def __init__(self) -> None:
        self._network = Network(DETECTOR)
        self._anchors = _anchor_centres()

    def detections(self, frame: Frame, *, thorough: bool = True) -> tuple[Detection, ...]:
        """The faces of a frame, largest first.

        Args:
            frame: The picture.
            thorough: Look into tiles too; without, only the whole picture is seen, in which
                a face must be about 15 % of the longer side.
        """
        scale = min(1.0, _LONG_SIDE_PX / max(frame.shape[:2]))
        height, width = frame.shape[:2]
        small = resized(frame, (max(1, round(width * scale)), max(1, round(height * scale))))
        found = self._in_patch(small, (0, 0), _MIN_SCORE)
        for divisor in (2, 4) if thorough else ():
            if divisor == 2 or not found:
                for patch, corner in _tiles(small, divisor):
                    found += self._in_patch(patch, corner, _MIN_TILE_SCORE)
        kept = _merged(found)
        size = np.array(frame.shape[1::-1]) / small.shape[1::-1]
        return tuple(_scaled(detection, size) for detection in kept)

    def _in_patch(self, patch: Frame, corner: tuple[int, int], min_score: float) -> list[Detection]:
        image, scale, margin = _letterboxed(patch)
        outputs = self._network(image)
        raw = outputs["regressors"][0]
        logits = np.clip(outputs["classificators"][0, :, 0], -50, 50)
        scores = 1 / (1 + np.exp(-logits))
        sure = np.flatnonzero(scores > min_score)
        points = raw[sure].reshape(-1, 8, 2).copy()
        points[:, 0] += self._anchors[sure]
        points[:, 2:] += self._anchors[sure, None]
        points[:, [0, 2, 3, 4, 5, 6, 7]] -= margin
        points /= scale
        points[:, [0, 2, 3, 4, 5, 6, 7]] += np.array(corner)
        return _merged(
            [
                Detection(float(score), row[0], row[1], row[2:4])
                for score, row in zip(scores[sure], points, strict=True)
            ]
        )


def _anchor_centres() -> Floats:
    """``(896, 2)`` anchor centres in pixels of the network's input."""
    centres = []
    for stride, count in _STRIDES:
        y, x = np.mgrid[0 : _SIDE // stride, 0 : _SIDE // stride] + 0.5
        cells = np.stack([x.ravel(), y.ravel()], axis=1) * stride
        centres.append(np.repeat(cells, count, axis=0))
    return np.concatenate(centres).astype(np.float32)


def _letterboxed(patch: Frame) -> tuple[Floats, float, Floats]:
    """The patch in the network's square and range, its scale, and its (left, top) margin."""
    height, width = patch.shape[:2]
    scale = _SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    left, top = (_SIDE - size[0]) // 2, (_SIDE - size[1]) // 2
    square = np.zeros((_SIDE, _SIDE, 3), np.float32)
    square[top : top + size[1], left : left + size[0]] = resized(patch, size)
    return square / np.float32(127.5) - 1, scale, np.array([left, top], np.float32)


def _tiles(frame: Frame, divisor: int) -> Iterator[tuple[Frame, tuple[int, int]]]:
    """Half-overlapping squares of the shorter side over `divisor`, with their corners."""
    height, width = frame.shape[:2]
    side = max(min(height, width) // divisor, _MIN_TILE_PX)
    if side > min(height, width):
        return
    for top in _starts(height, side):
        for left in _starts(width, side):
            yield frame[top : top + side, left : left + side], (left, top)


def _starts(length: int, side: int) -> list[int]:
    count = 1 + -(-(length - side) * 2 // side)
    return [int(start) for start in np.linspace(0, length - side, count)]


def _merged(found: list[Detection]) -> list[Detection]:
    """One detection a face: the score-weighted mean of those that overlap; largest first."""
    left = sorted(found, key=lambda detection: -detection.score)
    kept = []
    while left:
        group = [d for d in left if d is left[0] or _overlap(d, left[0]) > _OVERLAP]
        left = [d for d in left if not any(d is one for one in group)]
        weights = np.array([d.score for d in group], np.float32)
        weights /= weights.sum()
        kept.append(
            Detection(
                group[0].score,
                np.tensordot(weights, [d.centre for d in group], 1),
                np.tensordot(weights, [d.size for d in group], 1),
                np.tensordot(weights, [d.eyes for d in group], 1),
            )
        )
    return sorted(kept, key=lambda detection: -detection.area)


def _overlap(a: Detection, b: Detection) -> float:
    """Intersection over union of two boxes."""
    low = np.maximum(a.centre - a.size / 2, b.centre - b.size / 2)
    high = np.minimum(a.centre + a.size / 2, b.centre + b.size / 2)
    shared = float(np.prod(np.clip(high - low, 0, None)))
    return shared / max(a.area + b.area - shared, 1e-9)


def _scaled(detection: Detection, scale: NDArray[np.float64]) -> Detection:
    factor = scale.astype(np.float32)
    return Detection(
        detection.score, detection.centre * factor, detection.size * factor, detection.eyes * factor
    )
