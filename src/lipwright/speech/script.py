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


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens said in one breath."""

    tokens: tuple[Token, ...]
    ends_paragraph: bool


@dataclass(frozen=True, slots=True)
class _Word:
    """One caption word before it is known what is said for it."""

    text: str
    plain: str
    lines_after: int
    """Line ends between this word and the next."""


def read_script(
    script: str, *, british: bool = False, limit: int = SCRIPT_LIMIT
) -> tuple[Sentence, ...]:
    """Cut a script into sentences.

    Args:
        script: As the user wrote it.
        british: Dates, and "two hundred and five", the British way.
        limit: Characters allowed.

    Raises:
        InvalidScript: Nothing to say, or longer than `limit` characters.
        UnsupportedLanguage: It has letters that English does not use.
    """
    if len(script) > limit:
        raise InvalidScript(
            f"The script has {len(script)} characters; at most {limit} are allowed."
        )
    words = _words(script)
    check_writing(word.plain for word in words)
    if not words:
        raise InvalidScript("The script has nothing to say in it; write at least one word.")
    return tuple(_sentence(run, british) for run in _runs(words))


def _words(script: str) -> list[_Word]:
    """Every caption word; what cannot be said stays with the word before it."""
    words: list[_Word] = []
    leading = ""
    for text, lines_after in _split(script):
        said = "" if _EMOTICON.fullmatch(text) else plain(text)
        if speakable(said):
            words.append(_Word(leading + text, said, lines_after))
            leading = ""
        elif words and not (words[-1].lines_after and text in _BULLETS):
            words[-1] = _attached(words[-1], text, said, lines_after)
        else:
            leading += f"{text} "
    return words


def _split(script: str) -> Iterator[tuple[str, int]]:
    for match in re.finditer(r"(\S+)(\s*)", script):
        yield match[1], len(re.findall(r"\r\n?|[\n\v\f\x85\u2028\u2029]", match[2]))


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
    tokens = tuple(Token(word.text, text) for word, text in zip(words, said, strict=True))
    return Sentence(tokens, ends_paragraph=words[-1].lines_after > 1)
