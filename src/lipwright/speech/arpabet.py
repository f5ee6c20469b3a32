"""The aligner's phones (ARPAbet, as in CMUdict) and the phonemes that they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lipwright.speech import letters

_IPA: Final = (
    {"AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "aʊ", "AY": "aɪ", "EH": "ɛ", "ER": "ɝ"}
    | {"EY": "eɪ", "IH": "ɪ", "IY": "i", "OW": "oʊ", "OY": "ɔɪ", "UH": "ʊ", "UW": "u"}
    | {"B": "b", "CH": "tʃ", "D": "d", "DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "dʒ"}
    | {"K": "k", "L": "l", "M": "m", "N": "n", "NG": "ŋ", "P": "p", "R": "ɹ", "S": "s"}
    | {"SH": "ʃ", "T": "t", "TH": "θ", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ"}
)
PHONES: Final = tuple(_IPA)
VOWELS: Final = frozenset(phone for phone in _IPA if phone[0] in "AEIOU")

_PHONES: Final = (
    {"A": "EY", "I": "AY", "W": "AW", "O": "OW", "Q": "OW", "Y": "OY", "ɑ": "AA", "ɒ": "AA"}
    | {"a": "AE", "æ": "AE", "ɛ": "EH", "e": "EH", "ɪ": "IH", "i": "IY", "u": "UW", "ʊ": "UH"}
    | {"ʌ": "AH", "ə": "AH", "ᵊ": "AH", "ɐ": "AH", "ᵻ": "IH", "ɔ": "AO", "o": "OW", "ɜ": "ER"}
    | {"ɚ": "ER", "b": "B", "d": "D", "f": "F", "h": "HH", "j": "Y", "k": "K", "l": "L"}
    | {"m": "M", "n": "N", "p": "P", "s": "S", "t": "T", "v": "V", "w": "W", "z": "Z", "ɡ": "G"}
    | {"ŋ": "NG", "ɹ": "R", "r": "R", "ɾ": "T", "T": "T", "ʔ": "T", "ʃ": "SH", "ʒ": "ZH"}
    | {"ð": "DH", "θ": "TH", "ʤ": "JH", "ʧ": "CH", "x": "K"}
)


def ipa(phone: str) -> str:
    """The IPA symbol of an ARPAbet phone."""
    return _IPA[phone]


def is_phone(name: str) -> bool:
    """Whether an aligner's name is a phone: silence and noise are not."""
    return name in _IPA


def phones(word: str) -> list[str]:
    """The ARPAbet phones of a word in phoneme letters, for words that no dictionary has."""
    found: list[str] = []
    for letter in word:
        phone = _PHONES.get(letter)
        if phone and not (phone == "R" and found[-1:] == ["ER"]):
            found.append(phone)
    return found


def stresses(word: str) -> Iterator[int]:
    """The stress of each vowel of a word in phoneme letters."""
    stress = 0
    for letter in word:
        stress = letters.STRESS.get(letter, stress)
        if letter in letters.VOWELS:
            yield stress
            stress = 0
