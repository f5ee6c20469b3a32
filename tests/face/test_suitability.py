"""What a picture lacks is said in words."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from lipwright.arrays import Frame
from lipwright.face import Landmarker
from lipwright.face.landmarker import Face
from lipwright.face.suitability import suitability


@pytest.fixture(scope="module")
def face(portrait: Frame, landmarker: Landmarker) -> Face:
    return landmarker.faces(portrait)[0]


def told(frame: Frame, face: Face) -> str:
    return " ".join(suitability(frame, face))


def masked(frame: Frame, face: Face) -> Frame:
    covered = frame.copy()
    outline = face.landmarks[[234, 50, 4, 280, 454, 397, 152, 172], :2].astype(np.int32)
    cv2.fillPoly(covered, [outline], (120, 160, 220))
    return covered


def lit_from_the_left(frame: Frame, face: Face) -> Frame:
    share = np.ones(frame.shape[1])
    share[round(float(face.landmarks[1, 0])) :] = 0.2
    return np.asarray(frame * share[:, None], np.uint8)


def test_a_fair_picture_is_not_faulted(portrait: Frame, face: Face) -> None:
    for fault in ("cover", "blurred", "turned", "dark", "overexposed", "one side", "ends closely"):
        assert fault not in told(portrait, face)


def test_a_mask_is_seen_but_a_beard_is_not_taken_for_one(portrait: Frame, face: Face) -> None:
    assert "cover the mouth" in told(masked(portrait, face), face)
    beard = masked(portrait, face)
    beard[np.all(beard == (120, 160, 220), axis=-1)] = (40, 30, 25)
    assert "cover the mouth" not in told(beard, face)


@pytest.mark.parametrize(
    ("share", "fault"), [(0.1, "very dark"), (8.0, "overexposed")], ids=["dark", "bright"]
)
def test_the_light_is_judged(portrait: Frame, face: Face, share: float, fault: str) -> None:
    lit = np.clip(portrait * share, 0, 255).astype(np.uint8)
    assert fault in told(lit, face)


def test_light_from_one_side_is_told(portrait: Frame, face: Face) -> None:
    assert "one side only" in told(lit_from_the_left(portrait, face), face)


def test_a_picture_cut_at_the_chin_is_told(portrait: Frame, face: Face) -> None:
    chin = round(float(face.landmarks[152, 1]))
    assert "closely below the chin" in told(portrait[: chin + 5], face)
