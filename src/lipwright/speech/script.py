"""A script as its user wrote it, cut into sentences of tokens that a voice can say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from lipwright.errors import InvalidScript
from lipwright.request import SCRIPT_LIMIT
from lipwright.speech.delivery import Emphasis
from lipwright.speech.dictionary import with_pronunciations
from lipwright.speech.languages.english import English
from lipwright.speech.languages.front_end import FrontEnd
from lipwright.speech.markup import SENTENCE_END, Marked, Said, manner_of, read_markup
from lipwright.speech.plain import plain, speakable

_ENGLISH: Final = English()
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
    rate: float = 1.0
    """How fast, against the rest of the script."""
    emphasis: Emphasis | None = None


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
    ends: bool = False
    """Whether the user said that a sentence ends here."""
    rate: float = 1.0
    emphasis: Emphasis | None = None


def read_script(
    script: str,
    front_end: FrontEnd = _ENGLISH,
    *,
    pronunciations: tuple[tuple[str, str], ...] = (),
    limit: int = SCRIPT_LIMIT,
) -> tuple[Sentence, ...]:
    """Cut a script into sentences.

    Args:
        script: As the user wrote it; `markup` says what it may hold besides words.
        front_end: The language that it is in.
        pronunciations: The user's dictionary, see `Delivery`.
        limit: Characters allowed.

    Raises:
        InvalidScript: Nothing to say, longer than `limit` characters, or wrong marks.
        InvalidRequest: A pronunciation cannot be said.
        UnsupportedLanguage: It has letters that the language does not use.
    """
    if len(script) > limit:
        raise InvalidScript(
            f"The script has {len(script)} characters; at most {limit} are allowed."
        )
    marked = with_pronunciations(read_markup(script, front_end), pronunciations, front_end)
    words = _words(marked, front_end)
    front_end.check(word.plain for word in words if word.letters is None)
    if not words:
        raise InvalidScript("The script has nothing to say in it; write at least one word.")
    return tuple(_sentence(run, front_end) for run in _runs(words, front_end))


def _words(marked: Marked, front_end: FrontEnd) -> list[_Word]:
    """Every caption word; what cannot be said stays with the word before it."""
    words: list[_Word] = []
    leading = ""
    pauses = list(marked.pauses)
    for start, text, space in _split(marked, front_end):
        lines_after, ends = _line_ends(space), SENTENCE_END in space
        while words and pauses and pauses[0][0] <= start:
            words[-1] = _paused(words[-1], pauses.pop(0)[1])
        said = "" if _EMOTICON.fullmatch(text) else plain(_heard(marked, start, text))
        if speakable(said):
            letters = next((this.letters for this in _said_in(marked, start, text)), None)
            rate, emphasis = manner_of(marked, start, start + len(text))
            word = _Word(leading + text, said, lines_after, letters, ends=ends)
            words.append(replace(word, rate=rate, emphasis=emphasis))
            leading = ""
        elif words and not (words[-1].lines_after and text in _BULLETS):
            words[-1] = _attached(words[-1], text, said, lines_after)
            words[-1] = replace(words[-1], ends=ends or words[-1].ends)
        else:
            leading += f"{text} "
    return words


def _split(marked: Marked, front_end: FrontEnd) -> Iterator[tuple[int, str, str]]:
    """Start, text and following space of each word; what is said as one is one word."""
    start, end = -1, -1
    for first, last in _pieces(marked, front_end):
        if start >= 0 and not any(this.start < end <= this.end - 1 for this in marked.said):
            yield start, marked.text[start:end], marked.text[end:first]
            start = -1
        start, end = (first if start < 0 else start), last
    if start >= 0:
        yield start, marked.text[start:end], marked.text[end:]


def _pieces(marked: Marked, front_end: FrontEnd) -> Iterator[tuple[int, int]]:
    """Start and end of every word that stands between spaces or, where none are written, alone."""
    for match in re.finditer(r"\S+", marked.text):
        if front_end.spaced:
            yield match.span()
            continue
        edges = {edge for this in marked.said for edge in (this.start, this.end)}
        inside = sorted(edge for edge in edges if match.start() < edge < match.end())
        for start, end in pairwise([match.start(), *inside, match.end()]):
            for piece in front_end.split(marked.text[start:end]):
                yield start, start + len(piece)
                start += len(piece)


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


def _runs(words: Sequence[_Word], front_end: FrontEnd) -> Iterator[Sequence[_Word]]:
    """The words of each sentence."""
    start = 0
    for index, following in enumerate([*words[1:], None]):
        run = words[start : index + 1]
        if following is None or _ends_sentence(run, following, front_end):
            yield run
            start = index + 1


def _ends_sentence(words: Sequence[_Word], following: _Word, front_end: FrontEnd) -> bool:
    word = words[-1]
    if word.ends or word.pause is not None:
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
    return bare.endswith("..") or not front_end.is_abbreviated(before, bare[:-1], following.plain)


def _sentence(words: Sequence[_Word], front_end: FrontEnd) -> Sentence:
    said = front_end.spoken([word.plain for word in words])
    tokens = tuple(
        Token(word.text, text, word.letters, word.rate, word.emphasis)
        for word, text in zip(words, said, strict=True)
    )
    return Sentence(tokens, words[-1].lines_after > 1, words[-1].pause)
