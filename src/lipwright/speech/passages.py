"""Sentences to passages: letters that the model says at one go, each owned by a token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from lipwright.speech import letters
from lipwright.speech.pronunciation import Pronouncer
from lipwright.speech.script import Sentence
from lipwright.timeline import SAMPLE_RATE

LETTERS_AT_ONCE: Final = 200
"""About 12 s.  The model takes 510, but its memory grows with every letter: 200 need 600 MB."""

_TOO_SHORT: Final = 15
"""Letters (1 s): a shorter sentence ("No!") sounds cut off when it is said alone."""
_SENTENCE_PAUSE: Final = SAMPLE_RATE * 40 // 100
_PARAGRAPH_PAUSE: Final = SAMPLE_RATE * 70 // 100
_CLAUSE_PAUSE: Final = SAMPLE_RATE * 15 // 100
_NO_PAUSE: Final = SAMPLE_RATE * 4 // 100
"""Between the parts of a passage cut where there is no comma."""

_Word: TypeAlias = tuple[int, str]
"""Index of the token that it belongs to, and its letters."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What the model says at one go."""

    letters: str
    owners: tuple[int, ...]
    """For each letter, the index of its token in the whole script."""
    pause: int
    """Samples of silence after it."""


def passages(sentences: Sequence[Sentence], pronounce: Pronouncer) -> Iterator[Passage]:
    """Every sentence as one passage; a very short one with the next, a long one in parts."""
    words: list[_Word] = []
    first = 0
    for sentence in sentences:
        words += _words(sentence, pronounce, first)
        first += len(sentence.tokens)
        is_short = sum(len(word) for _, word in words) < _TOO_SHORT
        ends_here = sentence.ends_paragraph or sentence.pause is not None
        if is_short and not ends_here and first < _token_count(sentences):
            continue
        yield from _cut(words, _pause_after(sentence))
        words = []


def _pause_after(sentence: Sentence) -> int:
    if sentence.pause is not None:
        return max(sentence.pause, _NO_PAUSE)
    return _PARAGRAPH_PAUSE if sentence.ends_paragraph else _SENTENCE_PAUSE


def _token_count(sentences: Sequence[Sentence]) -> int:
    return sum(len(sentence.tokens) for sentence in sentences)


def _cut(words: list[_Word], pause: int) -> Iterator[Passage]:
    while words:
        count = _fitting(words)
        rest = words[count:]
        yield _passage(words[:count], _pause_inside(words[count - 1]) if rest else pause)
        words = rest


def _words(sentence: Sentence, pronounce: Pronouncer, first: int) -> list[_Word]:
    said = iter(pronounce(" ".join(token.spoken for token in sentence.tokens)))
    words: list[_Word] = []
    for owner, token in enumerate(sentence.tokens, start=first):
        read = [next(said) for _ in token.spoken.split()]
        if token.letters is not None:
            read = [token.letters + _pauses_of(read[-1])]
        words += ((owner, part) for word in read for part in _parts(word))
    return words


def _pauses_of(word: str) -> str:
    """The punctuation that a word ends with."""
    return word[len(word.rstrip("".join(letters.PAUSES))) :]


def _parts(word: str) -> Iterator[str]:
    for start in range(0, len(word), LETTERS_AT_ONCE):
        yield word[start : start + LETTERS_AT_ONCE]


def _fitting(words: Sequence[_Word]) -> int:
    """How many words to say at one go: up to the last comma that fits, or all that fit."""
    length = -1
    clause = 0
    for count, (_, word) in enumerate(words):
        length += 1 + len(word)
        if length > LETTERS_AT_ONCE:
            return clause or count
        if word[-1] in letters.PAUSES:
            clause = count + 1
    return len(words)


def _pause_inside(word: _Word) -> int:
    return _CLAUSE_PAUSE if word[1][-1] in letters.PAUSES else _NO_PAUSE


def _passage(words: Sequence[_Word], pause: int) -> Passage:
    text = " ".join(word for _, word in words)
    owners = [owner for owner, word in words for _ in f"{word} "]
    return Passage(text, tuple(owners[: len(text)]), pause)
