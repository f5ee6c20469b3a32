"""When known words are heard in a recording: forced alignment by PocketSphinx.

Two passes.  Words over the whole recording first; then phones, in chunks of words, since the
phone pass keeps every frame's search in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from pocketsphinx import Decoder

from lipwright.arrays import Samples
from lipwright.errors import InvalidScript
from lipwright.speech import arpabet

ALIGNER_RATE_HZ: Final = 16_000
FRAME: Final = ALIGNER_RATE_HZ // 100
"""Samples in one of the aligner's frames: 10 ms."""

_BEAM: Final = 1e-100
_WORD_BEAM: Final = 1e-80
"""Wide, and without the second best-path search: phones start within 9 to 22 ms (median) of the
truth on four sets of voices; the defaults lose whole sentences."""
_EDGE: Final = ALIGNER_RATE_HZ * 3 // 10
_NOISE: Final = 1e-4
"""Low noise before, after and under the recording: the model has never heard digital silence."""

_CHUNK: Final = 10 * ALIGNER_RATE_HZ
_LONGEST_CHUNK: Final = 25 * ALIGNER_RATE_HZ
_BREAK: Final = 5 * FRAME
_AROUND: Final = 15 * FRAME
"""Sound kept around a chunk; a pause of `_BREAK` is a good place to cut."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One word to find, and how it sounds if the dictionary does not know it."""

    text: str
    letters: str


@dataclass(frozen=True, slots=True)
class Span:
    """Where something was heard, in samples at `ALIGNER_RATE_HZ`."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class AlignedWord:
    """A word where it was heard, and its phones."""

    span: Span
    phones: tuple[Span, ...]


class Aligner:
    """Finds known words in a recording."""

    def __init__(self) -> None:
        self._decoder = Decoder(
            lm=None, loglevel="FATAL", bestpath=False, beam=_BEAM, pbeam=_BEAM, wbeam=_WORD_BEAM
        )

    def align(self, samples: Samples, words: Sequence[SpokenWord]) -> tuple[AlignedWord, ...]:
        """One aligned word for each word, in order.

        Args:
            samples: Mono at `ALIGNER_RATE_HZ`.
            words: What is said, in order.

        Raises:
            InvalidScript: The words are not what is said.
        """
        names = [self._name(word) for word in words]
        rough = self._words(samples, names)
        found: list[AlignedWord] = []
        for first, stop in _chunks(rough):
            begin = max(0, rough[first].start - _AROUND)
            end = rough[stop - 1].end + _AROUND
            found.extend(self._phones(samples[begin:end], names[first:stop], begin))
        return tuple(found)

    def _name(self, word: SpokenWord) -> str:
        """The name of a word in the dictionary; it is added if it has none."""
        lower = word.text.lower()
        if (word.text == lower or len(word.text) == 1 or word.text.istitle()) and (
            self._decoder.lookup_word(lower)
        ):
            return lower
        phones = arpabet.phones(word.letters) or ["AH"]
        name = "_".join([lower, *phones])
        if not self._decoder.lookup_word(name):
            self._decoder.add_word(name, " ".join(phones), True)
        return name

    def _words(self, samples: Samples, names: Sequence[str]) -> list[Span]:
        self._decoder.set_align_text(" ".join(names))
        self._listen(_quieted(samples))
        segments = self._decoder.seg() if self._decoder.hyp() else ()
        found = [
            _span(segment.word, segment.start_frame, segment.end_frame + 1)
            for segment in segments
            if not segment.word.startswith(("<", "["))
        ]
        if [word.name for word in found] != list(names):
            raise InvalidScript("The transcript does not match what is said in the recording.")
        return found

    def _phones(self, samples: Samples, names: Sequence[str], begin: int) -> Iterator[AlignedWord]:
        quieted = _quieted(samples)
        self._decoder.set_align_text(" ".join(names))
        self._listen(quieted)
        if not self._decoder.hyp():
            raise InvalidScript("The transcript does not match what is said in the recording.")
        self._decoder.set_alignment()
        self._listen(quieted)
        for word in self._decoder.get_alignment():
            if not word.name.startswith(("<", "[")):
                phones = tuple(_entry(phone, begin) for phone in word)
                yield AlignedWord(_entry(word, begin), phones)

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


def _entry(entry: Any, begin: int) -> Span:  # noqa: ANN401 - pocketsphinx has no types
    span = _span(entry.name, entry.start, entry.start + entry.duration)
    return Span(span.start + begin, span.end + begin, span.name)


def _span(name: str, start_frame: int, end_frame: int) -> Span:
    start = max(0, start_frame * FRAME - _EDGE)
    end = max(start, end_frame * FRAME - _EDGE)
    return Span(start, end, re.sub(r"\(\d+\)$", "", name))


def _chunks(words: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Runs of words, each about `_CHUNK` long and cut at a pause where there is one."""
    first = 0
    for index in range(1, len(words) + 1):
        if index == len(words):
            yield first, index
            return
        length = words[index].start - words[first].start
        is_pause = words[index].start - words[index - 1].end >= _BREAK
        if length > _LONGEST_CHUNK or (length > _CHUNK and is_pause):
            yield first, index
            first = index
