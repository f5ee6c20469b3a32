"""How the skin of a face moved from one picture to the next: far finer than a mesh's own noise.

A mesh network places a face anew in each picture, about a hundredth of the eye distance to and
fro; its texture says the same to a tenth of a pixel, but only from picture to picture.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame, Landmarks, Plane
from lipwright.face.geometry import LEFT_EYE_OUTER, RIGHT_EYE_OUTER
from lipwright.face.resampling import halved, halvings
from lipwright.headpose import STEADY

Motions = NDArray[np.float32]
"""``(len(STEADY), 2)`` float32: motion of each steady landmark in pixels; NaN where unknown."""

UNKNOWN: Final = np.full((len(STEADY), 2), np.nan, np.float32)
_UNIT_PX: Final = 93.0
"""Eye distance at which motion is measured, at least; larger faces are halved down to it."""
_WINDOW: Final = 0.13
"""Side of the skin around a landmark that is compared, of the eye distance."""
_AROUND: Final = 0.35
"""Skin seen around the landmarks, of the eye distance: a head that is turned quickly stays in."""
_LEVELS: Final = 2
_ERROR: Final = 12.0
"""Mean grey levels by which the two windows may differ: beyond, something else is seen there."""


def motion_of(before: Frame, face: Landmarks, after: Frame) -> Motions:
    """Motion of the steady landmarks from one picture to the next, in its pixels.

    Pyramidal Lucas-Kanade (Bouguet 2001), on the part of both pictures around the face.

    Args:
        before: A picture.
        face: The face in it.
        after: The next one, of the same size.
    """
    marks = face[list(STEADY), :2].astype(np.float64)
    unit = float(np.linalg.norm(face[RIGHT_EYE_OUTER, :2] - face[LEFT_EYE_OUTER, :2]))
    height, width = before.shape[:2]
    low = np.clip(np.floor(marks.min(0) - _AROUND * unit), 0, (width, height)).astype(int)
    high = np.clip(np.ceil(marks.max(0) + _AROUND * unit), 0, (width, height)).astype(int)
    scale = 0.5 ** (times := halvings(unit / _UNIT_PX))
    if min(high - low) * scale < 16:
        return UNKNOWN
    part = np.s_[low[1] : high[1], low[0] : high[0]]
    first, second = (_grey(picture[part], times) for picture in (before, after))
    places = ((marks - low + 0.5) * scale - 0.5).astype(np.float32)
    side = max(7, round(_WINDOW * unit * scale)) | 1
    found, status, error = cv2.calcOpticalFlowPyrLK(
        first, second, places, np.empty_like(places), winSize=(side, side), maxLevel=_LEVELS
    )
    known = (status.ravel() > 0) & (error.ravel() < _ERROR)
    return np.where(known[:, None], (found - places) / scale, np.nan).astype(np.float32)


def _grey(part: Frame, times: int) -> Plane:
    return halved(np.asarray(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY), np.uint8), times)
