"""Real mouths and eyes: what is asked for comes from the picture that shows it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mouth_plates import centred, drawn, idle, seen, shape, shown
from numpy.typing import NDArray

from lipwright.arrays import RIG
from lipwright.avatar import Atlas, Plate
from lipwright.mouth import WarpMouth, topology
from lipwright.mouth.anatomy import anatomy_of
from lipwright.mouth.likeness import Likeness
from lipwright.mouth.pose import SKIN_POINTS, LipRig, pose_of

LEFT, TOP, RIGHT, BOTTOM = 100, 130, 220, 270
"""A box around the mouth of the drawn face."""

STATES = [
    shape(),
    shape(jaw=0.3),
    shape(jaw=0.7),
    shape(jaw=0.3, width=0.8),
    shape(jaw=0.3, width=-0.8),
    shape(jaw=0.3, pucker=0.8),
    shape(jaw=0.3, upper_lip=0.8),
    shape(jaw=0.3, lower_lip=0.8),
    shape(press=1),
    shape(jaw=0.1, tuck=1),
    shape(jaw=0.3, tongue=1),
]
CONTOURS = {
    "outer_upper": topology.OUTER_UPPER,
    "outer_lower": topology.OUTER_LOWER,
    "inner_upper": topology.INNER_UPPER,
    "inner_lower": topology.INNER_LOWER,
    "skin": SKIN_POINTS,
}


@lru_cache(maxsize=1)
def lifelike() -> Plate:
    """The drawn face with an atlas: its own drawn mouths."""
    plate = drawn()
    anatomy = anatomy_of(plate)
    motion = np.stack([idle()] * len(STATES))
    pictures, landmarks = [], []
    for state, patch in zip(
        STATES, WarpMouth().patches(plate, np.stack(STATES), motion, cut_out=False), strict=True
    ):
        marks = centred(320, 320)[:, :2].copy()
        targets = LipRig(anatomy).targets(pose_of(state))
        for name, points in CONTOURS.items():
            marks[list(points)] = anatomy.on_canvas(getattr(targets, name))
        pictures.append(shown(plate, patch)[TOP:BOTTOM, LEFT:RIGHT])
        landmarks.append(marks - [LEFT, TOP])
    atlas = Atlas(np.stack(pictures), np.array(landmarks, np.float32), np.stack(STATES))
    return replace(plate, mouths=atlas)


def drawn_with(plate: Plate, mouth: NDArray[np.float32], motion: NDArray[np.float32]) -> object:
    (patch,) = WarpMouth().patches(plate, mouth[None], motion[None], cut_out=False)
    return shown(plate, patch)


def test_at_rest_the_picture_is_the_plate() -> None:
    plate = lifelike()
    change = np.abs(np.asarray(drawn_with(plate, shape(), idle()), int) - seen(plate))
    assert change.max() <= 12
    assert change.mean() < 0.05


@pytest.mark.parametrize("index", [2, 4, 5])
def test_the_shape_of_a_picture_gives_that_picture(index: int) -> None:
    plate = lifelike()
    assert plate.mouths is not None
    frame = np.asarray(drawn_with(plate, STATES[index], idle()), int)[TOP:BOTTOM, LEFT:RIGHT]
    lips = np.s_[30:80, 30:90]
    change = np.abs(frame - plate.mouths.pictures[index])[lips]
    rest = np.abs(frame - plate.mouths.pictures[0])[lips]
    assert change.mean() < 0.5 * rest.mean()


def test_pressed_lips_touch_whatever_the_jaw() -> None:
    plate = lifelike()
    assert plate.mouths is not None
    likeness = Likeness(plate.mouths, anatomy_of(plate))
    for jaw in (0.0, 0.4, 1.0):
        targets = likeness.targets(shape(jaw=jaw, press=1))
        assert np.abs(targets.inner_lower[:, 1] - targets.inner_upper[:, 1]).max() < 0.02


@given(st.lists(st.floats(0, 1, width=32), min_size=len(RIG), max_size=len(RIG)))
@settings(max_examples=25, deadline=None)
def test_the_chosen_pictures_share_without_a_jump(values: list[float]) -> None:
    plate = lifelike()
    assert plate.mouths is not None
    likeness = Likeness(plate.mouths, anatomy_of(plate))
    rig = np.array(values, np.float32)
    shares = []
    for each in (rig, rig * np.float32(0.999)):
        share = np.zeros(len(STATES))
        for picture, weight in likeness.chosen(likeness.targets(each), each):
            share[picture] = weight
        shares.append(share)
        assert abs(share.sum() - 1) < 1e-6
    assert np.abs(shares[0] - shares[1]).max() < 0.12


def test_the_tongue_is_chosen_by_what_no_contour_shows() -> None:
    plate = lifelike()
    assert plate.mouths is not None
    likeness = Likeness(plate.mouths, anatomy_of(plate))
    rig = shape(jaw=0.3, tongue=1)
    chosen = likeness.chosen(likeness.targets(rig), rig)
    assert max(chosen, key=lambda each: each[1])[0] == len(STATES) - 1


def test_closed_lids_come_from_their_picture_and_move_with_the_head() -> None:
    plate = drawn()
    marks = plate.landmarks[:, :2]
    low = np.floor(marks[list(topology.EYE_CORNERS)].min(0)).astype(int) - [12, 16]
    size = (40, 90)
    cut = plate.frame[low[1] : low[1] + size[0], low[0] : low[0] + size[1]]
    lids = np.full_like(cut, (10, 200, 30))
    states = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32)
    eyes = Atlas(np.stack([cut, lids, lids // 2]), np.stack([marks - low] * 3), states)
    seeing = replace(plate, eyes=eyes)
    middle = low + np.array([45, 20])
    for state, colour in ((idle(blink=1), (10, 200, 30)), (idle(gaze_x=1), (5, 100, 15))):
        frame = np.asarray(drawn_with(seeing, shape(), state), int)
        assert np.abs(frame[middle[1], middle[0]] - colour).max() <= 3
    still = np.asarray(drawn_with(seeing, shape(), idle()), int)
    assert np.abs(still - seen(plate)).max() <= 1
    nodding = np.asarray(drawn_with(seeing, shape(), idle(blink=1, shift_y=0.08)), int)
    green = (nodding[..., 1] - nodding[..., 0] > 100).nonzero()[0].mean()
    resting = np.asarray(drawn_with(seeing, shape(), idle(blink=1)), int)
    assert green > (resting[..., 1] - resting[..., 0] > 100).nonzero()[0].mean() + 2
