"""Figures, dates, money and signs in words, for every language that has a `Lexicon`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from lipwright.speech.languages.lexicon import Lexicon

Reader: TypeAlias = Callable[[str, str, str], str | None]
"""``(word, before, after)`` to what is said; None where the word is not of this form."""

_PARTS: Final = re.compile(r"([(\"*_~^|\\«“-]*)(.*?)([.,;:!?…\")*_~^|\\—–»”'-]*)", re.DOTALL)
_PAUSES: Final = re.compile(r"[.,;:!?…—()]")
_PIECE: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,]\d+)*|[^\w\s]|_")
_ISO_DATE: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)")
_DATE: Final = re.compile(r"(?P<day>\d\d?)([/.-])(?P<month>\d\d?)\2(?P<year>\d{4}|\d\d)")
_CLOCK: Final = re.compile(r"(?P<hour>[01]?\d|2[0-4])(?::|h)(?P<minute>[0-5]\d)(?::[0-5]\d)?h?")
_ADDRESS: Final = re.compile(
    r"(?:https?://)?(?:www\.)?((?:[\w.+-]+@)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?)"
)
_ROMAN: Final = re.compile(r"(?=[IVXLC]{2,})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_VALUES: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_TOO_LONG: Final = 15
"""From this many digits on, a number is read digit by digit."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Says what a `Lexicon` knows."""

    lexicon: Lexicon

    def spoken(self, words: Sequence[str]) -> list[str]:
        """What is said for each plain word of one sentence; see `FrontEnd.spoken`."""
        parts = [_parted(word) for word in words]
        cores = ["", *(core for _, core, _ in parts), ""]
        shouted = sum(core.isupper() and len(core) > 1 for core in cores) >= 3 and not any(
            core[1:].islower() for core in cores
        )
        said = []
        for index, (opening, core, closing) in enumerate(parts):
            before, after = cores[index], cores[index + 2]
            is_last = index + 1 == len(parts)
            text = core.lower() if shouted and core.isalpha() else None
            if text is None and closing.startswith("."):
                text = self._abbreviation(core)
                closing = closing[1:] if text and not is_last else closing
            text = text or self._said(core, before, after)
            pauses = "".join(_PAUSES.findall(closing))
            said.append(("(" if "(" in opening else "") + text + pauses)
        return said

    def is_abbreviated(self, word: str) -> bool:
        """Whether a full stop after the word is part of it."""
        core = word.lstrip("\"'(")
        is_initial = len(core) == 1 and core.isupper()
        return core.lower() in self.lexicon.abbreviations or is_initial

    def spelled(self, text: str) -> str | None:
        """Letters and digits by their names."""
        return ", ".join(filter(None, map(self._name, text))) or None

    def digits(self, text: str) -> str:
        """Each digit by its name."""
        return " ".join(self.lexicon.cardinal(int(digit)) for digit in text if digit.isdigit())

    def number(self, text: str) -> str | None:
        """A cardinal or a decimal, with the thousands and the mark of the language or without."""
        marks = (r"\.", ",") if self.lexicon.decimal_comma else (",", r"\.")
        grouped = re.fullmatch(
            rf"([-+]?)(\d{{1,3}}(?:{marks[0]}\d{{3}})+|\d+)(?:{marks[1]}(\d+))?", text
        )
        plain = grouped or re.fullmatch(r"([-+]?)(\d*)[.,](\d+)", text)
        if not plain:
            return None
        minus = f"{self.lexicon.minus} " if plain[1] == "-" else ""
        whole = re.sub(r"\D", "", plain[2]) or "0"
        if len(whole) >= _TOO_LONG or (len(whole) > 1 and whole[0] == "0" and not plain[3]):
            return minus + self.digits(whole)
        said = minus + self.lexicon.cardinal(int(whole))
        return f"{said} {self.lexicon.point} {self._decimals(plain[3])}" if plain[3] else said

    def ordinal(self, text: str) -> str | None:
        """``"3"`` and ``"3º"``."""
        match = re.fullmatch(rf"(\d{{1,4}})\.?(?:{self.lexicon.ordinal_marks})?", text)
        return match and self.lexicon.ordinal(int(match[1]))

    def _decimals(self, text: str) -> str:
        """Two decimals as a number, as people say them; more one by one."""
        if len(text) <= 2 and text[0] != "0":
            return self.lexicon.cardinal(int(text))
        return self.digits(text)

    def _said(self, core: str, before: str, after: str) -> str:
        for reader in (
            self._address,
            self._date,
            self._clock,
            self._money,
            self._measure,
            self._unit_apart,
            self._ordinal,
            self._number,
            self._range,
            self._roman,
            self._acronym,
        ):
            said = reader(core, before, after)
            if said:
                return said
        return self._pieces(core)

    def _abbreviation(self, core: str) -> str | None:
        return self.lexicon.abbreviations.get(core.lower())

    def _address(self, core: str, before: str, after: str) -> str | None:
        match = _ADDRESS.fullmatch(core)
        if not match or core[-1].isdigit() or core[0].isdigit():
            return None
        pieces = re.findall(r"[^\W\d_]+|\d+|[^\s\w]|_", match[1].rstrip("/"))
        return " ".join(self.number(piece) or self._sign(piece, "dot") for piece in pieces)

    def _date(self, core: str, before: str, after: str) -> str | None:
        match = _ISO_DATE.fullmatch(core) or _DATE.fullmatch(core)
        if not match or not (0 < int(match["month"]) <= 12 and 0 < int(match["day"]) <= 31):
            return None
        day, year = int(match["day"]), match["year"]
        return self.lexicon.date.format(
            day=self.lexicon.first_of_month if day == 1 else self.lexicon.cardinal(day),
            month=self.lexicon.months[int(match["month"]) - 1],
            year=self.lexicon.cardinal(int(year) if len(year) == 4 else 2000 + int(year)),
        )

    def _clock(self, core: str, before: str, after: str) -> str | None:
        match = _CLOCK.fullmatch(core)
        return match and self.lexicon.clock(int(match["hour"]), int(match["minute"]))

    def _money(self, core: str, before: str, after: str) -> str | None:
        signs = "|".join(map(re.escape, sorted(self.lexicon.currencies, key=len, reverse=True)))
        match = re.fullmatch(rf"(-?)({signs})(\d[\d.,]*)|(-?)(\d[\d.,]*)({signs})", core)
        if not match:
            return None
        one, many, cent, cents = self.lexicon.currencies[match[2] or match[6]]
        minus = f"{self.lexicon.minus} " if match[1] or match[4] else ""
        amount = re.fullmatch(r"(.*?)(?:[.,](\d\d))?", match[3] or match[5])
        whole = int(re.sub(r"\D", "", amount[1]) or 0) if amount else 0
        hundredths = int(amount[2] or 0) if amount else 0
        notes = one if whole == 1 else f"{self._counted(whole)} {many}"
        if not hundredths:
            return minus + notes
        coins = f"{self._counted(hundredths)} {cent if hundredths == 1 else cents}"
        return minus + (f"{notes} {self.lexicon.cents_joint} {coins}" if whole else coins)

    def _counted(self, number: int) -> str:
        return self.lexicon.before_noun(self.lexicon.cardinal(number))

    def _measure(self, core: str, before: str, after: str) -> str | None:
        units = "|".join(map(re.escape, sorted(self.lexicon.units, key=len, reverse=True)))
        match = re.fullmatch(rf"([-+]?\d[\d.,]*)({units})", core)
        said = match and self.number(match[1])
        if not match or not said:
            return None
        one, many = self.lexicon.units[match[2]]
        return f"{self.lexicon.before_noun(said)} {one if match[1] == '1' else many}"

    def _unit_apart(self, core: str, before: str, after: str) -> str | None:
        if core in self.lexicon.currencies and self.number(before):
            return self.lexicon.currencies[core][1]
        if core not in self.lexicon.units or not self.number(before):
            return None
        one, many = self.lexicon.units[core]
        return one if before == "1" else many

    def _ordinal(self, core: str, before: str, after: str) -> str | None:
        match = re.fullmatch(rf"(\d{{1,4}})\.?(?:{self.lexicon.ordinal_marks})", core)
        return match and self.lexicon.ordinal(int(match[1]))

    def _number(self, core: str, before: str, after: str) -> str | None:
        said = self.number(core)
        is_counting = after in self.lexicon.units or after in self.lexicon.currencies
        return self.lexicon.before_noun(said) if said and is_counting else said

    def _range(self, core: str, before: str, after: str) -> str | None:
        match = re.fullmatch(r"(\d[\d.,]*)[-–](\d[\d.,]*)(\D*)", core)
        if not match:
            return None
        low, high = self.number(match[1]), self._said(match[2] + match[3], "", "")
        return f"{low} {self.lexicon.to} {high}" if low else None

    def _roman(self, core: str, before: str, after: str) -> str | None:
        match = re.fullmatch(rf"([IVXLC]{{2,}})({self.lexicon.ordinal_marks})?", core)
        if not match or not _ROMAN.fullmatch(match[1]) or not before[:1].isalpha():
            return None
        values = [_ROMAN_VALUES[letter] for letter in match[1]]
        signed = [
            -value if value < following else value
            for value, following in zip(values, [*values[1:], 0], strict=True)
        ]
        number = sum(signed)
        return self.lexicon.ordinal(number) if match[2] else self.lexicon.cardinal(number)

    def _acronym(self, core: str, before: str, after: str) -> str | None:
        """Capitals that cannot be said as a word are spelled: ``"PDF"`` but not ``"ONU"``."""
        bare = core.replace(".", "")
        if not (1 < len(bare) <= 5 and bare.isalpha() and bare.isupper()):
            return None
        plain = unicodedata.normalize("NFD", bare)
        is_word = len(bare) > 2 and re.search("[AEIOU]", plain) and re.search("[^AEIOU]", plain)
        awkward = re.search(r"[^AEIOU]{3}|^[^AEIOU]{2}(?<![BCDFGPT][RL])|[^AEIOUNRSLDM]$", plain)
        return None if is_word and not awkward else " ".join(map(self._name, bare))

    def _name(self, letter: str) -> str:
        if letter.isdigit():
            return self.lexicon.cardinal(int(letter))
        base = unicodedata.normalize("NFD", letter.lower())[0]
        return self.lexicon.names.get(letter.lower()) or self.lexicon.names.get(base, "")

    def _pieces(self, core: str) -> str:
        """A word of no known form: letters as they are, figures and signs by name."""
        if core.replace("'", "").replace("-", "").isalpha():
            return core
        said = (self._piece(piece) for piece in _PIECE.findall(core))
        return " ".join(filter(None, said)) or core

    def _piece(self, piece: str) -> str:
        if piece[0].isdigit():
            return self.number(piece) or self.digits(piece)
        return self._sign(piece, "")

    def _sign(self, piece: str, dot: str) -> str:
        if piece[0].isalpha():
            return piece
        if piece == "." and not dot:
            return ""
        return self.lexicon.signs.get(piece, piece if piece in ",;:!?—…" else "")


def _parted(word: str) -> tuple[str, str, str]:
    match = _PARTS.fullmatch(word)
    opening, core, closing = match.groups() if match else ("", word, "")
    if opening.endswith("-") and core[:1].isdigit():
        opening, core = opening[:-1], f"-{core}"
    return (opening, core, closing) if core else ("", word, "")
