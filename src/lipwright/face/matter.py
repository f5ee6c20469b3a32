"""Who is in front: a soft matte of the person (MediaPipe selfie segmentation)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame, Landmarks, Matte
from lipwright.face.cutout import cut_out
from lipwright.face.division import disc, divided, largest_part
from lipwright.face.local_lines import LocalLines, along
from lipwright.face.resampling import fitting, resized
from lipwright.face.segmenter import Segmenter

Floats = NDArray[np.float32]

_FITTED_SIDE_PX = 512
"""The filter is fitted at this size, twice the network's, and applied at the picture's."""

_RADIUS = 0.006
"""Guided filter radius over the longer side: about the coarse matte's own uncertainty."""

_FLATNESS = 1e-4
"""Guided filter epsilon: edges with less than 1 % contrast are not followed."""

_FLOOR, _CEILING = 0.25, 0.75
"""Stretched to 0 .. 1, so that the haze the filter leaves far from an edge is gone."""

_DIVIDED_SIDE_PX = 320
_BESIDE = 0.01
"""Of the longer side: loose hair stands off no farther from where a minimal cut sees it end."""

_ISLAND_GAP = 0.03
"""Of the longer side: what is farther from the person than loose hair is not the person."""


@runtime_checkable
class Matter(Protocol):
    """Separates the person from what is behind."""

    def matte(self, frame: Frame) -> Matte:
        """The matte of one of many pictures, at its height and width."""
        ...

    def still(self, frame: Frame, face: Landmarks) -> Matte:
        """The matte of the only picture, which may take seconds."""
        ...

    def around(self, frame: Frame) -> Matte:
        """Opaque where the person may be, by a longer look: on and just beside the person."""
        ...


class SelfieMatter:
    """The real matter for many pictures: three looks of a small network, its edge refined."""

    def __init__(self) -> None:
        self._segmenter = Segmenter()

    def matte(self, frame: Frame) -> Matte:
        """Segment, follow the picture's edges, then grow to the picture's size."""
        height, width = frame.shape[:2]
        size = fitting(frame, _FITTED_SIDE_PX)
        picture = resized(frame, size)
        small = picture.astype(np.float32) / np.float32(255)
        # fitted at a smaller size than it is applied ("Fast guided filter", He and Sun, 2015)
        radius = max(2, round(max(size) * _RADIUS))
        slope, offset = LocalLines(small, radius, _FLATNESS).fitted(
            self._segmenter.glanced(picture)
        )
        person = _largest_part(_stretched(along(slope, offset, small)))

        def grown(image: Floats) -> Floats:
            return np.asarray(cv2.resize(image, (width, height)), np.float32)

        fine = np.einsum("ijk,ijk->ij", grown(slope), frame) / 255 + grown(offset)
        return np.asarray(np.round(_stretched(fine) * grown(person) * 255), np.uint8)

    def still(self, frame: Frame, face: Landmarks) -> Matte:
        """See `cut_out`."""
        return cut_out(frame, face, self._segmenter)

    def around(self, frame: Frame) -> Matte:
        """By two looks at each of four tints, both sides, and a minimal cut."""
        height, width = frame.shape[:2]
        size = fitting(frame, _DIVIDED_SIDE_PX)
        likely = self._segmenter.studied(frame, None, size)
        person = largest_part(np.asarray(divided(resized(frame, size), likely) > 0.5, np.bool_))
        reach = max(1, round(max(size) * _BESIDE))
        near = cv2.dilate(person.astype(np.float32), disc(reach))
        near = cv2.GaussianBlur(near, (0, 0), reach / 3)
        return np.asarray(cv2.resize(near, (width, height)) * 255 + 0.5, np.uint8)


@dataclass(frozen=True, slots=True)
class EverythingMatter:
    """The fake: the whole picture is the person."""

    def matte(self, frame: Frame) -> Matte:
        """All opaque."""
        return np.full(frame.shape[:2], 255, np.uint8)

    def still(self, frame: Frame, face: Landmarks) -> Matte:
        """All opaque."""
        return self.matte(frame)

    def around(self, frame: Frame) -> Matte:
        """Everywhere."""
        return self.matte(frame)


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
    opaque = np.asarray(matte > 0.5, np.bool_)
    if not opaque.any():
        return np.ones_like(matte)
    largest = largest_part(opaque)
    reach = max(1, round(max(matte.shape) * _ISLAND_GAP))
    near = cv2.dilate(largest.astype(np.float32), disc(reach))
    near[opaque] = largest[opaque]
    return np.asarray(cv2.GaussianBlur(near, (0, 0), reach / 4), np.float32)
