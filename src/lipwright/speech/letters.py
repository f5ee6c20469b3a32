"""The phoneme letters that both neural voices read, and the IPA sounds that they stand for.

One letter is one symbol of Kokoro's vocabulary (misaki's alphabet): single capitals are
diphthongs, stress marks stand before the vowel, punctuation is a pause.
"""

from __future__ import annotations

from typing import Final

STRESS: Final = {"ˈ": 1, "ˌ": 2}
"""Stress mark -> `Phoneme.stress` of the vowel after it."""

LENGTH_MARK: Final = "ː"
PAUSES: Final = frozenset(';:,.!?—…"()“”')
SILENT: Final = PAUSES | {" ", LENGTH_MARK, *STRESS}
"""Letters that are no sound of their own."""

_DIPHTHONGS = {"A": "eɪ", "I": "aɪ", "W": "aʊ", "O": "oʊ", "Q": "əʊ", "Y": "ɔɪ"}
_OTHERS = {"ʤ": "dʒ", "ʧ": "tʃ", "ᵊ": "ə", "ᵻ": "ɪ", "T": "ɾ", "g": "ɡ"}
_IPA = _DIPHTHONGS | _OTHERS

_FROM_IPA: Final = (
    *((sounds, letter) for letter, sounds in _DIPHTHONGS.items()),
    *(("dʒ", "ʤ"), ("tʃ", "ʧ"), ("d͡ʒ", "ʤ"), ("t͡ʃ", "ʧ"), ("ɝ", "ɜɹ"), ("g", "ɡ"), ("ɫ", "l")),
    *((".", ""), ("'", "ˈ"), (":", "ː"), ("r", "ɹ")),
)
"""Longest first.  A dot only parts syllables."""

VOWELS: Final = frozenset("AIWOQYaeiouæɐɑɒɔəɚɛɜɪʊʌᵊᵻ")

# Kokoro-82M's vocabulary (its config.json), cut down to what English needs; hibari shares it.
_NUMBERS = (
    {";": 1, ":": 2, ",": 3, ".": 4, "!": 5, "?": 6, "—": 9, "…": 10, '"': 11, "(": 12, ")": 13}
    | {"“": 14, "”": 15, " ": 16, "A": 24, "I": 25, "O": 31, "Q": 33, "T": 36, "W": 39, "Y": 41}
    | {"ᵊ": 42, "a": 43, "b": 44, "d": 46, "e": 47, "f": 48, "h": 50, "i": 51, "j": 52, "k": 53}
    | {"l": 54, "m": 55, "n": 56, "o": 57, "p": 58, "r": 60, "s": 61, "t": 62, "u": 63, "v": 64}
    | {"w": 65, "x": 66, "z": 68, "ɑ": 69, "ɐ": 70, "ɒ": 71, "æ": 72, "ɔ": 76, "ð": 81, "ʤ": 82}
    | {"ə": 83, "ɚ": 85, "ɛ": 86, "ɜ": 87, "ɡ": 92, "ɪ": 102, "ŋ": 112, "θ": 119, "ɹ": 123}
    | {"ɾ": 125, "ʃ": 131, "ʧ": 133, "ʊ": 135, "ʌ": 138, "ʒ": 147, "ʔ": 148, "ˈ": 156, "ˌ": 157}
    | {"ː": 158, "ᵻ": 177}
)


def ipa(letter: str) -> str:
    """The IPA sound of a letter that is not in `SILENT`."""
    return _IPA.get(letter, letter)


def from_ipa(ipa: str) -> str:
    """The letters of a word in IPA; `unknown` tells what of it no voice can say."""
    for sounds, letter in _FROM_IPA:
        ipa = ipa.replace(sounds, letter)
    return "".join(ipa.split())


def unknown(letters: str) -> str:
    """The letters that no voice can read, or that are no sound."""
    spoken = set(_NUMBERS) - PAUSES - {" ", '"'}
    return "".join(letter for letter in letters if letter not in spoken)


def known(letters: str) -> str:
    """The letters without those that no voice can read."""
    return "".join(letter for letter in letters if letter in _NUMBERS)


def numbers(letters: str) -> list[int]:
    """The model's token numbers, with the pad (0) before and after that it was trained with."""
    return [0, *(_NUMBERS[letter] for letter in letters), 0]
