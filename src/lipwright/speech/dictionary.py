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


def _instead(word: str, sounds: str, front_end: FrontEnd) -> tuple[str | None, str | None]:
    """Words or letters that are said for an entry of the dictionary."""
    if not any(map(str.isalnum, word)) or not any(map(str.isalnum, sounds)):
        raise InvalidRequest(
            f'The pronunciation of "{word}" is "{sounds}"; write a word, and how it is said.'
        )
    if not (len(sounds) > 2 and sounds[0] == sounds[-1] == "/"):
        return sounds, None
    spelled = front_end.letters_of(sounds[1:-1])
    if unknown := letters.unknown(spelled):
        raise InvalidRequest(
            f'The pronunciation of "{word}" has "{unknown[0]}", which the voice cannot say.'
        )
    return None, spelled


def _found(word: str, text: str) -> Iterator[tuple[int, int]]:
    """Where a word or phrase stands by itself in a text, whatever its case."""
    pattern = r"\s+".join(re.escape(part) for part in word.split())
    before = r"(?<!\w)" if word.strip()[0].isalnum() else ""
    after = r"(?!\w)" if word.strip()[-1].isalnum() else ""
    for match in re.finditer(before + pattern + after, text, re.IGNORECASE):
        yield match.span()
