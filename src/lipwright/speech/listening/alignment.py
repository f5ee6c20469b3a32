"""When known words are heard in a short piece of a recording: forced alignment by PocketSphinx."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from pocketsphinx import Decoder

from lipwright.arrays import Samples
from lipwright.speech.listening.sounds import HEARING_RATE_HZ, Span

FRAME: Final = HEARING_RATE_HZ // 100
"""Samples in one of the aligner's frames: 10 ms."""

_BEAM: Final = 1e-100
_WORD_BEAM: Final = 1e-80
"""Wide, and without the second best-path search: phones start within 9 to 22 ms (median) of the
truth on four sets of voices; the defaults lose whole sentences."""
_EDGE: Final = HEARING_RATE_HZ * 3 // 10
_NOISE: Final = 1e-4
"""Low noise before, after and under the recording: the model has never heard digital silence."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One word to find, and how it sounds."""

    text: str
    phones: tuple[str, ...]
    """ARPAbet, at least one.  Where the dictionary has the word, its other pronunciations are
    tried too."""
    is_in_dictionary: bool = False


@dataclass(frozen=True, slots=True)
class AlignedWord:
    """A word where it was heard, and its phones."""

    span: Span
    phones: tuple[Span, ...]


class Aligner:
    """Finds known words in a recording.

    It keeps every frame's search in memory, about 1 MB a second: give it pieces of seconds.
    """

    def __init__(self) -> None:
        self._decoder = Decoder(
            lm=None, loglevel="FATAL", bestpath=False, beam=_BEAM, pbeam=_BEAM, wbeam=_WORD_BEAM
        )

    def known_phones(self, word: str) -> tuple[str, ...]:
        """The dictionary's phones of a word in small letters; empty for one that it lacks."""
        found = self._decoder.lookup_word(word)
        return tuple(found.split()) if found else ()

    def align(self, samples: Samples, words: Sequence[SpokenWord]) -> tuple[AlignedWord, ...]:
        """One aligned word for each word, in order; none where they cannot be what is said.

        Args:
            samples: Mono at `HEARING_RATE_HZ`; spans count from the first one.
            words: What is said, in order.
        """
        if not words or len(samples) < FRAME:
            return ()
        names = [self._name(word) for word in words]
        quieted = _quieted(samples)
        self._decoder.set_align_text(" ".join(names))
        self._listen(quieted)
        if not self._decoder.hyp():
            return ()
        self._decoder.set_alignment()
        self._listen(quieted)
        found = tuple(self._found(len(samples)))
        return found if [word.span.name for word in found] == names else ()

    def _name(self, word: SpokenWord) -> str:
        """The name of a word in the dictionary; it is added if it has none."""
        if word.is_in_dictionary:
            return word.text.lower()
        name = "_".join(["x", *word.phones])
        if not self._decoder.lookup_word(name):
            self._decoder.add_word(name, " ".join(word.phones), True)
        return name

    def _found(self, sample_count: int) -> Iterator[AlignedWord]:
        for word in self._decoder.get_alignment() or ():
            if not word.name.startswith(("<", "[")):
                phones = tuple(_span(phone, sample_count) for phone in word)
                yield AlignedWord(_span(word, sample_count), phones)

    def _listen(self, pcm: bytes) -> None:
        self._decoder.start_utt()
        self._decoder.process_raw(pcm, full_utt=True)
        self._decoder.end_utt()


def _quieted(samples: Samples) -> bytes:
    """16-bit PCM with a little noise, and `_EDGE` of it before and after."""
    pcm = np.random.default_rng(0).standard_normal(len(samples) + 2 * _EDGE, np.float32)
    pcm *= _NOISE
    pcm[_EDGE : _EDGE + len(samples)] += samples
    pcm *= 32767
    return pcm.clip(-32767, 32767, out=pcm).astype("<i2").tobytes()


def _span(entry: Any, sample_count: int) -> Span:  # noqa: ANN401 - pocketsphinx has no types
    start = min(max(0, entry.start * FRAME - _EDGE), sample_count)
    end = min(max(start, (entry.start + entry.duration) * FRAME - _EDGE), sample_count)
    return Span(start, end, re.sub(r"\(\d+\)$", "", entry.name))
