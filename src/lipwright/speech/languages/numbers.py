"""Cardinals and ordinals of the Romance languages in words."""

from __future__ import annotations

import re
from typing import Final

_LIMIT: Final = 10**15


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _digits(number: int, small: tuple[str, ...]) -> str:
    return " ".join(small[int(digit)] for digit in str(number))


_ES_SMALL: Final = _words(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés "
    "veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"
)
_ES_TENS: Final = _words("treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_ES_HUNDREDS: Final = _words(
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos "
    "ochocientos novecientos"
)
_ES_ORDINALS: Final = _words(
    "primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo undécimo duodécimo"
)


def spanish(number: int) -> str:
    """``21`` is "veintiuno"."""
    if number < 30:
        return _ES_SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _ES_TENS[tens - 3] + (f" y {_ES_SMALL[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        if number == 100:
            return "cien"
        return _ES_HUNDREDS[hundreds - 1] + (f" {spanish(rest)}" if rest else "")
    if number < 10**6:
        head, rest = divmod(number, 1000)
        thousands = "mil" if head == 1 else f"{spanish_before_noun(spanish(head))} mil"
        return thousands + (f" {spanish(rest)}" if rest else "")
    if number >= _LIMIT:
        return _digits(number, _ES_SMALL)
    scale, one, many = (
        (10**12, "billón", "billones") if number >= 10**12 else (10**6, "millón", "millones")
    )
    head, rest = divmod(number, scale)
    words = f"un {one}" if head == 1 else f"{spanish_before_noun(spanish(head))} {many}"
    return words + (f" {spanish(rest)}" if rest else "")


def spanish_before_noun(words: str) -> str:
    """``"veintiuno"`` is "veintiún" before what is counted."""
    return re.sub(r"\buno$", "un", re.sub(r"veintiuno$", "veintiún", words))


def spanish_ordinal(number: int) -> str:
    """``3`` is "tercero"; from thirteen on the cardinal is said."""
    return _ES_ORDINALS[number - 1] if 0 < number <= len(_ES_ORDINALS) else spanish(number)


_IT_SMALL: Final = _words(
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici "
    "quattordici quindici sedici diciassette diciotto diciannove"
)
_IT_TENS: Final = _words("venti trenta quaranta cinquanta sessanta settanta ottanta novanta")
_IT_ORDINALS: Final = _words("primo secondo terzo quarto quinto sesto settimo ottavo nono decimo")


def italian(number: int) -> str:
    """``23`` is "ventitré"."""
    words = _italian(number)
    return re.sub(r"(?<=.)tre$", "tré", words) if number > 20 else words


def _italian(number: int) -> str:
    if number < 20:
        return _IT_SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        stem = _IT_TENS[tens - 2]
        return (stem[:-1] if ones in (1, 8) else stem) + (_IT_SMALL[ones] if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return (
            ("" if hundreds == 1 else _IT_SMALL[hundreds])
            + "cento"
            + (_italian(rest) if rest else "")
        )
    if number < 10**6:
        head, rest = divmod(number, 1000)
        thousands = "mille" if head == 1 else f"{_italian(head)}mila"
        return thousands + (f" {_italian(rest)}" if rest else "")
    if number >= _LIMIT:
        return _digits(number, _IT_SMALL)
    scale, one, many = (
        (10**9, "miliardo", "miliardi") if number >= 10**9 else (10**6, "milione", "milioni")
    )
    head, rest = divmod(number, scale)
    words = f"un {one}" if head == 1 else f"{_italian(head)} {many}"
    return words + (f" {_italian(rest)}" if rest else "")


def italian_before_noun(words: str) -> str:
    """``"ventuno"`` is "ventun" before what is counted."""
    return re.sub(r"uno$", "un", words)


def italian_ordinal(number: int) -> str:
    """``3`` is "terzo", ``21`` "ventunesimo"."""
    if 0 < number <= 10:
        return _IT_ORDINALS[number - 1]
    words = _italian(number)
    return f"{words if words.endswith(('tre', 'sei')) else words[:-1]}esimo"


_PT_SMALL: Final = _words(
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze "
    "dezesseis dezessete dezoito dezenove"
)
_PT_TENS: Final = _words("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa")
_PT_HUNDREDS: Final = _words(
    "cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos"
)
_PT_ORDINALS: Final = _words(
    "primeiro segundo terceiro quarto quinto sexto sétimo oitavo nono décimo"
)


def portuguese(number: int) -> str:
    """``21`` is "vinte e um"."""
    if number < 20:
        return _PT_SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _PT_TENS[tens - 2] + (f" e {_PT_SMALL[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        if number == 100:
            return "cem"
        return _PT_HUNDREDS[hundreds - 1] + (f" e {portuguese(rest)}" if rest else "")
    if number < 10**6:
        head, rest = divmod(number, 1000)
        thousands = "mil" if head == 1 else f"{portuguese(head)} mil"
        joint = " e " if rest < 100 or rest % 100 == 0 else " "
        return thousands + (joint + portuguese(rest) if rest else "")
    if number >= _LIMIT:
        return _digits(number, _PT_SMALL)
    scale, one, many = (
        (10**9, "bilhão", "bilhões") if number >= 10**9 else (10**6, "milhão", "milhões")
    )
    head, rest = divmod(number, scale)
    words = f"um {one}" if head == 1 else f"{portuguese(head)} {many}"
    return words + (f" {portuguese(rest)}" if rest else "")


def portuguese_ordinal(number: int) -> str:
    """``3`` is "terceiro"; from eleven on the cardinal is said."""
    return _PT_ORDINALS[number - 1] if 0 < number <= 10 else portuguese(number)


_FR_SMALL: Final = _words(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
    "seize dix-sept dix-huit dix-neuf"
)
_FR_TENS: Final = _words("vingt trente quarante cinquante soixante")


def french(number: int) -> str:
    """``91`` is "quatre-vingt-onze"."""
    if number < 20:
        return _FR_SMALL[number]
    if number < 100:
        return _french_tens(number)
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        words = "cent" if hundreds == 1 else f"{_FR_SMALL[hundreds]} cent"
        return words + (f" {french(rest)}" if rest else "")
    if number < 10**6:
        head, rest = divmod(number, 1000)
        thousands = "mille" if head == 1 else f"{french(head)} mille"
        return thousands + (f" {french(rest)}" if rest else "")
    if number >= _LIMIT:
        return _digits(number, _FR_SMALL)
    scale, one = (10**9, "milliard") if number >= 10**9 else (10**6, "million")
    head, rest = divmod(number, scale)
    words = f"un {one}" if head == 1 else f"{french(head)} {one}s"
    return words + (f" {french(rest)}" if rest else "")


def _french_tens(number: int) -> str:
    """Sixty and eighty are counted on to nineteen."""
    if number >= 80:
        rest = number - 80
        return "quatre-vingts" if not rest else f"quatre-vingt-{_FR_SMALL[rest]}"
    tens, rest = (6, number - 60) if number >= 60 else divmod(number, 10)
    if not rest:
        return _FR_TENS[tens - 2]
    joint = " et " if rest in (1, 11) else "-"
    return f"{_FR_TENS[tens - 2]}{joint}{_FR_SMALL[rest]}"


def french_ordinal(number: int) -> str:
    """``2`` is "deuxième"."""
    if number == 1:
        return "premier"
    words = french(number).removesuffix("s") if number % 100 == 80 else french(number)
    if words.endswith("cinq"):
        return f"{words}uième"
    if words.endswith("neuf"):
        return f"{words[:-1]}vième"
    return f"{words.removesuffix('e')}ième"
