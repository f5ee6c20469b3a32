from __future__ import annotations

import cv2
import numpy as np
import pytest

from lipwright.avatar import Plate
from lipwright.compose import without_fringe

PERSON = np.array([200, 90, 30])


def before(scene: tuple[int, int, int]) -> Plate:
    """A disc with a soft edge, photographed before a plain wall."""
    matte = np.zeros((360, 360), np.uint8)
    cv2.circle(matte, (180, 180), 100, 255, -1)
    matte = np.asarray(cv2.GaussianBlur(matte, (0, 0), 3), np.uint8)
    alpha = matte[..., None] / 255
    frame = np.rint(PERSON * alpha + np.array(scene) * (1 - alpha)).astype(np.uint8)
    return Plate(frame, matte, np.zeros((478, 3), np.float32), 0.0)


@pytest.mark.parametrize("scene", [(255, 255, 255), (0, 0, 0), (20, 200, 60)])
def test_soft_edges_take_the_persons_own_colour(scene: tuple[int, int, int]) -> None:
    plate = before(scene)
    soft = (plate.matte > 20) & (plate.matte < 235)
    old = np.abs(plate.frame[soft] - PERSON.astype(float)).mean()
    new = np.abs(without_fringe(plate).frame[soft] - PERSON.astype(float)).mean()
    assert new < 0.15 * old


def test_opaque_parts_are_identical() -> None:
    plate = before((255, 255, 255))
    plate.frame[170:190, 170:190] = (0, 0, 255)
    cleaned = without_fringe(plate)
    opaque = plate.matte == 255
    assert np.array_equal(cleaned.frame[opaque], plate.frame[opaque])
    assert cleaned.matte is plate.matte


def test_a_plate_without_a_person_is_no_error() -> None:
    plate = before((9, 9, 9))
    plate.matte[:] = 0
    assert without_fringe(plate).frame.shape == plate.frame.shape
