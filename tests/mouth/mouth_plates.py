"""Plates for the mouth tests: the portrait, and a drawn face with closed lips."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import IDLE, RIG, Landmarks
from lipwright.avatar import Patch, Plate
from lipwright.colour import rgb_of, within, yuv_of
from lipwright.compose.yuv import box_at, overwrite
from lipwright.mouth import topology

PORTRAIT_LANDMARKS = Path(__file__).with_name("portrait_landmarks.csv")


def shape(**columns: float) -> NDArray[np.float32]:
    return np.array([columns.get(name, 0) for name in RIG], np.float32)


def idle(**columns: float) -> NDArray[np.float32]:
    return np.array([columns.get(name, 0) for name in IDLE], np.float32)


@lru_cache(maxsize=1)
def portrait_landmarks() -> Landmarks:
    return np.loadtxt(PORTRAIT_LANDMARKS, delimiter=",", dtype=np.float32)


def portrait() -> Plate:
    """Smiling, teeth shown; 512 x 512, eyes 63 px apart."""
    from skimage import data

    frame = np.ascontiguousarray(data.astronaut())  # type: ignore[no-untyped-call]
    return Plate(frame, _matte(portrait_landmarks(), (512, 512)), portrait_landmarks(), 0.05)


def drawn(width: int = 320, height: int = 320, marks: Landmarks | None = None) -> Plate:
    """A painted face with closed lips; without `marks` in the middle, eyes 63 px apart."""
    marks = centred(width, height) if marks is None else marks
    noise = np.random.default_rng(1).normal(0, 5, (height, width, 1))
    x = np.arange(width)[None, :, None] // 12 % 2 * 40.0
    frame = np.clip(90 + noise + x + np.zeros((1, 1, 3)), 0, 255).astype(np.uint8)
    _fill(frame, marks, topology.FACE_OVAL, (205, 160, 140))
    for upper, lower in (
        (topology.LEFT_EYE_UPPER, topology.LEFT_EYE_LOWER),
        (topology.RIGHT_EYE_UPPER, topology.RIGHT_EYE_LOWER),
    ):
        _fill(frame, marks, (*upper, *lower[::-1]), (235, 235, 235))
    _fill(frame, marks, (*topology.OUTER_UPPER, *topology.OUTER_LOWER[::-1]), (180, 90, 90))
    line = marks[list(topology.INNER_UPPER), :2].round().astype(np.int32)
    cv2.polylines(frame, [line], False, (90, 30, 35), 1, cv2.LINE_AA)
    frame = np.clip(frame + noise, 0, 255).astype(np.uint8)
    return Plate(frame, _matte(marks, (height, width)), marks, 0.0)


def centred(width: int, height: int) -> Landmarks:
    """The portrait's landmarks in the middle of a canvas, lips closed."""
    marks = portrait_landmarks().copy()
    marks[:, :2] += np.array([width, height]) / 2 - marks[:, :2].mean(0)
    upper, lower = list(topology.INNER_UPPER), list(topology.INNER_LOWER)
    marks[upper] = marks[lower] = (marks[upper] + marks[lower]) / 2
    return marks


def unit(plate: Plate) -> float:
    left, right = plate.landmarks[list(topology.EYE_CORNERS)]
    return float(np.linalg.norm(right - left))


def shown(plate: Plate, patch: Patch) -> NDArray[np.uint8]:
    """The canvas with the patch on it, as the encoder gets it."""
    canvas = yuv_of(plate.frame)
    box = box_at(patch.left, patch.top, patch.pixels.y)
    overwrite(within(canvas, box), patch.pixels._replace(alpha=None))
    return rgb_of(canvas)


def seen(plate: Plate) -> NDArray[np.uint8]:
    """The plate as the encoder gets it."""
    return rgb_of(yuv_of(plate.frame))


def _fill(
    frame: NDArray[np.uint8], marks: Landmarks, ids: tuple[int, ...], rgb: tuple[int, int, int]
) -> None:
    cv2.fillPoly(frame, [marks[list(ids), :2].round().astype(np.int32)], rgb, cv2.LINE_AA)


def _matte(marks: Landmarks, size: tuple[int, int]) -> NDArray[np.uint8]:
    matte = np.zeros(size, np.uint8)
    hull = cv2.convexHull(marks[:468, :2].round().astype(np.int32))
    cv2.fillPoly(matte, [np.asarray(hull)], 255)
    chin = marks[topology.CHIN, :2]
    half = np.linalg.norm(marks[topology.FACE_OVAL[0], :2] - chin)
    corner = (int(chin[0] - half), int(chin[1] + 0.15 * half))
    cv2.rectangle(matte, corner, (int(chin[0] + half), size[0]), 255, -1)
    return np.asarray(cv2.dilate(matte, np.ones((9, 9), np.uint8)), np.uint8)
