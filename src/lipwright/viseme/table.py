"""How the mouth makes each sound: one table from IPA symbols to rig targets.

The table is about mouths, not languages.  Values describe an adult talking to a friend, not
one pronouncing for a camera: the widest vowel uses three quarters of the rig's jaw.  Two things
stand beside each target:

* *dominance*, per rig column: how hard the sound insists on its target against its
  neighbours (Cohen & Massaro 1993).  Lips matter to "oo" and not at all to "t", so a "t"
  between two "oo" stays rounded.
* *contact*: lips that must meet (p b m) or the lower lip under the teeth (f v).  Contacts are
  seen even by viewers who cannot name them, so they are placed exactly and never blended away.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from lipwright.arrays import RIG
from lipwright.errors import UnsupportedLanguage
from lipwright.timeline import Phoneme, Timed

Row = tuple[float, ...]
"""One number for each rig column."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Two parts of the mouth that touch while the sound is made."""

    column: Literal["press", "tuck"]
    level: float
    """Value of the rig column while they touch."""
    hold: float
    """Share of the sound during which they touch; the rest is release and breath."""


@dataclass(frozen=True, slots=True)
class Target:
    """The mouth in the middle of one sound, said slowly and alone."""

    shape: Row
    dominance: Row
    contact: Contact | None = None
    is_vowel: bool = False


def _row(default: float = 0.0, **columns: float) -> Row:
    return tuple(columns.get(name, default) for name in RIG)


def _vowel(jaw: float, width: float, pucker: float, teeth: float, firmness: float = 1.0) -> Target:
    """A vowel; `teeth` is how far the lips part beyond what the jaw does."""
    # Rounding is started early and given up late, so it outweighs neighbours (Edwards 2016).
    lips = firmness * (1.7 if pucker >= 0.25 else 1.0)
    return Target(
        _row(jaw=jaw, width=width, pucker=pucker, upper_lip=teeth, lower_lip=0.78 * teeth),
        _row(firmness, width=lips, pucker=lips, tongue=0.6, tongue_out=0.6),
        is_vowel=True,
    )


def _consonant(
    shape: dict[str, float], *, jaw: float, lips: float, rounding: float | None = None
) -> Target:
    """A consonant; `jaw`, `lips` and `rounding` (default: as `lips`) are dominances."""
    corners = lips if rounding is None else rounding
    return Target(
        _row(**shape),
        _row(
            jaw=jaw,
            width=corners,
            pucker=corners,
            upper_lip=lips,
            lower_lip=lips,
            tongue=1.0,
            tongue_out=1.0,
        ),
    )


def _touching(base: Target, contact: Contact) -> Target:
    return Target(base.shape, base.dominance, contact)


# Lips between neighbours' shapes: "oo" stays round through the p of "pool".
_SEALED = _consonant({"jaw": 0.05}, jaw=1.1, lips=0.6, rounding=0.12)
_NEARLY_SEALED = _consonant({"jaw": 0.08}, jaw=0.9, lips=0.8, rounding=0.2)
_LIP_TO_TEETH = _consonant(
    {"jaw": 0.10, "upper_lip": 0.42, "width": 0.08}, jaw=1.2, lips=1.2, rounding=0.25
)
# The tongue does the work; jaw a little, lips almost nothing (Edwards et al. 2016, rule 9).
_TIP_STOP = _consonant(
    {"jaw": 0.15, "tongue": 0.8, "upper_lip": 0.3, "lower_lip": 0.26, "width": 0.08},
    jaw=0.55,
    lips=0.14,
)
# Open enough for the tongue to be seen under the upper teeth, by looking at rendered faces: of an n
# at 0.16 the teeth hid it.
_TIP_NASAL = _consonant(
    {"jaw": 0.28, "tongue": 1.0, "upper_lip": 0.34, "lower_lip": 0.30, "width": 0.06},
    jaw=0.55,
    lips=0.22,
)
_LATERAL = _consonant(
    {"jaw": 0.34, "tongue": 1.0, "upper_lip": 0.36, "lower_lip": 0.34}, jaw=0.6, lips=0.25
)
_BETWEEN_TEETH = _consonant(
    {
        "jaw": 0.28,
        "tongue": 1.0,
        "tongue_out": 1.0,
        "upper_lip": 0.34,
        "lower_lip": 0.38,
        "width": 0.1,
    },
    jaw=0.9,
    lips=0.45,
)
_BACK = _consonant(
    {"jaw": 0.20, "upper_lip": 0.3, "lower_lip": 0.24}, jaw=0.35, lips=0.1
)  # behind the velum, unseen
_BREATH = _consonant({"jaw": 0.24, "upper_lip": 0.3, "lower_lip": 0.24}, jaw=0.08, lips=0.04)
# Teeth must nearly meet to hiss, so the jaw insists.
_HISS = _consonant(
    {"jaw": 0.07, "width": 0.3, "upper_lip": 0.42, "lower_lip": 0.46, "tongue": 0.25},
    jaw=2.0,
    lips=0.8,
)
# Lips flare forward: the most visible consonant after the contacts.
_HUSH = _consonant(
    {"jaw": 0.11, "width": -0.5, "pucker": 0.6, "upper_lip": 0.62, "lower_lip": 0.62},
    jaw=1.8,
    lips=1.7,
)
_PALATAL_HUSH = _consonant(
    {"jaw": 0.10, "width": 0.1, "pucker": 0.12, "upper_lip": 0.45, "lower_lip": 0.45},
    jaw=1.5,
    lips=0.8,
)
_ENGLISH_R = _consonant(
    {"jaw": 0.17, "width": -0.3, "pucker": 0.4, "upper_lip": 0.36, "lower_lip": 0.32},
    jaw=0.6,
    lips=1.0,
)
_TRILL = _consonant(
    {"jaw": 0.17, "tongue": 0.7, "upper_lip": 0.32, "lower_lip": 0.26}, jaw=0.6, lips=0.15
)
_GLIDE_FRONT = _consonant(
    {"jaw": 0.14, "width": 0.45, "upper_lip": 0.5, "lower_lip": 0.42}, jaw=0.7, lips=0.7
)
_GLIDE_ROUND = _consonant(
    {"jaw": 0.10, "width": -0.8, "pucker": 0.88, "upper_lip": 0.18, "lower_lip": 0.12},
    jaw=0.9,
    lips=2.0,
)
_GLIDE_FRONT_ROUND = _consonant(
    {"jaw": 0.11, "width": -0.62, "pucker": 0.72, "upper_lip": 0.25, "lower_lip": 0.18},
    jaw=0.8,
    lips=1.7,
)
_BLOWN = _consonant(
    {"jaw": 0.08, "width": -0.3, "pucker": 0.35, "upper_lip": 0.1, "lower_lip": 0.1},
    jaw=1.0,
    lips=1.2,
)

# How long the contact is complete: a puff follows p, a nasal hums until the lips begin to part.
_PUFF = _touching(_SEALED, Contact("press", 1.0, 0.60))
_VOICED = _touching(_SEALED, Contact("press", 1.0, 0.68))
_HUM = _touching(_SEALED, Contact("press", 1.0, 0.76))
_BITE = _touching(_LIP_TO_TEETH, Contact("tuck", 1.0, 0.75))

_GROUPS: Final[tuple[tuple[str, Target], ...]] = (
    ("p", _PUFF),
    ("b ɓ ʙ ʘ", _VOICED),
    ("m", _HUM),
    ("β", _touching(_NEARLY_SEALED, Contact("press", 0.6, 0.6))),  # lips close but leak
    ("ɸ", _BLOWN),
    ("f v ɱ ⱱ", _BITE),
    ("ʋ", _touching(_LIP_TO_TEETH, Contact("tuck", 0.6, 0.7))),
    ("t d ʈ ɖ ɗ c ɟ ʄ ǀ ǃ ǂ ɾ ɽ", _TIP_STOP),
    ("n ɳ ɲ", _TIP_NASAL),
    ("l ɭ ʎ ɫ ɬ ɮ ɺ ʟ ǁ", _LATERAL),
    ("θ ð", _BETWEEN_TEETH),
    ("k ɡ g ŋ q ɢ ɴ ɠ ʛ x ɣ χ ʁ ʀ ħ ʕ ʡ ʜ ʢ ɰ", _BACK),
    ("h ɦ ʔ", _BREATH),
    ("s z ʦ ʣ", _HISS),
    ("ʃ ʒ ʂ ʐ ʧ ʤ ɧ", _HUSH),
    ("ɕ ʑ ʝ ʨ ʥ", _PALATAL_HUSH),
    ("ɹ ɻ", _ENGLISH_R),
    ("r", _TRILL),
    ("j", _GLIDE_FRONT),
    ("w ʍ", _GLIDE_ROUND),
    ("ɥ", _GLIDE_FRONT_ROUND),
)

_VOWELS: Final[dict[str, Target]] = {
    #           jaw   width  pucker teeth
    "i": _vowel(0.18, 0.65, 0.00, 0.64),
    "y": _vowel(0.15, -0.60, 0.72, 0.28),
    "ɨ": _vowel(0.19, 0.32, 0.00, 0.48),
    "ʉ": _vowel(0.16, -0.52, 0.62, 0.28),
    "ɯ": _vowel(0.18, 0.20, 0.00, 0.42),
    "u": _vowel(0.18, -0.70, 0.80, 0.24),
    "ɪ": _vowel(0.28, 0.40, 0.00, 0.50, 0.9),
    "ʏ": _vowel(0.22, -0.45, 0.55, 0.34),
    "ʊ": _vowel(0.28, -0.40, 0.48, 0.32, 0.9),
    "e": _vowel(0.33, 0.48, 0.00, 0.56),
    "ø": _vowel(0.30, -0.42, 0.52, 0.36),
    "ɘ": _vowel(0.28, 0.12, 0.00, 0.40, 0.7),
    "ɵ": _vowel(0.26, -0.36, 0.44, 0.34, 0.8),
    "ɤ": _vowel(0.33, 0.05, 0.00, 0.40),
    "o": _vowel(0.39, -0.54, 0.58, 0.36),
    "ə": _vowel(0.26, 0.04, 0.00, 0.36, 0.5),  # has no shape of its own; neighbours decide
    "ɚ": _vowel(0.22, -0.18, 0.24, 0.36, 0.7),
    "ɛ": _vowel(0.48, 0.34, 0.00, 0.56),
    "œ": _vowel(0.44, -0.32, 0.40, 0.42),
    "ɜ": _vowel(0.40, 0.02, 0.06, 0.42),
    "ɝ": _vowel(0.30, -0.20, 0.26, 0.38),
    "ɞ": _vowel(0.42, -0.24, 0.30, 0.40),
    "ʌ": _vowel(0.50, 0.02, 0.00, 0.46),
    "ɔ": _vowel(0.56, -0.34, 0.38, 0.44),
    "æ": _vowel(0.63, 0.30, 0.00, 0.56),
    "ɐ": _vowel(0.53, 0.06, 0.00, 0.46, 0.9),
    "a": _vowel(0.70, 0.10, 0.00, 0.54),
    "ɶ": _vowel(0.60, -0.22, 0.28, 0.44),
    "ɑ": _vowel(0.72, -0.04, 0.00, 0.52),
    "ɒ": _vowel(0.60, -0.26, 0.30, 0.46),
    "ɿ": _vowel(0.10, 0.25, 0.00, 0.48),  # Mandarin's buzzed vowels: teeth stay together
    "ʅ": _vowel(0.12, 0.05, 0.10, 0.46),
}

_TABLE: Final[dict[str, Target]] = _VOWELS | {
    symbol: target for symbols, target in _GROUPS for symbol in symbols.split()
}

_SPELLINGS: Final = {"ᵻ": "ɨ", "ᵊ": "ə", "ᵿ": "ʊ", "g": "ɡ", "ç": "ɕ"}
"""Letters that stand for a sound of the table (ç also because its cedilla is no mark)."""


@lru_cache(maxsize=4096)
def targets(symbol: str) -> tuple[Target, ...]:
    """The targets that one IPA symbol passes through, in order.

    One for most sounds; two for diphthongs, affricates and double articulations.  Length,
    tone, aspiration and other marks do not move the mouth and are passed over.

    >>> [round(target.shape[0], 2) for target in targets("aɪ")]
    [0.7, 0.28]

    Raises:
        UnsupportedLanguage: The symbol holds a letter that is not in the table.
    """
    letters = _letters(symbol)
    unknown = [letter for letter in letters if letter not in _TABLE]
    if unknown or not letters:
        raise UnsupportedLanguage(
            f'No mouth shape is known for the sound "{symbol}"; phonemes must be IPA symbols.'
        )
    return tuple(_TABLE[letter] for letter in letters)


def _letters(symbol: str) -> list[str]:
    whole = unicodedata.normalize("NFC", symbol)
    spelled = "".join(_SPELLINGS.get(letter, letter) for letter in whole)
    plain = unicodedata.normalize("NFD", spelled)
    return [c for c in plain if unicodedata.category(c) in {"Ll", "Lo", "Lu"}]


def timed_targets(phoneme: Timed[Phoneme]) -> list[Timed[Target]]:
    """The targets of a phoneme and when each is made."""
    passed = targets(phoneme.value.symbol)
    shares = np.cumsum([0.0, *_shares(passed)])
    edges = [phoneme.start + round((phoneme.end - phoneme.start) * share) for share in shares]
    return [
        Timed(start, end, target)
        for target, (start, end) in zip(passed, pairwise(edges), strict=True)
    ]


def _shares(passed: tuple[Target, ...]) -> list[float]:
    """Shares of the time: a diphthong is mostly its first vowel, an affricate mostly its hiss."""
    if len(passed) != 2:
        return [1 / len(passed)] * len(passed)
    first = {(True, True): 0.6, (False, False): 0.4}.get(
        (passed[0].is_vowel, passed[1].is_vowel), 0.5
    )
    return [first, 1 - first]


SYMBOLS: Final = frozenset(_TABLE)
"""Every letter with a target of its own."""
