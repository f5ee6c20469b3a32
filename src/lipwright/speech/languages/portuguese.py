"""Portuguese, as in Brazil: spelling says the stress and nearly all of the sounds."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from lipwright.speech.languages.rules import Rules, joined, pronounced, words

_CLASSES: Final = {"V": "aeiouáéíóúâêôãõàɛɔ", "E": "eiéíêɛ", "N": "mn"}
_RULES: Final = Rules(
    r"""
    h(?=#)      -
    ch          ʃ
    lh          lj
    nh          ɲ
    h           -
    qu(?=[aoáóâôã])  kw
    qü          kw
    qu          k
    gu(?=[aoáóâôã])  ɡw
    gü          ɡw
    gu(?=E)     ɡ
    g(?=E)      ʒ
    g           ɡ
    cc(?=E)     ks
    c(?=E)      s
    ç           s
    c           k
    sç          s
    sc(?=E)     s
    ss          s
    (?<=V)s(?=V)  z
    s(?=[bdgmnlrv])  z
    s           s
    (?<=#e)x(?=V)  z
    (?<=#ine)x(?=V)  z
    xc(?=E)     s
    x(?=[tpc])  s
    (?<=#tá)x   ks
    (?<=#ta)x   ks
    (?<=fi)x    ks
    (?<=se)x(?=o|u)  ks
    (?<=ne)x    ks
    (?<=ma)x(?=im)  s
    (?<=pró)x   s
    (?<=lu)x    ʃ
    x(?=#)      ks
    x           ʃ
    z(?=#)      s
    z           z
    rr          x
    #r          x
    (?<=[nls])r  x
    (?<=[bcdfgptkv])r  r
    r(?=V)      ɾ
    r(?=#)      r
    r           ɾə
    t(?=e#)     ʧ
    t(?=es#)    ʧ
    d(?=e#)     ʤ
    d(?=es#)    ʤ
    t(?=[ií])   ʧ
    d(?=[ií])   ʤ
    j           ʒ
    l(?=V)      l
    l           ʊ
    ão          ɐ̃ʊ̃
    ãe          ɐ̃y
    õe          õj
    ã           ɐ̃
    õ           õ
    am#         ɐ̃ʊ̃
    [eéê]m#     Aŋ
    [eéê]ns#    Aŋs
    [eéê]n#     eŋ
    [aâá]N(?!V|h)   ɐ̃ŋM
    [eéê]N(?!V|h)   AŋM
    [ií]N(?!V|h)    iŋM
    [oôó]N(?!V|h)   oŋM
    [uú]N(?!V|h)    uŋM
    á(?=N)      ɐ̃
    a(?=nh)     ɐ̃
    [aá]l(?!V|h)  W
    m           m
    n           n
    b           b
    f           f
    k           k
    p           p
    v           v
    d           d
    t           t
    w           w
    y           i
    [aá]i(?!nh)  I
    [aá]u(?!V)  W
    [eê]i       A
    éi          ɛj
    [oô]i(?!V)  oɪ
    ói          ɔɪ
    ou          o
    [eê]u(?!V)  eʊ
    éu          ɛʊ
    ui          ui
    i(?=[ao]s?#)  j
    ɛ           ɛ
    ɔ           ɔ
    á           a
    à           a
    â           ɐ
    a#          æ
    as#         æs
    a           a
    é           ɛ
    ê           e
    (?<!#)e#    y
    es#         ys
    e           e
    í           i
    i           i
    ó           ɔ
    ô           o
    (?<!#)o#    ʊ
    os#         ʊs
    o           o
    ú           u
    u           u
    ü           u
    """,
    _CLASSES,
)
_NUCLEUS: Final = re.compile(
    r"ão|ãe|õe|[aeoáéóâêô]i(?=[aeo]s?$)|[aeoáéóâêô][iu](?![aeoáéóâêôãõ]|[nm](?!h?[aeiou])|h)|[aeoáéóâêôãõàɛɔ]|[íú]|[iu]+"
)
_ACCENTS: Final = "áéíóúâêô"
_VOWELS: Final = "aeiouæɐɛɔIWAʊyɪ"
_ACCENTED: Final = {"a": "á", "e": "ê", "i": "í", "o": "ô", "u": "ú"}
_UNSTRESSED: Final = words(
    "a ao aos as à às com da das de do dos e em lhe me na nas no nos o os ou para "
    "pela pelas pelo pelos por pra que se sem sob te um uma"
)
_WEAK: Final = {"e": "i", "o": "ʊ", "os": "ʊs", "a": "a", "as": "as", "que": "ky", "de": "ʤy"} | {
    "se": "sy", "me": "my", "te": "ʧy", "lhe": "ljy", "do": "dʊ", "dos": "dʊs", "no": "nʊ",
    "nos": "nʊs", "ao": "Wʊ", "aos": "Wʊs", "por": "poɾ", "com": "koŋ", "em": "Aŋ", "sem": "sAŋ",
    "um": "ũŋ", "para": "paɾæ", "muito": "mwˈiŋtʊ", "muita": "mwˈiŋtæ", "muitos": "mwˈiŋtʊs",
    "muitas": "mwˈiŋtæs", "linguiça": "liŋɡwˈisæ", "mas": "mas",
}  # fmt: skip
_OPEN: Final = tuple(
    words(
        "jov nov sol pov port hor agor for fort mort bol col cop escola histori jog lev mel metr "
        "mulher perto pert pedra quer qualquer guerr ros esta rest sempr sert sexta terr test vel "
        "gost mod nossa noss vossa serr festa fest bel cert dez hotel papel anel foss fog ov olh "
        "log roda rod voz noz pod prov quel aquel del nel depress adultera presta eletr"
    )
)
"""Beginnings of words whose stressed e or o is open; unmarked ones are otherwise closed."""
_CLOSED: Final = words(
    "novo povo jogo fogo porto corpo ovo olho ele dele nele aquele neste deste esse este gosto "
    "posto todo toda todos todas pelo cedo medo preto certeza porco foro forma ser ter ver fazer "
    "dedo depois olhos corpo rede parede sede verde mesmo mesma"
)


def pronounce(text: str) -> tuple[str, ...]:
    """Letters of each word of a spoken sentence."""
    return pronounced(text, word)


@lru_cache(maxsize=4096)
def word(spelled: str) -> str:
    """The phoneme letters of one word, lower case."""
    plain = re.sub(r"[^a-záéíóúâêôãõàüç]", "", spelled)
    if plain in _WEAK:
        return unicodedata.normalize("NFD", _WEAK[plain])
    if plain.endswith("mente") and len(plain) > 7:
        return word(plain[:-5]).replace("ˈ", "ˌ") + "mˈAŋʧy"
    stressed = _stressed(plain)
    if stressed is not None and plain[stressed] in _ACCENTED:
        plain = plain[:stressed] + _accented(plain, stressed) + plain[stressed + 1 :]
    said = joined(_RULES.pieces(plain), stressed, _VOWELS)
    return re.sub(r"ŋM(?=ˈ?[pbm])", "m", said).replace("ŋM", "ŋ")


def _accented(plain: str, stressed: int) -> str:
    """The stressed vowel as it would be written with the accent that spelling leaves out."""
    letter = plain[stressed]
    if letter in "eo" and _is_open(plain, stressed):
        return "ɛ" if letter == "e" else "ɔ"
    return _ACCENTED[letter]


def _is_open(plain: str, stressed: int) -> bool:
    following = plain[stressed + 1 : stressed + 3]
    if plain in _CLOSED or (following[:1] in "mn"):
        return False
    if following == "l" or (following[:1] == "l" and stressed + 2 == len(plain)):
        return True  # sol, papel
    return any(plain.startswith(stem) and stressed < len(stem) for stem in _OPEN)


def _stressed(plain: str) -> int | None:
    """Where the stressed vowel is spelled: at the accent, or by the word's ending."""
    if plain in _UNSTRESSED:
        return None
    accent = next((i for i, letter in enumerate(plain) if letter in _ACCENTS), None)
    if accent is not None:
        return accent
    spelled = re.sub(r"(?<=[qg])[uü](?=[aeiouãáéíóêô])", "_", plain)
    nuclei = [match.start() for match in _NUCLEUS.finditer(spelled)]
    if len(nuclei) < 2:
        return nuclei[0] if nuclei else None
    tilde = next((i for i, letter in enumerate(plain) if letter in "ãõ"), None)
    if tilde is not None:
        return tilde
    weak = re.search(r"(?:[aeo]s?|am|em|ens)$", plain)
    return nuclei[-2] if weak else nuclei[-1]
