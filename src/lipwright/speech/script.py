"""A script as its user wrote it, cut into sentences of tokens that a voice can say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lipwright.errors import InvalidScript

SCRIPT_LIMIT: Final = 3600
"""Characters; the limit of the API that clients already speak."""


@dataclass(frozen=True, slots=True)
class Token:
    """One caption word."""

    text: str
    """The user's own spelling: ``"$3.50"``."""
    spoken: str
    """What is said, with the punctuation that shapes it: ``"three dollars and fifty cents"``."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens said in one breath."""

    tokens: tuple[Token, ...]
    ends_paragraph: bool


def read_script(script: str, *, limit: int = SCRIPT_LIMIT) -> tuple[Sentence, ...]:
    """Cut a script into sentences.

    Raises:
        InvalidScript: Nothing to say, or longer than `limit` characters.
    """
    if len(script) > limit:
        raise InvalidScript(
            f"The script has {len(script)} characters; at most {limit} are allowed."
        )
    sentences = tuple(_sentences(script))
    if not sentences:
        raise InvalidScript("The script has nothing to say in it; write at least one word.")
    return sentences


def _sentences(script: str) -> Iterator[Sentence]:
    tokens: list[Token] = []
    for word in script.split():
        if re.search(r"\w", word):
            tokens.append(Token(word, word))
        if word[-1] in ".!?" and tokens:
            yield Sentence(tuple(tokens), False)
            tokens = []
    if tokens:
        yield Sentence(tuple(tokens), True)
