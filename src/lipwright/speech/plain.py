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
        "\u3002": ".",
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
    return character if unicodedata.category(character)[0] == "L" else ""


def speakable(text: str) -> bool:
    """Whether a plain word has anything to say in it."""
    if any(character.isalnum() for character in text):
        return True
    signs = [character for character in text if character in SIGNS]
    return len(signs) == 1 and signs[0] not in _NEVER_ALONE


def check_writing(words: Iterable[str]) -> None:
    """Raise `UnsupportedLanguage` if a plain word has letters that English does not use."""
    foreign = dict.fromkeys(
        character for word in words for character in word if _is_foreign(character)
    )
    if foreign:
        shown = " ".join(list(foreign)[:8])
        raise UnsupportedLanguage(
            f"The voices read English; the script has letters that they cannot read: {shown}"
        )


def _is_foreign(character: str) -> bool:
    if not character.isalpha() or character.isascii() or character in SIGNS:
        return False
    return not unicodedata.name(character, "").startswith("LATIN")
