"""A script as its user wrote it, cut into sentences of tokens that a voice can say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from lipwright.errors import InvalidScript
from lipwright.speech.abbreviations import (
    ABBREVIATIONS,
    BEFORE_NUMBER,
    DOTTED,
    ENDS_TOO,
    LOWER_UNSAFE,
    MONTH_NAMES,
    SENTENCE_STARTERS,
)
from lipwright.speech.markup import Marked, Said, read_markup
from lipwright.speech.plain import check_writing, plain, speakable
from lipwright.speech.spoken import spoken

SCRIPT_LIMIT: Final = 3600
"""Characters; the limit of the API that clients already speak."""

_EMOTICON: Final = re.compile(r"[:;=][-'^]?[)(DPpOo3|/\\]+|<3+|\^_*\^|[-¯\\_(ツ)/]{5,}")
_DASH: Final = re.compile(r"[-–—]+")
_BULLETS: Final = "-–—*•‣◦·▪●○"


@dataclass(frozen=True, slots=True)
class Token:
    """One caption word."""

    text: str
    """The user's own spelling: ``"$3.50"``.  Emoji and lone dashes are kept with a neighbour."""
    spoken: str
    """What is said, with the punctuation that shapes it: ``"three dollars and fifty cents"``."""
    letters: str | None = None
    """How the user wants it said, in phoneme letters."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens said in one breath."""

    tokens: tuple[Token, ...]
    ends_paragraph: bool
    pause: int | None = None
    """Samples of silence after it that the user asked for."""


@dataclass(frozen=True, slots=True)
class _Word:
    """One caption word before it is known what is said for it."""

    text: str
    plain: str
    lines_after: int
    """Line ends between this word and the next."""
    letters: str | None = None
    pause: int | None = None


def read_script(
    script: str, *, british: bool = False, limit: int = SCRIPT_LIMIT
) -> tuple[Sentence, ...]:
    """Cut a script into sentences.

    Args:
        script: As the user wrote it; `markup` says what it may hold besides words.
        british: Dates, and "two hundred and five", the British way.
        limit: Characters allowed.

    Raises:
        InvalidScript: Nothing to say, longer than `limit` characters, or wrong marks.
        UnsupportedLanguage: It has letters that English does not use.
    """
    if len(script) > limit:
        raise InvalidScript(
            f"The script has {len(script)} characters; at most {limit} are allowed."
        )
    words = _words(read_markup(script))
    check_writing(word.plain for word in words)
    if not words:
        raise InvalidScript("The script has nothing to say in it; write at least one word.")
    return tuple(_sentence(run, british) for run in _runs(words))


def _words(marked: Marked) -> list[_Word]:
    """Every caption word; what cannot be said stays with the word before it."""
    words: list[_Word] = []
    leading = ""
    pauses = list(marked.pauses)
    for start, text, lines_after in _split(marked):
        while words and pauses and pauses[0][0] <= start:
            words[-1] = _paused(words[-1], pauses.pop(0)[1])
        said = "" if _EMOTICON.fullmatch(text) else plain(_heard(marked, start, text))
        if speakable(said):
            letters = next((this.letters for this in _said_in(marked, start, text)), None)
            words.append(_Word(leading + text, said, lines_after, letters))
            leading = ""
        elif words and not (words[-1].lines_after and text in _BULLETS):
            words[-1] = _attached(words[-1], text, said, lines_after)
        else:
            leading += f"{text} "
    return words


def _split(marked: Marked) -> Iterator[tuple[int, str, int]]:
    """Start, text and following line ends of each word; what is said as one is one word."""
    start, end = -1, -1
    for match in re.finditer(r"\S+", marked.text):
        if start >= 0 and not any(this.start < end <= this.end - 1 for this in marked.said):
            yield start, marked.text[start:end], _line_ends(marked.text[end : match.start()])
            start = -1
        start, end = (match.start() if start < 0 else start), match.end()
    if start >= 0:
        yield start, marked.text[start:end], _line_ends(marked.text[end:])


def _line_ends(space: str) -> int:
    return len(re.findall(r"\r\n?|[\n\v\f\x85\u2028\u2029]", space))


def _said_in(marked: Marked, start: int, text: str) -> Iterator[Said]:
    return (this for this in marked.said if start <= this.start < start + len(text))


def _heard(marked: Marked, start: int, text: str) -> str:
    """A word as it is read: with what is said instead of it."""
    for this in reversed(list(_said_in(marked, start, text))):
        if this.alias is not None:
            text = text[: this.start - start] + this.alias + text[this.end - start :]
    return text


def _paused(word: _Word, pause: int) -> _Word:
    return replace(word, pause=(word.pause or 0) + pause)


def _attached(word: _Word, text: str, said: str, lines_after: int) -> _Word:
    if _DASH.fullmatch(said):
        said = "—"
    closing = "".join(re.findall("[.,;:!?…—]", said))
    return replace(
        word,
        text=f"{word.text} {text}",
        plain=word.plain + closing,
        lines_after=max(word.lines_after, lines_after),
    )


def _runs(words: Sequence[_Word]) -> Iterator[Sequence[_Word]]:
    """The words of each sentence."""
    start = 0
    for index in range(len(words)):
        if index + 1 == len(words) or _ends_sentence(words[start : index + 1], words[index + 1]):
            yield words[start : index + 1]
            start = index + 1


def _ends_sentence(words: Sequence[_Word], following: _Word) -> bool:
    word = words[-1]
    if word.pause is not None:
        return True
    starts_small = following.plain.lstrip("\"'(")[:1].islower()
    if word.lines_after:
        return word.lines_after > 1 or not starts_small or following.text[0] in _BULLETS
    bare = word.plain.rstrip("\"')*_")
    if bare[-1:] in ("!", "?", "…"):
        return not starts_small
    if not bare.endswith(".") or starts_small:
        return False
    before = words[-2].plain if len(words) > 1 else ""
    return bare.endswith("..") or not _is_abbreviated(before, bare[:-1], following.plain)


def _is_abbreviated(before: str, word: str, following: str) -> bool:
    """Whether the full stop after `word` belongs to an abbreviation inside a sentence."""
    core = word.lstrip("\"'(*_")
    key = core.lower()
    if core.isdigit() and not before:
        return True  # a numbered list
    if len(core) == 1 and core.isupper() and core != "I":
        return following.lower().rstrip(",.") not in SENTENCE_STARTERS
    if following[:1].isdigit():
        return key in BEFORE_NUMBER or key in ABBREVIATIONS or key in MONTH_NAMES
    if core == "St":
        return not before[:1].isupper()
    if key in ENDS_TOO:
        return False
    known = key in DOTTED or (key in ABBREVIATIONS and key not in LOWER_UNSAFE)
    return known or (key in LOWER_UNSAFE and core[:1].isupper())


def _sentence(words: Sequence[_Word], british: bool) -> Sentence:
    said = spoken([word.plain for word in words], british=british)
    tokens = tuple(
        Token(word.text, text, word.letters) for word, text in zip(words, said, strict=True)
    )
    return Sentence(tokens, words[-1].lines_after > 1, words[-1].pause)
