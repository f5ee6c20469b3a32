"""Jitter is seen where there is some, and the landmarker's own noise is not taken for it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from lipwright.arrays import Frame, Landmarks
from lipwright.face import Landmarker
from lipwright.quality.steadiness import LIPS, LOOKS, Looks, inside, jitter, looks_at

FRAMES = 20
SHIFT = 0.4
"""Per cent of the outer-eye distance: about 0.7 px of the enlarged portrait."""


def tracked(landmarker: Landmarker, frames: list[Frame], looks: int = LOOKS) -> Looks:
    return inside(looks_at(face for face in landmarker.track(frames, looks=looks) if face))


def smiling(frame_count: int, looks: int) -> Looks:
    """Lips that move smoothly, eyes 100 px apart."""
    track = np.zeros((frame_count, looks, 478, 2))
    track[:, :, 33], track[:, :, 263] = (0, 0), (100, 0)
    track[:, :, list(LIPS)] += np.sin(np.arange(frame_count) / 8)[:, None, None, None]
    return track


@pytest.fixture(scope="module")
def face(portrait: Frame) -> Frame:
    """The portrait's face, as large as that of the clip that others are compared with."""
    part = portrait[10:250, 105:345]
    return np.asarray(cv2.resize(part, (720, 720), interpolation=cv2.INTER_CUBIC), np.uint8)


@pytest.fixture(scope="module", params=["photo", "flat"])
def looked_at(request: pytest.FixtureRequest, face: Frame) -> Frame:
    """The face, or a drawing of it in four levels, which a landmarker is unsure about."""
    if request.param == "photo":
        return face
    return (cv2.medianBlur(face, 15) // 64 * 64 + 32).astype(np.uint8)


def noisy(face: Frame, marks: Landmarks, shift: float) -> list[Frame]:
    """The face under sensor noise, its whole mouth moved anew in each frame.

    Args:
        face: Sharp and still.
        marks: Its landmarks.
        shift: Standard deviation in per cent of the outer-eye distance, in both directions.
    """
    rows, columns = np.mgrid[: face.shape[0], : face.shape[1]].astype(np.float32)
    middle = marks[list(LIPS), :2].mean(axis=0)
    reach = 0.7 * np.ptp(marks[list(LIPS), :2], axis=0)
    share = np.clip(
        3 - 2 * np.hypot(*(np.dstack([columns, rows]) - middle).T / reach[:, None, None]), 0, 1
    ).T
    eyes_px = float(np.linalg.norm(marks[263, :2] - marks[33, :2]))
    source = np.random.default_rng(5)
    frames = []
    for _ in range(FRAMES):
        right, down = source.normal(0, shift / 100 * eyes_px, 2)
        x, y = (
            (columns - right * share).astype(np.float32),
            (rows - down * share).astype(np.float32),
        )
        moved = cv2.remap(face, x, y, cv2.INTER_CUBIC)
        frames.append(np.clip(moved + source.normal(0, 2, face.shape), 0, 255).astype(np.uint8))
    return frames


def test_jitter_is_the_deviation_of_white_noise() -> None:
    noise = np.random.default_rng(1)
    looks = smiling(60, 1)
    looks[:, :, list(LIPS)] += noise.normal(0, 0.5, (60, 1, len(LIPS), 2))
    assert jitter(looks, LIPS) == pytest.approx(0.5, rel=0.1)


@pytest.mark.parametrize("truly", [0.0, 0.2, 0.5])
def test_what_looks_disagree_about_is_not_jitter(truly: float) -> None:
    noise = np.random.default_rng(2)
    looks = smiling(60, LOOKS)
    looks[:, :, list(LIPS)] += noise.normal(0, truly, (60, 1, len(LIPS), 2))
    looks[:, :, list(LIPS)] += 0.3 * noise.standard_t(3, (60, LOOKS, len(LIPS), 2))  # long tails
    assert jitter(looks, LIPS) == pytest.approx(truly, abs=0.1)


def test_a_quicker_film_of_the_same_mouth_has_the_same_jitter() -> None:
    noise = np.random.default_rng(3)
    looks = smiling(240, LOOKS)
    looks[:, :, list(LIPS)] += noise.normal(0, 0.5, (240, 1, len(LIPS), 2))
    assert jitter(looks, LIPS, 60) == pytest.approx(jitter(looks[::2], LIPS, 30))


def test_a_turning_head_is_not_jitter_of_its_lips() -> None:
    noise = np.random.default_rng(4)
    still = np.broadcast_to(noise.uniform(0, 100, (1, LOOKS, 478, 2)), (40, LOOKS, 478, 2))
    turns = np.exp(1j * noise.normal(0, 0.1, (40, 1, 1))) * noise.uniform(0.9, 1.1, (40, 1, 1))
    moved = (still @ np.array([1, 1j])) * turns + noise.normal(0, 9, (40, 1, 1))
    looks = np.stack([moved.real, moved.imag], axis=-1)
    assert jitter(looks, LIPS) > 1
    assert jitter(inside(looks), LIPS) == pytest.approx(0, abs=1e-4)


@pytest.mark.slow
def test_a_mouth_that_trembles_is_seen_and_a_still_one_is_still(
    landmarker: Landmarker, looked_at: Frame
) -> None:
    marks = landmarker.faces(looked_at)[0].landmarks
    still, trembling = (tracked(landmarker, noisy(looked_at, marks, shift)) for shift in (0, SHIFT))
    # The landmarker follows a mouth that moves without its face by half.
    assert jitter(still, LIPS) < 0.04
    assert 0.35 * SHIFT < jitter(trembling, LIPS) < 0.7 * SHIFT
    assert jitter(still[:, :1], LIPS) > 0.06  # one look takes its own noise for trembling


def test_more_looks_see_less_noise(landmarker: Landmarker, face: Frame) -> None:
    frames = noisy(face, landmarker.faces(face)[0].landmarks, 0.0)
    looks = tracked(landmarker, frames)
    one, mean = (jitter(seen, LIPS) for seen in (looks[:, :1], looks.mean(axis=1, keepdims=True)))
    assert mean < 0.8 * one
    assert jitter(looks, LIPS) < 0.8 * mean
