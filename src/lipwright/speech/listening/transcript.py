"""Where the words of a text are said in a recording, and where something else is said.

Phones are heard without the text first (`phones`), and the text's phones are paired with them
(`matching`).  That tells roughly when each word is said, and how well the text fits there, word by
word, from a listener that does not know the text: a forced aligner alone finds any words in any
sound.  Only what fits is aligned, in pieces of seconds, so that memory does not grow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Samples
from lipwright.speech.listening.alignment import AlignedWord, Aligner, SpokenWord
from lipwright.speech.listening.matching import partners, similarity
from lipwright.speech.listening.phones import HeardPhone
from lipwright.speech.listening.sounds import HEARING_RATE_HZ, Span, Stretch

_AROUND: Final = 4
"""Words before and after that are judged together: one word alone is often heard wrongly."""
FITS: Final = 0.61
"""Mean similarity of the text's phones to those heard.  A right text measured 0.64 to 0.98 in each
run of nine words, in noise as loud as the voice too; a wrong one 0.35 to 0.60."""
_CLEAR: Final = 0.7
"""A word at the edge of a wrong stretch that fits so well alone is said."""
_UNTOLD: Final = 10
"""So many phones in a row that no word has, and the text lacks something that is said."""
_LONGEST: Final = 12 * HEARING_RATE_HZ
_MARGIN: Final = HEARING_RATE_HZ * 3 // 10
"""Sound before the first and after the last word of a piece, where there is a pause."""
_PHONE: Final = HEARING_RATE_HZ * 80 // 1000
"""A usual length: where a word starts whose first phones were not heard."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What was found of a text in a recording."""

    words: tuple[AlignedWord | None, ...]
    """One for each word of the text; None where it is not said."""
    other: tuple[Stretch, ...]
    """Where something else is said, in order."""
    match: float
    """Share of the text's phones, weighed by similarity, that were heard: 0 .. 1."""


@dataclass(frozen=True, slots=True)
class _Guess:
    """One word before it is aligned."""

    word: SpokenWord
    partners: tuple[int | None, ...]
    fit: float

    @property
    def heard(self) -> list[int]:
        return [partner for partner in self.partners if partner is not None]


def placed(
    samples: Samples,
    words: Sequence[SpokenWord],
    heard: Sequence[HeardPhone],
    aligner: Aligner,
    *,
    fits: float = FITS,
) -> Placed:
    """Find the words of a text among the phones heard, and align those that fit so well."""
    guesses = list(_guesses(words, heard))
    said = _said(guesses, fits)
    aligned: list[AlignedWord | None] = [None] * len(words)
    for run in _runs(guesses, said, heard):
        spans = {index: _rough(guesses[index], heard) for index in run}
        for piece in _pieces(run, spans):
            stretch = _around(piece, spans, len(samples), aligned)
            inside = samples[stretch.start : stretch.end]
            found = aligner.align(inside, [words[index] for index in piece])
            for index, word in zip(piece, found, strict=False):
                aligned[index] = _moved(word, stretch.start)
    ordered = in_order(aligned)
    return Placed(tuple(ordered), tuple(_other(guesses, ordered, heard)), _match(guesses))


def in_order(aligned: Sequence[AlignedWord | None]) -> list[AlignedWord | None]:
    """The words without those that were found only after the next one.

    Pieces are aligned apart; at the edge of a stretch that does not fit, two may look for their
    words in the same sound.
    """
    kept = list(aligned)
    following: AlignedWord | None = None
    for index, word in reversed(list(enumerate(kept))):
        if word is not None and following and word.span.start >= following.span.start:
            kept[index] = None
        following = kept[index] or following
    return kept


def _guesses(words: Sequence[SpokenWord], heard: Sequence[HeardPhone]) -> Iterator[_Guess]:
    phones = [phone for word in words for phone in word.phones]
    found = iter(partners(phones, [phone.phone for phone in heard]))
    for word in words:
        mine = tuple(next(found) for _ in word.phones)
        fits = [
            0.0 if partner is None else similarity(phone, heard[partner].phone)
            for phone, partner in zip(word.phones, mine, strict=True)
        ]
        yield _Guess(word, mine, float(np.mean(fits)))


def _match(guesses: Sequence[_Guess]) -> float:
    counts = [len(guess.partners) for guess in guesses]
    return float(np.average([guess.fit for guess in guesses], weights=counts)) if guesses else 0.0


def _said(guesses: Sequence[_Guess], least: float) -> NDArray[np.bool_]:
    """Of each word, whether it is said: with its neighbours, or clearly at an edge."""
    counts = np.array([len(guess.partners) for guess in guesses], float)
    fits = np.array([guess.fit for guess in guesses])
    window = np.ones(2 * _AROUND + 1)
    weighed = np.convolve(fits * counts, window)[_AROUND : _AROUND + len(guesses)]
    around = weighed / np.convolve(counts, window)[_AROUND : _AROUND + len(guesses)]
    said = around >= least
    for order in (range(len(said)), range(len(said) - 1, -1, -1)):
        before = False
        for index in order:  # grow what is said over words that fit alone, shrink over others
            if before and not said[index] and fits[index] >= _CLEAR:
                said[index] = True
            before = bool(said[index])
        before = True
        for index in order:
            if not before and said[index] and fits[index] < least:
                said[index] = False
            before = bool(said[index])
    return said


def _runs(
    guesses: Sequence[_Guess], said: NDArray[np.bool_], heard: Sequence[HeardPhone]
) -> Iterator[list[int]]:
    """Runs of words that are said one after another with nothing else between them."""
    run: list[int] = []
    last = -1
    for index, guess in enumerate(guesses):
        if not said[index] or not guess.heard:
            if not said[index]:
                yield from [run] if run else []
                run = []
            elif run:
                run.append(index)  # not heard, but its neighbours are
            continue
        if run and guess.heard[0] - last > _UNTOLD:
            yield run
            run = []
        run.append(index)
        last = guess.heard[-1]
    if run:
        yield run


def _rough(guess: _Guess, heard: Sequence[HeardPhone]) -> Span | None:
    """About where a word is said; None where none of its phones was heard."""
    if not guess.heard:
        return None
    first = next(i for i, partner in enumerate(guess.partners) if partner is not None)
    last = next(i for i, partner in enumerate(reversed(guess.partners)) if partner is not None)
    start = heard[guess.heard[0]].span.start - first * _PHONE
    end = heard[guess.heard[-1]].span.end + last * _PHONE
    return Span(max(0, start), max(0, start, end), guess.word.text)


def _pieces(run: Sequence[int], spans: dict[int, Span | None]) -> Iterator[Sequence[int]]:
    """A run cut at its longest pauses into pieces of at most `_LONGEST`."""
    known = [(place, span) for place, index in enumerate(run) if (span := spans[index])]
    if len(known) < 2 or known[-1][1].end - known[0][1].start <= _LONGEST:
        yield run
        return
    gaps = [(b.start - a.end, place) for (_, a), (place, b) in pairwise(known)]
    middle = [gap for gap in gaps if len(run) // 5 <= gap[1] <= len(run) - len(run) // 5] or gaps
    _, at = max(middle)
    yield from _pieces(run[:at], spans)
    yield from _pieces(run[at:], spans)


def _around(
    piece: Sequence[int],
    spans: dict[int, Span | None],
    sample_count: int,
    aligned: Sequence[AlignedWord | None],
) -> Stretch:
    """The sound to look for a piece in: half of the pauses around it, but no word of others."""
    known = [span for index in piece if (span := spans[index])]
    before = [word.span.end for word in aligned[: piece[0]] if word]
    after = [span.start for index, span in spans.items() if index > piece[-1] and span]
    floor = max(before, default=0)
    ceiling = min(after, default=sample_count)
    start = max(known[0].start - _MARGIN, min(floor, known[0].start))
    end = min(known[-1].end + _MARGIN, max(ceiling, known[-1].end), sample_count)
    return Stretch(max(0, start), max(0, start, end))


def _moved(word: AlignedWord, by: int) -> AlignedWord:
    def moved(span: Span) -> Span:
        return Span(span.start + by, span.end + by, span.name)

    return AlignedWord(moved(word.span), tuple(map(moved, word.phones)))


def _other(
    guesses: Sequence[_Guess],
    aligned: Sequence[AlignedWord | None],
    heard: Sequence[HeardPhone],
) -> Iterator[Stretch]:
    """Where phones are heard in a row that no aligned word has."""
    taken = np.zeros(len(heard), bool)
    for guess, word in zip(guesses, aligned, strict=True):
        if word is not None and guess.heard:
            taken[guess.heard[0] : guess.heard[-1] + 1] = True
    for is_taken, group in groupby(range(len(heard)), key=lambda index: bool(taken[index])):
        indices = list(group)
        if not is_taken and len(indices) >= _UNTOLD // 2:
            yield Stretch(heard[indices[0]].span.start, heard[indices[-1]].span.end)
