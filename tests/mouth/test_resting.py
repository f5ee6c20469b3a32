"""What lips do in a turned head is learned from a clip, and not from the grimaces in it."""

from __future__ import annotations

import numpy as np
import pytest
from mouth_plates import drawn, shape
from numpy.typing import NDArray

from lipwright.headpose import HeadPose
from lipwright.mouth.anatomy import Anatomy, anatomy_of
from lipwright.mouth.pose import LipRig, pose_of
from lipwright.mouth.resting import CONTOURS, MOVING, Resting

SLIPS = 0.2
"""Eye distances to the side that lips and chin are seen at, for each radian of yaw."""
LIPS = [row for row, mark in enumerate(MOVING) if mark not in CONTOURS["skin"]]


@pytest.fixture(scope="module")
def anatomy() -> Anatomy:
    return anatomy_of(drawn())


def turned(yaw: float) -> HeadPose:
    cos, sin = np.cos(yaw), np.sin(yaw)
    return HeadPose(1.0, np.array([[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]]), np.zeros(3))


def nodding(pitch: float) -> HeadPose:
    cos, sin = np.cos(pitch), np.sin(pitch)
    return HeadPose(1.0, np.array([[1, 0, 0], [0, cos, sin], [0, -sin, cos]]), np.zeros(3))


def face(anatomy: Anatomy, yaw: float, jaw: float, skewed: float = 0.0) -> NDArray[np.float64]:
    """Somebody who speaks with a turned head; `skewed` pulls the lips aside and slants them."""
    marks = anatomy.marks.copy()
    targets = LipRig(anatomy).targets(pose_of(shape(jaw=jaw)))
    for name, ids in CONTOURS.items():
        local = getattr(targets, name).copy()
        local[:, 0] += SLIPS * yaw
        if name != "skin":
            local[:, 0] += skewed
            local[:, 1] += 2 * skewed * local[:, 0]
        marks[list(ids)] = anatomy.origin + anatomy.unit * (local @ anatomy.axes)
    return turned(yaw).placed(marks)


def resting(anatomy: Anatomy, most: float, grimaces: int) -> Resting:
    yaws = most * np.sin(np.linspace(0, 20, 150))
    faces = [face(anatomy, yaw, 0.25 + 0.25 * np.sin(k)) for k, yaw in enumerate(yaws)]
    faces += [face(anatomy, 1.2 * most, 0.05, skewed=0.15) for _ in range(grimaces)]
    return Resting(anatomy.marks.astype(np.float32), np.stack(faces).astype(np.float32))


def slip(rest: Resting, anatomy: Anatomy, yaw: float) -> float:
    """How far to the side, and nowhere else, lips go for a turn; in eye distances."""
    moved = rest.shift(turned(yaw))[LIPS] @ anatomy.axes.T / anatomy.unit
    assert np.abs(moved[:, 1]).max() < 0.02
    return float(moved[:, 0].mean())


@pytest.mark.parametrize("grimaces", [0, 20])
def test_lips_slip_in_a_turned_head_as_they_are_seen_to(anatomy: Anatomy, grimaces: int) -> None:
    rest = resting(anatomy, 0.35, grimaces)
    for yaw in (-0.3, 0.3):
        assert slip(rest, anatomy, yaw) == pytest.approx(SLIPS * yaw, abs=0.015)


def test_a_skewed_mouth_is_not_what_a_small_turn_does_to_lips(anatomy: Anatomy) -> None:
    rest = resting(anatomy, 0.05, 20)
    assert abs(slip(rest, anatomy, 0.06)) < 0.015


def test_lips_never_slip_far_in_a_head_that_hardly_turns(anatomy: Anatomy) -> None:
    faces = [face(anatomy, yaw, 0.3, skewed=3 * yaw) for yaw in np.linspace(-0.05, 0.05, 60)]
    rest = Resting(anatomy.marks.astype(np.float32), np.stack(faces).astype(np.float32))
    moved = rest.shift(turned(0.05)) @ anatomy.axes.T / anatomy.unit
    assert 0.03 < np.linalg.norm(moved, axis=1).max() < 0.0601


def test_lips_do_not_fold_over_a_chin_that_was_drawn_up(anatomy: Anatomy) -> None:
    lower, chin = (MOVING.index(mark) for mark in (17, 18))
    faces = []
    for pitch in np.linspace(-0.05, 0.05, 60):
        marks = anatomy.marks.copy()
        marks[18] -= 2.0 * max(0.0, pitch) * anatomy.unit * anatomy.axes[1]
        faces.append(nodding(pitch).placed(marks))
    rest = Resting(anatomy.marks.astype(np.float32), np.stack(faces).astype(np.float32))
    moved = rest.shift(nodding(0.05)) @ anatomy.axes.T / anatomy.unit
    # it was seen to rise by 0.1; alone it would be let go by 0.06
    assert abs(moved[chin, 1] - moved[lower, 1]) < 0.035
