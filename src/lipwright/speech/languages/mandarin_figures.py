"""Figures in Mandarin: numbers, dates, times, money and measures in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_DIGITS: Final = "零一二三四五六七八九"
_PLACES: Final = ("", "十", "百", "千")
_MYRIADS: Final = ("", "万", "亿", "万亿")
_UNITS: Final = {
    "km": "公里", "m": "米", "cm": "厘米", "mm": "毫米", "kg": "公斤", "g": "克", "mg": "毫克",
    "l": "升", "ml": "毫升", "km/h": "公里每小时", "gb": "G B", "mb": "M B", "tb": "T B",
    "°c": "摄氏度", "°f": "华氏度", "°": "度", "h": "小时", "min": "分钟", "s": "秒",
}  # fmt: skip
_MONEY: Final = {"$": "美元", "€": "欧元", "£": "英镑", "¥": "元", "₹": "卢比"}
_SIGNS: Final = {
    "&": "和",
    "+": "加",
    "=": "等于",
    "%": "百分之",
    "@": "艾特",
    "×": "乘",
    "÷": "除以",
}
_COUNTED: Final = "个位件只条本张次天年周种辆台杯碗块双对间层名岁倍公米升克"
"""What two of are 两, not 二."""

_N: Final = r"\d+(?:,\d{3})*(?:\.\d+)?"


def number(text: str) -> str | None:
    """``"1,250.5"`` is "一千二百五十点五"; None where the text is no number."""
    match = re.fullmatch(r"(-?)(\d+(?:,\d{3})*)(?:\.(\d+))?", text)
    if not match:
        return None
    whole = match[2].replace(",", "")
    said = _cardinal(int(whole)) if len(whole) <= 16 else digits(whole)
    return ("负" if match[1] else "") + said + (f"点{digits(match[3])}" if match[3] else "")


def digits(text: str) -> str:
    """Each digit by name."""
    return "".join(_DIGITS[int(sign)] for sign in text if sign.isdecimal())


def _cardinal(value: int) -> str:
    if value == 0:
        return _DIGITS[0]
    said, needs_zero = "", False
    for myriad in range(len(_MYRIADS) - 1, -1, -1):
        part = value // 10_000**myriad % 10_000
        if part == 0:
            needs_zero = bool(said)
            continue
        if said and (needs_zero or part < 1000):
            said += _DIGITS[0]
        said, needs_zero = said + _below_myriad(part) + _MYRIADS[myriad], False
    return re.sub(r"^一十", "十", said)


def _below_myriad(value: int) -> str:
    said, skipped = "", False
    for place in range(3, -1, -1):
        digit = value // 10**place % 10
        if digit == 0:
            skipped = bool(said)
            continue
        said += (_DIGITS[0] if skipped else "") + _DIGITS[digit] + _PLACES[place]
        skipped = False
    return said


def said_figures(word: str, after: str) -> str:
    """A word with its figures in words; `after` is the character that follows it."""
    said = word
    for pattern, replace in _RULES:
        said = pattern.sub(replace, said)
    return _PLAIN.sub(lambda match: _counted(match, said, after), said)


def _counted(match: re.Match[str], whole: str, after: str) -> str:
    following = whole[match.end() : match.end() + 1] or after
    if match[0] == "2" and following and following in _COUNTED:
        return "两"
    if following == "年" and re.fullmatch(r"[12]\d{3}", match[0]):
        return digits(match[0])
    if re.fullmatch(r"0\d+|\d{11,}", match[0]):
        return digits(match[0])  # a telephone number
    return number(match[0]) or digits(match[0])


def _date(match: re.Match[str]) -> str:
    return f"{digits(match[1])}年{_cardinal(int(match[2]))}月{_cardinal(int(match[3]))}日"


def _time(match: re.Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2])
    hours = "两" if hour == 2 else _cardinal(hour)
    if minute == 0:
        return f"{hours}点"
    return f"{hours}点{'零' if minute < 10 else ''}{_cardinal(minute)}分"


def _telephone(match: re.Match[str]) -> str:
    return "，".join(digits(group) for group in re.findall(r"\d+", match[0]))


def _rule(
    pattern: str, replace: Callable[[re.Match[str]], str]
) -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]]:
    return re.compile(pattern, re.IGNORECASE), replace


_UNIT: Final = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_RULES: Final = (
    _rule(r"([12]\d{3})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", _date),
    _rule(r"(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])", _time),
    _rule(r"\d{3,4}-\d{3,4}(?:-\d{4})?", _telephone),
    _rule(rf"({_N})\s*%", lambda m: f"百分之{number(m[1])}"),
    _rule(rf"([$€£¥₹])({_N})([万亿千百]*)", lambda m: f"{number(m[2])}{m[3]}{_MONEY[m[1]]}"),
    _rule(rf"(?<=\d)({_UNIT})(?![a-z])", lambda m: _UNITS[m[1].lower()]),
    _rule(r"(?<=\d)[-~–](?=\d)", lambda m: "到"),
    _rule(r"(?<![\d\w])-(?=\d)", lambda m: "负"),
    _rule(r"(\d+)/(\d+)", lambda m: f"{number(m[2])}分之{number(m[1])}"),
    _rule(r"[&+=@×÷]", lambda m: _SIGNS[m[0]]),
)
"""From the special to the general; what is left are plain numbers."""
_PLAIN: Final = re.compile(_N)
