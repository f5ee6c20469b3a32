"""The phoneme letters that the voices read, and the IPA sounds that they stand for.

One letter is one symbol of Kokoro's vocabulary (misaki's alphabet): single capitals are
diphthongs, stress marks stand before the vowel, punctuation is a pause, and a length mark,
nasal tilde, breath or tone belongs to the letter before it.
"""

from __future__ import annotations

import unicodedata
from typing import Final

PRIMARY: Final = "ˈ"
SECONDARY: Final = "ˌ"
STRESS: Final = {PRIMARY: 1, SECONDARY: 2}
"""Stress mark -> `Phoneme.stress` of the vowel after it."""

LENGTH_MARK: Final = "ː"
NASAL: Final = "\u0303"
MARKS: Final = frozenset({LENGTH_MARK, NASAL, *"ʰʲᵝ→↗↓↘"})
"""Letters that say more about the letter before them."""
PAUSES: Final = frozenset(';:,.!?—…"()“”')
SILENT: Final = PAUSES | {" ", *MARKS, *STRESS}
"""Letters that are no sound of their own."""

_DIPHTHONGS = {"A": "eɪ", "I": "aɪ", "W": "aʊ", "O": "oʊ", "Q": "əʊ", "Y": "ɔɪ"}
_AFFRICATES = {"ʤ": "dʒ", "ʧ": "tʃ", "ʣ": "dz", "ʦ": "ts", "ʥ": "dʑ", "ʨ": "tɕ", "ꭧ": "tʂ"}
_OTHERS = {"ᵊ": "ə", "ᵻ": "ɪ", "T": "ɾ", "g": "ɡ", "S": "s"}
_IPA = _DIPHTHONGS | _AFFRICATES | _OTHERS

_SPELLINGS: Final = (("g", "ɡ"), ("'", "ˈ"), (":", "ː"), (".", ""), ("\u0361", ""), ("\u203f", ""))
"""IPA as users type it.  A dot only parts syllables, a tie only joins what is joined here."""
_ENGLISH: Final = (("ɝ", "ɜɹ"), ("ɫ", "l"), ("r", "ɹ"))

VOWELS: Final = frozenset("AIWOQYaeiouyæøœɐɑɒɔəɚɛɜɤɨɪɯʊʌᵊᵻ")

_NUMBERS = (
    {";": 1, ":": 2, ",": 3, ".": 4, "!": 5, "?": 6, "—": 9, "…": 10, '"': 11, "(": 12, ")": 13}
    | {"“": 14, "”": 15, " ": 16, NASAL: 17, "ʣ": 18, "ʥ": 19, "ʦ": 20, "ʨ": 21, "ᵝ": 22}
    | {"ꭧ": 23, "A": 24, "I": 25, "O": 31, "Q": 33, "S": 35, "T": 36, "W": 39, "Y": 41, "ᵊ": 42}
    | {"a": 43, "b": 44, "c": 45, "d": 46, "e": 47, "f": 48, "h": 50, "i": 51, "j": 52, "k": 53}
    | {"l": 54, "m": 55, "n": 56, "o": 57, "p": 58, "q": 59, "r": 60, "s": 61, "t": 62, "u": 63}
    | {"v": 64, "w": 65, "x": 66, "y": 67, "z": 68, "ɑ": 69, "ɐ": 70, "ɒ": 71, "æ": 72, "β": 75}
    | {"ɔ": 76, "ɕ": 77, "ç": 78, "ɖ": 80, "ð": 81, "ʤ": 82, "ə": 83, "ɚ": 85, "ɛ": 86, "ɜ": 87}
    | {"ɟ": 90, "ɡ": 92, "ɥ": 99, "ɨ": 101, "ɪ": 102, "ʝ": 103, "ɯ": 110, "ɰ": 111, "ŋ": 112}
    | {"ɳ": 113, "ɲ": 114, "ɴ": 115, "ø": 116, "ɸ": 118, "θ": 119, "œ": 120, "ɹ": 123, "ɾ": 125}
    | {"ɻ": 126, "ʁ": 128, "ɽ": 129, "ʂ": 130, "ʃ": 131, "ʈ": 132, "ʧ": 133, "ʊ": 135, "ʋ": 136}
    | {"ʌ": 138, "ɣ": 139, "ɤ": 140, "χ": 142, "ʎ": 143, "ʒ": 147, "ʔ": 148, "ˈ": 156, "ˌ": 157}
    | {"ː": 158, "ʰ": 162, "ʲ": 164, "↓": 169, "→": 171, "↗": 172, "↘": 173, "ᵻ": 177}
)
"""Kokoro-82M's vocabulary (its config.json); hibari shares what English needs of it."""

ALL: Final = frozenset(_NUMBERS)
"""Every letter."""


def ipa(letter: str) -> str:
    """The IPA sound of a letter that is not in `SILENT`."""
    return _IPA.get(letter, letter)


def from_ipa(ipa: str, *, english: bool = True) -> str:
    """The letters of a word in IPA; `unknown` tells what of it no voice can say.

    English diphthongs are one letter each, and its r is the one that is written ɹ.
    """
    # A vowel and its tilde are two letters, a c and its cedilla one.
    parted = unicodedata.normalize("NFD", ipa).replace("c\u0327", "ç")
    for sounds, letter in (*_SPELLINGS, *(_ENGLISH if english else ())):
        parted = parted.replace(sounds, letter)
    joined = _DIPHTHONGS | _AFFRICATES if english else _AFFRICATES
    for letter, sounds in joined.items():
        parted = parted.replace(sounds, letter)
    return "".join(parted.split())


def unknown(letters: str) -> str:
    """The letters that no voice can read, or that are no sound."""
    spoken = ALL - PAUSES - {" ", '"'}
    return "".join(letter for letter in letters if letter not in spoken)


def known(letters: str) -> str:
    """The letters without those that no voice can read."""
    return "".join(letter for letter in letters if letter in ALL)


def numbers(letters: str) -> list[int]:
    """The model's token numbers, with the pad (0) before and after that it was trained with."""
    return [0, *(_NUMBERS[letter] for letter in letters), 0]
