"""When each phoneme of a passage is heard, from the model's own durations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile
from math import gcd
from typing import Final

import numpy as np
import scipy
from numpy.typing import NDArray

from lipwright.arrays import Samples
from lipwright.speech import letters
from lipwright.speech.acoustic import Sound
from lipwright.speech.passages import Passage
from lipwright.timeline import SAMPLE_RATE, Phoneme

_SPACE_BEFORE: Final = 3
"""Tenths of a space that belong to the sound before it, the rest to the sound after it.  This,
`Sound.late_ms` and the number below are where words start within 5 ms in the median, and 15 ms in
the median of the absolute difference, of forced alignment, over hibari and five of Kokoro's
voices."""
_FIRST_EARLY: Final = SAMPLE_RATE * 20 // 1000
"""The first sound of a passage is heard another 20 ms earlier."""
_FLOOR: Final = 0.02
"""Of the passage's peak (-34 dB): below it, the end of a phoneme before a pause is silence."""
_SHORTEST: Final = SAMPLE_RATE * 30 // 1000
"""No phoneme before a pause is cut shorter than this."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One phoneme and the token that it belongs to, in samples from the passage's start."""

    start: int
    end: int
    phoneme: Phoneme
    owner: int


@dataclass(frozen=True, slots=True, eq=False)
class Recital:
    """A passage as it was said, at `SAMPLE_RATE`."""

    samples: Samples
    heard: tuple[Heard, ...]
    """In order and never overlapping."""


def recital(passage: Passage, sound: Sound) -> Recital:
    """Bring a sound to the library's sample rate and find its phonemes."""
    shared = gcd(SAMPLE_RATE, sound.rate_hz)
    up, down = SAMPLE_RATE // shared, sound.rate_hz // shared
    samples = scipy.signal.resample_poly(sound.samples, up, down).astype(np.float32)
    return Recital(samples, tuple(_without_silence(list(_heard(passage, sound)), samples)))


def _heard(passage: Passage, sound: Sound) -> Iterator[Heard]:
    edges = _edges(passage, sound)
    start, stress = max(0, int(edges[0])), 0
    for index, (letter, owner) in enumerate(zip(passage.letters, passage.owners, strict=True)):
        end = max(start, int(edges[index + 1]))
        if letter in letters.STRESS:
            stress = letters.STRESS[letter]
            continue
        if letter == " ":
            continue
        if letter not in letters.SILENT:
            end = max(end, _lengthened(passage, edges, index))
            vowel = letter in letters.VOWELS
            yield Heard(start, end, Phoneme(letters.ipa(letter), stress if vowel else 0), owner)
            stress = 0 if vowel else stress
        start = end


def _edges(passage: Passage, sound: Sound) -> NDArray[np.int64]:
    """Where each letter starts, and where the last one ends."""
    ends = np.cumsum(sound.durations[:-1]) * sound.letter_frame * SAMPLE_RATE // sound.rate_hz
    edges = ends - SAMPLE_RATE * sound.late_ms // 1000
    edges[0] -= _FIRST_EARLY
    for index, (before, letter) in enumerate(pairwise(passage.letters), start=1):
        if letter == " " and before not in letters.PAUSES:
            edges[index] += (edges[index + 1] - edges[index]) * _SPACE_BEFORE // 10
    return np.maximum(edges, 0)


def _lengthened(passage: Passage, edges: NDArray[np.int64], index: int) -> int:
    """The end of the marks after a letter, or 0."""
    marks = sum(1 for _ in takewhile(letters.MARKS.__contains__, passage.letters[index + 1 :]))
    return int(edges[index + 1 + marks]) if marks else 0


def _without_silence(heard: list[Heard], samples: Samples) -> Iterator[Heard]:
    """End each phoneme before a pause where its sound ends: the model gives it the silence too."""
    floor = _FLOOR * float(np.abs(samples).max(initial=0))
    for index, this in enumerate(heard):
        before_pause = index + 1 == len(heard) or heard[index + 1].start > this.end
        if not before_pause:
            yield this
            continue
        end = _last_loud(samples[this.start : this.end], floor)
        yield Heard(this.start, this.start + end, this.phoneme, this.owner)


def _last_loud(samples: Samples, floor: float) -> int:
    loud = np.flatnonzero(np.abs(samples) > floor)
    last = int(loud[-1]) + 1 if len(loud) else 0
    return min(len(samples), max(_SHORTEST, last))
