"""Lengths and angles of a face, read from its landmarks."""

from __future__ import annotations

import numpy as np

from lipwright.arrays import Landmarks

LEFT_EYE_OUTER, RIGHT_EYE_OUTER = 33, 263
"""Left and right are the viewer's, here and below."""
UPPER_LIP_INNER, LOWER_LIP_INNER = 13, 14
FOREHEAD, CHIN = 10, 152
LEFT_CHEEK, RIGHT_CHEEK = 234, 454

_CLOSED_GAP, _OPEN_GAP = 0.02, 0.42
"""Inner lip gap over the outer-eye distance, of closed lips and of a mouth wide open."""


def _distance(landmarks: Landmarks, a: int, b: int) -> float:
    return float(np.linalg.norm(landmarks[a] - landmarks[b]))


def eye_distance_px(landmarks: Landmarks) -> float:
    """Between the outer corners of the eyes, in space: a turned head loses nothing."""
    return _distance(landmarks, LEFT_EYE_OUTER, RIGHT_EYE_OUTER)


def face_height_px(landmarks: Landmarks) -> float:
    """From the top of the forehead to the chin."""
    return _distance(landmarks, FOREHEAD, CHIN)


def jaw_opening(landmarks: Landmarks) -> float:
    """0 .. 1 from the gap between the inner lips."""
    gap = _distance(landmarks, UPPER_LIP_INNER, LOWER_LIP_INNER)
    relative = gap / max(eye_distance_px(landmarks), 1e-6)
    return float(np.clip((relative - _CLOSED_GAP) / (_OPEN_GAP - _CLOSED_GAP), 0, 1))


def yaw_degrees(landmarks: Landmarks) -> float:
    """How far the head is turned, + to the viewer's right; 0 looks at the camera."""
    across = landmarks[RIGHT_CHEEK] - landmarks[LEFT_CHEEK]
    return float(np.degrees(np.arctan2(across[2], across[0])))


def roll_degrees(landmarks: Landmarks) -> float:
    """How far the head is tilted, + clockwise for the viewer."""
    across = landmarks[RIGHT_EYE_OUTER] - landmarks[LEFT_EYE_OUTER]
    return float(np.degrees(np.arctan2(across[1], across[0])))
