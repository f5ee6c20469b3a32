"""French: words by rule and from a table, and the liaisons between them.

The table holds the words that `french_rules` gets wrong.  The consonant that is only heard before
a vowel ("les‿enfants") is added here.
"""

from __future__ import annotations

import lzma
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from lipwright.models import Asset
from lipwright.speech import letters
from lipwright.speech.languages.french_rules import sounds as sounds_by_rule
from lipwright.speech.languages.rules import PAUSES, words

_WORDS: Final = Asset(
    "words/fr.xz",
    "3dd882336fd027152c367d2e3dfd2a9869b4f5717f2d72b87c6bf052cfae89af",
    "MIT OR Apache-2.0",
    "g2p2-group-romance 0.2.3, its French words that the rules get wrong",
)

_VOWELS: Final = "aeiouyøœəɛɔɑɥ"
_FIXED: Final = {
    "le": "lə", "de": "də", "ce": "sə", "se": "sə", "ne": "nə", "me": "mə", "te": "tə",
    "que": "kə", "je": "ʒə", "est": "ɛ", "es": "ɛ", "mes": "me", "tes": "te", "ses": "se",
    "ces": "se", "les": "le",
    "des": "de", "et": "e", "un": "œ̃", "une": "yn", "plus": "ply", "tous": "tu", "fils": "fis",
    "os": "ɔs", "l": "l", "d": "d", "j": "ʒ", "qu": "k", "n": "n", "m": "m", "t": "t", "s": "s",
    "c": "s", "jusqu": "ʒysk", "lorsqu": "lɔʁsk", "puisqu": "pɥisk", "y": "i", "à": "a", "a": "a",
    "ô": "o", "au": "o", "aux": "o", "eux": "ø", "œufs": "ø", "bœufs": "bø", "monsieur": "məsjø",
    "messieurs": "mesjø", "où": "u", "notre": "nɔtʁ", "votre": "vɔtʁ", "avec": "avɛk",
    "haricots": "aʁiko", "entreprise": "ɑ̃tʁəpʁiz", "vend": "vɑ̃", "aujourd": "oʒuʁd", "hui": "ɥi",
    "gens": "ʒɑ̃", "ils": "il", "elles": "ɛl", "dont": "dɔ̃",
}  # fmt: skip
"""Words that are said otherwise in a sentence than alone."""

_LIAISONS: Final = (
    dict.fromkeys(words("les des mes tes ses ces nos vos leurs aux ils elles nous vous on"), "z")
    | dict.fromkeys(words("deux trois six dix très plus sans dans chez sous quels quelles"), "z")
    | dict.fromkeys(words("plusieurs quelques certains autres bons grands petits beaux"), "z")
    | dict.fromkeys(words("un mon ton son on en bien rien aucun bon"), "n")
    | dict.fromkeys(words("est sont ont vont font petit grand quand cet tout fut était"), "t")
)
"""The consonant that such a word takes before a vowel."""

_WITHOUT_LIAISON: Final = words(
    "et ou oui onze onzième huit huitième ouistiti yaourt yacht yoga week-end un-à-un"
)
_ASPIRATED: Final = tuple(
    words(
        "haie haine haïr hall halte hamac hameau hamster hanche handicap hangar harceler hardi "
        "harem hareng haricot harnais harpe hasard hausse haut hennir hérisser hernie héros hêtre "
        "heurter hibou hiérarchie hisser hobby hockey hollande homard hongrie honte hoquet hors "
        "housse huche huée huit hurler hutte hache"
    )
)
"""Beginnings of words whose mute h keeps liaison and elision away."""

_UNSTRESSED: Final = words(
    "le la les l un une des du de d au aux à et ou que qu qui ne n se s me m te t je j tu il elle "
    "on nous vous ils elles ce c ces cet cette mon ton son ma ta sa mes tes ses nos vos leur leurs "
    "en y aujourd dans où ont sont sur sous par pour avec sans est si"
)
_JOINED: Final = (("ɥi", "yi"), ("ɥ", "y"), ("t͡ʃ", "ʧ"), ("d͡ʒ", "ʤ"), ("r", "ʁ"), ("g", "ɡ"))
"""How Kokoro's French was written when it learned it."""


def pronounce(text: str) -> tuple[str, ...]:
    """Letters of each word of a spoken sentence, liaisons included."""
    parts = text.lower().split()
    return tuple(
        _said(part, parts[index + 1] if index + 1 < len(parts) else "")
        for index, part in enumerate(parts)
    )


def _said(part: str, following: str) -> str:
    pieces = re.findall(rf"[{re.escape(PAUSES)}]+|[^{re.escape(PAUSES)}]+", part)
    said = "".join(
        piece if piece[0] in PAUSES else "".join(_word(bit) for bit in _elided(piece))
        for piece in pieces
    )
    last = _bare(part)
    if pieces and pieces[-1][0] not in PAUSES and last in _LIAISONS and _takes(following):
        return said + _LIAISONS[last]
    return said


def _elided(piece: str) -> Iterator[str]:
    """``"l'homme"`` is two words said as one; so is ``"est-ce"``."""
    return (bit for bit in re.split(r"['’-]", piece) if bit)


def _bare(part: str) -> str:
    bits = re.split(r"['’-]", part.strip(PAUSES + '"'))
    return bits[-1] if bits else ""


def _takes(following: str) -> bool:
    """Whether a word lets the consonant before it be heard: it begins with a vowel."""
    bare = re.split(r"['’]", following.strip('"(—'))[0]
    if not bare or bare in _WITHOUT_LIAISON or bare.startswith(_ASPIRATED):
        return False
    return unicodedata.normalize("NFD", bare)[0] in "aeiouyhœæ" and not bare.startswith("y")


@lru_cache(maxsize=4096)
def _word(bit: str) -> str:
    said = _FIXED.get(bit) or _known(bit) or sounds_by_rule(bit)
    said = unicodedata.normalize("NFD", said)
    for sounds, letter in _JOINED:
        said = said.replace(sounds, letter)
    said = letters.known(re.sub(r"[ˈˌ.\s]", "", said))
    return said if bit in _UNSTRESSED else _stressed(said)


def _stressed(said: str) -> str:
    """The last full vowel is stressed."""
    places = [i for i, letter in enumerate(said) if letter in _VOWELS]
    full = [i for i in places if said[i] != "ə"] or places
    return said[: full[-1]] + letters.PRIMARY + said[full[-1] :] if full else said


def _known(bit: str) -> str:
    """The sounds of a word that the rules get wrong, found by bisection; empty for any other."""
    table = _table()
    low, high = 0, len(table)
    while low < high:
        start = table.rfind(b"\n", 0, (low + high) // 2) + 1
        end = table.find(b"\n", start)
        end = len(table) if end < 0 else end
        word, _, sounds = table[start:end].decode().partition("\t")
        if word == bit:
            return sounds
        if word < bit:
            low = end + 1
        else:
            high = start - 1 if start else 0
    return ""


@lru_cache(maxsize=1)
def _table() -> bytes:
    """Lines of a word, a tab and its sounds, sorted."""
    return lzma.decompress(_WORDS.read())
