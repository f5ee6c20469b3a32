"""Words that are no words, read aloud: each reader takes one form and leaves the others."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from lipwright.speech import numerals
from lipwright.speech.abbreviations import (
    CURRENCIES,
    DOMAINS,
    MONTHS,
    SCALES,
    SPELLED_DOMAINS,
    UNITS,
    URL_SIGNS,
)

Reader: TypeAlias = Callable[[str, bool], str | None]
"""``(word, british)`` to what is said, or None where the word is not of this form."""

_NUMBER: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.\d+|\d+"
_CURRENCY: Final = "|".join(re.escape(sign) for sign in sorted(CURRENCIES, key=len, reverse=True))
_UNIT: Final = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))

MONEY: Final = re.compile(
    rf"(?P<minus>-)?(?P<sign>{_CURRENCY})-?(?P<amount>{_NUMBER})(?P<scale>[kKmMbBtT]|[mbt]n)?"
    rf"|(?P<amount_2>{_NUMBER})(?P<scale_2>[kKmMbBtT]|[mbt]n)?(?P<sign_2>[€$£¥₹])"
)
CARDINAL: Final = re.compile(rf"[-+]?(?:{_NUMBER})")


def read(word: str, *, british: bool) -> str | None:
    """What is said for a word that has a form of its own, or None for any other."""
    for reader in _READERS:
        said = reader(word, british)
        if said is not None:
            return said
    return None


def money(word: str, british: bool) -> str | None:
    """``"$3.50"``, ``"£5m"``, ``"20€"``."""
    match = MONEY.fullmatch(word)
    if not match:
        return None
    amount = (match["amount"] or match["amount_2"]).replace(",", "")
    scale = SCALES.get((match["scale"] or match["scale_2"] or "").lower(), "")
    names = CURRENCIES[match["sign"] or match["sign_2"]]
    minus = "minus " if match["minus"] else ""
    whole, _, hundredths = amount.partition(".")
    if not scale and len(hundredths) in (0, 2):
        return minus + _coins(whole, hundredths, names, british)
    return " ".join(f"{minus}{numerals.number(amount, british=british)} {scale} {names[1]}".split())


def _coins(whole: str, hundredths: str, names: tuple[str, str, str, str], british: bool) -> str:
    one, many, cent, cents = names
    notes = f"{numerals.cardinal(whole, british=british)} {one if whole == '1' else many}"
    if not hundredths.strip("0"):
        return notes
    coins = f"{numerals.cardinal(str(int(hundredths)))} {cent if hundredths == '01' else cents}"
    return f"{notes} and {coins}" if whole.strip("0") else coins


def money_amount(word: str, british: bool) -> str | None:
    """Only the number of ``"$3.5"``: its currency is said after the word "million"."""
    match = MONEY.fullmatch(word)
    if not match or match["scale"] or match["scale_2"]:
        return None
    return numerals.number(match["amount"] or match["amount_2"], british=british)


def currency(word: str) -> str:
    """The plural name of the currency in ``"$3.5"``: "dollars"."""
    match = MONEY.fullmatch(word)
    return CURRENCIES[match["sign"] or match["sign_2"]][1] if match else ""


def measure(word: str, british: bool) -> str | None:
    """``"5km"``, ``"12.5%"``, ``"-20°C"``, ``"4K"``, ``"1080p"``."""
    match = _MEASURE.fullmatch(word)
    if not match:
        return None
    amount, unit = match["amount"], match["unit"]
    if unit == "s" and "," in amount:
        return f"{cardinal(amount, british)}s".removeprefix("one ")  # "1,000s of them"
    one, many = UNITS[unit]
    if unit == "p" and amount.isdigit() and len(amount) > 2:
        return f"{numerals.year(amount)} p"
    return f"{cardinal(amount, british)} {one if amount == '1' else many}"


def cardinal(word: str, british: bool) -> str | None:
    """``"1,234"``, ``"3.14"``, ``"-5"``, ``"+5"``; a bare number is never a year here."""
    if not CARDINAL.fullmatch(word):
        return None
    sign = {"-": "minus ", "+": "plus "}.get(word[0], "")
    return sign + numerals.number(word.lstrip("+-"), british=british)


def year_or_number(word: str, british: bool) -> str | None:
    """As `cardinal`, but four figures like a year's are read as a year."""
    if YEAR.fullmatch(word):
        return numerals.year(word)
    return cardinal(word, british)


def _clock(word: str, british: bool) -> str | None:
    match = _CLOCK.fullmatch(word)
    if not match or not (match["half"] or match["colon"] == ":"):
        return None
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour > 24 or minute > 59:
        return None
    said = numerals.clock(hour, minute)
    if match["second"]:
        said += f" and {numerals.cardinal(str(int(match['second'])))} seconds"
    elif not minute and not match["half"]:
        said += " o'clock" if 0 < hour <= 12 else " hundred"
    return said + _half_day(match["half"])


def _hour(word: str, british: bool) -> str | None:
    match = _HOUR.fullmatch(word)
    return match and numerals.clock(int(match["hour"]), 0) + _half_day(match["half"])


def _half_day(half: str | None) -> str:
    return f" {half[0].upper()}M" if half else ""


def _date(word: str, british: bool) -> str | None:
    iso = _ISO_DATE.fullmatch(word)
    if iso:
        return _day(int(iso[3]), int(iso[2]), iso[1], british)
    match = _DATE.fullmatch(word)
    if not match:
        return None
    first, second, year = int(match[1]), int(match[3]), match[4]
    day_first = british or match[2] == "."
    day, month = (first, second) if day_first else (second, first)
    if month > 12:
        day, month = month, day
    return _day(day, month, year if len(year) == 4 else f"20{year}", british)


def _day(day: int, month: int, year: str, british: bool) -> str | None:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    name, number = MONTHS[month - 1], numerals.ordinal(day)
    said = f"the {number} of {name}" if british else f"{name} {number}"
    return f"{said}, {numerals.year(year)}"


def _ordinal(word: str, british: bool) -> str | None:
    match = re.fullmatch(r"(\d{1,3}(?:,?\d{3})*)(?:st|nd|rd|th)", word, re.IGNORECASE)
    return match and numerals.ordinal(int(match[1].replace(",", "")))


def _decade(word: str, british: bool) -> str | None:
    match = re.fullmatch(r"'?((?:1[1-9]|20)?\d0)'?s", word)
    return match and numerals.decade(match[1])


def _fraction(word: str, british: bool) -> str | None:
    match = re.fullmatch(r"(?:(\d+) )?(\d{1,2})/(\d{1,3})", word)
    if not match or int(match[3]) < 2:
        return None
    if match[3] in ("10", "100") or match[2] == match[3]:
        return " out of ".join(numerals.cardinal(part) for part in word.split("/"))
    said = numerals.fraction(int(match[2]), int(match[3]))
    if not match[1]:
        return said
    article = said.replace("one ", "a ", 1) if said.startswith("one ") else said
    return f"{numerals.cardinal(match[1], british=british)} and {article}"


def _range(word: str, british: bool) -> str | None:
    """``"10-15"``, ``"2010–2015"``, ``"$5-10"``, ``"16:9"``, ``"1920x1080"``."""
    match = _RANGE.fullmatch(word)
    if not match:
        return None
    low, high = match["low"], match["high"]
    if match["joint"] in "x×" and low.isdigit() and high.isdigit() and len(low) > 2 < len(high):
        return f"{numerals.year(low)} by {numerals.year(high)}"
    joint = "by" if match["joint"] in "x×" else "to"
    sign, tail = match["sign"] or "", match["tail"] or ""
    if sign:
        return f"{cardinal(low, british)} {joint} {read(sign + high + tail, british=british)}"
    if tail:
        return f"{cardinal(low, british)} {joint} {read(high + tail, british=british)}"
    return f"{year_or_number(low, british)} {joint} {year_or_number(high, british)}"


def _telephone(word: str, british: bool) -> str | None:
    match = re.fullmatch(r"(?:\+?\d{1,3}[-.])?(?:\d{3}[-.])?\d{3}[-.]\d{4}", word)
    return match and telephone(word)


def telephone(word: str) -> str:
    """Digit by digit, with a pause between groups."""
    plus = "plus " if word.startswith("+") else ""
    return plus + ", ".join(numerals.digits(group) for group in re.findall(r"\d+", word))


def _more(word: str, british: bool) -> str | None:
    """``"20+"`` and ``"$20+"``."""
    said = read(word[:-1], british=british) if word.endswith("+") else None
    return said and f"{said} plus"


def _rate(word: str, british: bool) -> str | None:
    """``"$5/month"``, ``"30km/day"``."""
    match = re.fullmatch(r"(.*\d.*)/([^\W\d_]+)", word)
    said = match and read(match[1], british=british)
    return f"{said} per {match[2]}" if match and said else None


def _version(word: str, british: bool) -> str | None:
    """``"v2.0.1"``, ``"192.168.0.1"``."""
    match = re.fullmatch(r"([vV])?(\d+(?:\.\d+){2,}|(?<=[vV])\d+(?:\.\d+)*)", word)
    if not match:
        return None
    said = " point ".join(numerals.cardinal(part, british=british) for part in match[2].split("."))
    return f"version {said}" if match[1] else said


def _web(word: str, british: bool) -> str | None:
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", word).rstrip("/")
    is_address = bare != word.rstrip("/") or _DOMAIN.fullmatch(bare) or _EMAIL.fullmatch(bare)
    return _spelled_address(bare) if bare and is_address else None


def _spelled_address(address: str) -> str:
    pieces = re.findall(r"[A-Za-z]+|\d+|[^\sA-Za-z\d]", address)
    said = []
    for before, piece in zip(["", *pieces], pieces, strict=False):
        if piece.isdigit():
            said.append(numerals.cardinal(piece) if len(piece) < 5 else numerals.digits(piece))
        elif piece[0].isascii() and piece.isalpha():
            said.append(piece.upper() if before == "." and piece in SPELLED_DOMAINS else piece)
        else:
            said.append(URL_SIGNS.get(piece, piece if piece.isalpha() else ""))
    return " ".join(part for part in said if part)


def _handle(word: str, british: bool) -> str | None:
    """``"@name"`` and ``"#HashTag"``."""
    match = re.fullmatch(r"([@#])(\w*[^\W\d_]\w*)", word)
    if not match:
        return None
    return f"{'at' if match[1] == '@' else 'hashtag'} {_name(match[2])}"


def _numbered(word: str, british: bool) -> str | None:
    match = re.fullmatch(r"#(\d+)", word)
    return match and f"number {numerals.cardinal(match[1], british=british)}"


def _name(name: str) -> str:
    """``"LipSync_2FTW"`` is "Lip Sync 2 FTW", its numbers in words."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+|_", name)
    said = {"_": "underscore"}
    return " ".join(
        numerals.cardinal(part) if part.isdigit() else said.get(part, part) for part in parts
    )


_MEASURE: Final = re.compile(rf"(?P<amount>[-+]?(?:{_NUMBER}))-?(?P<unit>{_UNIT})")
YEAR: Final = re.compile(r"1[1-9]\d\d|20\d\d")
_CLOCK: Final = re.compile(
    r"(?P<hour>\d{1,2})(?P<colon>[:.])(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    r"(?P<half>[aApP]\.?[mM]\.?)?"
)
_HOUR: Final = re.compile(r"(?P<hour>1[0-2]|[1-9])(?P<half>[aApP]\.?[mM]\.?)")
_ISO_DATE: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DATE: Final = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4}|\d\d)")
_RANGE: Final = re.compile(
    rf"(?P<sign>{_CURRENCY})?(?P<low>{_NUMBER})(?P<joint>[-–:x×])(?:{_CURRENCY})?"
    rf"(?P<high>{_NUMBER})(?P<tail>{_UNIT}|[kmbt]n?)?"
)
_DOMAIN: Final = re.compile(rf"(?:[a-z0-9-]+\.)+(?:{'|'.join(DOMAINS)})(?:[/:?#]\S*)?")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

_READERS: Final[tuple[Reader, ...]] = (
    _web,
    _handle,
    _numbered,
    _telephone,
    _clock,
    _hour,
    _date,
    money,
    _ordinal,
    _decade,
    _fraction,
    _version,
    measure,
    year_or_number,
    _range,
    _more,
    _rate,
)
"""In order: the first that knows the form wins."""
