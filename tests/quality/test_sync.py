"""An offset is told where chance cannot have made it."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.arrays import RIG, MouthShapes
from lipwright.quality.lips import meant_gap
from lipwright.quality.sync import LipTrack, picture_delay

FPS = 30


def talking(frame_count: int, seed: int) -> MouthShapes:
    """A jaw that opens some four times a second, as syllables do."""
    noise = np.random.default_rng(seed).normal(0, 1, frame_count + 60)
    smooth = np.convolve(noise, np.hanning(9), mode="same")[30:-30]
    shapes = np.zeros((frame_count, len(RIG)), np.float32)
    shapes[:, RIG.index("jaw")] = np.clip(0.3 + 0.15 * smooth, 0, 1)
    return shapes


def seen(shapes: MouthShapes, late: int = 0, noise: float = 0.0) -> LipTrack:
    """Its gaps, so many frames late, under noise as a share of their own deviation."""
    gaps = np.roll(meant_gap(shapes), late)
    gaps = gaps + np.random.default_rng(9).normal(0, noise * gaps.std() + 1e-9, len(gaps))
    return LipTrack(np.arange(len(gaps), dtype=float), gaps)


@pytest.mark.parametrize("late", [-7, 0, 3])
@pytest.mark.parametrize("noise", [0.0, 0.7])
def test_the_delay_of_the_right_sentence_is_found(late: int, noise: float) -> None:
    shapes = talking(150, seed=1)
    found = picture_delay(seen(shapes, late, noise), shapes, FPS)
    assert found.frames == pytest.approx(late, abs=0.5)
    assert found.note is None


@pytest.mark.parametrize("seconds", [2, 5, 8])
def test_another_sentence_has_no_delay(seconds: int) -> None:
    """About one in a hundred is taken for the right one."""
    told = []
    for seed in range(100):
        track = seen(talking(seconds * FPS, seed))
        told.append(picture_delay(track, talking(seconds * FPS, 1000 + seed), FPS).frames)
    assert sum(frames is not None for frames in told) <= 3


def test_a_doubtful_delay_is_said_in_words() -> None:
    found = picture_delay(seen(talking(150, 1)), talking(150, 2), FPS)
    assert found.frames is None
    assert found.correlation is not None
    assert found.note is not None
    assert f"by {found.correlation:.2f} of 1, which in 5.0 s may be chance" in found.note


def test_nothing_is_told_of_a_second_or_of_lips_that_rest() -> None:
    shapes = talking(150, 1)
    short = LipTrack(np.arange(25.0), meant_gap(shapes)[:25])
    assert picture_delay(short, shapes, FPS).frames is None
    still = np.zeros_like(shapes)
    assert "not meant to move" in (picture_delay(seen(shapes), still, FPS).note or "")
    flat = LipTrack(np.arange(150.0), np.full(150, 0.01))
    assert picture_delay(flat, shapes, FPS).note == "The lips that were seen do not move."
