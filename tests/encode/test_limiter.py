from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import butter, sosfilt

from lipwright.arrays import Stereo
from lipwright.encode.limiter import limited
from lipwright.loudness import LoudnessMeter

CEILING_DBTP = -2.0


def bursts(seed: int, count: int = 24_000) -> Stereo:
    """Noise of a voice's bandwidth, up to 6 dB over full scale."""
    noise = np.random.default_rng(seed).normal(0, 1, (2, count))
    band = sosfilt(butter(4, 8_000, fs=48_000, output="sos"), noise)
    swell = 0.1 + (np.sin(np.arange(count) / 1_500) > 0.4)
    return np.asarray(band * swell * 0.6, np.float32)


def cut(sound: Stereo, size: int) -> Stereo:
    blocks = (sound[:, i : i + size] for i in range(0, sound.shape[1], size))
    return np.concatenate(list(limited(blocks, ceiling_dbtp=CEILING_DBTP)), axis=1)


@given(st.integers(0, 1_000))
@settings(max_examples=10, deadline=None)
def test_no_peak_between_the_samples_passes_the_ceiling(seed: int) -> None:
    meter = LoudnessMeter()
    meter.push(cut(bursts(seed), 4_800))
    assert -2.5 < meter.true_peak_dbtp() < CEILING_DBTP + 0.1


@given(st.integers(1, 9_000))
@settings(max_examples=10, deadline=None)
def test_the_sound_does_not_depend_on_how_it_is_cut_into_blocks(size: int) -> None:
    sound = bursts(1, 9_000)
    assert np.allclose(cut(sound, size), cut(sound, 9_000), atol=1e-6)


def test_sound_below_the_ceiling_is_untouched_to_the_bit() -> None:
    sound = bursts(2) * np.float32(0.05)
    assert np.array_equal(cut(sound, 777), sound)


def test_the_gain_moves_smoothly_and_recovers() -> None:
    sound = np.full((1, 48_000), 0.1, np.float32)
    sound[0, 20_000:20_100] = 1.5
    gain = cut(sound, 4_800)[0] / sound[0]
    assert np.abs(np.diff(gain)).max() < 0.01
    assert gain[:19_000].min() == 1.0
    assert gain[20_000:20_100].max() <= 10 ** (CEILING_DBTP / 20) / 1.5 + 1e-3
    assert gain[-1] > 0.99


def test_one_gain_for_both_ears() -> None:
    sound = bursts(3)
    sound[1] *= 0.2
    limited_sound = cut(sound, 4_800)
    loud = np.abs(sound[0]) > 0.05
    gains = limited_sound[:, loud] / np.where(sound[:, loud] == 0, 1, sound[:, loud])
    assert np.abs(gains[0] - gains[1]).max() < 0.01 or np.allclose(gains[0], gains[1], atol=1e-2)
