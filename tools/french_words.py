"""Make ``assets/words/fr.xz`` again: French words that the spelling rules get wrong.

    pip install g2p2-group-romance==0.2.3
    python tools/french_words.py

The pronunciations are those of the French model of g2p2 (MIT or Apache-2.0).  Only words that
`french_rules` says otherwise are kept, and only those of up to `LONGEST` letters: longer ones are
nearly all inflections of rare verbs.  Prints the line for ``assets/NOTICE``.
"""

from __future__ import annotations

import hashlib
import lzma
import re
import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from lipwright.speech.languages import french_rules

OUTPUT = Path(__file__).parent.parent / "src/lipwright/assets/words/fr.xz"
LONGEST = 11
LEXICON_START = 6_251_442
"""Where the model of version 0.2.3 begins to list words: length, word, length, sounds."""

SPELLED = re.compile("[a-zàâäéèêëîïôöùûüçœæ]+")
SAME = str.maketrans({"ɔ": "o", "ɛ": "e", "ɑ": "a", "ə": "", "ː": "", ".": "", "r": "ʁ", "œ": "ø"})
"""Differences that no listener minds are not worth an entry."""


def lexicon(model: bytes) -> Iterator[tuple[str, str]]:
    """Every word of the model and its sounds."""
    at = LEXICON_START
    while at < len(model):
        fields = []
        for _ in range(2):
            length = int.from_bytes(model[at : at + 2], "little")
            fields.append(model[at + 2 : at + 2 + length].decode())
            at += 2 + length
        yield fields[0], fields[1]


def heard(sounds: str) -> str:
    """Sounds as far as a listener minds."""
    parted = unicodedata.normalize("NFD", sounds).replace("g", "ɡ")
    nasal = re.sub("(.)\u0303", lambda match: match[1].translate(SAME).upper(), parted)
    return nasal.translate(SAME).replace("Ø", "E").replace("ij", "j")


def main() -> None:
    """Write the words and print their hash."""
    packed = files("g2p2_group_romance").joinpath("fr.g2p.xz").read_bytes()
    wrong = sorted(
        f"{word}\t{unicodedata.normalize('NFC', sounds)}"
        for word, sounds in lexicon(lzma.decompress(packed))
        if len(word) <= LONGEST
        and SPELLED.fullmatch(word)
        and heard(french_rules.sounds(word)) != heard(sounds)
    )
    OUTPUT.parent.mkdir(exist_ok=True)
    content = lzma.compress("\n".join(wrong).encode(), preset=9)
    OUTPUT.write_bytes(content)
    print(f"words/fr.xz  {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
