"""A photo's person is cut out: pictures are made of a person whose true matte is known."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

import lipwright
from lipwright.arrays import Frame, Landmarks
from lipwright.avatar import Plate
from lipwright.face import load_avatar
from lipwright.face.cutout import cut_out
from lipwright.face.division import divided
from lipwright.face.local_lines import LocalLines
from lipwright.face.segmenter import Segmenter

SIZE = (480, 340)
Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def presenter() -> Plate:
    """A presenter who was rendered, so that her matte is exact."""
    folder = Path(lipwright.__file__).parent / "assets" / "avatars" / "ada"
    return load_avatar(folder).plate


def wall(shape: tuple[int, ...]) -> Floats:
    """Of her jacket's colour, lit from one side."""
    light = np.linspace(0.85, 1.1, shape[1])[None, :, None]
    return np.broadcast_to(np.array([172, 164, 152]) * light, shape)


def leaves(shape: tuple[int, ...]) -> Floats:
    """Blurred spots of every colour."""
    noise = np.random.default_rng(4).normal(0, 1, shape)
    soft = cv2.GaussianBlur(noise, (0, 0), shape[1] / 60)
    return np.asarray(soft / soft.std() * 45 + np.array([120, 130, 110]), np.float64)


def before(ground: Floats, person: Frame, alpha: Floats) -> Frame:
    noise = np.random.default_rng(7).normal(0, 2, person.shape)
    mixed = person * alpha[..., None] + ground * (1 - alpha[..., None]) + noise
    return np.asarray(np.clip(mixed, 0, 255), np.uint8)


@pytest.mark.slow
@pytest.mark.parametrize(("made", "everywhere", "edge"), [(wall, 1.0, 24), (leaves, 1.7, 28)])
def test_the_matte_is_near_the_true_one(
    presenter: Plate, made: object, everywhere: float, edge: float
) -> None:
    assert callable(made)
    person = cv2.resize(presenter.frame, SIZE, interpolation=cv2.INTER_AREA)
    alpha = cv2.resize(presenter.matte, SIZE, interpolation=cv2.INTER_AREA) / 255
    scale = np.float32(SIZE[0] / presenter.frame.shape[1])
    photo = before(made(person.shape), np.asarray(person, np.uint8), alpha)
    matte = cut_out(photo, presenter.landmarks * scale, Segmenter())
    assert matte.dtype == np.uint8
    error = np.abs(matte - alpha * 255)
    soft = ((alpha > 0.02) & (alpha < 0.98)).astype(np.uint8)
    assert error.mean() < everywhere
    assert error[cv2.dilate(soft, np.ones((9, 9), np.uint8)) > 0].mean() < edge
    assert (matte[alpha == 1] > 250).mean() > 0.99


def test_a_doubtful_patch_inside_an_outline_is_decided_as_a_whole() -> None:
    picture = np.full((120, 120, 3), 90, np.uint8)
    picture[30:, 30:90] = 160  # a hat and a head of one colour before a wall of another
    likely = np.zeros((120, 120), np.float32)
    likely[60:, 30:90] = 1
    likely[30:60, 30:90] = 0.5
    person = divided(picture, likely)
    assert person[32:, 32:88].min() > 0.9
    likely[30:60, 30:90] = 0.2
    assert divided(picture, likely)[32:56, 32:88].max() < 0.1


def test_what_all_looks_agree_on_outweighs_edges() -> None:
    picture = np.full((60, 60, 3), 90, np.uint8)
    picture[20:40, 20:40] = 250
    likely = np.ones((60, 60), np.float32)
    assert divided(picture, likely).min() > 0.99
    assert divided(picture, 1 - likely).max() < 0.01


def test_a_matte_that_is_a_line_of_colour_stays() -> None:
    guide = np.random.default_rng(3).random((40, 50, 3)).astype(np.float32)
    matte = (guide @ np.array([0.2, 0.5, -0.3], np.float32)) + np.float32(0.4)
    assert np.abs(LocalLines(guide, 2, 1e-7).smoothed(matte) - matte).max() < 1e-3
    flat = np.full((20, 20, 3), 0.2, np.float32)
    even = np.full((20, 20), 0.7, np.float32)
    assert np.abs(LocalLines(flat, 1, 1e-6).smoothed(even) - even).max() < 1e-3


class Unsure(Segmenter):
    """Sees the same everywhere."""

    def __init__(self, likely: float) -> None:
        self._likely = likely

    def studied(
        self, frame: Frame, face: Landmarks | None, size: tuple[int, int]
    ) -> NDArray[np.float32]:
        return np.full(size[::-1], self._likely, np.float32)


@pytest.mark.parametrize("likely", [0.0, 0.3])
def test_all_of_a_picture_stays_in_which_not_even_the_face_is_seen(
    presenter: Plate, likely: float
) -> None:
    assert (cut_out(presenter.frame, presenter.landmarks, Unsure(likely)) == 255).all()


def test_a_face_is_never_background(presenter: Plate) -> None:
    small = cv2.resize(presenter.frame, SIZE, interpolation=cv2.INTER_AREA)
    marks = presenter.landmarks * np.float32(SIZE[0] / presenter.frame.shape[1])
    matte = cut_out(np.asarray(small, np.uint8), marks, Unsure(0.51))
    for mark in (1, 13, 50, 280, 152):
        x, y = np.round(marks[mark, :2]).astype(int)
        assert matte[y - 2, x] == 255
