"""Aligned words and phones put together: what is shown, and what the mouth makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from lipwright.speech import arpabet
from lipwright.speech.listening.alignment import AlignedWord
from lipwright.speech.listening.phones import HeardPhone
from lipwright.speech.listening.sounds import HEARING_RATE_HZ, Span
from lipwright.speech.listening.transcript import Placed
from lipwright.speech.listening.wording import Wording

_SCHWA_LONGEST: Final = HEARING_RATE_HZ * 70 // 1000
"""CMUdict has one phone for the vowels of "cut" and of "about"; the second is the short one."""
_SNAP: Final = HEARING_RATE_HZ * 15 // 100
"""A recognizer's word starts with the phone that starts nearest, within its usual error."""


def caption_words(
    wording: Wording, found: Placed, fallback: Sequence[Span] | None = None
) -> list[Span]:
    """Each caption word where its said words are; else where `fallback` has it, or left out."""
    spans: dict[int, Span] = {}
    for owner, word in zip(wording.owners, found.words, strict=True):
        if word is not None:
            start = spans[owner].start if owner in spans else word.span.start
            spans[owner] = Span(start, word.span.end, wording.texts[owner])
    shown = (spans.get(i) or (fallback[i] if fallback else None) for i in range(len(wording.texts)))
    return [span for span in shown if span is not None]


def spoken_phones(wording: Wording, found: Placed) -> Iterator[HeardPhone]:
    """The phones of the words that are said, with their sounds and stresses."""
    rows = zip(found.words, wording.letters, wording.symbols, strict=True)
    for word, letters, symbols in rows:
        if word is None:
            continue
        stresses = _stresses(word, letters)
        for index, phone in enumerate(word.phones):
            symbol = symbols[index] if symbols else _symbol(phone, stresses[index])
            span = Span(phone.start, phone.end, symbol)
            yield HeardPhone(span, phone.name, stresses[index])


def _stresses(word: AlignedWord, letters: str) -> list[int]:
    """Of each phone: as the letters have it, where they count the same vowels."""
    places = [i for i, phone in enumerate(word.phones) if phone.name in arpabet.VOWELS]
    stresses = list(arpabet.stresses(letters))
    found = [0] * len(word.phones)
    if len(stresses) == len(places):
        for place, stress in zip(places, stresses, strict=True):
            found[place] = stress
    return found


def _symbol(phone: Span, stress: int) -> str:
    symbol = arpabet.ipa(phone.name)
    is_schwa = symbol == "ʌ" and not stress and len(phone) <= _SCHWA_LONGEST
    return "ə" if is_schwa else symbol


def snapped(words: Sequence[Span], phones: Sequence[HeardPhone]) -> list[Span]:
    """A recognizer's words moved to the phones that start and end nearest to them."""
    starts = [phone.span.start for phone in phones]
    ends = [phone.span.end for phone in phones]
    moved: list[Span] = []
    for word in words:
        start, end = _nearest(word.start, starts), _nearest(word.end, ends)
        moved.append(Span(start, end, word.name) if start < end else word)
    return list(tidy(moved))


def _nearest(moment: int, moments: Sequence[int]) -> int:
    best = min(moments, key=lambda each: abs(each - moment), default=moment)
    return best if abs(best - moment) <= _SNAP else moment


def tidy(words: Sequence[Span]) -> Iterator[Span]:
    """In order, each ended where the next one starts."""
    ordered = sorted(words, key=lambda word: word.start)
    for this, following in zip_longest(ordered, ordered[1:]):
        end = this.end if following is None else min(this.end, following.start)
        yield Span(this.start, max(this.start, end), this.name)
