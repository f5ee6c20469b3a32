"""Spanish, as in Castile: spelling says the sounds and the stress."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lipwright.speech.languages.rules import Rules, joined, pronounced, words

_CLASSES: Final = {"V": "aeiouáéíóúü", "E": "eiéí", "N": "nm"}
_RULES: Final = Rules(
    r"""
    #ps         s
    #x          s
    #hu(?=[aeoáéó])  w
    #hi(?=[eé])  ʝ
    h           -
    qu(?=E)     k
    q           k
    gu(?=E)     ɡ*
    gü(?=V)     ɡ*w
    c(?=[cç])   k
    c(?=E)      θ
    ch          ʧ
    c           k
    z           θ
    ç           θ
    méxic       mexik
    #méjic      mexik
    g(?=E)      x
    (?<=#)g     ɡ
    (?<=N)g     ɡ
    g           ɡ*
    j           x
    ll          ʎ
    ñ           ɲ
    (?<=#)[bv]  b
    (?<=N)[bv]  b
    [bv]        β
    (?<=#)d     d
    (?<=[nl])d  d
    d(?=#)      d
    d           ð
    rr          r
    #r          r
    (?<=[nls])r  r
    r           ɾ
    x           ks
    y(?=V)      ʝ
    y(?=#)      i
    y           i
    nn          n
    n(?=[vbpmf])  m
    n(?=g|c[^eiéíh]|k|q|j)  ŋ
    w           w
    s           s
    f           f
    k           k
    l           l
    m           m
    n           n
    p           p
    t           t
    [aá]i(?!V)      I
    ay#         I
    [aá]u(?!V)      W
    [eé]i(?!V)      A
    ey#         A
    oy#         oj
    [oó]i       oj
    uy#         uj
    i(?=[aeouáéóú])  j
    [uü](?=[aeioáéíó])  w
    [uü](?=y#)  u
    a           a
    á           a
    e           e
    é           e
    i           i
    í           i
    o           o
    ó           o
    u           u
    ú           u
    ü           u
    """,
    _CLASSES,
)
_NUCLEUS: Final = re.compile(
    r"[iuü]?(?:[aeoáéó][iuyü](?![aeiouáéíóúy])|[aeoáéó])|[íú]|[iuü]+(?![aeoáéó])|y(?=$)"
)
_ACCENTS: Final = "áéíóú"
_VOWELS: Final = "aeiouAIW"
_UNSTRESSED: Final = words(
    "a al ante bajo con de del desde e el en hasta la las le les lo los me mi mis ni nos o para "
    "pero por que se si sin sino su sus te tu tus u un y"
)


def pronounce(text: str) -> tuple[str, ...]:
    """Letters of each word of a spoken sentence."""
    return pronounced(text, word)


@lru_cache(maxsize=4096)
def word(spelled: str) -> str:
    """The phoneme letters of one word, lower case."""
    if spelled.endswith("mente") and len(spelled) > 7:  # two stresses: fácil-mente
        return word(spelled[:-5]) + "mˈente"
    plain = re.sub(r"[^a-záéíóúüñç]", "", spelled)
    if plain == "y":
        return "i"
    said = joined(_RULES.pieces(plain), _stressed(plain), _VOWELS)
    return _softened(said)


def _softened(said: str) -> str:
    """A g between vowels is soft; after a pause or a nasal it is not."""
    soft = re.sub(r"(?<=[aeiouAIWlɾsjw])(ˈ?)ɡ\*", r"\1ɣ", said)
    return re.sub(r"(?<=[aeiouAIW])ɡ(?=ˈ?[aouwlɾ])", "ɣ", soft).replace("*", "")


def _stressed(plain: str) -> int | None:
    """Where the stressed vowel is spelled: at the accent, or by the word's last letter."""
    if plain in _UNSTRESSED:
        return None
    accent = next((i for i, letter in enumerate(plain) if letter in _ACCENTS), None)
    if accent is not None:
        return accent
    spelled = re.sub(r"(?<=[qg])u(?=[ei])", "_", plain)
    nuclei = [_peak(match) for match in _NUCLEUS.finditer(spelled)]
    if not nuclei:
        return None
    last = plain[-1] in "aeiouns" and not re.search(r"[aeo]y$", plain)
    return nuclei[-2] if last and len(nuclei) > 1 else nuclei[-1]


def _peak(nucleus: re.Match[str]) -> int:
    """The vowel of a nucleus that carries the stress: the open one, or the last of two close."""
    strong = next((i for i, letter in enumerate(nucleus[0]) if letter in "aeoáéóíú"), None)
    return nucleus.start() + (strong if strong is not None else len(nucleus[0]) - 1)
