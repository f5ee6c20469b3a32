"""Blinks, head and breath: alive, calm, and the same every time."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from lipwright.arrays import IDLE, IdleMotion
from lipwright.timeline import SAMPLE_RATE, FrameGrid, Phoneme, Timed
from lipwright.viseme import idle_motion

BLINK, YAW, PITCH, ROLL, SHIFT_X, SHIFT_Y, BROW, BREATH, GAZE_X, GAZE_Y = range(len(IDLE))
FPS = Fraction(30)
SECOND = SAMPLE_RATE
HELD = {YAW: 0.12, PITCH: 0.12, ROLL: 0.04, SHIFT_X: 2e-3, SHIFT_Y: 2e-3, BROW: 0.05, BREATH: 0.13}
"""What a held channel may be off by, two steps of 60 pictures a second included."""


def talk(seconds: int) -> list[Timed[Phoneme]]:
    """Syllables of 250 ms in phrases of 3 s with pauses of 500 ms."""
    phonemes = []
    for start in range(0, seconds * SECOND, SECOND // 4):
        if start % (3 * SECOND + SECOND // 2) < 3 * SECOND:
            stress = int(start // (SECOND // 4) % 3 == 0)
            length = SECOND // 5 if stress else SECOND // 8
            phonemes.append(Timed(start, start + SECOND // 20, Phoneme("t")))
            phonemes.append(
                Timed(start + SECOND // 20, start + SECOND // 20 + length, Phoneme("a", stress))
            )
    return phonemes


def moved(seconds: int = 120, seed: int = 1, fps: Fraction = FPS) -> IdleMotion:
    return idle_motion(talk(seconds), FrameGrid.covering(seconds * SECOND, fps=fps), seed=seed)


def blink_starts(
    motion: IdleMotion, fps: Fraction = FPS
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    shut = motion[:, BLINK] > 0.5
    return np.flatnonzero(shut[1:] & ~shut[:-1]) / float(fps)


def test_the_same_seed_gives_the_same_motion_and_another_does_not() -> None:
    np.testing.assert_array_equal(moved(seed=7), moved(seed=7))
    assert np.abs(moved(seed=7) - moved(seed=8)).max() > 0.1


def test_a_longer_grid_has_the_same_beginning() -> None:
    phonemes = talk(60)
    long = idle_motion(phonemes, FrameGrid(FPS, 1800), seed=5)
    short = idle_motion(phonemes, FrameGrid(FPS, 700), seed=5)
    np.testing.assert_array_equal(long[:700], short)


def test_other_frame_rates_show_the_same_motion() -> None:
    slow, fast = moved(60, fps=Fraction(20)), moved(60, fps=Fraction(60))
    still = [BLINK, GAZE_X, GAZE_Y]
    np.testing.assert_allclose(slow[:, still], fast[1::3, still], atol=1e-5)
    assert (np.abs(slow - fast[1::3])[:, list(HELD)] <= 2 * np.array(list(HELD.values()))).all()


def test_a_head_is_held_while_it_would_move_by_less_than_can_be_seen() -> None:
    motion = moved(60)[:, [YAW, PITCH, ROLL, SHIFT_X, SHIFT_Y, BROW, BREATH]]
    still = (np.diff(motion, axis=0) == 0).all(axis=1)
    assert 0.3 < still.mean() < 0.8
    longest = max(len(run) for run in "".join("01"[int(s)] for s in still).split("0"))
    assert longest < 30


@pytest.mark.parametrize("seed", range(6))
def test_blinks_come_at_natural_times(seed: int) -> None:
    motion = moved(300, seed)
    waits = np.diff(blink_starts(motion))
    assert 2.8 <= waits.mean() <= 5.2
    assert waits.min() >= 1.0
    assert waits.max() <= 10
    assert waits.std() > 0.7


@pytest.mark.parametrize("fps", [Fraction(24), Fraction(25), Fraction(30), Fraction(60)])
def test_every_blink_is_complete_and_short(fps: Fraction) -> None:
    motion = moved(120, fps=fps)
    for start in blink_starts(motion, fps):
        frames = slice(int((start - 0.15) * fps), int((start + 0.4) * fps))
        lids = motion[frames, BLINK]
        assert lids.max() > 0.98
        assert 0.15 < (lids > 0.02).sum() / float(fps) < 0.45


def test_blinks_prefer_the_ends_of_phrases() -> None:
    motion = moved(300, seed=2)
    ends = np.arange(1, 100) * 3.5 - 0.5
    near = [np.abs(ends - start).min() < 0.35 for start in blink_starts(motion)]
    assert np.mean(near) > 0.4  # by chance it would be one in five


def test_the_head_moves_but_never_far_or_fast() -> None:
    for seed in range(4):
        motion = moved(120, seed)
        limits = {YAW: 2.1, PITCH: 2.0, ROLL: 0.8, SHIFT_X: 0.015, SHIFT_Y: 0.015}
        for column, most in limits.items():
            assert np.abs(motion[:, column]).max() <= most
        degrees = motion[:, [YAW, PITCH, ROLL]]
        assert np.abs(degrees[6:] - degrees[:-6]).max() * 5 < 9  # degrees a second
        assert np.abs(np.diff(degrees, n=2, axis=0)).max() < 0.4
        for second in range(2, 118, 4):  # never frozen
            assert np.ptp(motion[second * 30 : (second + 4) * 30, YAW]) > 0.02


def test_accents_nod_and_silence_does_not() -> None:
    grid = FrameGrid(FPS, 1800)
    with_nods, without = idle_motion(talk(60), grid, seed=3), idle_motion([], grid, seed=3)
    nod = with_nods[:, PITCH] - without[:, PITCH]
    assert nod.min() > -2 * HELD[PITCH]
    assert 0.25 < nod.max() < 1.0
    assert with_nods[:, BROW].max() > 0.1
    assert not without[:, BROW].any()


def test_breath_rises_about_once_in_four_seconds() -> None:
    breath = moved(120)[:, BREATH]
    assert breath.min() >= 0
    assert breath.max() <= 1
    top = breath > 0.95
    inhales = int((top[1:] & ~top[:-1]).sum())
    assert 120 / 6 <= inhales <= 120 / 2.8
    assert np.abs(np.diff(breath)).max() < 0.08 + HELD[BREATH]


def test_the_first_frame_is_the_plate_as_it_was_taken() -> None:
    assert np.abs(moved(10)[0]).max() < 0.01


def test_without_speech_the_avatar_still_lives() -> None:
    motion = idle_motion([], FrameGrid(FPS, 900), seed=1)
    assert len(blink_starts(motion)) >= 3
    assert np.ptp(motion[:, YAW]) > 0.5


def test_an_empty_grid_gives_no_frames() -> None:
    assert idle_motion([], FrameGrid(FPS, 0), seed=1).shape == (0, len(IDLE))


def test_glances_are_rare_whole_and_end_at_the_viewer() -> None:
    motion = np.concatenate([moved(seed=seed) for seed in range(8)])
    gaze = motion[:, GAZE_X : GAZE_Y + 1]
    assert set(np.unique(gaze)) <= {-1.0, 0.0, 1.0}
    assert 0 < gaze.any(axis=1).mean() < 0.15
