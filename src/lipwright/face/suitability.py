"""How good an avatar a picture makes, in words: what to improve, and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame
from lipwright.face.geometry import CHIN, FOREHEAD, eye_distance_px, face_height_px, yaw_degrees
from lipwright.face.landmarker import Face
from lipwright.face.resampling import resized

GOOD_FACE_HEIGHT_PX: Final = 300
"""From here on a presenter at 1080p is not enlarged."""

_ENLARGED_UNSEEN: Final = 0.85
"""A face that is a little smaller is enlarged by a little, which nobody sees."""

_GOOD_YAW_DEGREES: Final = 15.0
_MOUTH_OPEN: Final = 0.08
"""Above, the lips show teeth or a gap, which the mouth engine must paint over."""
_MIN_SHARPNESS: Final = 0.015
"""RMS of the Laplacian over the face at 100 px between the eyes; below, it looks blurred."""
_ROOM: Final = {"above": 0.45, "below": 0.35}
"""Of the face's height: hair above the forehead, and a neck that can follow the chin."""
_DARK, _BRIGHT = 25.0, 93.0
"""CIE L* of the cheeks beyond which skin has no shades left for lips and folds."""
_ONE_SIDED: Final = 28.0
"""Steps of L* between the cheeks: about two stops; the mouth is then half in shadow."""
_OTHER_COLOUR: Final = 14.0
"""Distance in a*b* between mouth and cheeks: skin and lips stay below 10, cloth does not."""

_CHEEKS: Final = ((50, 101, 118), (280, 330, 347))
"""Mesh points on either cheek, left of the picture first."""
_AROUND_MOUTH: Final = (164, 167, 393, 200, 199, 18, 57, 287)
"""Under the nose, on the chin, beside the corners of the mouth."""

_LIPS: Final = (11, 15, 16)
_LIPS_SEEN: Final = 8.0
"""Steps of a*: pale lips differ from their skin by 8 to 20, what covers them hardly."""

Lab = NDArray[np.float32]
"""``(3,)`` CIE L*a*b*: 0..100, about -100..100."""


def suitability(frame: Frame, face: Face) -> tuple[str, ...]:
    """What would make a better avatar, the most useful first; empty if nothing would."""
    notes = (look(frame, face) for look in _LOOKS)
    return tuple(note for note in notes if note)


def sharpness(frame: Frame, face: Face) -> float:
    """RMS of the Laplacian over the face, 0 .. about 0.2, independent of the face's size."""
    left, top, right, bottom = (max(0, round(edge)) for edge in face.box)
    patch = frame[top : bottom + 1, left : right + 1]
    if patch.size == 0:
        return 0.0
    scale = min(1.0, 100 / eye_distance_px(face.landmarks))
    size = (max(1, round(patch.shape[1] * scale)), max(1, round(patch.shape[0] * scale)))
    grey = cv2.cvtColor(resized(patch, size), cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    return float(np.sqrt(np.mean(np.square(cv2.Laplacian(grey, cv2.CV_32F)))))


def _cover(frame: Frame, face: Face) -> str | None:
    cheeks = [_colour(frame, face, marks) for marks in _CHEEKS]
    mouth = [_colour(frame, face, (mark,)) for mark in _AROUND_MOUTH]
    apart = [min(float(np.hypot(*(m - c)[1:])) for c in cheeks) for m in mouth]
    # A beard is darker than skin; what covers a mouth in another colour mostly is not.
    bright = np.median([m[0] for m in mouth]) > 0.75 * min(c[0] for c in cheeks)
    # Lips redder than what is around them are seen: it is the light that has another colour.
    redder = float(_colour(frame, face, _LIPS)[1] - np.median([m[1] for m in mouth]))
    if np.median(apart) < _OTHER_COLOUR or not bright or redder > _LIPS_SEEN:
        return None
    return (
        "Something seems to cover the mouth; it would be moved with the lips. "
        "Use a picture without mask, microphone or cup."
    )


def _size(frame: Frame, face: Face) -> str | None:
    height = face_height_px(face.landmarks)
    if height >= GOOD_FACE_HEIGHT_PX * _ENLARGED_UNSEEN:
        return None
    return f"The face is {height:.0f} px high; from {GOOD_FACE_HEIGHT_PX} px it looks sharper."


def _blur(frame: Frame, face: Face) -> str | None:
    if sharpness(frame, face) >= _MIN_SHARPNESS:
        return None
    return "The face is blurred; a sharper picture gives a sharper mouth."


def _turn(frame: Frame, face: Face) -> str | None:
    yaw = yaw_degrees(face.landmarks)
    if abs(yaw) <= _GOOD_YAW_DEGREES:
        return None
    return f"The head is turned by {abs(yaw):.0f} degrees; a frontal picture is better."


def _teeth(frame: Frame, face: Face) -> str | None:
    if face.jaw_open <= _MOUTH_OPEN:
        return None
    return "The mouth is open or shows teeth; a picture with closed lips speaks more naturally."


def _room(frame: Frame, face: Face) -> str | None:
    height = face_height_px(face.landmarks)
    above = float(face.landmarks[FOREHEAD, 1]) / height
    below = (frame.shape[0] - float(face.landmarks[CHIN, 1])) / height
    if above >= _ROOM["above"] and below >= _ROOM["below"]:
        return None
    where = "above the forehead" if above < _ROOM["above"] else "below the chin"
    return f"The picture ends closely {where}; with more room the head can move."


def _light(frame: Frame, face: Face) -> str | None:
    left, right = (float(_colour(frame, face, marks)[0]) for marks in _CHEEKS)
    if max(left, right) < _DARK:
        return "The face is very dark; more light shows the shape of the lips."
    if min(left, right) > _BRIGHT:
        return "The face is overexposed; less light shows the shape of the lips."
    if abs(left - right) > _ONE_SIDED:
        return "The light comes from one side only; the mouth is half in shadow."
    return None


def _colour(frame: Frame, face: Face, marks: tuple[int, ...]) -> Lab:
    """The median colour around some landmarks, where they lie in the picture."""
    reach = max(1, round(0.03 * eye_distance_px(face.landmarks)))
    found = []
    for x, y in np.round(face.landmarks[list(marks), :2]).astype(int):
        patch = frame[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
        found.append(patch.reshape(-1, 3))
    pixels = np.concatenate(found)
    rgb = np.median(pixels, axis=0) if len(pixels) else np.zeros(3)
    lab = cv2.cvtColor((rgb / 255).astype(np.float32).reshape(1, 1, 3), cv2.COLOR_RGB2LAB)
    return np.asarray(lab.reshape(3), np.float32)


_LOOKS: Final[tuple[Callable[[Frame, Face], str | None], ...]] = (
    _cover,
    _size,
    _blur,
    _turn,
    _teeth,
    _light,
    _room,
)
