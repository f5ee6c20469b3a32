"""What in the speech moves the head and the eyes: pauses and accented syllables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from lipwright.timeline import SAMPLE_RATE, Phoneme, Timed
from lipwright.viseme.table import targets

_PAUSE: Final = SAMPLE_RATE * 200 // 1000
"""Shorter gaps are stop consonants and hesitation, not phrase ends."""

_ACCENT_SPACING: Final = SAMPLE_RATE * 600 // 1000
"""Speakers nod on phrase accents, not on every stressed syllable."""


def pauses(phonemes: Sequence[Timed[Phoneme]]) -> list[int]:
    """Where each pause starts, in samples; the end of the speech is one."""
    ends = [
        before.end for before, after in pairwise(phonemes) if after.start - before.end >= _PAUSE
    ]
    return [*ends, phonemes[-1].end] if phonemes else []


def accents(phonemes: Sequence[Timed[Phoneme]]) -> list[tuple[int, float]]:
    """The middle of each accented vowel, in samples, and its weight from 0 to 1.

    Accented vowels are stressed and longer than usual; where a language marks no stress,
    longer than usual is enough.
    """
    vowels = [p for p in phonemes if targets(p.value.symbol)[0].is_vowel and p.end > p.start]
    marked = any(vowel.value.stress == 1 for vowel in vowels)
    stressed = [v for v in vowels if v.value.stress == 1 or not marked]
    if not stressed:
        return []
    usual = float(np.median([vowel.end - vowel.start for vowel in stressed]))
    found: list[tuple[int, float]] = []
    for vowel in stressed:
        weight = min(1.0, (vowel.end - vowel.start) / usual - 0.5)
        centre = (vowel.start + vowel.end) // 2
        if weight >= 0.4 and (not found or centre - found[-1][0] >= _ACCENT_SPACING):
            found.append((centre, weight))
    return found
