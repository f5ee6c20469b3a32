"""The words of a text as the aligner takes them, in every language that a front end reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from lipwright.request import TRANSCRIPT_LIMIT
from lipwright.speech import arpabet, letters
from lipwright.speech.languages import FrontEnd, Language, front_end_of
from lipwright.speech.languages.english import English
from lipwright.speech.listening.alignment import Aligner, SpokenWord
from lipwright.speech.listening.nearest import nearest
from lipwright.speech.script import read_script


@dataclass(frozen=True, slots=True)
class Wording:
    """A text: its caption words, and the words that are said for them."""

    texts: tuple[str, ...]
    """The user's spelling of each caption word."""
    owners: tuple[int, ...]
    """Of each said word, the caption word that it belongs to."""
    letters: tuple[str, ...]
    """Of each said word, its phoneme letters."""
    words: tuple[SpokenWord, ...]
    """Of each said word, what the aligner looks for."""
    symbols: tuple[tuple[str, ...], ...]
    """Of each said word, the IPA sound of each phone; empty where the dictionary's phones count."""


def english(text: str, aligner: Aligner) -> Wording:
    """An English text.

    Raises:
        InvalidScript: Nothing to say, too long, or wrong marks in it.
        UnsupportedLanguage: It has letters that English does not use.
    """
    return _wording(text, English(), aligner)


def foreign(text: str, language: str, aligner: Aligner) -> Wording | None:
    """A text of another language, by its two letters; None where no front end reads it.

    Raises:
        As `english`.
    """
    front_end = _front_end(language)
    return None if front_end is None else _wording(text, front_end, aligner)


def _front_end(language: str) -> FrontEnd | None:
    known: tuple[Language, ...] = get_args(Language)
    whole = next((each for each in known if each.partition("-")[0] == language), None)
    return None if whole is None else front_end_of(whole)


def _wording(text: str, front_end: FrontEnd, aligner: Aligner) -> Wording:
    sentences = read_script(text, front_end, limit=TRANSCRIPT_LIMIT)
    texts = tuple(token.text for sentence in sentences for token in sentence.tokens)
    owners: list[int] = []
    said: list[str] = []
    words: list[SpokenWord] = []
    symbols: list[tuple[str, ...]] = []
    owner = -1
    is_english = isinstance(front_end, English)
    for sentence in sentences:
        pronounced = iter(front_end.pronounce(" ".join(t.spoken for t in sentence.tokens)))
        for token in sentence.tokens:
            owner += 1
            for bare, its in _said(token.spoken, token.letters, pronounced):
                word = _english_word(bare, its, aligner) if is_english else None
                sounds = () if word else _sounds(its)
                owners.append(owner)
                said.append(its)
                words.append(word or SpokenWord(bare, _phones(sounds)))
                symbols.append(sounds)
    return Wording(texts, tuple(owners), tuple(said), tuple(words), tuple(symbols))


def _said(spoken: str, given: str | None, pronounced: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Each word said for one token, bare, with its letters."""
    parts = spoken.split()
    read = [next(pronounced, "") for _ in parts]
    if given is not None:
        yield _bare(spoken), given
        return
    for word, its in zip(parts, read, strict=True):
        if _bare(word):
            yield _bare(word), its


def _bare(word: str) -> str:
    return re.sub(r"^\W+|\W+$", "", word)


def _english_word(text: str, its: str, aligner: Aligner) -> SpokenWord:
    """Names and small words by the dictionary, abbreviations and new words by their letters."""
    lower = text.lower()
    if text == lower or len(text) == 1 or text.istitle():
        known = aligner.known_phones(lower)
        if known:
            return SpokenWord(text, known, is_in_dictionary=True)
    return SpokenWord(text, tuple(arpabet.phones(its)) or ("AH",))


def _sounds(its: str) -> tuple[str, ...]:
    """The IPA sounds of a word's letters; a murmur for a word without any."""
    sounds = [letters.ipa(letter) for letter in its if letter not in letters.SILENT]
    return tuple(sound for sound in sounds if nearest(sound)) or ("ə",)


def _phones(sounds: Sequence[str]) -> tuple[str, ...]:
    return tuple(phone for sound in sounds if (phone := nearest(sound)))
