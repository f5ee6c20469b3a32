"""English, American or British."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lipwright.speech import letters, numerals, readings
from lipwright.speech.abbreviations import (
    ABBREVIATIONS,
    BEFORE_NUMBER,
    DOTTED,
    ENDS_TOO,
    LOWER_UNSAFE,
    MONTH_NAMES,
    SENTENCE_STARTERS,
)
from lipwright.speech.languages.front_end import Kind
from lipwright.speech.plain import check_writing
from lipwright.speech.pronunciation import Pronouncer
from lipwright.speech.spoken import spoken


@dataclass(frozen=True, slots=True)
class English:
    """Reads English with the lexicon of hibari."""

    british: bool = False
    """Dates, "two hundred and five" and vowels the British way."""
    spaced: bool = field(default=True, init=False)

    def check(self, words: Iterable[str]) -> None:
        """See `FrontEnd.check`."""
        check_writing(words, "English", ("LATIN",))

    def split(self, text: str) -> list[str]:
        """See `FrontEnd.split`."""
        return [text]

    def is_abbreviated(self, before: str, word: str, following: str) -> bool:
        """See `FrontEnd.is_abbreviated`."""
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

    def spoken(self, words: Sequence[str]) -> list[str]:
        """See `FrontEnd.spoken`."""
        return spoken(words, british=self.british)

    def said_as(self, text: str, kind: Kind) -> str | None:
        """See `FrontEnd.said_as`."""
        if kind == "characters":
            return _spelled(text)
        if kind == "digits":
            return numerals.digits(text) or None
        if kind == "telephone":
            return readings.telephone(text) or None
        if not re.fullmatch(r"-?\d{1,3}(?:,?\d{3})*(?:\.\d+)?", text):
            return None
        if kind == "cardinal":
            return readings.cardinal(text, self.british)
        return numerals.ordinal(int(text.replace(",", ""))) if text.isdigit() else None

    def pronounce(self, text: str) -> tuple[str, ...]:
        """See `FrontEnd.pronounce`."""
        return Pronouncer(british=self.british)(text)

    def letters_of(self, ipa: str) -> str:
        """See `FrontEnd.letters_of`."""
        return letters.from_ipa(ipa)


def _spelled(text: str) -> str | None:
    """``"W3C"`` is "W three C": single capitals are read by their names."""
    named = (
        numerals.digits(sign) if sign.isdigit() else sign.upper() for sign in text if sign.isalnum()
    )
    return ", ".join(named) or None
