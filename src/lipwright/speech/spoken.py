"""What is said for each word of a sentence: the same number of words out as in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from lipwright.speech import numerals, readings
from lipwright.speech.abbreviations import (
    ABBREVIATIONS,
    BEFORE_NUMBER,
    LOWER_UNSAFE,
    MONTH_NAMES,
    NEVER_APART,
    NUMBERED,
    ROMANS,
    RULERS,
    SCALE_WORDS,
    UNDOTTED,
    UNITS,
)
from lipwright.speech.plain import SIGNS

_BEFORE: Final = re.compile(r"^[(\"*_~^|\\-]*(?=.)")
_AFTER: Final = re.compile(r"[.,;:!?…\")*_~^|\\—–'-]*$")
_AMOUNT: Final = re.compile(r"[$€£¥₹]?\.?\d")
_PAUSES: Final = re.compile(r"[.,;:!?…—()]")


@dataclass(frozen=True, slots=True)
class _Word:
    """One plain word: the quotes and brackets before it, itself, the punctuation after it."""

    opening: str
    core: str
    closing: str

    @property
    def dotted(self) -> bool:
        return self.closing.startswith(".")


@dataclass(frozen=True, slots=True)
class _Place:
    """A word between its neighbours."""

    word: _Word
    before: str
    """Core of the word before it, or an empty string."""
    after: str
    british: bool


def spoken(words: Sequence[str], *, british: bool) -> list[str]:
    """What is said for each plain word of one sentence, punctuation kept where it is a pause."""
    parts = [_parted(word) for word in words]
    cores = ["", *(part.core for part in parts), ""]
    in_telephone = _telephone_words(words)
    shouted = _is_shouted(cores)
    said = []
    for index, part in enumerate(parts):
        place = _Place(part, cores[index], cores[index + 2], british)
        if index in in_telephone:
            part, closing = replace(part, opening=""), part.closing.strip(")") or ","
            text = readings.telephone(words[index])
        else:
            text, closing = _say(place, is_last=index + 1 == len(parts))
        said.append(_with_pauses(part.opening, text.lower() if shouted else text, closing))
    return said


def _parted(word: str) -> _Word:
    opening = _BEFORE.match(word)
    start = opening.end() if opening else 0
    if word[start - 1 : start] == "-" and _AMOUNT.match(word, start):
        start -= 1  # a minus
    closing = _AFTER.search(word, start)
    end = closing.start() if closing else len(word)
    return _Word(word[:start], word[start:end], word[end:]) if end > start else _Word("", word, "")


def _with_pauses(opening: str, text: str, closing: str) -> str:
    before = "(" if "(" in opening else ""
    return before + text + "".join(_PAUSES.findall(closing))


def _say(place: _Place, *, is_last: bool) -> tuple[str, str]:
    """What is said, and the punctuation after it."""
    closing = place.word.closing
    if not is_last:
        closing = re.sub(r"^\.(?!\.)", "", closing)  # an abbreviation's: no sentence ends here
    for rule in _RULES_WITH_DOT if place.word.dotted else ():
        said = rule(place)
        if said is not None:
            return said, closing
    for rule in _RULES:
        said = rule(place)
        if said is not None:
            return said, closing
    return _pieces(place.word.core, place.british), closing


def _abbreviation(place: _Place) -> str | None:
    core = place.word.core
    key = core.lower()
    if core.islower() and key in LOWER_UNSAFE:
        return None
    return ABBREVIATIONS.get(key)


def _saint_or_street(place: _Place) -> str | None:
    if place.word.core != "St":
        return None
    is_saint = place.after[:1].isupper() and not place.before[:1].isupper()
    return "saint" if is_saint else "street"


def _before_number(place: _Place) -> str | None:
    return BEFORE_NUMBER.get(place.word.core.lower()) if place.after[:1].isdigit() else None


def _short_month(place: _Place) -> str | None:
    near_number = place.after[:1].isdigit() or place.before[-1:].isdigit()
    month = MONTH_NAMES.get(place.word.core.lower())
    return month if near_number and place.word.core[0].isupper() else None


def _undotted(place: _Place) -> str | None:
    return UNDOTTED.get(place.word.core)


def _initials(place: _Place) -> str | None:
    """``"U.S"`` is "US"."""
    core = place.word.core
    return core.replace(".", "") if re.fullmatch(r"(?:[A-Z]\.)+[A-Z]", core) else None


def _unit_apart(place: _Place) -> str | None:
    core = place.word.core
    if core in NEVER_APART or core not in UNITS or not readings.CARDINAL.fullmatch(place.before):
        return None
    one, many = UNITS[core]
    return one if place.before == "1" else many


def _scale_of_money(place: _Place) -> str | None:
    core = place.word.core.lower()
    if core not in SCALE_WORDS:
        return None
    name = readings.currency(place.before)
    return f"{core} {name}" if name else None


def _money_before_scale(place: _Place) -> str | None:
    if place.after.lower() not in SCALE_WORDS:
        return None
    return readings.money_amount(place.word.core, place.british)


def _day_of_month(place: _Place) -> str | None:
    core = place.word.core
    if not re.fullmatch(r"[12]?\d|3[01]", core) or core == "0":
        return None
    if _is_month(place.before):
        return numerals.ordinal(int(core))
    if _is_month(place.after):
        article = "" if place.before.lower() == "the" else "the "
        return f"{article}{numerals.ordinal(int(core))} of"
    return None


def _is_month(word: str) -> bool:
    return word[:1].isupper() and word.lower() in MONTH_NAMES


def _clock_before_half(place: _Place) -> str | None:
    """``"9:00"`` before "am" is no "o'clock"."""
    if place.after.lower().replace(".", "") not in ("am", "pm"):
        return None
    match = re.fullmatch(r"(\d{1,2}):00", place.word.core)
    return match and numerals.clock(int(match[1]), 0)


def _half_of_day(place: _Place) -> str | None:
    core = place.word.core.lower().replace(".", "")
    return core.upper() if core in ("am", "pm") and place.before[-1:].isdigit() else None


def _roman(place: _Place) -> str | None:
    number = ROMANS.get(place.word.core)
    before = place.before.lower()
    if not number or not (before in NUMBERED or before in RULERS):
        return None
    if before in RULERS:
        return f"the {numerals.ordinal(number)}"
    return numerals.cardinal(str(number))


def _number_of_many(place: _Place) -> str | None:
    """Four figures before a unit or a scale count something: no year."""
    counts = place.after in UNITS or place.after.lower() in SCALE_WORDS
    return readings.cardinal(place.word.core, place.british) if counts else None


def _read(place: _Place) -> str | None:
    return readings.read(place.word.core, british=place.british)


_RULES_WITH_DOT: Final = (_abbreviation, _saint_or_street, _before_number, _short_month)
_RULES: Final = (
    _undotted,
    _initials,
    _half_of_day,
    _unit_apart,
    _scale_of_money,
    _money_before_scale,
    _day_of_month,
    _short_month,
    _clock_before_half,
    _roman,
    _number_of_many,
    _read,
)


def _pieces(core: str, british: bool) -> str:
    """A word of no known form: letters as they are, numbers and signs by name."""
    if core.isalpha() and core not in SIGNS:
        return core
    apart = re.sub(r"(?<=[a-z])\.(?=[A-Z])", "…", core)  # "end.Next": a missing space
    said = (_piece(piece, british) for piece in _PIECE.findall(apart))
    return re.sub(r" (?=[,;:!?.…])", "", " ".join(word for word in said if word))


_LETTERS: Final = r"[^\W\d_]+(?:['-][^\W\d_]+)*"
_PIECE: Final = re.compile(
    rf"{_LETTERS}|\d+(?:st|nd|rd|th)(?![^\W\d_])|\d+(?:,\d{{3}})*(?:\.\d+)?|[^\w\s]|_"
)


def _piece(piece: str, british: bool) -> str:
    if piece[0].isdigit():
        return readings.read(piece, british=british) or numerals.digits(piece)
    if piece[0].isalpha() and piece not in SIGNS:
        return piece
    if piece == ".":
        return "dot"
    return SIGNS.get(piece, piece if piece in ",;:!?—…" else "")


def _is_shouted(cores: Sequence[str]) -> bool:
    """Whether a sentence is all in capitals, so that "IT" is no abbreviation in it."""
    words = [core for core in cores if core.isalpha() and len(core) > 1]
    return len(words) >= 3 and all(word.isupper() for word in words)


_GROUP: Final = re.compile(r"\d{2,5}(?:[-.]\d{2,5})*")
_FIRST_GROUP: Final = re.compile(r"\+\d{1,3}|\(\d{2,5}\)|0\d{2,4}|\+?1")


def _telephone_words(words: Sequence[str]) -> set[int]:
    """Indices of the words that make a telephone number together: ``+44 20 7946 0958``."""
    found: set[int] = set()
    for first, word in enumerate(words):
        if first in found or not _FIRST_GROUP.fullmatch(word):
            continue
        run = [first, *_groups_after(words, first)]
        count = sum(character.isdigit() for index in run for character in words[index])
        if len(run) > 1 and 7 <= count <= 15:
            found.update(run)
    return found


def _groups_after(words: Sequence[str], first: int) -> Iterator[int]:
    for index in range(first + 1, len(words)):
        bare = words[index].rstrip(".,;:!?)").lstrip("(")
        if not _GROUP.fullmatch(bare):
            return
        yield index
        if bare != words[index].strip("()"):
            return
