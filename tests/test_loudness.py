"""The meter against the tones and rules of ITU-R BS.1770-4 and EBU Tech 3341."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright.arrays import Stereo
from lipwright.loudness import SILENCE_LUFS, LoudnessMeter, integrated_lufs


def tone(level_db: float, seconds: float, hz: float = 997.0, phase: float = 0.0) -> Stereo:
    t = np.arange(round(seconds * 48_000)) / 48_000
    wave = 10 ** (level_db / 20) * np.sin(2 * np.pi * hz * t + phase)
    return np.stack([wave, wave]).astype(np.float32)


def test_a_full_scale_sine_in_one_channel_reads_minus_three() -> None:
    left = tone(0, 5)
    left[1] = 0
    assert integrated_lufs(left) == pytest.approx(-3.01, abs=0.02)


def test_the_same_sine_in_both_channels_reads_three_more() -> None:
    assert integrated_lufs(tone(0, 5)) == pytest.approx(0.0, abs=0.02)


def test_one_channel_heard_on_both_sides_is_as_loud_as_two() -> None:
    sound, meters = tone(-20, 3), (LoudnessMeter(1), LoudnessMeter(2))
    for start in range(0, sound.shape[1], 7_001):
        for rows, meter in enumerate(meters, start=1):
            meter.push(sound[:rows, start : start + 7_001])
    one, two = ((meter.lufs(), meter.true_peak_dbtp()) for meter in meters)
    assert one == pytest.approx(two, abs=1e-6)


@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_steady_tones_read_their_level(level: float) -> None:
    assert integrated_lufs(tone(level, 20, 1_000)) == pytest.approx(level, abs=0.1)


def test_quiet_parts_fall_under_the_relative_gate() -> None:
    # EBU Tech 3341 case 3
    parts = [tone(-36, 10, 1_000), tone(-23, 60, 1_000), tone(-36, 10, 1_000)]
    assert integrated_lufs(np.concatenate(parts, axis=1)) == pytest.approx(-23, abs=0.1)


def test_very_quiet_parts_fall_under_the_absolute_gate() -> None:
    # EBU Tech 3341 case 4
    levels = [(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)]
    sound = np.concatenate([tone(level, s, 1_000) for level, s in levels], axis=1)
    assert integrated_lufs(sound) == pytest.approx(-23, abs=0.1)


def test_silence_reads_the_floor() -> None:
    meter = LoudnessMeter()
    meter.push(np.zeros((2, 48_000), np.float32))
    assert meter.lufs() == SILENCE_LUFS
    assert meter.true_peak_dbtp() < -100


def test_a_sound_shorter_than_a_gating_block_is_still_measured() -> None:
    assert integrated_lufs(tone(-20, 0.25, 1_000)) == pytest.approx(-20, abs=0.5)


def test_a_peak_between_samples_is_found() -> None:
    # a quarter of the rate, sampled at +-0.707 only: EBU Tech 3341 case 15
    sound = tone(-6, 1, 12_000, np.pi / 4)
    meter = LoudnessMeter()
    meter.push(sound)
    assert float(np.abs(sound).max()) < 0.36
    assert meter.true_peak_dbtp() == pytest.approx(-6, abs=0.2)


@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=8), st.integers(0, 2**31))
def test_blocks_of_any_length_read_the_same(lengths: list[int], seed: int) -> None:
    sound = np.random.default_rng(seed).uniform(-1, 1, (2, sum(lengths))).astype(np.float32)
    whole, pieces = LoudnessMeter(), LoudnessMeter()
    whole.push(sound)
    start = 0
    for length in lengths:
        pieces.push(sound[:, start : start + length])
        start += length
    assert pieces.lufs() == pytest.approx(whole.lufs(), abs=1e-6)
    assert pieces.true_peak_dbtp() == pytest.approx(whole.true_peak_dbtp(), abs=1e-4)
