"""How much effort each vowel gets: from its loudness and its stress."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from lipwright.arrays import Samples
from lipwright.timeline import Phoneme, Timed
from lipwright.viseme.table import targets

_NEIGHBOURS: Final = 41
"""Vowels in the running median: about ten seconds, so that a quiet speaker and a fading
recording both move the mouth as much as a loud one."""

_EFFORT_PER_DB: Final = 0.03
"""8 dB, about the spread of stressed against unstressed vowels, is a quarter of the jaw."""

_EFFORT_RANGE: Final = (0.75, 1.25)
_STRESS_GAIN: Final = {0: 0.92, 1: 1.06, 2: 1.0}
_SILENT: Final = 1e-5


def vowel_efforts(phonemes: Sequence[Timed[Phoneme]], samples: Samples) -> list[float]:
    """One factor for each phoneme's jaw: 1 for consonants, 0.75 to 1.25 for vowels."""
    efforts = np.ones(len(phonemes))
    vowels = [k for k, timed in enumerate(phonemes) if targets(timed.value.symbol)[0].is_vowel]
    if vowels:
        loudness = np.array([_rms_db(samples, phonemes[k]) for k in vowels])
        stress = np.array([_STRESS_GAIN.get(phonemes[k].value.stress, 1.0) for k in vowels])
        efforts[vowels] = np.clip(
            (1 + _EFFORT_PER_DB * _relative(loudness)) * stress, *_EFFORT_RANGE
        )
    return efforts.tolist()


def _relative(loudness_db: NDArray[np.float64]) -> NDArray[np.float64]:
    size = min(_NEIGHBOURS, len(loudness_db))
    return np.asarray(loudness_db - median_filter(loudness_db, size, mode="reflect"))


def _rms_db(samples: Samples, timed: Timed[Phoneme]) -> float:
    heard = samples[timed.start : timed.end].astype(np.float64)
    rms = float(np.sqrt(np.mean(heard * heard))) if len(heard) else 0.0
    return float(20 * np.log10(max(rms, _SILENT)))
