"""Sentences to passages: letters that the model says at one go, each owned by a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from lipwright.speech import letters
from lipwright.speech.acoustic import Utterance
from lipwright.speech.delivery import FASTEST, SLOWEST, Emphasis
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

Pronounce: TypeAlias = Callable[[str], tuple[str, ...]]
"""A spoken sentence to the letters of each of its words; see `FrontEnd.pronounce`."""


class _Word(NamedTuple):
    """What is said of a token, or a part of it."""

    owner: int
    """Index of the token."""
    letters: str
    rate: float


@dataclass(frozen=True, slots=True)
class Passage:
    """What the model says at one go."""

    letters: str
    owners: tuple[int, ...]
    """For each letter, the index of its token in the whole script."""
    pause: int
    """Samples of silence after it."""
    rate: float = 1.0

    @property
    def utterance(self) -> Utterance:
        """What a model is given."""
        return Utterance(self.letters, self.rate)


def passages(
    sentences: Sequence[Sentence], pronounce: Pronounce, rate: float = 1.0
) -> Iterator[Passage]:
    """Every sentence as one passage; a very short one with the next, a long one in parts.

    A passage has one rate, so it also ends where the user changes it.  `rate` is that of the
    whole script; pauses that the user did not set follow it.
    """
    words: list[_Word] = []
    first = 0
    for sentence in sentences:
        words += _words(sentence, pronounce, first, rate)
        first += len(sentence.tokens)
        is_short = sum(len(word.letters) for word in words) < _TOO_SHORT
        ends_here = sentence.ends_paragraph or sentence.pause is not None
        if is_short and not ends_here and first < _token_count(sentences):
            continue
        yield from _cut(words, _pause_after(sentence, rate))
        words = []


def _pause_after(sentence: Sentence, rate: float) -> int:
    if sentence.pause is not None:
        return max(sentence.pause, _NO_PAUSE)
    return round((_PARAGRAPH_PAUSE if sentence.ends_paragraph else _SENTENCE_PAUSE) / rate)


def _token_count(sentences: Sequence[Sentence]) -> int:
    return sum(len(sentence.tokens) for sentence in sentences)


def _cut(words: list[_Word], pause: int) -> Iterator[Passage]:
    while words:
        count = _fitting(words)
        rest = words[count:]
        yield _passage(words[:count], _pause_inside(words[count - 1]) if rest else pause)
        words = rest


def _words(sentence: Sentence, pronounce: Pronounce, first: int, rate: float) -> list[_Word]:
    said = iter(pronounce(" ".join(token.spoken for token in sentence.tokens)))
    words: list[_Word] = []
    for owner, token in enumerate(sentence.tokens, start=first):
        read = [next(said) for _ in token.spoken.split()]
        if token.letters is not None:
            read = [token.letters + _pauses_of(read[-1])]
        if token.emphasis is not None:
            read = [_emphasised(word, token.emphasis) for word in read]
        own_rate = min(max(rate * token.rate, SLOWEST), FASTEST)
        words += (_Word(owner, part, own_rate) for word in read for part in _parts(word))
    return words


def _emphasised(word: str, emphasis: Emphasis) -> str:
    """A word stressed more or less: a strong one has its stressed vowel drawn out as well."""
    if emphasis is Emphasis.NONE:
        return word
    if emphasis is Emphasis.REDUCED:
        return word.replace(letters.PRIMARY, letters.SECONDARY)
    if letters.PRIMARY not in word:
        vowel = next((i for i, letter in enumerate(word) if letter in letters.VOWELS), 0)
        bare = word.replace(letters.SECONDARY, letters.PRIMARY, 1)
        word = bare if bare != word else word[:vowel] + letters.PRIMARY + word[vowel:]
    if emphasis is Emphasis.MODERATE:
        return word
    stress = word.index(letters.PRIMARY)
    vowels = (i for i, letter in enumerate(word) if i > stress and letter in letters.VOWELS)
    after = next(vowels, len(word) - 1) + 1
    is_long = word[after : after + 1] == letters.LENGTH_MARK
    return word if is_long else word[:after] + letters.LENGTH_MARK + word[after:]


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
    for count, word in enumerate(words):
        if word.rate != words[0].rate:
            return count
        length += 1 + len(word.letters)
        if length > LETTERS_AT_ONCE:
            return clause or count
        if word.letters[-1] in letters.PAUSES:
            clause = count + 1
    return len(words)


def _pause_inside(word: _Word) -> int:
    pause = _CLAUSE_PAUSE if word.letters[-1] in letters.PAUSES else _NO_PAUSE
    return round(pause / word.rate)


def _passage(words: Sequence[_Word], pause: int) -> Passage:
    text = " ".join(word.letters for word in words)
    owners = [word.owner for word in words for _ in f"{word.letters} "]
    return Passage(text, tuple(owners[: len(text)]), pause, words[0].rate)
