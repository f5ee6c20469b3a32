"""Spelling to sound by rules: the first that matches at a place wins."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

PAUSES: Final = ".,;:!?…—()"
"""Punctuation that a voice hears."""


def words(text: str) -> frozenset[str]:
    """The words of a text, for tables."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Piece:
    """Some letters of a word and their sound."""

    start: int
    sound: str


class Rules:
    """Ordered rules of one language.

    Written one a line, ``spelling  sound``: the spelling is a regular expression that may look
    around itself, the sound is phoneme letters, ``-`` for none.  ``#`` in a spelling is the edge
    of a word, and capitals stand for the classes that `classes` names.
    """

    def __init__(self, table: str, classes: dict[str, str]) -> None:
        self._rules: list[tuple[re.Pattern[str], str]] = []
        for line in filter(None, map(str.strip, table.splitlines())):
            spelling, sound = line.split()
            for name, letters in classes.items():
                spelling = spelling.replace(name, f"[{letters}]")
            pattern = re.compile(spelling.replace("#", r"\b"))
            self._rules.append((pattern, "" if sound == "-" else sound))

    def pieces(self, word: str) -> list[Piece]:
        """The word cut into pieces that have a sound; letters without a rule are passed over."""
        found, at = [], 0
        while at < len(word):
            for pattern, sound in self._rules:
                match = pattern.match(word, at)
                if match and match.end() > at:
                    found.append(Piece(at, sound))
                    at = match.end()
                    break
            else:
                at += 1
        return found


def joined(pieces: Sequence[Piece], stressed: int | None, vowels: str, mark: str = "ˈ") -> str:
    """The sounds of a word, with a stress mark before the vowel that is spelled at `stressed`."""
    said = ""
    for index, piece in enumerate(pieces):
        after = pieces[index + 1].start if index + 1 < len(pieces) else None
        here = (
            stressed is not None and piece.start <= stressed and (after is None or stressed < after)
        )
        said += _marked(piece.sound, vowels, mark) if here else piece.sound
    return unicodedata.normalize("NFD", said)  # a vowel and its tilde are two letters


def _marked(sound: str, vowels: str, mark: str) -> str:
    place = next((i for i, letter in enumerate(sound) if letter in vowels), 0)
    return sound[:place] + mark + sound[place:]


def pronounced(text: str, word: Callable[[str], str]) -> tuple[str, ...]:
    """Each whitespace-separated word said by `word`, with the pauses that stand around it."""
    return tuple(_with_pauses(part, word) for part in text.split())


def _with_pauses(part: str, word: Callable[[str], str]) -> str:
    said = ""
    for piece in re.findall(rf"[{re.escape(PAUSES)}]+|[^{re.escape(PAUSES)}]+", part):
        said += piece if piece[0] in PAUSES else word(piece.lower())
    return said
