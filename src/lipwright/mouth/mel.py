"""The mel spectrogram that generators of the Wav2Lip family were trained on.

K. R. Prajwal et al., "A lip sync expert is all you need" (2020): 16 kHz, windows of 50 ms every
12.5 ms, 80 bands from 55 to 7600 Hz (Slaney's scale and norm), decibels scaled to -4 .. 4.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import scipy
from numpy.typing import NDArray

from lipwright.arrays import Samples
from lipwright.timeline import SAMPLE_RATE

BANDS: Final = 80
STEPS: Final = 16
"""Columns that the generator sees at a time: 200 ms."""
RATE_HZ: Final = 16_000
COLUMNS_PER_S: Final = 80

_WINDOW, _HOP = 800, RATE_HZ // COLUMNS_PER_S
_LOW_HZ, _HIGH_HZ = 55.0, 7600.0
_PREEMPHASIS = 0.97
_REFERENCE_DB, _FLOOR_DB, _MOST = 20.0, -100.0, 4.0
_BLOCK = 4_000
"""Columns computed together: half an hour at once would take a gigabyte."""


def mel_spectrogram(samples: Samples) -> NDArray[np.float32]:
    """``(80, T)`` in -4 .. 4, 80 columns a second, the first centred on the first sample."""
    slow = scipy.signal.resample_poly(samples.astype(np.float64), 1, SAMPLE_RATE // RATE_HZ)
    sharp = scipy.signal.lfilter([1.0, -_PREEMPHASIS], [1.0], slow)
    padded = np.pad(sharp, _WINDOW // 2)
    count = 1 + len(sharp) // _HOP
    window = np.hanning(_WINDOW + 1)[:-1]
    bands = _bands()
    blocks = []
    for start in range(0, count, _BLOCK):
        columns = np.arange(start, min(count, start + _BLOCK))
        at = columns[:, None] * _HOP + np.arange(_WINDOW)
        strength = np.abs(np.fft.rfft(padded[at] * window, axis=1)) @ bands.T
        level = 20 * np.log10(np.maximum(strength, 1e-5)) - _REFERENCE_DB
        scaled = 2 * _MOST * (level - _FLOOR_DB) / -_FLOOR_DB - _MOST
        blocks.append(np.clip(scaled, -_MOST, _MOST).astype(np.float32))
    return np.ascontiguousarray(np.concatenate(blocks).T)


def heard_at(mel: NDArray[np.float32], moment_s: float) -> NDArray[np.float32]:
    """``(80, 16)``: what is heard from a moment on; silence beyond the end."""
    start = int(moment_s * COLUMNS_PER_S)
    part = mel[:, start : start + STEPS]
    return np.pad(part, ((0, 0), (0, STEPS - part.shape[1])), constant_values=-_MOST)


def _bands() -> NDArray[np.float64]:
    """``(80, 401)``: triangles of equal area on Slaney's mel scale."""
    edges = _hertz(np.linspace(_mel(_LOW_HZ), _mel(_HIGH_HZ), BANDS + 2))
    bins = np.linspace(0, RATE_HZ / 2, _WINDOW // 2 + 1)
    low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (bins - low) / (centre - low), (high - bins) / (high - centre)
    return np.asarray(np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low))


_LINEAR_TO = 1000.0
_PER_MEL = 200 / 3
_LOG_STEP = np.log(6.4) / 27


def _mel(hertz: float) -> float:
    if hertz < _LINEAR_TO:
        return hertz / _PER_MEL
    return float(_LINEAR_TO / _PER_MEL + np.log(hertz / _LINEAR_TO) / _LOG_STEP)


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    corner = _LINEAR_TO / _PER_MEL
    above = _LINEAR_TO * np.exp(_LOG_STEP * (mels - corner))
    return np.asarray(np.where(mels < corner, mels * _PER_MEL, above))
