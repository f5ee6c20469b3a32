"""Reading a language: from words as written to the phoneme letters that a voice says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal, Protocol

Language = Literal["en-US", "en-GB", "es-ES", "fr-FR", "it-IT", "pt-BR", "ja-JP", "zh-CN"]

Kind = Literal["characters", "cardinal", "ordinal", "digits", "telephone"]
"""What a user may say that a word is; see `FrontEnd.said_as`."""

KINDS: Final[dict[str, Kind]] = {
    "characters": "characters",
    "spell-out": "characters",
    "verbatim": "characters",
    "cardinal": "cardinal",
    "number": "cardinal",
    "ordinal": "ordinal",
    "digits": "digits",
    "telephone": "telephone",
}
"""The names that SSML's users know (``interpret-as``)."""


class FrontEnd(Protocol):
    """Reads one language, without a network or a system package."""

    def check(self, words: Iterable[str]) -> None:
        """Raise `UnsupportedLanguage` if a plain word has letters of another language."""

    @property
    def spaced(self) -> bool:
        """Whether words are written with spaces between them."""

    def split(self, text: str) -> list[str]:
        """The caption words of a text without spaces; joined, they are the text."""

    def is_abbreviated(self, before: str, word: str, following: str) -> bool:
        """Whether the full stop after `word` belongs to an abbreviation inside a sentence."""

    def spoken(self, words: Sequence[str]) -> list[str]:
        """What is said for each plain word of one sentence, punctuation kept where it pauses."""

    def said_as(self, text: str, kind: Kind) -> str | None:
        """What is said for a text of that kind; None where the text is not of it."""

    def pronounce(self, text: str) -> tuple[str, ...]:
        """Letters of each whitespace-separated word of one spoken sentence, punctuation too."""

    def letters_of(self, ipa: str) -> str:
        """The letters of a word in IPA."""
