"""Japanese: readings from Open JTalk's dictionary, sounds from the kana.

Caption words are phrases (bunsetsu) as BudouX finds them: Japanese writes no spaces, and a particle
belongs to the noun before it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final

from lipwright.speech import letters
from lipwright.speech.languages.front_end import Kind
from lipwright.speech.plain import check_writing

_PAUSES: Final = ".,;:!?…—()"
_SCRIPTS: Final = ("LATIN", "HIRAGANA", "KATAKANA", "CJK", "HALFWIDTH", "FULLWIDTH", "IDEOGRAPHIC")
_MURMUR: Final = "ə"

_VOWELS: Final = dict(zip("aiueo", ("a", "i", "ɯ", "e", "o"), strict=True))
_ROWS: Final = {
    "ア": "", "カ": "k", "ガ": "ɡ", "サ": "s", "ザ": "ʣ", "タ": "t", "ダ": "d", "ナ": "n",
    "ハ": "h", "バ": "b", "パ": "p", "マ": "m", "ラ": "ɾ",
}  # fmt: skip
_ORDER: Final = {
    "ア": "アイウエオ", "カ": "カキクケコ", "ガ": "ガギグゲゴ", "サ": "サシスセソ",
    "ザ": "ザジズゼゾ", "タ": "タチツテト", "ダ": "ダヂヅデド", "ナ": "ナニヌネノ",
    "ハ": "ハヒフヘホ", "バ": "バビブベボ", "パ": "パピプペポ", "マ": "マミムメモ",
    "ラ": "ラリルレロ",
}  # fmt: skip
_SPECIAL: Final = {
    "シ": "ɕi", "ジ": "ʥi", "チ": "ʨi", "ヂ": "ʥi", "ツ": "ʦɨ", "ヅ": "zɨ", "ス": "sɨ", "ズ": "zɨ",
    "フ": "ɸɯ", "ヒ": "çi", "ニ": "ɲi", "キ": "kʲi", "ギ": "ɡʲi", "ビ": "bʲi", "ピ": "pʲi",
    "ミ": "mʲi", "リ": "ɾʲi", "ヤ": "ja", "ユ": "jɯ", "ヨ": "jo", "ワ": "βa", "ヰ": "i", "ヱ": "e",
    "ヲ": "o", "ヴ": "vɯ", "ァ": "a", "ィ": "i", "ゥ": "ɯ", "ェ": "e", "ォ": "o", "ャ": "ja",
    "ュ": "jɯ", "ョ": "jo", "ヮ": "βa", "ヵ": "ka", "ヶ": "ke",
}  # fmt: skip
_SMALL: Final = dict(zip("ャュョェァィォゥ", "aɨoeaioɯ", strict=True))
_PALATAL: Final = {
    "キ": "kʲ", "ギ": "ɡʲ", "シ": "ɕ", "ジ": "ʥ", "チ": "ʨ", "ヂ": "ʥ", "ニ": "ɲ", "ヒ": "ç",
    "ビ": "bʲ", "ピ": "pʲ", "ミ": "mʲ", "リ": "ɾʲ", "テ": "tʲ", "デ": "dʲ", "フ": "ɸ", "ツ": "ʦ",
    "ヴ": "v", "ウ": "β", "ク": "kᵝ", "グ": "ɡᵝ", "ト": "t", "ド": "d", "イ": "j", "ス": "s",
    "ズ": "z",
}  # fmt: skip
"""Sounds before a small vowel: ``キャ`` is kʲa, ``ファ`` ɸa."""


def _kana() -> dict[str, str]:
    table = {
        kana: _ROWS[row] + vowel
        for row, kanas in _ORDER.items()
        for kana, vowel in zip(kanas, _VOWELS.values(), strict=True)
    } | _SPECIAL
    small = {
        big + little: sound + _SMALL[little] for big, sound in _PALATAL.items() for little in _SMALL
    }
    return table | small


KANA: Final = _kana()
"""Katakana, alone or with a small one after it, to phoneme letters."""


@dataclass(frozen=True, slots=True)
class Japanese:
    """Reads Japanese, kanji and Latin letters included."""

    spaced: bool = field(default=False, init=False)

    def check(self, words: Iterable[str]) -> None:
        """See `FrontEnd.check`."""
        check_writing(words, "Japanese", _SCRIPTS)

    def split(self, text: str) -> list[str]:
        """See `FrontEnd.split`."""
        pieces: list[str] = []
        for piece in _phrases().parse(text):
            if pieces and not _may_part("".join(pieces), text):
                pieces[-1] += piece
            else:
                pieces.append(piece)
        return pieces

    def is_abbreviated(self, before: str, word: str, following: str) -> bool:
        """See `FrontEnd.is_abbreviated`."""
        return word.isdigit() and not before

    def spoken(self, words: Sequence[str]) -> list[str]:
        """See `FrontEnd.spoken`; figures and signs are read with the words around them."""
        return ["".join(re.sub(r"[\"'*_~^|\\]", "", word).split()) or word for word in words]

    def said_as(self, text: str, kind: Kind) -> str | None:
        """See `FrontEnd.said_as`."""
        if kind in ("cardinal", "ordinal"):
            return f"{text}番目" if kind == "ordinal" else text
        return "、".join(sign for sign in text if sign.isalnum()) or None

    def pronounce(self, text: str) -> tuple[str, ...]:
        """See `FrontEnd.pronounce`."""
        return tuple(_sounds(word, read) for word, read in zip(*_read(text.split()), strict=True))

    def letters_of(self, ipa: str) -> str:
        """See `FrontEnd.letters_of`."""
        return letters.from_ipa(ipa, english=False)


def _may_part(before: str, text: str) -> bool:
    """Whether a phrase may end there: not inside a number, a Latin word or a morpheme."""
    around = text[len(before) - 1 : len(before) + 1]
    if re.fullmatch(r"[\d,.A-Za-z]{2}", around):
        return False
    morphemes = [_wide(this.spelled) for this in _morphemes(text)]
    if "".join(morphemes) != _wide(text):
        return True
    return len(_wide(before)) in set(accumulate(map(len, morphemes)))


def _read(words: list[str]) -> tuple[list[str], list[list[str]]]:
    """The words, and the kana readings of the morphemes of each.

    A sentence is read as a whole, since a reading depends on what stands around it; where its
    morphemes cannot be found again in the words (figures are spelled out), word by word.
    """
    found = _placed(words, _morphemes("".join(words)))
    if found is None:
        found = [list(_readings(_morphemes(word))) for word in words]
    return words, found


def _placed(words: list[str], morphemes: list[_Morpheme]) -> list[list[str]] | None:
    """The readings dealt out to the words that their spelling stands in; None where it does not."""
    ends = list(accumulate(len(_wide(word)) for word in words))
    if "".join(_wide(this.spelled) for this in morphemes) != "".join(map(_wide, words)):
        return None
    dealt: list[list[_Morpheme]] = [[] for _ in words]
    at = 0
    for this in morphemes:
        dealt[bisect_right(ends, at)].append(this)
        at += len(_wide(this.spelled))
    return [list(_readings(these)) for these in dealt] if all(dealt) else None


def _readings(morphemes: Sequence[_Morpheme]) -> Iterator[str]:
    """Readings of words: an ending belongs to the verb before it."""
    said = ""
    for this in morphemes:
        if said and not this.joins and not said.endswith("ッ"):
            yield said
            said = ""
        said += this.reading
    yield said


def _wide(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


@dataclass(frozen=True, slots=True)
class _Morpheme:
    spelled: str
    reading: str
    """In kana; of a pause, its sign."""
    joins: bool
    """Whether it is an ending."""


@lru_cache(maxsize=64)
def _morphemes(text: str) -> list[_Morpheme]:
    import pyopenjtalk  # takes a second, and only this language needs it

    nodes: Sequence[Any] = pyopenjtalk.run_frontend(text, use_sudachi_kanji_yomi=False)
    return [_Morpheme(node["string"], _reading(node), _joins(node)) for node in nodes]


def _joins(node: Mapping[str, Any]) -> bool:
    is_ending = node["pos"] == "助動詞" or node["string"] in ("て", "ー")
    return is_ending or str(node["pron"]).startswith("ー")


def _reading(node: Mapping[str, Any]) -> str:
    if node["pos"] == "記号":
        return _wide(str(node["string"])).replace("、", ",").replace("。", ".")
    return re.sub("[’']", "", str(node["pron"]))


def _sounds(word: str, readings: list[str]) -> str:
    said = " ".join(filter(None, map(kana_sounds, readings)))
    for pause in _PAUSES:
        said = said.replace(f" {pause}", pause)
    if not any(pause in said for pause in _PAUSES):
        said += "".join(sign for sign in _wide(word) if sign in _PAUSES)[-1:]
    said = letters.known(said)
    is_mute = all(letter in letters.SILENT for letter in said)
    return f"{_MURMUR}{said.strip()}" if is_mute else said.strip()


def kana_sounds(kana: str) -> str:
    """The phoneme letters of a katakana reading: ``"キョー"`` is "kʲoː"."""
    found = list(re.findall(r".[ャュョァィゥェォ]|.", kana))
    said = ""
    for piece, following in zip(found, [*found[1:], ""], strict=True):
        said += _mora(piece, KANA.get(following, KANA.get(following[:1], "")))
    return said


def _mora(piece: str, following: str) -> str:
    if piece == "ー":
        return letters.LENGTH_MARK
    if piece == "ッ":
        return "ʔ"
    if piece == "ン":
        return _nasal(following)
    if piece in KANA:
        return KANA[piece]
    return "".join(KANA.get(sign, sign if sign in _PAUSES else "") for sign in piece)


def _nasal(following: str) -> str:
    """ン takes the place of the sound after it."""
    for firsts, nasal in (("mpb", "m"), ("kɡ", "ŋ"), ("ɲʨʥ", "ɲ"), ("ntdɾzʣʦ", "n")):
        if following[:1] and following[0] in firsts:
            return nasal
    return "ɴ"


@lru_cache(maxsize=1)
def _phrases() -> Any:  # noqa: ANN401 - BudouX's parser, which has no types
    import budoux

    return budoux.load_default_japanese_parser()
