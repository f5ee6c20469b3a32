"""What a stranger sees in a photo that speaks: tongue, teeth, folds of a smile, lids."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from mouth_plates import drawn, idle, portrait, shape, shown, unit
from numpy.typing import NDArray

from lipwright.avatar import Plate
from lipwright.mouth import WarpMouth, creases, eyelids, topology
from lipwright.mouth.anatomy import anatomy_of
from lipwright.mouth.creases import Creases
from lipwright.mouth.head import HeadMotion
from lipwright.mouth.mouthwarp import MouthWarp
from lipwright.mouth.teeth import Grille, own_edge, own_teeth
from lipwright.mouth.tones import tones_of
from lipwright.viseme.table import targets

Picture = NDArray[np.float64]

TH = {"jaw": 0.28, "upper_lip": 0.34, "lower_lip": 0.38, "tongue": 1.0}
LIP_RGB, SHADED_LIP_RGB, LINE_RGB = (180, 90, 90), (120, 60, 60), (40, 10, 12)
WHITE_RGB, SKIN_RGB = (240, 236, 225), (205, 160, 140)


def picture(plate: Plate, mouth: NDArray[np.float32], motion: NDArray[np.float32]) -> Picture:
    (patch,) = WarpMouth().patches(plate, mouth[None], motion[None], cut_out=False)
    return shown(plate, patch).astype(np.float64)


def around(plate: Plate, mark: int, reach: float) -> tuple[slice, slice]:
    x, y = plate.landmarks[mark, :2].round().astype(int)
    far = round(reach * unit(plate))
    return slice(y - far, y + far + 1), slice(x - far, x + far + 1)


def painted(plate: Plate, outline: NDArray[np.float32], colour: tuple[int, ...]) -> Plate:
    frame = plate.frame.copy()
    cv2.fillPoly(frame, [outline.round().astype(np.int32)], colour)
    return replace(plate, frame=frame)


def test_only_th_puts_the_tongue_between_the_teeth() -> None:
    for sound, out in (("θ", 1.0), ("ð", 1.0), ("l", 0.0), ("n", 0.0), ("t", 0.0), ("a", 0.0)):
        (target,) = targets(sound)
        assert dict(zip(shape_names(), target.shape, strict=True))["tongue_out"] == out


def shape_names() -> tuple[str, ...]:
    from lipwright.arrays import RIG

    return RIG


def test_a_tongue_between_the_teeth_is_seen_under_them() -> None:
    plate = drawn()
    behind = picture(plate, shape(**TH), idle())
    between = picture(plate, shape(**TH, tongue_out=1.0), idle())
    changed = np.abs(between - behind).sum(-1) > 12
    assert changed.sum() > 20
    rows = np.flatnonzero(changed.any(axis=1))
    seam = plate.landmarks[13, 1]
    assert (rows > seam - 0.01 * unit(plate)).all()  # the upper teeth are still seen
    red = between[changed] @ np.array([1.0, -0.5, -0.5])
    assert np.median(red) > 15  # it is no darker gap, but pink


def test_pressed_lips_hide_the_tongue() -> None:
    plate = drawn()
    closed = picture(plate, shape(press=1, tongue_out=1), idle())
    assert np.array_equal(closed, picture(plate, shape(press=1), idle()))


@pytest.mark.parametrize(
    ("between_rgb", "is_open"), [(SHADED_LIP_RGB, False), (LINE_RGB, True), (WHITE_RGB, True)],
    ids=["lip", "dark", "teeth"],
)  # fmt: skip
def test_an_upper_lip_between_two_lines_is_no_opening(
    between_rgb: tuple[int, int, int], *, is_open: bool
) -> None:
    plate = drawn()
    marks, u = plate.landmarks.copy(), unit(plate)
    upper, lower = list(topology.INNER_UPPER), list(topology.INNER_LOWER)
    inner = np.sin(np.linspace(0, np.pi, 11))
    marks[upper, 1] -= 0.02 * u * inner
    marks[lower, 1] += 0.09 * u * inner
    marks[list(topology.OUTER_UPPER), 1] -= 0.03 * u * inner
    marks[list(topology.OUTER_LOWER), 1] += 0.14 * u * inner
    plate = replace(plate, landmarks=marks)
    outer = marks[[*topology.OUTER_UPPER, *topology.OUTER_LOWER[::-1]], :2]
    opening = marks[[*upper, *lower[::-1]], :2]
    plate = painted(painted(plate, outer, LIP_RGB), opening, between_rgb)
    line = (0.3 * marks[upper, :2] + 0.7 * marks[lower, :2]).round().astype(np.int32)
    cv2.polylines(plate.frame, [line], False, LINE_RGB, round(0.05 * u), cv2.LINE_AA)
    assert anatomy_of(plate).parted == is_open


def pit_beside_the_mouth(plate: Plate) -> Plate:
    x, y = plate.landmarks[216, :2].round().astype(int)
    frame = plate.frame.copy()
    cv2.circle(frame, (int(x), int(y)), round(0.03 * unit(plate)), (90, 50, 40), -1, cv2.LINE_AA)
    return replace(plate, frame=frame)


def test_a_smile_that_rounds_loses_its_pits_and_keeps_them_at_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plate = pit_beside_the_mouth(drawn())
    assert anatomy_of(plate).smile > 0.3
    rounded = shape(jaw=0.15, width=-0.9, pucker=0.9)
    there = around(plate, 216, 0.12)
    seen, rest = picture(plate, rounded, idle()), picture(plate, shape(), idle())
    monkeypatch.setattr(creases, "_GAIN", 0.0)
    kept, at_rest = picture(plate, rounded, idle()), picture(plate, shape(), idle())
    assert np.array_equal(rest, at_rest)
    darkest, was = (np.percentile(p[there].mean(-1), 3) for p in (seen, kept))
    assert darkest > was + 8
    assert (seen[there].mean(-1) - kept[there].mean(-1)).min() > -3  # nothing gets darker


def test_a_smile_that_shows_teeth_leaves_its_folds_in_every_pose_but_not_its_lips() -> None:
    plate = portrait()
    anatomy = anatomy_of(plate)
    warp = MouthWarp(anatomy, HeadMotion(plate, anatomy), plate.frame.shape)
    eased = Creases(plate, anatomy, warp, 0.7).eased(plate).frame.astype(int)
    lighter = eased - plate.frame
    assert lighter.min() >= -1
    assert max(lighter[around(plate, mark, 0.12)].max() for mark in (206, 426)) > 10
    lips = np.zeros(plate.frame.shape[:2], np.uint8)
    outline = plate.landmarks[[*topology.OUTER_UPPER, *topology.OUTER_LOWER[::-1]], :2]
    cv2.fillPoly(lips, [outline.round().astype(np.int32)], 1)
    assert lighter[lips > 0].mean() < 0.5


def teeth_over_a_lip(grille: Grille) -> NDArray[np.float32]:
    """Two incisors that end at y 0.015, a gap between them, and the lower lip's rim under them."""
    x, y = grille.local()
    seen = np.full((y.size, x.size, 3), (60, 20, 20), np.float32)
    tooth = (np.abs(x) < 0.17) & (np.abs(x) > 0.002) & (np.abs(y + 0.03) < 0.045)
    seen[tooth] = WHITE_RGB
    seen[(np.abs(x) < 0.2) & (np.abs(y - 0.035) < 0.012)] = (215, 150, 145)
    return seen


def test_own_teeth_are_taken_without_the_lip_under_them() -> None:
    grille, plate = Grille(220.0), drawn()
    tones = tones_of(plate.frame, anatomy_of(plate))
    seen = teeth_over_a_lip(grille)
    x, y = grille.local()
    inside = ((np.abs(x) < 0.2) & (np.abs(y + 0.01) < 0.065)).astype(np.float32)
    share = own_teeth(seen, inside, tones, 220.0)
    teeth = (np.abs(x) < 0.14) & (np.abs(y + 0.02) < 0.025)
    assert share[teeth].min() > 0.6  # also in the gap between two
    assert share[(y > 0.03) & (np.abs(x) < 0.2)].max() < 0.2
    assert own_edge(share, grille) == pytest.approx(0.015, abs=0.008)


def test_a_lid_takes_no_white_of_the_eye_along_that_landmarks_miss(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plate = drawn()
    frame = (plate.frame * 0.4).astype(np.uint8)
    eye = plate.landmarks[[*topology.LEFT_EYE_UPPER, *topology.LEFT_EYE_LOWER[::-1]], :2].copy()
    eye[1:8, 1] -= 0.03 * unit(plate)
    plate = painted(replace(plate, frame=frame), eye, WHITE_RGB)
    there = around(plate, 159, 0.08)
    white = (picture(plate, shape(), idle(blink=1))[there].mean(-1) > 120).sum()
    monkeypatch.setattr(eyelids, "_WHITE_TO", 0.001)
    taken = (picture(plate, shape(), idle(blink=1))[there].mean(-1) > 120).sum()
    assert white < 0.5 * taken


def test_teeth_have_the_colour_of_the_light() -> None:
    plate = drawn()
    orange = (plate.frame * np.array([1.0, 0.75, 0.4])).astype(np.uint8)
    neutral, warm = (tones_of(frame, anatomy_of(plate)).white for frame in (plate.frame, orange))
    assert warm[2] / warm[0] < 0.6 * neutral[2] / neutral[0]
