"""A look-ahead limiter: peaks between the samples stay under a ceiling, without clicks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import scipy
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from lipwright.arrays import Stereo
from lipwright.timeline import SAMPLE_RATE

_ATTACK: Final = SAMPLE_RATE // 250
"""Samples over which the gain comes down before a peak: 4 ms, too short to be heard as a dip."""
_RELEASE: Final = SAMPLE_RATE * 8 // 100
"""Samples in which the gain gets most of the way back up: 80 ms, so that it does not follow the
single periods of a low voice, which would be heard as distortion."""
_HALF_TAPS: Final = 8
_DELAY: Final = _ATTACK + 2 * _HALF_TAPS
_NEAR: Final = 0.7
"""Only samples above this part of the ceiling are looked at closely.  A peak between two
samples rises more than 3 dB above both only near half the sample rate, where voices are not."""


def _interpolator() -> NDArray[np.float32]:
    """``(16, 3)``: windowed sinc at 1/4, 1/2 and 3/4 between two samples (BS.1770-4, annex 2)."""
    taps = np.arange(1 - _HALF_TAPS, 1 + _HALF_TAPS)[:, None]
    distance = taps - np.array([0.25, 0.5, 0.75])
    window = np.cos(np.pi * distance / (2 * _HALF_TAPS + 1)) ** 2
    return np.asarray(np.sinc(distance) * window, np.float32)


_BETWEEN: Final = _interpolator()


def limited(blocks: Iterable[Stereo], *, ceiling_dbtp: float) -> Iterator[Stereo]:
    """The same sound, turned down around each peak above the ceiling.

    Args:
        blocks: ``(channels, n)`` each, of any length.
        ceiling_dbtp: True peak, in dB of full scale.

    Yields:
        As many samples as came in; the blocks may be cut elsewhere.
    """
    limiter = _Limiter(10 ** (ceiling_dbtp / 20))
    latency = _DELAY
    channels = 0
    for block in blocks:
        channels = len(block)
        late = limiter.push(block)
        yield late[:, latency:]
        latency = max(0, latency - late.shape[1])
    yield limiter.push(np.zeros((channels, _DELAY), np.float32))[:, latency:]


class _Limiter:
    """Gives back what was pushed `_DELAY` samples ago, limited."""

    def __init__(self, ceiling: float) -> None:
        self._ceiling = ceiling
        self._signal: Stereo | None = None
        self._cut = np.zeros(_DELAY + _ATTACK - 1)
        self._releasing = 0.0

    def push(self, block: Stereo) -> Stereo:
        before = self._signal
        if before is None:
            before = np.zeros((len(block), _DELAY), np.float32)
        signal = np.concatenate([before, block], axis=1)
        count = block.shape[1]
        self._signal = signal[:, count:]
        cut = self._gain_cut(signal[:, _DELAY - 2 * _HALF_TAPS + 1 :])
        return signal[:, :count] * (1 - cut).astype(np.float32) if cut.any() else signal[:, :count]

    def _gain_cut(self, recent: Stereo) -> NDArray[np.float64]:
        """How much to take off each sample that leaves now, in [0, 1)."""
        needed = 1 - self._ceiling / np.maximum(_peaks(recent, self._ceiling), self._ceiling)
        track = np.concatenate([self._cut, self._released(needed)])
        self._cut = track[len(needed) :]
        if not track.any():
            return np.zeros(len(needed))
        # Down in time: hold each cut over the look-ahead, then ramp up to it over the attack.
        span = _DELAY + 1
        held = scipy.ndimage.maximum_filter1d(track, span, origin=-(span // 2))[:-_DELAY]
        ramp = scipy.ndimage.uniform_filter1d(held, _ATTACK, origin=(_ATTACK - 1) // 2)
        return ramp[_ATTACK - 1 :]

    def _released(self, needed: NDArray[np.float64]) -> NDArray[np.float64]:
        """The largest of what is needed now and what was needed before, dying away."""
        decay = np.exp(-np.arange(len(needed) + 1) / _RELEASE)
        since = np.concatenate([[self._releasing], needed])
        released = np.maximum.accumulate(since / decay) * decay
        released[released < 1e-5] = 0  # -100 dB; lets the quiet way be the fast one
        self._releasing = float(released[-1]) if len(needed) else self._releasing
        return np.asarray(released[1:])


def _peaks(signal: Stereo, ceiling: float) -> NDArray[np.float32]:
    """Highest of each sample and the three points after it, over all channels.

    Returns:
        As long as `signal` less the `2 * _HALF_TAPS - 1` samples of context it needs.
    """
    inside = signal[:, _HALF_TAPS - 1 : -_HALF_TAPS]
    peaks = np.abs(inside).max(axis=0)
    after = np.abs(signal[:, _HALF_TAPS : -_HALF_TAPS + 1 or None]).max(axis=0)
    near = np.flatnonzero(np.maximum(peaks, after) > _NEAR * ceiling)
    if len(near):
        windows = sliding_window_view(signal, 2 * _HALF_TAPS, axis=1)[:, near]
        between = np.abs(windows @ _BETWEEN).max(axis=(0, 2))
        peaks[near] = np.maximum(peaks[near], between)
    return np.asarray(peaks, np.float32)
