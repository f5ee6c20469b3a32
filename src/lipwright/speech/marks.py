"""What one mark of a script says: its attributes read and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lipwright.errors import InvalidScript
from lipwright.speech import letters
from lipwright.speech.delivery import FASTEST, SLOWEST, Emphasis
from lipwright.speech.languages.front_end import KINDS, FrontEnd

LONGEST_PAUSE_MS: Final = 10_000
"""As in other speech services."""

ELEMENTS: Final = {
    "speak": frozenset({"version", "xmlns", "xml:lang"}),
    "p": frozenset(),
    "s": frozenset(),
    "break": frozenset({"time", "strength"}),
    "prosody": frozenset({"rate"}),
    "emphasis": frozenset({"level"}),
    "sub": frozenset({"alias"}),
    "phoneme": frozenset({"alphabet", "ph"}),
    "say-as": frozenset({"interpret-as"}),
}
"""What is understood, and its attributes."""

_STRENGTHS_MS: Final = {"none": 0, "x-weak": 100, "weak": 200, "medium": 400} | {
    "strong": 700,
    "x-strong": 1200,
}
_RATES: Final = {"x-slow": 0.5, "slow": 0.8, "medium": 1.0, "fast": 1.25, "x-fast": 1.6} | {
    "default": 1.0
}
_LEVELS: Final[dict[str, Emphasis]] = {
    "strong": Emphasis.STRONG,
    "moderate": Emphasis.MODERATE,
    "none": Emphasis.NONE,
    "reduced": Emphasis.REDUCED,
}
_ATTRIBUTE: Final = re.compile(r"""\s+([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_TIME: Final = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)(ms|s)")
_RATE: Final = re.compile(r"([+-]?)(\d{1,3}(?:\.\d{1,3})?)(%?)")
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ENTITY: Final = re.compile(r"&(amp|lt|gt|quot|apos);")


@dataclass(frozen=True, slots=True)
class Instead:
    """What is said instead of what is written: words or phoneme letters."""

    alias: str | None = None
    letters: str | None = None


def without_entities(text: str) -> str:
    """The text with ``&amp;`` and its like as the signs that they name."""
    return _ENTITY.sub(lambda match: _ENTITIES[match[1]], text)


def refused(match: re.Match[str], why: str) -> InvalidScript:
    """The error that a mark is: where it stands, what it is, and why it is refused."""
    before = match.string[: match.start()]
    line = before.count("\n") + 1
    character = match.start() - (before.rfind("\n") + 1) + 1
    shown = match[0] if len(match[0]) <= 40 else f"{match[0][:39]}…"
    return InvalidScript(f"Line {line}, character {character} of the script: {shown} {why}.")


def attributes_of(match: re.Match[str], name: str) -> dict[str, str]:
    """The attributes of an opening tag."""
    rest = match["rest"].removesuffix("/")
    found = {
        key.lower(): without_entities(one or other) for key, one, other in _ATTRIBUTE.findall(rest)
    }
    if _ATTRIBUTE.sub("", rest).strip():
        raise refused(match, 'is not well formed; write name="value"')
    unknown = sorted(set(found) - ELEMENTS[name])
    if unknown:
        raise refused(match, f'has "{unknown[0]}", which is not understood')
    return found


def break_ms(match: re.Match[str], attributes: dict[str, str]) -> float:
    """How long a ``<break>`` is."""
    if "time" not in attributes:
        strength = attributes.get("strength", "medium")
        if strength not in _STRENGTHS_MS:
            raise refused(match, f"has an unknown strength; use {', '.join(_STRENGTHS_MS)}")
        return _STRENGTHS_MS[strength]
    time = _TIME.fullmatch(attributes["time"].strip())
    pause_ms = float(time[1]) * (1000 if time[2] == "s" else 1) if time else -1
    if not 0 <= pause_ms <= LONGEST_PAUSE_MS:
        raise refused(match, f'needs a time such as "500ms", at most "{LONGEST_PAUSE_MS}ms"')
    return pause_ms


def rate_of(match: re.Match[str], attributes: dict[str, str]) -> float:
    """The speaking rate of a ``<prosody>``: ``"slow"``, ``"80%"``, ``"+10%"``, ``"1.2"``."""
    wanted = attributes.get("rate", "").strip()
    number = _RATE.fullmatch(wanted)
    rate = _RATES.get(wanted, 0.0)
    if number:
        rate = float(number[2]) / (100 if number[3] else 1)
        rate = 1 + (rate if number[1] == "+" else -rate) if number[1] else rate
    if not SLOWEST <= rate <= FASTEST:
        raise refused(
            match,
            f'needs rate="…": {", ".join(_RATES)}, or from "{SLOWEST:.0%}" to "{FASTEST:.0%}"',
        )
    return rate


def emphasis_of(match: re.Match[str], attributes: dict[str, str]) -> Emphasis:
    """The level of an ``<emphasis>``."""
    level = attributes.get("level", "moderate")
    if level not in _LEVELS:
        raise refused(match, f"has an unknown level; use {', '.join(_LEVELS)}")
    return _LEVELS[level]


def alias_of(match: re.Match[str], attributes: dict[str, str]) -> Instead:
    """What a ``<sub>`` says."""
    alias = attributes.get("alias", "")
    if not any(map(str.isalnum, alias)):
        raise refused(match, 'needs alias="…", the words that are said')
    return Instead(alias)


def phonemes_of(match: re.Match[str], attributes: dict[str, str], front_end: FrontEnd) -> Instead:
    """What a ``<phoneme>`` says."""
    if attributes.get("alphabet", "ipa").lower() != "ipa":
        raise refused(match, 'has an unknown alphabet; use alphabet="ipa"')
    ipa = attributes.get("ph", "")
    said = front_end.letters_of(ipa)
    unknown = letters.unknown(said)
    if not ipa.strip() or unknown:
        which = f'without "{unknown[0]}"' if unknown else "that is not empty"
        raise refused(match, f'needs ph="…" in IPA, {which}')
    return Instead(letters=said)


def said_as(
    match: re.Match[str], attributes: dict[str, str], content: str, front_end: FrontEnd
) -> Instead:
    """What a ``<say-as>`` around `content` says."""
    kind = KINDS.get(attributes.get("interpret-as", "").strip().lower())
    if kind is None:
        raise refused(match, f'needs interpret-as="…": one of {", ".join(KINDS)}')
    alias = front_end.said_as(content, kind)
    if alias is None:
        raise refused(match, f'cannot be said of "{content}"')
    return Instead(alias)
