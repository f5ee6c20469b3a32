"""How loud sound is to a listener: a streaming ITU-R BS.1770-4 meter with true peak."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import scipy
from numpy.typing import NDArray

from lipwright.arrays import Stereo
from lipwright.timeline import SAMPLE_RATE

SILENCE_LUFS: Final = -70.0
"""What a meter shows when nothing was louder than the absolute gate (BS.1770-4)."""

_SHELF: Final = (1.53512485958697, -2.69169618940638, 1.19839281085285)
_SHELF_FEEDBACK: Final = (1, -1.69065929318241, 0.73248077421585)
_HIGH_PASS: Final = (1, -2, 1)
_HIGH_PASS_FEEDBACK: Final = (1, -1.99004745483398, 0.99007225036621)
_K_WEIGHTING: Final = np.array(
    [_SHELF + _SHELF_FEEDBACK, _HIGH_PASS + _HIGH_PASS_FEEDBACK], dtype=np.float64
)
"""Head shelf, then high-pass, as second-order sections at 48 kHz (BS.1770-4, tables 1 and 2)."""

_HOP: Final = SAMPLE_RATE // 10
"""Gating blocks are 400 ms long and overlap by 75 %, so energy is kept per 100 ms."""

_OFFSET_DB: Final = -0.691
"""Makes a full-scale 997 Hz sine in one channel read -3.01 LUFS (BS.1770-4)."""

_OVERSAMPLING: Final = 4
_TAPS_PER_PHASE: Final = 24
"""Twice what BS.1770-4's annex 2 uses: reads a tone at a quarter of the rate to 0.1 dB."""


@cache
def _interpolator() -> tuple[NDArray[np.float32], float]:
    """The oversampling filter, and how far above its sample peak a signal may rise between."""
    taps = _OVERSAMPLING * scipy.signal.firwin(
        _OVERSAMPLING * _TAPS_PER_PHASE + 1, 1 / _OVERSAMPLING, window=("kaiser", 5.0)
    )
    phases = (float(np.abs(taps[phase::_OVERSAMPLING]).sum()) for phase in range(_OVERSAMPLING))
    return taps.astype(np.float32), max(phases)


GAIN_MAX_DB: Final = 20.0
"""Most that mastering raises a voice by: what is quieter than this is noise, and stays quiet."""


class LoudnessMeter:
    """Measures sound as it passes, in blocks of any length; its memory does not hold the sound.

    >>> meter = LoudnessMeter()
    >>> meter.push(np.zeros((2, 48_000), np.float32))
    >>> meter.lufs()
    -70.0
    """

    def __init__(self, channels: int = 2) -> None:
        """For `channels` that are pushed: 2, or 1 that is heard on both sides."""
        self._heard_on = 2 // channels
        self._filter_state: NDArray[np.float64] = np.zeros((len(_K_WEIGHTING), channels, 2))
        self._hop_energies: list[NDArray[np.float64]] = []
        self._partial: NDArray[np.float64] = np.zeros(0)
        self._tail: NDArray[np.float32] = np.zeros((channels, _TAPS_PER_PHASE), np.float32)
        self._peak = 0.0

    def push(self, stereo: Stereo, *, with_peak: bool = True) -> None:
        """Measure the next samples.

        Args:
            stereo: ``(channels, n)`` at 48 kHz; may be empty.
            with_peak: Whether to look for the true peak, which takes most of the time.
        """
        if stereo.shape[1] == 0:
            return
        self._push_energy(stereo)
        if with_peak:
            self._push_peak(stereo)

    def lufs(self) -> float:
        """Integrated loudness so far; `SILENCE_LUFS` where nothing passed the gate."""
        hops = np.concatenate(self._hop_energies) if self._hop_energies else np.zeros(0)
        if len(hops) < 4:  # shorter than one gating block: take the whole of it
            hops = np.append(hops, self._partial.sum() / max(1, len(self._partial)))
            return _gated_lufs(hops.mean(keepdims=True))
        return _gated_lufs(np.convolve(hops, np.full(4, 0.25), "valid"))

    def true_peak_dbtp(self) -> float:
        """Highest value of the 4x oversampled signal, in dB of full scale; -200 for silence."""
        return float(20 * np.log10(max(self._peak, 1e-10)))

    def _push_energy(self, stereo: Stereo) -> None:
        weighted, self._filter_state = scipy.signal.sosfilt(
            _K_WEIGHTING, stereo.astype(np.float64), axis=1, zi=self._filter_state
        )
        heard = self._heard_on * (weighted * weighted).sum(axis=0)
        energy = np.concatenate([self._partial, heard])
        whole = len(energy) // _HOP * _HOP
        self._hop_energies.append(energy[:whole].reshape(-1, _HOP).mean(axis=1))
        self._partial = energy[whole:]

    def _push_peak(self, stereo: Stereo) -> None:
        signal = np.concatenate([self._tail, stereo.astype(np.float32)], axis=1)
        self._tail = signal[:, -_TAPS_PER_PHASE:]
        interpolator, overshoot = _interpolator()
        for start in range(0, stereo.shape[1], _HOP):
            block = signal[:, start : start + _HOP + _TAPS_PER_PHASE]
            sample_peak = float(np.abs(block).max())
            self._peak = max(self._peak, sample_peak)
            if sample_peak * overshoot > self._peak:  # else it cannot raise the peak
                inside = slice(_OVERSAMPLING * _TAPS_PER_PHASE, _OVERSAMPLING * block.shape[1])
                fine = scipy.signal.upfirdn(interpolator, block, up=_OVERSAMPLING, axis=1)
                self._peak = max(self._peak, float(np.abs(fine[:, inside]).max()))


def integrated_lufs(stereo: Stereo) -> float:
    """Integrated loudness of a whole sound, ``(2, N)`` at 48 kHz."""
    meter = LoudnessMeter()
    for start in range(0, stereo.shape[1], 10 * SAMPLE_RATE):
        meter.push(stereo[:, start : start + 10 * SAMPLE_RATE], with_peak=False)
    return meter.lufs()


def _gated_lufs(blocks: NDArray[np.float64]) -> float:
    """Mean loudness of the blocks above -70 LUFS and above the mean of those less 10 LU."""
    audible = blocks[_lufs(blocks) > SILENCE_LUFS]
    if not len(audible):
        return SILENCE_LUFS
    gate = float(_lufs(audible.mean())) - 10
    return float(_lufs(audible[_lufs(audible) > gate].mean()))


def _lufs(energy: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    return np.asarray(_OFFSET_DB + 10 * np.log10(np.maximum(energy, 1e-15)))
