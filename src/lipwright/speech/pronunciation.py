"""English words to phoneme letters, in context: "the" before a vowel, "read" as verb or noun."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from hibari.g2p import G2P

from lipwright.speech import letters

_MURMUR = "ə"


class Pronouncer:
    """Reads English, American or British, without a network or a system package."""

    def __init__(self, *, british: bool) -> None:
        self._g2p = _g2p(british)

    def __call__(self, text: str) -> tuple[str, ...]:
        """Letters of each whitespace-separated word of one sentence, punctuation included.

        The text must hold words and punctuation only: numbers and signs are `spoken`'s work.
        """
        read = [""]
        for token in self._g2p.phonemize_tokens(self._g2p.tokenize(" ".join(text.split()))):
            read[-1] += token.phonemes or ""
            if token.whitespace:
                read.append("")
        words = zip(text.split(), read, strict=True)
        return tuple(_heard(word, letters.known(said.replace(" ", ""))) for word, said in words)


def _heard(word: str, said: str) -> str:
    """The letters read, or a murmur for a word that cannot be read, so that it has a time."""
    is_mute = all(letter in letters.SILENT for letter in said)
    return f"{_MURMUR}{said}" if is_mute and any(map(str.isalnum, word)) else said


@lru_cache(maxsize=2)
def _g2p(british: bool) -> G2P:
    """The lexicon takes 0.5 s to load, so each accent is read once a process."""
    return cast(G2P, G2P(british=british))
