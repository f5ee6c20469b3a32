"""The user's own pronunciations, laid over a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lipwright.errors import InvalidRequest
from lipwright.speech import letters
from lipwright.speech.languages.front_end import FrontEnd
from lipwright.speech.markup import Marked, Said


def with_pronunciations(
    marked: Marked, pronunciations: tuple[tuple[str, str], ...], front_end: FrontEnd
) -> Marked:
    """The script with each word of the dictionary said as it says; marks in the script win.

    Raises:
        InvalidRequest: An entry is empty, or its IPA has a sound that no voice can say.
    """
    if not pronunciations:
        return marked
    said = list(marked.said)
    longest_first = sorted(pronunciations, key=lambda entry: -len(entry[0]))
    for word, sounds in longest_first:
        alias, spelled = _instead(word, sounds, front_end)
        for start, end in _found(word, marked.text):
            if not any(this.start < end and start < this.end for this in said):
                said.append(Said(start, end, alias, spelled))
    return replace(marked, said=tuple(sorted(said, key=lambda this: this.start)))


def check_pronunciation(word: str, sounds: str) -> None:
    """Raise `InvalidRequest` where no voice of any language can say an entry."""
    _check_written(word, sounds)
    if _is_ipa(sounds):
        read = [letters.from_ipa(sounds[1:-1], english=english) for english in (True, False)]
        _check_known(word, min(map(letters.unknown, read), key=len))


def _instead(word: str, sounds: str, front_end: FrontEnd) -> tuple[str | None, str | None]:
    """Words or letters that are said for an entry of the dictionary."""
    _check_written(word, sounds)
    if not _is_ipa(sounds):
        return sounds, None
    spelled = front_end.letters_of(sounds[1:-1])
    _check_known(word, letters.unknown(spelled))
    return None, spelled


def _is_ipa(sounds: str) -> bool:
    return len(sounds) > 2 and sounds[0] == sounds[-1] == "/"


def _check_written(word: str, sounds: str) -> None:
    if not any(map(str.isalnum, word)) or not any(map(str.isalnum, sounds)):
        raise InvalidRequest(
            f'The pronunciation of "{word}" is "{sounds}"; write a word, and how it is said.'
        )


def _check_known(word: str, unknown: str) -> None:
    if unknown:
        raise InvalidRequest(
            f'The pronunciation of "{word}" has "{unknown[0]}", which the voice cannot say.'
        )


def _found(word: str, text: str) -> Iterator[tuple[int, int]]:
    """Where a word or phrase stands by itself in a text, whatever its case."""
    pattern = r"\s+".join(re.escape(part) for part in word.split())
    before = r"(?<!\w)" if word.strip()[0].isalnum() else ""
    after = r"(?!\w)" if word.strip()[-1].isalnum() else ""
    for match in re.finditer(before + pattern + after, text, re.IGNORECASE):
        yield match.span()
