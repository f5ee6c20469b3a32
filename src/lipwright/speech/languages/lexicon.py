"""What a language says for figures and signs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Currency = tuple[str, str, str, str]
"""One, many, hundredth, hundredths: ``("un euro", "euros", "céntimo", "céntimos")``."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language that are written as figures and signs."""

    language: str
    """Its English name."""
    cardinal: Callable[[int], str]
    ordinal: Callable[[int], str]
    before_noun: Callable[[str], str]
    """A number's words as they are before what is counted: ``"veintiún"``."""
    clock: Callable[[int, int], str]
    point: str
    """Said for the mark before decimals."""
    minus: str
    to: str
    """Between the ends of a range."""
    cents_joint: str
    """Between notes and coins."""
    months: tuple[str, ...]
    date: str
    """Pattern with ``{day}``, ``{month}`` and ``{year}``."""
    first_of_month: str
    ordinal_marks: str
    """Regular expression of what follows a figure that is an ordinal, after NFKC."""
    currencies: Mapping[str, Currency]
    units: Mapping[str, tuple[str, str]]
    """What stands after a number, to its singular and plural."""
    signs: Mapping[str, str]
    names: Mapping[str, str]
    """Letters to their names."""
    abbreviations: Mapping[str, str]
    """In lower case, without the full stop that they are written with."""
    decimal_comma: bool = True
