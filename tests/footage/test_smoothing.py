"""Landmarks follow the skin of a face, not the noise of a mesh."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.arrays import Frame
from lipwright.face import Landmarker
from lipwright.face.flow import UNKNOWN, motion_of
from lipwright.face.smoothing import smooth
from lipwright.headpose import STEADY

COUNT = 60
SPACING_US = 40_000
STEADY_IDS = list(STEADY)


@pytest.fixture(scope="module")
def shape() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.random.default_rng(1).normal(200, 60, (478, 3)).astype(np.float32)


def test_motion_of_skin_is_seen_to_a_tenth_of_a_pixel(
    portrait: Frame, landmarker: Landmarker
) -> None:
    face = landmarker.faces(portrait)[0].landmarks
    moved = motion_of(portrait, face, np.roll(portrait, (2, -3), axis=(0, 1)))
    assert np.isfinite(moved).mean() > 0.8
    np.testing.assert_allclose(np.nanmedian(moved, axis=0), [-3, 2], atol=0.1)


def test_motion_into_something_else_is_unknown(portrait: Frame, landmarker: Landmarker) -> None:
    face = landmarker.faces(portrait)[0].landmarks
    noise = np.random.default_rng(2).integers(0, 255, portrait.shape).astype(np.uint8)
    assert np.isnan(motion_of(portrait, face, noise)).mean() > 0.8


def test_quick_true_motion_is_kept_and_noise_is_not(
    shape: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
) -> None:
    random = np.random.default_rng(3)
    path = np.zeros((COUNT, 1, 3))
    path[:, 0, :2] = np.cumsum(random.normal(0, 1.5, (COUNT, 2)), axis=0)  # a hand-held camera
    true = shape + path
    mesh = (true + random.normal(0, 1.0, (COUNT, 1, 3))).astype(np.float32)
    motions = np.repeat(np.diff(path[:, :, :2], axis=0, prepend=0), len(STEADY_IDS), axis=1)
    smooth(mesh, motions.astype(np.float32), SPACING_US)
    inside = slice(5, COUNT - 5)
    steps = np.diff(mesh[inside, :, :2], axis=0) - np.diff(true[inside, :, :2], axis=0)
    assert np.sqrt(np.square(steps).mean()) < 0.15
    away = mesh[inside, :, :2] - true[inside, :, :2]
    assert np.abs(away.mean(axis=1)).max() < 1.0


def test_without_known_motion_the_mesh_is_believed(
    shape: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
) -> None:
    path = np.zeros((COUNT, 1, 3))
    path[:, 0, 0] = 8 * np.sin(np.arange(COUNT) / 8)
    mesh = (shape + path).astype(np.float32)
    smooth(mesh, np.repeat(UNKNOWN[None], COUNT, axis=0), SPACING_US)
    np.testing.assert_allclose(mesh[..., :2], (shape + path)[..., :2], atol=0.2)
