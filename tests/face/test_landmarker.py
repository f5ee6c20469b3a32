"""What every landmarker keeps, and how well the real one sees."""

from __future__ import annotations

from itertools import repeat
from typing import Any

import cv2
import numpy as np
import pytest

from lipwright.arrays import Frame
from lipwright.face import Face, FixedLandmarker, Landmarker
from lipwright.face.geometry import (
    eye_distance_px,
    face_height_px,
    jaw_opening,
    roll_degrees,
    yaw_degrees,
)


@pytest.fixture(params=["real", "fake"])
def any_landmarker(
    request: pytest.FixtureRequest, landmarker: Landmarker, portrait: Frame
) -> Landmarker:
    if request.param == "real":
        return landmarker
    return FixedLandmarker(landmarker.faces(portrait))


class TestEveryLandmarker:
    def test_is_a_landmarker(self, any_landmarker: Landmarker) -> None:
        assert isinstance(any_landmarker, Landmarker)

    def test_finds_the_one_face_of_the_portrait(
        self, any_landmarker: Landmarker, portrait: Frame
    ) -> None:
        (face,) = any_landmarker.faces(portrait)
        assert face.landmarks.shape == (478, 3)
        assert face.landmarks.dtype == np.float32
        assert 0.9 < face.score <= 1
        assert 0 <= face.jaw_open <= 1
        left, top, right, bottom = face.box
        assert 170 < left < right < 280
        assert 60 < top < bottom < 190

    def test_gives_the_same_face_twice(self, any_landmarker: Landmarker, portrait: Frame) -> None:
        first, second = any_landmarker.faces(portrait), any_landmarker.faces(portrait)
        assert np.array_equal(first[0].landmarks, second[0].landmarks)

    def test_tracks_one_face_a_frame(self, any_landmarker: Landmarker, portrait: Frame) -> None:
        tracked = list(any_landmarker.track(repeat(portrait, 3)))
        assert len(tracked) == 3
        assert all(isinstance(face, Face) for face in tracked)

    def test_leaves_the_frame_as_it_was(self, any_landmarker: Landmarker, portrait: Frame) -> None:
        before = portrait.copy()
        any_landmarker.faces(portrait)
        assert np.array_equal(portrait, before)


def test_nothing_is_found_where_no_face_is(landmarker: Landmarker) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (240, 320, 3), dtype=np.uint8)
    assert landmarker.faces(noise) == ()
    assert landmarker.faces(np.full((240, 320, 3), 90, np.uint8)) == ()


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (7, 5)])
def test_a_sliver_of_a_picture_has_no_face(landmarker: Landmarker, size: tuple[int, int]) -> None:
    assert landmarker.faces(np.zeros((*size, 3), np.uint8)) == ()


def test_two_people_are_two_faces(landmarker: Landmarker, portrait: Frame) -> None:
    assert len(landmarker.faces(np.hstack([portrait, portrait]))) == 2


def test_the_larger_face_comes_first(landmarker: Landmarker, portrait: Frame) -> None:
    half = cv2.resize(portrait, (256, 256), interpolation=cv2.INTER_AREA)
    small = np.zeros((512, 256, 3), np.uint8)
    small[128:384] = half
    first, second = landmarker.faces(np.hstack([small, portrait]))
    assert face_height_px(first.landmarks) > 1.8 * face_height_px(second.landmarks)
    assert first.box[0] > 256


@pytest.mark.parametrize("scale", [0.5, 2.0, 4.0])
def test_the_landmarks_grow_with_the_picture(
    landmarker: Landmarker, portrait: Frame, scale: float
) -> None:
    size = round(512 * scale)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = np.asarray(cv2.resize(portrait, (size, size), interpolation=how), np.uint8)
    (face,), (grown,) = landmarker.faces(portrait), landmarker.faces(scaled)
    expected = (face.landmarks[:, :2] + 0.5) * scale - 0.5
    off = np.linalg.norm(grown.landmarks[:, :2] - expected, axis=1) / scale
    assert off.mean() < 1.0


def test_a_small_face_in_a_wide_picture_is_found(landmarker: Landmarker, portrait: Frame) -> None:
    scene = np.full((1080, 1920, 3), 128, np.uint8)
    scene[500:756, 1500:1756] = cv2.resize(portrait, (256, 256), interpolation=cv2.INTER_AREA)
    (face,) = landmarker.faces(scene)
    assert 1580 < face.landmarks[1, 0] < 1640


def test_a_mirrored_portrait_has_mirrored_landmarks(
    landmarker: Landmarker, portrait: Frame
) -> None:
    (face,) = landmarker.faces(portrait)
    (mirrored,) = landmarker.faces(np.ascontiguousarray(portrait[:, ::-1]))
    nose = 511 - face.landmarks[1, 0]
    assert abs(mirrored.landmarks[1, 0] - nose) < 2
    assert abs(yaw_degrees(mirrored.landmarks) + yaw_degrees(face.landmarks)) < 4


@pytest.mark.parametrize("degrees", [-30, 20, 40])
def test_a_tilted_head_is_measured(landmarker: Landmarker, portrait: Frame, degrees: int) -> None:
    (face,) = landmarker.faces(portrait)
    turn = cv2.getRotationMatrix2D((256, 200), -degrees, 1)
    tilted = np.asarray(cv2.warpAffine(portrait, turn, (512, 512)), np.uint8)
    (found,) = landmarker.faces(tilted)
    expected = roll_degrees(face.landmarks) + degrees
    assert abs(roll_degrees(found.landmarks) - expected) < 3


def test_an_iris_lies_between_its_eyelids(landmarker: Landmarker, portrait: Frame) -> None:
    (face,) = landmarker.faces(portrait)
    points = face.landmarks
    assert points[33, 0] < points[468, 0] < points[133, 0]
    assert points[362, 0] < points[473, 0] < points[263, 0]


def test_the_smile_of_the_portrait_shows_a_gap(landmarker: Landmarker, portrait: Frame) -> None:
    (face,) = landmarker.faces(portrait)
    assert 0.1 < face.jaw_open < 0.5
    closed = face.landmarks.copy()
    closed[14] = closed[13]
    assert jaw_opening(closed) == 0


def test_a_face_lost_and_found_again_is_tracked(landmarker: Landmarker, portrait: Frame) -> None:
    empty = np.full_like(portrait, 60)
    tracked = list(landmarker.track([portrait, empty, portrait]))
    assert [face is not None for face in tracked] == [True, False, True]


def test_a_still_face_is_tracked_without_jitter(landmarker: Landmarker, portrait: Frame) -> None:
    noise = np.random.default_rng(2)
    frames = [
        np.clip(portrait + noise.normal(0, 2, portrait.shape), 0, 255).astype(np.uint8)
        for _ in range(12)
    ]
    tracked = [face for face in landmarker.track(frames) if face is not None]
    points = np.array([face.landmarks[:, :2] for face in tracked[4:]])
    jitter = points.std(axis=0).mean() / eye_distance_px(tracked[0].landmarks)
    assert jitter < 0.005


def test_several_looks_are_near_one_look(landmarker: Landmarker, portrait: Frame) -> None:
    one, several = (next(landmarker.track([portrait], looks=looks)) for looks in (1, 5))
    assert one is not None
    assert several is not None
    assert (
        0 < np.abs(several.landmarks - one.landmarks).max() < 0.05 * eye_distance_px(one.landmarks)
    )


def test_several_looks_are_kept_beside_their_mean(landmarker: Landmarker, portrait: Frame) -> None:
    one, several = (next(landmarker.track([portrait], looks=looks)) for looks in (1, 3))
    assert one is not None
    assert several is not None
    assert one.looks == ()
    assert len(several.looks) == 3
    np.testing.assert_allclose(np.mean(several.looks, axis=0), several.landmarks, atol=1e-3)


@pytest.mark.parametrize("step", [2, 25])
def test_looks_follow_a_moving_head(landmarker: Landmarker, portrait: Frame, step: int) -> None:
    """In pixels a picture; the face is 110 px wide."""
    frames = [np.roll(portrait, step * k, axis=1) for k in range(6)]
    *_, one = landmarker.track(frames)
    *_, several = landmarker.track(frames, looks=5)
    assert one is not None
    assert several is not None
    apart = np.linalg.norm((several.landmarks - one.landmarks)[:, :2], axis=1)
    assert apart.mean() < 0.02 * eye_distance_px(one.landmarks)


def test_noise_and_gravel_are_no_faces(landmarker: Landmarker) -> None:
    from skimage import data

    made = np.random.default_rng(1).integers(0, 255, (700, 724, 3)).astype(np.uint8)
    noise = cv2.normalize(cv2.GaussianBlur(made, (0, 0), 9), None, 0, 255, cv2.NORM_MINMAX)  # type: ignore[call-overload]
    stones: Any = data.gravel
    gravel = cv2.resize(np.asarray(stones(), np.uint8), (720, 720))
    for picture in (noise, cv2.cvtColor(np.asarray(gravel, np.uint8), cv2.COLOR_GRAY2RGB)):
        still = np.asarray(picture, np.uint8)
        moved = (np.ascontiguousarray(still[k : k + 600, k : k + 600]) for k in range(0, 24, 4))
        assert list(landmarker.track(moved)) == [None] * 6
