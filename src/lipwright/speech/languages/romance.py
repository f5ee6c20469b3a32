"""The front end of the languages that have a lexicon and write their sounds in Latin letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from lipwright.speech import letters
from lipwright.speech.languages.figures import Figures
from lipwright.speech.languages.front_end import Kind
from lipwright.speech.languages.lexicon import Lexicon
from lipwright.speech.plain import check_writing

_MURMUR = "ə"


@dataclass(frozen=True, slots=True)
class Romance:
    """Reads one of them."""

    lexicon: Lexicon
    read: Callable[[str], tuple[str, ...]]
    """A spoken sentence to the letters of each word."""
    spaced: bool = field(default=True, init=False)

    def check(self, words: Iterable[str]) -> None:
        """See `FrontEnd.check`."""
        check_writing(words, self.lexicon.language, ("LATIN",))

    def split(self, text: str) -> list[str]:
        """See `FrontEnd.split`."""
        return [text]

    def is_abbreviated(self, before: str, word: str, following: str) -> bool:
        """See `FrontEnd.is_abbreviated`."""
        return (word.isdigit() and not before) or Figures(self.lexicon).is_abbreviated(word)

    def spoken(self, words: Sequence[str]) -> list[str]:
        """See `FrontEnd.spoken`."""
        return Figures(self.lexicon).spoken(words)

    def said_as(self, text: str, kind: Kind) -> str | None:
        """See `FrontEnd.said_as`."""
        figures = Figures(self.lexicon)
        if kind == "characters":
            return figures.spelled(text)
        if kind in ("digits", "telephone"):
            return figures.digits(text) or None
        return figures.number(text) if kind == "cardinal" else figures.ordinal(text)

    def pronounce(self, text: str) -> tuple[str, ...]:
        """See `FrontEnd.pronounce`."""
        said = zip(text.split(), self.read(text), strict=True)
        return tuple(_heard(word, letters.known(sounds)) for word, sounds in said)

    def letters_of(self, ipa: str) -> str:
        """See `FrontEnd.letters_of`."""
        return letters.from_ipa(ipa, english=False)


def _heard(word: str, said: str) -> str:
    """The letters read, or a murmur for a word that cannot be read, so that it has a time."""
    is_mute = all(letter in letters.SILENT for letter in said)
    return f"{_MURMUR}{said}" if is_mute and any(map(str.isalnum, word)) else said
