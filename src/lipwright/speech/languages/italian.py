"""Italian: spelling says the sounds; the stress of longer words partly has to be known."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lipwright.speech.languages.italian_words import (
    EARLY,
    IMPERATIVES,
    LATE_INFINITIVES,
    OPEN,
    PROPAROXYTONES,
    VOICED_Z,
)
from lipwright.speech.languages.rules import Rules, joined, pronounced, words
from lipwright.speech.letters import PRIMARY, SECONDARY

_CLASSES: Final = {"V": "aeiouàèéìíòóùúáɛɔ", "E": "eièéìíɛ", "L": "bdglmnrv"}
_RULES: Final = Rules(
    r"""
    h           -
    sci(?=[aouàòùɔáóú])  ʃ
    sc(?=E)     ʃ
    cci(?=[aouàòùɔáóú])  ʧː
    cc(?=E)     ʧː
    cch         kː
    cc          kː
    cqu         kːw
    ch          k
    ci(?=[aouàòùɔáóú])  ʧ
    ci(?=[eɛé])  ʧ
    c(?=E)      ʧ
    c           k
    ggi(?=[aouàòùɔáóú])  ʤː
    gg(?=E)     ʤː
    ggh         ɡː
    gg          ɡː
    gh          ɡ
    gli(?=[aeouáéóàòɛɔ])  ʎ
    gl(?=[ií])    ʎ
    gn          ɲ
    gi(?=[aouàòùɔáóú])  ʤ
    g(?=E)      ʤ
    g           ɡ
    qu          kw
    q           k
    ZZ          ʣː
    Z           ʣ
    zz          ʦː
    zi(?=[oɔó])  ʦi
    z           ʦ
    s(?=L)      z
    (?<=V)s(?=V)  z
    ss          S
    s           s
    j           j
    x           ks
    y           i
    w           v
    bb          bː
    dd          dː
    ff          fː
    ll          ll
    mm          mm
    nn          nn
    pp          pː
    rr          rɾ
    tt          tː
    vv          vː
    kk          kː
    n(?=g[^n]|c[^eiéíèìɛh]|k|q)  ŋ
    b           b
    d           d
    f           f
    k           k
    l           l
    m           m
    n           n
    p           p
    r           r
    t           t
    v           v
    (?<=r)i(?=V)  i
    (?<=[aàá])i(?=[ao])  i
    i(?=[aeouáéóúàèòɛɔ])  j
    [aá]i(?!V)  aj
    (?<=[ɛɔéóeo])i#  i
    [àa]u(?!V)  aʊ
    eu(?!V)     eʊ
    u(?=[aeioáéíóàèìòɛɔ])  w
    i#          ɪ
    u           ʊ
    [aàá]       a
    [èɛ]        ɛ
    [eé]        e
    [iìí]       i
    [òɔ]        ɔ
    [oó]        o
    [ùú]        u
    """,
    _CLASSES,
)
_NUCLEUS: Final = re.compile(r"[iu]?[aeoàèéòó][iu]?(?![aeou])|[iu]?[aeoàèéòó]|[ìíùú]|[iu]+")
_ACCENTS: Final = "àèéìíòóùú"
_ACCENTED: Final = {"a": "á", "e": "é", "i": "í", "o": "ó", "u": "ú"}
_VOWELS: Final = "aeiouɛɔɪʊ"
_UNSTRESSED: Final = words(
    "a ad al allo alla ai agli alle che ci con da dal dallo dalla dai dagli dalle de del dello "
    "della dei degli delle di e ed i il in la le lo gli mi ne nel nello nella nei negli nelle "
    "o per se si ha ho hai non "
    "su sul sullo sulla sui sugli sulle ti un vi "
    "all coll dall dell nell sull"  # before an apostrophe
)
_WEAK: Final = words(
    "hanno mia mie miei mio nostra nostre nostri nostro sono sua sue suo suoi tua tue tuo tuoi "
    "una uno vostra vostre vostri vostro"
)
"""Words that lean on the next one: their stress is the second one of the phrase."""
_SHORT: Final = {"i": "i", "una": "ˌʊna", "uno": "ˌʊno"}
"""Short words that are said otherwise than the rules say."""
_EARLY_ENDING: Final = re.compile(
    r"(?:[aei]bil[ei]|issim[oaei]|[aeio]tic[oaei]|[oe]nic[oaei]|ogic[oaei]|ograf[oaei]|"
    r"olog[oaei]|[ae]fon[oaei]|esim[oaei]|evol[ei]|ogen[oaei]|[aeio]ric[oaei]|[oi]metr[oaei])$"
)
"""Endings that are stressed on the third syllable from the end."""
_CLITIC: Final = re.compile(r"(.+)(?:[mtcvs]i|l[oaie]|gli|ne)")

_HIATUS: Final = re.compile(
    r"(?:logi|grafi|[lrnt]eri|sofi|nomi|crazi|pati|foni|farmaci|polizi|pulizi|magi|energi|allergi|"
    r"compagni|folli|allegri|fantasi|malatti|geometri|vi|bugi|spi|democrazi|pazzi|garanzi|regi)[ae]$"
)
"""Endings with a stressed i before the last vowel."""


def pronounce(text: str) -> tuple[str, ...]:
    """Letters of each word of a spoken sentence."""
    return pronounced(text, _elided)


def _elided(spelled: str) -> str:
    """``"dell'acqua"`` is said as one word of two."""
    return "".join(word(part) for part in re.split(r"['’]", spelled) if part)


@lru_cache(maxsize=4096)
def word(spelled: str) -> str:
    """The phoneme letters of one word, lower case."""
    plain = re.sub(r"[^a-zàèéìíòóùú]", "", spelled)
    if plain in _SHORT:
        return _SHORT[plain]
    stressed = _stressed(plain)
    if plain.startswith(tuple(VOICED_Z)):
        plain = re.sub(r"zz?", lambda match: match[0].upper(), plain, count=1)
    if stressed is not None and plain[stressed] in _ACCENTED:
        plain = plain[:stressed] + _accented(plain, stressed) + plain[stressed + 1 :]
    mark = SECONDARY if spelled in _WEAK else PRIMARY
    return joined(_RULES.pieces(plain), stressed, _VOWELS, mark)


def _accented(plain: str, stressed: int) -> str:
    """The stressed vowel as it would be written with the accent that Italian leaves out."""
    letter = plain[stressed]
    if letter in "eo" and _is_open(plain, stressed):
        return "ɛ" if letter == "e" else "ɔ"
    return _ACCENTED[letter]


def _is_open(plain: str, stressed: int) -> bool:
    if plain[stressed - 1 : stressed + 1] in ("ie", "uo") and plain[stressed + 1 :]:
        return plain[stressed - 2 : stressed - 1] != "q"  # piede, buono
    if plain[stressed + 1 :] == "i":
        return True  # lei, poi
    return any(plain.startswith(stem) for stem in OPEN)


def _stressed(plain: str) -> int | None:
    if plain in _UNSTRESSED:
        return None
    accent = next((i for i, letter in enumerate(plain) if letter in _ACCENTS), None)
    if accent is not None:
        return accent
    spelled = re.sub(
        r"(?<=[cg])i(?=[aou])|(?<=q)u|(?<=gl)i(?=[aeou])|(?<=sc)i(?=[aou])", "_", plain
    )
    if re.fullmatch(r"[^aeiou]*[iu][aeo]", spelled) or re.search(_HIATUS, plain):
        return len(plain) - 2  # mia, due, farmacia
    nuclei = [_peak(match) for match in _NUCLEUS.finditer(spelled)]
    if len(nuclei) < 2:
        return nuclei[0] if nuclei else None
    from_end = 3 if len(nuclei) > 2 and _is_early(plain) else 2
    return nuclei[-from_end]


def _is_early(plain: str) -> bool:
    """Whether the third syllable from the end is stressed."""
    if _leans(plain):
        return True
    infinitive = re.sub(r"er(?:[mtcv]i|si|l[oaie]|ne)$", "ere", plain)  # prenderlo
    if infinitive.endswith("ere") and len(infinitive) > 4:
        return infinitive not in LATE_INFINITIVES
    if plain in EARLY or plain[:-1] in PROPAROXYTONES:
        return True
    return bool(_EARLY_ENDING.search(plain)) and not plain.endswith("ologia")


def _leans(plain: str) -> bool:
    """Whether a short pronoun hangs on the verb and leaves the stress where it was: scrivimi."""
    match = _CLITIC.fullmatch(plain)
    return match is not None and (match[1].endswith("ndo") or match[1] in IMPERATIVES)


def _peak(nucleus: re.Match[str]) -> int:
    strong = next((i for i, letter in enumerate(nucleus[0]) if letter in "aeoàèéòóìíùú"), None)
    if strong is None:
        after_g = nucleus.string[nucleus.start() - 1 : nucleus.start()] == "g"
        strong = 1 if nucleus[0] == "iu" or (nucleus[0] == "ui" and after_g) else 0  # fiume, guida
    return nucleus.start() + strong
