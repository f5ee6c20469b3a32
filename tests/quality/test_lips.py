"""The lip gap: independent of size, tilt and place; and read off a real face."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lipwright.arrays import RIG, Landmarks
from lipwright.face import FixedLandmarker, open_landmarker
from lipwright.quality import Landmarker
from lipwright.quality.lips import lip_gap, meant_gap


def face_with(gap: float) -> Landmarks:
    points = np.zeros((478, 3), np.float32)
    points[33, :2], points[263, :2] = (-0.5, 0), (0.5, 0)
    for upper, lower, x in ((82, 87, -0.1), (13, 14, 0.0), (312, 317, 0.1)):
        points[upper, :2], points[lower, :2] = (x, 0.7), (x, 0.7 + gap)
    return points


@given(st.floats(0, 0.3), st.floats(-1, 1), st.floats(10, 900), st.floats(-500, 500))
def test_the_gap_does_not_depend_on_where_the_face_is(
    gap: float, tilt: float, size: float, shift: float
) -> None:
    turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
    points = face_with(gap)
    points[:, :2] = points[:, :2] @ turn.T * size + shift
    assert lip_gap(points) == pytest.approx(gap, abs=1e-3)


def test_a_face_without_size_has_no_gap() -> None:
    assert np.isnan(lip_gap(np.zeros((478, 3), np.float32)))


def test_a_press_and_a_rest_mean_no_gap_and_a_wide_vowel_a_large_one() -> None:
    shapes = np.zeros((3, len(RIG)), np.float32)
    shapes[1:, RIG.index("jaw")] = 0.8
    shapes[1, RIG.index("press")] = 1
    rest, press, vowel = meant_gap(shapes)
    assert rest == press == 0
    assert 0.05 < vowel < 0.2


@pytest.fixture(params=["onnx", "fixed"])
def landmarker(request: pytest.FixtureRequest, portrait_path: Path) -> Landmarker:
    real = open_landmarker()
    if request.param == "onnx":
        return real
    return FixedLandmarker(real.faces(np.array(Image.open(portrait_path).convert("RGB"))))


def test_every_landmarker_reads_the_smile_of_the_portrait(
    landmarker: Landmarker, portrait_path: Path
) -> None:
    portrait = np.array(Image.open(portrait_path).convert("RGB"))
    faces = list(landmarker.track([portrait, portrait]))
    assert len(faces) == 2
    for face in faces:
        assert face is not None
        assert 0.01 < lip_gap(face.landmarks) < 0.15
