"""What of a word can be said: emoji and marks taken off, letters and signs in one spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from lipwright.errors import UnsupportedLanguage

_KEYCAP: Final = re.compile("[0-9#*]\ufe0f?\u20e3")
_SAME: Final = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u02bc\u2032`\u00b4", "'"),
        **dict.fromkeys('\u201c\u201d\u201e\u00ab\u00bb\u2033"', '"'),
        **dict.fromkeys("[{", "("),
        **dict.fromkeys("]}", ")"),
        **dict.fromkeys("\u2010\u2011\u2212", "-"),
        **dict.fromkeys("\u2012\u2013", "–"),
        **dict.fromkeys("\u2014\u2015", "—"),
        "\u2044": "/",
        "\u2026": "…",
        **dict.fromkeys("\u3002\u0964\u0965", "."),
        "\u3001": ",",
        **dict.fromkeys("\u300c\u300d\u300e\u300f\u300a\u300b", '"'),
        **dict.fromkeys("\u3010\u3014", "("),
        **dict.fromkeys("\u3011\u3015", ")"),
        "\u30fb": " ",
    }
)
_KEPT: Final = {"…": "\ue000", "™": "", "©": "", "®": "", "℠": "", "℃": "°C", "℉": "°F"} | {
    sign: f" {above}/{below}"
    for sign, above, below in (
        ("½", 1, 2), ("⅓", 1, 3), ("⅔", 2, 3), ("¼", 1, 4), ("¾", 3, 4), ("⅕", 1, 5), ("⅛", 1, 8)
    )
}  # fmt: skip
"""Signs that compatibility folding would spoil: it turns ½ into 1⁄2, so that 2½ becomes 21/2."""

SIGNS: Final = {
    "&": "and",
    "+": "plus",
    "%": "percent",
    "=": "equals",
    "@": "at",
    "#": "number",
    "$": "dollars",
    "€": "euros",
    "£": "pounds",
    "¥": "yen",
    "₹": "rupees",
    "°": "degrees",
    "×": "times",
    "÷": "divided by",
    "±": "plus or minus",
    "≈": "about",
    "<": "less than",
    ">": "greater than",
    "π": "pi",
    "μ": "micro",
    "Ω": "ohms",
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "Δ": "delta",
    "λ": "lambda",
    "σ": "sigma",
    "∞": "infinity",
}
"""Signs with a name of their own."""

_MARKS: Final = ".,;:!?…—–-'\"()/_*~^|\\"
_NEVER_ALONE: Final = "<>="
"""Signs that decorate when they stand alone or repeat: ``>>``, ``===``."""


def plain(word: str) -> str:
    """The word without what is never said: emoji, zero-width marks, control characters."""
    folded = word
    for sign, kept in _KEPT.items():
        folded = folded.replace(sign, kept)
    folded = unicodedata.normalize("NFKC", _KEYCAP.sub("", folded)).replace("\ue000", "…")
    folded = folded.translate(_SAME)
    return "".join(_said(character) for character in folded).strip()


def _said(character: str) -> str:
    if character.isspace():
        return " "
    if character in SIGNS or character in _MARKS:
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    category = unicodedata.category(character)
    is_vowel_sign = category in ("Mn", "Mc") and not _is_selector(character)
    return character if category[0] == "L" or is_vowel_sign else ""


def _is_selector(character: str) -> bool:
    """Whether a mark chooses how a sign before it looks: text or emoji, a skin's tone."""
    return "\ufe00" <= character <= "\ufe0f" or character >= "\U000e0100"


def speakable(text: str) -> bool:
    """Whether a plain word has anything to say in it."""
    if any(character.isalnum() for character in text):
        return True
    signs = [character for character in text if character in SIGNS]
    return len(signs) == 1 and signs[0] not in _NEVER_ALONE


def check_writing(words: Iterable[str], language: str, scripts: tuple[str, ...]) -> None:
    """Raise `UnsupportedLanguage` if a plain word has letters of other scripts.

    Args:
        words: Plain words.
        language: Its name, for the message.
        scripts: Names that Unicode begins its letters' names with: ``"LATIN"``.
    """
    foreign = dict.fromkeys(
        character for word in words for character in word if _is_foreign(character, scripts)
    )
    if foreign:
        shown = " ".join(list(foreign)[:8])
        raise UnsupportedLanguage(
            f"The voice reads {language}; the script has letters that it cannot read: {shown}. "
            "Choose a voice of their language."
        )


def _is_foreign(character: str, scripts: tuple[str, ...]) -> bool:
    if not character.isalpha() or character.isascii() or character in SIGNS:
        return False
    return not unicodedata.name(character, "").startswith(scripts)
