"""How much effort each vowel gets: from its loudness and its stress."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import scipy
from numpy.typing import NDArray

from lipwright.arrays import Samples
from lipwright.timeline import Timed

_NEIGHBOURS: Final = 61
"""Vowels in the running median: about ten seconds, so that a quiet speaker and a fading
recording both move the mouth as much as a loud one."""

_EFFORT_PER_DB: Final = 0.03
"""8 dB, about the spread of stressed against unstressed vowels, is a quarter of the jaw."""

_EFFORT_RANGE: Final = (0.75, 1.3)
_STRESS_GAIN: Final = {0: 0.92, 1: 1.15, 2: 1.05}
_SILENT: Final = 1e-5


def vowel_efforts(vowels: Sequence[Timed[int]], samples: Samples) -> list[float]:
    """One factor for the jaw in each vowel or piece of one, from 0.75 to 1.3.

    Args:
        vowels: In order; the value is `Phoneme.stress`.
        samples: ``(N,)`` at the library's sample rate.
    """
    if not vowels:
        return []
    loudness = np.array([_rms_db(samples, vowel.start, vowel.end) for vowel in vowels])
    stress = np.array([_STRESS_GAIN.get(vowel.value, 1.0) for vowel in vowels])
    efforts = (1 + _EFFORT_PER_DB * _relative(loudness)) * stress
    return [float(effort) for effort in np.clip(efforts, *_EFFORT_RANGE)]


def _relative(loudness_db: NDArray[np.float64]) -> NDArray[np.float64]:
    size = min(_NEIGHBOURS, len(loudness_db))
    return np.asarray(loudness_db - scipy.ndimage.median_filter(loudness_db, size, mode="reflect"))


def _rms_db(samples: Samples, start: int, end: int) -> float:
    heard = samples[start:end].astype(np.float64)
    rms = float(np.sqrt(np.mean(heard * heard))) if len(heard) else 0.0
    return float(20 * np.log10(max(rms, _SILENT)))
