"""Who is in front: a soft matte of the person (MediaPipe selfie segmentation)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame, Matte
from lipwright.face.resampling import resized
from lipwright.face.weights import SELFIE_SQUARE, SELFIE_WIDE, Network

Floats = NDArray[np.float32]

_WIDE_ASPECT = 1.4
"""Wider pictures go to the 256 x 144 network; between 1:1 and 16:9 the middle is 1.33."""

_FITTED_SIDE_PX = 512
"""The filter is fitted at this size, twice the network's, and applied at the picture's."""

_RADIUS = 0.006
"""Guided filter radius over the longer side: about the coarse matte's own uncertainty."""

_FLATNESS = 1e-4
"""Guided filter epsilon: edges with less than 1 % contrast are not followed."""

_FLOOR, _CEILING = 0.25, 0.75
"""Stretched to 0 .. 1, so that the haze the filter leaves far from an edge is gone."""

_ISLAND_GAP = 0.03
"""Of the longer side: what is farther from the person than loose hair is not the person."""


@runtime_checkable
class Matter(Protocol):
    """Separates the person from what is behind."""

    def matte(self, frame: Frame) -> Matte:
        """The matte of a picture, at its height and width."""
        ...


class SelfieMatter:
    """The real matter: a 256-pixel network, its edge refined by a guided filter."""

    def __init__(self) -> None:
        self._square = Network(SELFIE_SQUARE)
        self._wide = Network(SELFIE_WIDE)

    def matte(self, frame: Frame) -> Matte:
        """Segment, follow the picture's edges, then grow to the picture's size."""
        height, width = frame.shape[:2]
        scale = min(1.0, _FITTED_SIDE_PX / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = resized(frame, size).astype(np.float32)
        coarse = cv2.resize(self._coarse(frame), size, interpolation=cv2.INTER_CUBIC)
        slope, offset = _guided(small / np.float32(255), np.clip(coarse, 0, 1).astype(np.float32))
        person = _largest_part(_stretched((slope * small).sum(axis=-1) / np.float32(255) + offset))

        def grown(image: Floats) -> Floats:
            return np.asarray(cv2.resize(image, (width, height)), np.float32)

        fine = np.einsum("ijk,ijk->ij", grown(slope), frame) / 255 + grown(offset)
        return np.asarray(np.round(_stretched(fine) * grown(person) * 255), np.uint8)

    def _coarse(self, frame: Frame) -> Floats:
        wide = frame.shape[1] > _WIDE_ASPECT * frame.shape[0]
        network, size = (self._wide, (256, 144)) if wide else (self._square, (256, 256))
        image = cv2.resize(frame, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        (output,) = network(image / np.float32(255)).values()
        return np.asarray(output.reshape(size[1], size[0]), np.float32)


@dataclass(frozen=True, slots=True)
class EverythingMatter:
    """The fake: the whole picture is the person."""

    def matte(self, frame: Frame) -> Matte:
        """All opaque."""
        return np.full(frame.shape[:2], 255, np.uint8)


def open_matter() -> Matter:
    """The matter that ships with Lipwright.

    Raises:
        ModelUnavailable: A model file is missing or was changed.
    """
    return SelfieMatter()


def _stretched(soft: Floats) -> Floats:
    return np.asarray(np.clip((soft - _FLOOR) / (_CEILING - _FLOOR), 0, 1), np.float32)


def _largest_part(matte: Floats) -> Floats:
    """1 on and around the largest opaque part, 0 on everything apart from it."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((matte > 0.5).astype(np.uint8))
    if count < 2:
        return np.ones_like(matte)
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    reach = max(1, round(max(matte.shape) * _ISLAND_GAP))
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    near = cv2.dilate((labels == largest).astype(np.float32), around)
    near[labels > 0] = (labels == largest)[labels > 0]
    return np.asarray(cv2.GaussianBlur(near, (0, 0), reach / 4), np.float32)


def _guided(guide: Floats, matte: Floats) -> tuple[Floats, Floats]:
    """Slope and offset that make the matte locally linear in the guide's colour.

    Guided filter (He, Sun and Tang, 2010), fitted at a smaller size than it is applied
    ("Fast guided filter", He and Sun, 2015).
    """
    radius = max(2, round(max(matte.shape) * _RADIUS))
    box = (2 * radius + 1, 2 * radius + 1)

    def mean(image: Floats) -> Floats:
        return np.asarray(cv2.boxFilter(image, -1, box), np.float32)

    centre, level = mean(guide), mean(matte)
    covariance = np.empty((*matte.shape, 3, 3), np.float32)
    for i in range(3):
        for j in range(i, 3):
            shared = mean(guide[..., i] * guide[..., j]) - centre[..., i] * centre[..., j]
            covariance[..., i, j] = covariance[..., j, i] = shared
    covariance += _FLATNESS * np.eye(3, dtype=np.float32)
    with_matte = mean(guide * matte[..., None]) - centre * level[..., None]
    slope = np.linalg.solve(covariance, with_matte[..., None])[..., 0].astype(np.float32)
    offset = level - (slope * centre).sum(axis=-1)
    return mean(slope), mean(offset)
