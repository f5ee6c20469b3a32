"""The nearest English phone of any IPA sound: the aligner knows no other language's.

A mouth is not drawn from these; they only say when each sound is heard.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

_NEAREST: Final = (
    {"a": "AA", "ɐ": "AH", "ɑ": "AA", "ɒ": "AA", "æ": "AE", "ɶ": "AE", "e": "EY", "ɛ": "EH"}
    | {"ɘ": "AH", "ə": "AH", "ɵ": "UH", "ɚ": "ER", "ɜ": "ER", "ɝ": "ER", "ɞ": "ER", "ɤ": "AH"}
    | {"i": "IY", "ɪ": "IH", "ɨ": "IH", "ᵻ": "IH", "ʉ": "UW", "y": "UW", "ʏ": "UH", "ø": "ER"}
    | {"œ": "ER", "o": "OW", "ɔ": "AO", "u": "UW", "ʊ": "UH", "ɯ": "UW", "ʌ": "AH", "ɿ": "IH"}
    | {"ʅ": "IH", "ᵊ": "AH"}
    | {"b": "B", "ɓ": "B", "ʙ": "B", "β": "V", "c": "K", "ɕ": "SH", "ç": "SH", "d": "D", "ɖ": "D"}
    | {"ɗ": "D", "ð": "DH", "f": "F", "ɸ": "F", "ɟ": "G", "ɡ": "G", "g": "G", "ɣ": "G", "h": "HH"}
    | {"ɦ": "HH", "ħ": "HH", "x": "HH", "χ": "HH", "j": "Y", "ʝ": "Y", "k": "K", "q": "K"}
    | {"l": "L", "ɫ": "L", "ɬ": "L", "ɮ": "L", "ɭ": "L", "ʎ": "L", "m": "M", "ɱ": "M", "n": "N"}
    | {"ɳ": "N", "ɲ": "N", "ŋ": "NG", "ɴ": "NG", "p": "P", "r": "R", "ɾ": "D", "ɹ": "R", "ɻ": "R"}
    | {"ʁ": "R", "ɽ": "D", "ʀ": "R", "s": "S", "ʂ": "SH", "ʃ": "SH", "t": "T", "ʈ": "T", "θ": "TH"}
    | {"v": "V", "ʋ": "V", "w": "W", "ɰ": "W", "ɥ": "W", "z": "Z", "ʐ": "ZH", "ʒ": "ZH"}
    | {"ʑ": "ZH", "ʦ": "S", "ʣ": "Z", "ʧ": "CH", "ʨ": "CH", "ʤ": "JH", "ʥ": "JH"}
)
_JOINED: Final = (
    {"tʃ": "CH", "tɕ": "CH", "tʂ": "CH", "dʒ": "JH", "dʑ": "JH", "dʐ": "JH", "ts": "S", "dz": "Z"}
    | {"aɪ": "AY", "ai": "AY", "aʊ": "AW", "au": "AW", "eɪ": "EY", "ei": "EY", "oʊ": "OW"}
    | {"ou": "OW", "əʊ": "OW", "ɔɪ": "OY", "oi": "OY", "ɪə": "IH", "eə": "EH", "ʊə": "UH"}
)
"""Two letters that are one sound when written as one symbol."""


@lru_cache(maxsize=4096)
def nearest(symbol: str) -> str | None:
    """The English phone (ARPAbet) nearest to one IPA symbol; None for marks and pauses.

    >>> nearest("t͡ɕʰ"), nearest("ã"), nearest("ː")
    ('CH', 'AA', None)
    """
    letters = base(symbol)
    if letters in _JOINED:
        return _JOINED[letters]
    return next((_NEAREST[letter] for letter in letters if letter in _NEAREST), None)


@lru_cache(maxsize=4096)
def base(symbol: str) -> str:
    """The letters of a symbol that are sounds, without length, tone, aspiration and other marks."""
    whole = symbol.replace("ç", "ɕ")  # its cedilla is no mark
    plain = unicodedata.normalize("NFD", whole)
    return "".join(letter for letter in plain if letter in _NEAREST)
