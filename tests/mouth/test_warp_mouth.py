"""The warp: what moves, what holds still, and that nothing breaks it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from mouth_plates import (
    centred,
    drawn,
    idle,
    portrait,
    portrait_landmarks,
    seen,
    shape,
    shown,
    unit,
)
from numpy.typing import NDArray

from lipwright.arrays import IDLE, RIG
from lipwright.avatar import Plate
from lipwright.mouth import WarpMouth, topology

Picture = NDArray[np.float64]


def picture(plate: Plate, mouth: NDArray[np.float32], motion: NDArray[np.float32]) -> Picture:
    (patch,) = WarpMouth().patches(plate, mouth[None], motion[None], cut_out=False)
    return shown(plate, patch).astype(np.float64)


def region(plate: Plate, marks: tuple[int, ...], reach: float) -> NDArray[np.bool_]:
    """Pixels within `reach` (of the eye distance) of the hull of some landmarks."""
    mask = np.zeros(plate.frame.shape[:2], np.uint8)
    hull = cv2.convexHull(plate.landmarks[list(marks), :2].round().astype(np.int32))
    cv2.fillPoly(mask, [np.asarray(hull)], 1)
    size = 2 * round(reach * unit(plate)) + 1
    return np.asarray(cv2.dilate(mask, np.ones((size, size), np.uint8)) > 0)


def shift_of(before: Picture, after: Picture, at: NDArray[np.float32], reach: int) -> Picture:
    """How far the patch around a point moved, (x, y) in whole pixels."""
    x, y = at.round().astype(int)
    template = before[y - reach : y + reach + 1, x - reach : x + reach + 1].astype(np.float32)
    wide = reach + 12
    search = after[y - wide : y + wide + 1, x - wide : x + wide + 1].astype(np.float32)
    score = cv2.matchTemplate(search, template, cv2.TM_SQDIFF)
    (column, row) = cv2.minMaxLoc(score)[2]
    return np.array([column - 12, row - 12], float)


MOUTH = (*topology.OUTER_UPPER, *topology.OUTER_LOWER)
EYES = (
    *(*topology.LEFT_EYE_UPPER, *topology.LEFT_EYE_LOWER),
    *(*topology.RIGHT_EYE_UPPER, *topology.RIGHT_EYE_LOWER),
)


def test_at_rest_closed_lips_are_the_plate() -> None:
    plate = drawn()
    change = np.abs(picture(plate, shape(), idle()) - seen(plate))
    assert change.max() <= 1


def test_at_rest_a_smile_is_closed_and_all_else_is_the_plate() -> None:
    plate = portrait()
    rest = picture(plate, shape(), idle())
    outside = ~region(plate, MOUTH, 1.0)
    assert np.array_equal(rest[outside], seen(plate)[outside])
    teeth = region(plate, (81, 13, 311, 178, 14, 402), 0.0)
    pale = np.ptp(seen(plate)[teeth].astype(float), axis=-1).mean()
    assert np.ptp(rest[teeth], axis=-1).mean() > pale + 5


@pytest.mark.parametrize("jaw", [0.0, 0.5, 1.0])
def test_pressed_lips_show_nothing_of_the_inside(jaw: float) -> None:
    plate = drawn()
    pressed = picture(plate, shape(jaw=jaw, press=1, upper_lip=1, lower_lip=1), idle())
    lips = region(plate, MOUTH, 0.02)
    darkest, brightest = pressed[lips].min(0), pressed[lips].max(0)
    assert (darkest > seen(plate)[lips].min(0) - 25.0).all()
    assert brightest[1] < 200  # no teeth: lips and skin of the drawn face are redder


def test_the_eyes_are_untouched_by_speech() -> None:
    plate = portrait()
    spoken = picture(plate, shape(jaw=1, width=1, upper_lip=1), idle())
    eyes = region(plate, EYES, 0.02)
    assert np.abs(spoken[eyes] - seen(plate)[eyes]).max() <= 2


def test_a_blink_covers_the_white_of_the_eye_and_changes_only_the_eyes() -> None:
    plate = drawn()
    shut = picture(plate, shape(), idle(blink=1))
    eyes = region(plate, EYES, 0.0)
    white = seen(plate)[eyes].mean(-1) > 215
    assert white.sum() > 50
    assert (shut[eyes].mean(-1)[white] < 215).mean() > 0.8
    left = (*topology.LEFT_EYE_UPPER, *topology.LEFT_EYE_LOWER)
    right = (*topology.RIGHT_EYE_UPPER, *topology.RIGHT_EYE_LOWER)
    outside = ~(region(plate, left, 0.35) | region(plate, right, 0.35))
    assert np.abs(shut - seen(plate))[outside].max() <= 1


def test_a_blink_leaves_the_rim_of_glasses_where_it_is() -> None:
    plate = drawn(960, 960, portrait_landmarks() * 3)
    upper = plate.landmarks[list(topology.LEFT_EYE_UPPER), :2]
    rim = np.round(upper - [0, 0.08 * unit(plate)]).astype(np.int32)
    cv2.polylines(plate.frame, [rim], False, (30, 25, 25), round(0.05 * unit(plate)))
    shut = picture(plate, shape(), idle(blink=1))
    for (x, y), (_, lid) in zip(rim[3:-3], upper[3:-3], strict=True):
        assert shut[y, x].max() < 60
        below = shut[round(y + 0.05 * unit(plate)) : round(lid), x]
        assert below.min() > 60


def test_blinking_is_gradual() -> None:
    plate = drawn()
    eyes = region(plate, EYES, 0.0)
    light = [picture(plate, shape(), idle(blink=b))[eyes].mean() for b in (0, 0.3, 0.6, 1)]
    assert light == sorted(light, reverse=True)


@pytest.mark.parametrize(
    ("motion", "landmark", "direction"),
    [
        ({"yaw": 4.0}, 4, (1, 0)),
        ({"yaw": -4.0}, 4, (-1, 0)),
        ({"pitch": 4.0}, 4, (0, 1)),
        ({"roll": 3.0}, 151, (1, 0)),
        ({"shift_x": 0.06}, 4, (1, 0)),
        ({"shift_y": -0.06}, 4, (0, -1)),
    ],
)
def test_the_head_moves_the_way_the_channel_says(
    motion: dict[str, float], landmark: int, direction: tuple[int, int]
) -> None:
    plate = portrait()
    still, moved = (picture(plate, shape(), idle(**m)) for m in ({}, motion))
    shift = shift_of(still, moved, plate.landmarks[landmark, :2], 12)
    assert shift @ np.array(direction) >= 1
    assert abs(shift @ np.array(direction[::-1])) <= 1


def test_brows_rise() -> None:
    plate = portrait()
    still, raised = (picture(plate, shape(), idle(brow=b)) for b in (0, 1))
    assert shift_of(still, raised, plate.landmarks[105, :2], 7)[1] <= -1


def test_the_background_holds_still_while_the_head_moves() -> None:
    plate = portrait()
    moved = picture(plate, shape(), idle(yaw=3, pitch=2, roll=2, shift_x=0.03, breath=1))
    near = cv2.dilate(plate.matte, np.ones((91, 91), np.uint8)) > 0
    assert np.abs(moved - seen(plate))[~near].max() <= 1


def test_the_alpha_goes_where_the_head_goes() -> None:
    plate = drawn()
    rows = np.stack([idle(), idle(shift_x=0.06)])
    still, moved = WarpMouth().patches(plate, np.stack([shape()] * 2), rows, cut_out=True)
    assert still.pixels.alpha is not None
    assert moved.pixels.alpha is not None
    forehead = slice(0, int(plate.landmarks[topology.FOREHEAD, 1] + 20) - still.top)
    columns = np.arange(still.pixels.alpha.shape[1])
    centres = [
        (alpha[forehead].sum(0) * columns).sum() / alpha[forehead].sum()
        for alpha in (still.pixels.alpha.astype(float), moved.pixels.alpha.astype(float))
    ]
    assert 2 < centres[1] - centres[0] < 5


@pytest.mark.parametrize("motion", [{"shift_x": 0.0079}, {"yaw": 0.7, "roll": 0.3}])
def test_moving_by_parts_of_a_pixel_keeps_the_picture_sharp(motion: dict[str, float]) -> None:
    plate = portrait()
    moved = picture(plate, shape(), idle(**motion))
    cheeks = region(plate, (50, 280, 10), 0.0)

    def sharpness(frame: Picture) -> float:
        grey = frame.mean(-1).astype(np.float32)
        return float(np.abs(np.asarray(cv2.Laplacian(grey, cv2.CV_32F)))[cheeks].mean())

    assert 0.8 <= sharpness(moved) / sharpness(seen(plate).astype(np.float64)) <= 1.25


def test_folds_that_closing_a_smile_bends_are_no_saw() -> None:
    small = portrait()
    marks, large = small.landmarks * 3, tuple(3 * side for side in small.matte.shape)
    slope = 400 / (3 * unit(small))
    ramp = 128 + slope * (np.arange(large[0]) - marks[topology.LIP_CORNERS[0], 1])
    light = np.broadcast_to(ramp.clip(0, 255)[:, None, None], (*large, 3))
    plate = Plate(light.astype(np.uint8), np.full(large, 255, np.uint8), marks, small.jaw_open)
    folds = region(plate, MOUTH, 0.15) & ~region(plate, MOUTH, 0.02)
    steps = np.diff(picture(plate, shape(press=1), idle()).mean(-1), axis=1)
    bent = folds[:, 1:] & (cv2.blur(steps, (8, 8)) > 0.3 * slope)
    first, second = (steps[:, k::2][bent[:, k::2]].mean() for k in (0, 1))
    assert 0.6 < first / second < 1.6  # 0.3 when drawn in squares of four pixels


@pytest.mark.parametrize("column", RIG)
def test_a_small_step_of_any_parameter_is_a_small_step_of_the_picture(column: str) -> None:
    plate = drawn()
    base = {"jaw": 0.4, "upper_lip": 0.3}
    for value in (0.02, 0.5, 0.9):
        first = picture(plate, shape(**(base | {column: value})), idle())
        second = picture(plate, shape(**(base | {column: value + 0.01})), idle())
        assert np.abs(first - second).mean(-1).max() < 50


def test_lips_that_part_a_little_do_not_flash() -> None:
    plate = portrait()
    lips = region(plate, MOUTH, 0.05)
    light = [picture(plate, shape(jaw=j), idle())[lips].mean() for j in np.linspace(0, 0.2, 11)]
    assert np.abs(np.diff(light)).max() < 2.5


def test_a_grey_picture_gets_a_grey_mouth() -> None:
    colour = drawn()
    grey = np.repeat(colour.frame.mean(-1, keepdims=True), 3, axis=-1).astype(np.uint8)
    plate = Plate(grey, colour.matte, colour.landmarks, 0.0)
    wide = picture(plate, shape(jaw=1, upper_lip=0.5), idle())
    assert np.ptp(wide, axis=-1).max() <= 12


def any_row(low: float, names: tuple[str, ...]) -> st.SearchStrategy[NDArray[np.float32]]:
    corner = st.sampled_from([low, 0.0, 1.0, 0.37])
    return arrays(np.float32, len(names), elements=corner)


@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    mouth=any_row(-1.0, RIG),
    motion=any_row(-1.0, IDLE),
    seed=st.integers(0, 999),
    noise_px=st.sampled_from([0.0, 1.0, 6.0]),
    degrees=st.sampled_from([-30.0, 0.0, 30.0]),
    scale=st.sampled_from([0.15, 0.6, 1.4]),
    place=st.tuples(st.floats(-0.2, 1.2), st.floats(-0.2, 1.2)),
)
def test_no_face_and_no_motion_breaks_it(
    mouth: NDArray[np.float32],
    motion: NDArray[np.float32],
    seed: int,
    noise_px: float,
    degrees: float,
    scale: float,
    place: tuple[float, float],
) -> None:
    marks = centred(0, 0).astype(np.float64)
    marks += np.random.default_rng(seed).normal(0, noise_px, marks.shape)
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    marks[:, :2] = marks[:, :2] @ np.array([[c, s], [-s, c]])
    marks *= scale
    marks[:, :2] += np.array(place) * [200, 160]
    motion = motion * np.array([1, 6, 6, 4, 0.05, 0.05, 1, 1, 1, 1], np.float32)
    plate = drawn(200, 160, marks.astype(np.float32))
    (patch,) = WarpMouth().patches(plate, mouth[None], motion[None], cut_out=True)
    assert patch.pixels.alpha is not None
    assert patch.rgb.shape[0] % 2 == patch.rgb.shape[1] % 2 == 0
    assert patch.top + patch.rgb.shape[0] <= 160
    assert patch.left + patch.rgb.shape[1] <= 200
