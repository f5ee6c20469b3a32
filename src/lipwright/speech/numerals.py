"""Numbers in words.

The inflect package does this too, but takes two seconds to import: a third of a short preview.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SMALL: Final = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS: Final = _words("twenty thirty forty fifty sixty seventy eighty ninety")
_SCALES: Final = _words("thousand million billion trillion quadrillion quintillion")
_TOO_LONG: Final = 3 * (len(_SCALES) + 1)
"""From this many digits on, a number is read digit by digit."""

_ORDINALS: Final = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_FRACTIONS: Final = {2: "half", 4: "quarter"}


def digits(text: str) -> str:
    """Each digit by its name: ``"007"`` is "zero zero seven"."""
    return " ".join(_SMALL[int(digit)] for digit in text if digit.isdigit())


def cardinal(text: str, *, british: bool = False) -> str:
    """``"1,234"`` is "one thousand two hundred thirty four"; zeros in front are said.

    The British way has an "and" before the tens.
    """
    figures = text.replace(",", "")
    if len(figures) > _TOO_LONG or (len(figures) > 1 and figures[0] == "0"):
        return digits(figures)
    return _cardinal(int(figures), british)


def _cardinal(number: int, british: bool) -> str:
    if number < 1000:
        return _below_thousand(number, british)
    scale = (len(str(number)) - 1) // 3
    head, rest = divmod(number, 1000**scale)
    words = f"{_below_thousand(head, british)} {_SCALES[scale - 1]}"
    if not rest:
        return words
    joint = " and " if british and rest < 100 else " "
    return words + joint + _cardinal(rest, british)


def _below_thousand(number: int, british: bool) -> str:
    if number < 20:
        return _SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f" {_SMALL[ones]}" if ones else "")
    hundreds, rest = divmod(number, 100)
    joint = " and " if british else " "
    return f"{_SMALL[hundreds]} hundred" + (joint + _below_thousand(rest, british) if rest else "")


def ordinal(number: int) -> str:
    """``21`` is "twenty first"."""
    *before, last = _cardinal(number, british=False).split()
    if last in _ORDINALS:
        last = _ORDINALS[last]
    else:
        last = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return " ".join([*before, last])


def number(text: str, *, british: bool = False) -> str:
    """A cardinal or a decimal: ``"3.14"`` is "three point one four"."""
    whole, point, fraction = text.partition(".")
    words = cardinal(whole or "0", british=british)
    return f"{words} point {digits(fraction)}" if point else words


def year(text: str) -> str:
    """``"1999"`` is "nineteen ninety nine", ``"2005"`` "two thousand five"."""
    century, rest = divmod(int(text), 100)
    if century % 10 == 0 and rest < 10:
        return _cardinal(int(text), british=False)
    if not rest:
        return f"{_cardinal(century, british=False)} hundred"
    tail = f"oh {_SMALL[rest]}" if rest < 10 else _below_thousand(rest, british=False)
    return f"{_cardinal(century, british=False)} {tail}"


def decade(text: str) -> str:
    """``"1990"`` is "nineteen nineties", ``"80"`` "eighties"."""
    words = year(text) if len(text) == 4 else cardinal(text)
    return f"{words[:-1]}ies" if words.endswith("y") else f"{words}s"


def fraction(above: int, below: int) -> str:
    """``3, 4`` is "three quarters"."""
    if below > 20:
        return f"{_cardinal(above, british=False)} over {_cardinal(below, british=False)}"
    part = _FRACTIONS.get(below) or ordinal(below)
    if above == 1:
        return "one half" if below == 2 else f"one {part}"
    return f"{_cardinal(above, british=False)} {'halves' if below == 2 else f'{part}s'}"


def clock(hour: int, minute: int) -> str:
    """``9, 5`` is "nine oh five"; a full hour is only its number."""
    if not minute:
        return _SMALL[hour] if hour < 20 else _below_thousand(hour, british=False)
    tail = f"oh {_SMALL[minute]}" if minute < 10 else _below_thousand(minute, british=False)
    return f"{_below_thousand(hour, british=False)} {tail}"
