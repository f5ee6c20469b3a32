"""Mandarin: readings from pypinyin's phrases, sounds from pinyin, words from BudouX.

Tones are written as Kokoro learned them: an arrow after the vowel, nothing for the neutral tone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from lipwright.speech import letters
from lipwright.speech.languages.english import English
from lipwright.speech.languages.front_end import Kind
from lipwright.speech.languages.mandarin_figures import digits, number, said_figures
from lipwright.speech.plain import check_writing

_PAUSES: Final = ".,;:!?…—()"
_SCRIPTS: Final = ("LATIN", "CJK", "HALFWIDTH", "FULLWIDTH", "IDEOGRAPHIC")
_MURMUR: Final = "ə"
_HAN: Final = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_TOGETHER: Final = re.compile(r"[\d.,:/%℃°A-Za-z'@-]{2}")
"""Two characters that no word ends between: numbers, dates, Latin words."""

_INITIALS: Final = {
    "b": "p", "p": "pʰ", "m": "m", "f": "f", "d": "t", "t": "tʰ", "n": "n", "l": "l", "g": "k",
    "k": "kʰ", "h": "x", "j": "ʨ", "q": "ʨʰ", "x": "ɕ", "zh": "ꭧ", "ch": "ꭧʰ", "sh": "ʂ",
    "r": "ɻ", "z": "ʦ", "c": "ʦʰ", "s": "s", "": "",
}  # fmt: skip
_FINALS: Final = {
    "a": "a", "ai": "ai", "an": "a_n", "ang": "a_ŋ", "ao": "au", "e": "ɤ", "ei": "ei",
    "en": "ə_n", "eng": "ə_ŋ", "er": "ɚ", "i": "i", "ia": "ja", "ian": "jɛ_n", "iang": "ja_ŋ",
    "iao": "jau", "ie": "je", "in": "i_n", "ing": "i_ŋ", "iong": "jʊ_ŋ", "iou": "jou",
    "o": "wo", "ong": "ʊ_ŋ", "ou": "ou", "u": "u", "ua": "wa", "uai": "wai", "uan": "wa_n",
    "uang": "wa_ŋ", "uei": "wei", "uen": "wə_n", "ueng": "wə_ŋ", "uo": "wo", "v": "y",
    "van": "ɥɛ_n", "ve": "ɥe", "vn": "y_n", "ê": "ɛ", "io": "jɔ", "": "ə_n",
}  # fmt: skip
"""Finals as pypinyin names them; the tone is written where the ``_`` is, or at the end."""
_TONES: Final = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}
_AFTER_SIBILANT: Final = frozenset(["zh", "ch", "sh", "r", "z", "c", "s"])
"""What i is no [i] after: ``shi``."""

_TRADITIONAL: Final = frozenset("們這個來說對時會為學國沒後過還點開關東車話問題讓應該買賣書長門")


@dataclass(frozen=True, slots=True)
class Mandarin:
    """Reads Mandarin in either writing, and Latin words in it as English."""

    spaced: bool = field(default=False, init=False)

    def check(self, words: Iterable[str]) -> None:
        """See `FrontEnd.check`."""
        check_writing(words, "Mandarin", _SCRIPTS)

    def split(self, text: str) -> list[str]:
        """See `FrontEnd.split`."""
        pieces: list[str] = []
        for piece in _parser(bool(_TRADITIONAL & set(text))).parse(text):
            before = pieces[-1] if pieces else ""
            if before and _TOGETHER.fullmatch(before[-1] + piece[0]):
                pieces[-1] += piece
            else:
                pieces.append(piece)
        return pieces

    def is_abbreviated(self, before: str, word: str, following: str) -> bool:
        """See `FrontEnd.is_abbreviated`."""
        return word.isdigit() and not before

    def spoken(self, words: Sequence[str]) -> list[str]:
        """See `FrontEnd.spoken`."""
        after = [*(word[:1] for word in words[1:]), ""]
        said = (said_figures(_plain(word), next_) for word, next_ in zip(words, after, strict=True))
        return [text or word for text, word in zip(said, words, strict=True)]

    def said_as(self, text: str, kind: Kind) -> str | None:
        """See `FrontEnd.said_as`."""
        if kind in ("cardinal", "ordinal"):
            said = number(text)
            return said and (f"第{said}" if kind == "ordinal" else said)
        if kind == "characters":
            return "，".join(sign for sign in text if sign.isalnum()) or None
        return digits(text) or None

    def pronounce(self, text: str) -> tuple[str, ...]:
        """See `FrontEnd.pronounce`."""
        words = text.split()
        syllables = iter(_syllables(words))
        return tuple(_sounds(word, syllables) for word in words)

    def letters_of(self, ipa: str) -> str:
        """See `FrontEnd.letters_of`."""
        return letters.from_ipa(ipa, english=False)


def _plain(word: str) -> str:
    return "".join(re.sub(r"[\"'*_~^|\\]", "", word).split())


def _syllables(words: Sequence[str]) -> Iterator[str]:
    """The sounds of every Han character, read in the sentence it stands in."""
    from pypinyin import Style, lazy_pinyin  # takes a moment, and only this language needs it

    han = "".join(_HAN.findall("".join(words)))
    initials = lazy_pinyin(han, style=Style.INITIALS, strict=True)
    finals = lazy_pinyin(
        han, style=Style.FINALS_TONE3, strict=True, neutral_tone_with_five=True, v_to_u=False
    )
    readings = list(zip(initials, finals, strict=True))
    for place, reading in (*_particles(words), *_teaching(han)):
        readings[place] = reading
    return (_syllable(initial, final) for initial, final in readings)


def _particles(words: Sequence[str]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Characters that mean something else when they are a word: place and reading."""
    place, before = 0, ""
    for word in words:
        han = "".join(_HAN.findall(word))
        if han == "得" or (han == "地" and len(before) > 1):  # how something is done
            yield place, ("d", "e5")
        place, before = place + len(han), han


def _teaching(han: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """教 before somebody or something is a verb, and said otherwise than in 教室."""
    for match in re.finditer("教(?=[我你您他她它咱谁孩学怎如书])(?!学[校习])", han):
        yield match.start(), ("j", "iao1")


def _syllable(initial: str, final: str) -> str:
    """The letters of a syllable; a character that nobody can read is murmured."""
    if initial not in _INITIALS:
        return _MURMUR
    bare, tone = final.rstrip("12345"), final[len(final.rstrip("12345")) :] or "5"
    sound = _FINALS.get(bare, _MURMUR)
    if bare == "i" and initial in _AFTER_SIBILANT:
        sound = "ɨ"
    if bare == "o" and not initial:
        sound = "ɔ"
    nucleus, _, coda = sound.partition("_")
    return _INITIALS[initial] + nucleus + _TONES[tone] + coda


def _sounds(word: str, syllables: Iterator[str]) -> str:
    said = ""
    for piece in re.findall(
        rf"{_HAN.pattern}|{_LATIN.pattern}|.", unicodedata.normalize("NFKC", word)
    ):
        if _HAN.fullmatch(piece):
            said += next(syllables)
        elif piece in _PAUSES:
            said += piece
        elif piece[0].isalpha():
            said += f" {_english().pronounce(piece)[0]} "
    said = letters.known(" ".join(said.split()))
    is_mute = all(letter in letters.SILENT for letter in said)
    return f"{_MURMUR}{said}" if is_mute and any(map(str.isalnum, word)) else said


@lru_cache(maxsize=1)
def _english() -> English:
    return English(british=False)


@lru_cache(maxsize=2)
def _parser(traditional: bool) -> Any:  # noqa: ANN401 - BudouX's parser, which has no types
    import budoux

    if traditional:
        return budoux.load_default_traditional_chinese_parser()
    return budoux.load_default_simplified_chinese_parser()
