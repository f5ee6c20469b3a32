"""Edited words take over the times of the words that were there."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from lipwright.timeline import SAMPLE_RATE, Timed

_SHORTEST: Final = SAMPLE_RATE * 80 // 1000
"""An inserted word takes a pause from so much on; otherwise it shares a neighbour's time."""


def reworded(words: Sequence[Timed[str]], texts: Sequence[str]) -> tuple[Timed[str], ...]:
    """The edited words with times, in order and never overlapping.

    Words that are the same but for case and punctuation keep their times exactly.  Others share
    the time of the words that they replace, each by its length.  An inserted word takes the pause
    that it stands in, or a part of the word before it (at the start: after it).  Nothing outside
    an edit moves.

    >>> timed = [Timed(0, 10, "Hello"), Timed(10, 30, "word")]
    >>> [(w.start, w.end, w.value) for w in reworded(timed, ["hello,", "brave", "world"])]
    [(0, 10, 'hello,'), (10, 20, 'brave'), (20, 30, 'world')]
    """
    old_keys, new_keys = [_key(word.value) for word in words], [_key(text) for text in texts]
    matcher = SequenceMatcher(None, old_keys, new_keys, autojunk=False)
    found: list[Timed[str]] = []
    for kind, first, stop, new_first, new_stop in matcher.get_opcodes():
        new = texts[new_first:new_stop]
        if kind == "equal":
            old = words[first:stop]
            found.extend(Timed(w.start, w.end, t) for w, t in zip(old, new, strict=True))
        elif kind == "replace":
            found.extend(_shared(words[first].start, words[stop - 1].end, new))
        elif kind == "insert":
            found.extend(_inserted(words, first, new, found))
    return tuple(found)


def _key(text: str) -> str:
    """What of a word is heard: letters and digits, without case."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in plain if c.isalnum()) or plain


def _shared(start: int, end: int, texts: Sequence[str]) -> Iterator[Timed[str]]:
    """Words one after another in ``[start, end)``, each by its length."""
    total, passed = sum(len(text) + 1 for text in texts), 0
    for text in texts:
        first = start + (end - start) * passed // total
        passed += len(text) + 1
        yield Timed(first, start + (end - start) * passed // total, text)


def _inserted(
    words: Sequence[Timed[str]], before: int, texts: Sequence[str], found: list[Timed[str]]
) -> Iterator[Timed[str]]:
    """New words before ``words[before]``; a word in `found` that shares its time is taken out."""
    start = words[before - 1].end if before else 0
    end = words[before].start if before < len(words) else start
    if end - start >= _SHORTEST * len(texts):
        return _shared(start, end, texts)
    if found:
        last = found.pop()
        return _shared(last.start, max(last.end, end), [last.value, *texts])
    # nothing is before them: they are seen together with the first word
    return (Timed(start, max(start, end), text) for text in texts)
