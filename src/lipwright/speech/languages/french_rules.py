"""French spelling to sound, for the words that `french_words` does not hold."""

from __future__ import annotations

from typing import Final

from lipwright.speech.languages.rules import Rules

_CLASSES: Final = {
    "V": "aeiouyàâäéèêëîïôöùûüœæ",
    "E": "eiyéèêëîï",
    "N": "mn",
    "X": "mnhaeiouyàâäéèêëîïôöùûü",
}

RULES: Final = Rules(
    r"""
    (?<=#..)ment#  mɑ̃
    oient#      wa
    aient#      ɛ
    (?<=[^m])ent#  -
    (?<=[èuiîâa]m)ent#  -
    ement(?=s?#)   əmɑ̃
    ment(?=s?#)   mɑ̃
    amment      amɑ̃
    emment      amɑ̃
    er(?=s?#)(?<=#[bcfhmv]er)  ɛʁ
    (?<=iv)er#  ɛʁ
    ier(?=s?#)  je
    er(?=s?#)   e
    ez#         e
    et(?=s?#)   ɛ
    es#         -
    (?<!#)e#    -
    #e#         ə
    eau         o
    aux#        o
    au(?=x?#)   o
    au          o
    #hu(?=it)   ɥ
    h           -
    oeu(?=[fr])  œ
    œu(?=[frv])  œ
    œu          ø
    œi          œj
    œ           e
    ouill(?=V)  uj
    ouil        uj
    ouin        wɛ̃
    oui         wi
    où          u
    ou(?=V)     w
    ou          u
    oû          u
    oin(?!V)    wɛ̃
    oî          wa
    oy(?=V)     waj
    oi          wa
    oy          wa
    oo          ɔ
    ueil        œj
    euil        œj
    eui         œj
    eu(?=s#|x#|#|t#|se)  ø
    eu(?=r|l|v|f|n)  œ
    eû          ø
    eu          ø
    (?<=[aeo])ing#  iŋ
    ing(?=s?#)  iŋ
    aill        aj
    ail         aj
    aim(?!X)    ɛ̃
    ain(?!X)    ɛ̃
    ay(?=V)     ɛj
    aî          ɛ
    ai          ɛ
    ay          ɛ
    eill        ɛj
    eil         ɛj
    ein(?!X)    ɛ̃
    eim(?!X)    ɛ̃
    ey          ɛ
    ei          ɛ
    ien(?!X|t)  jɛ̃
    (?<=[bcdfgptv][rl])i(?=V)  ij
    ill(?=V)(?<=#[vm]ill)  il
    (?<=tranqu)ill  il
    (?<=[^V])ill(?=V)  ij
    (?<=V)ill   j
    il#(?<=V..)  j
    im(?=[bp])  ɛ̃
    in(?!X)     ɛ̃
    yn(?!X)     ɛ̃
    ym(?=[bp])  ɛ̃
    um#         ɔm
    un(?!X)     œ̃
    um(?=[bp])  œ̃
    en(?=ne)    ɛ
    (?<=é)en#   ɛ̃
    en(?!X)     ɑ̃
    em(?=[bp])  ɑ̃
    #em(?=m)    ɑ̃
    #en(?=n)    ɑ̃
    an(?!X)     ɑ̃
    am(?=[bp])  ɑ̃
    on(?!X)     ɔ̃
    om(?=[bp])  ɔ̃
    om#         ɔ̃
    cc(?=E)     ks
    cc          k
    ch(?=[rlnm])  k
    sch         ʃ
    ch          ʃ
    ck          k
    cqu         k
    c(?=E)      s
    ç           s
    c(?=[st]?#)(?<=an.|on.)  -
    c           k
    gn          ɲ
    gu(?=E)     ɡ
    ge(?=[aoâ])  ʒ
    g(?=E)      ʒ
    gg          ɡ
    g(?=s?#)    -
    g           ɡ
    j           ʒ
    ph          f
    qu          k
    q           k
    ssé         se
    sc(?=E)     s
    ss          s
    s(?=#)      -
    (?<=V)s(?=V)  z
    s           s
    tion(?=s?#)  sjɔ̃
    tion(?=n|a|i|o)  sjɔ
    tion        sjɔ̃
    (?<=[^s])ti(?=[aeo][^n]|elle)(?<=[an]t.|[iou]t.)  sj
    tt          t
    th          t
    t(?=s?#)    -
    t           t
    d(?=s?#)    -
    dd          d
    d           d
    x(?=#)      -
    #ex(?=V)    ɛɡz
    #ex(?=h)    ɛɡz
    x(?=c[ei])  k
    x           ks
    z(?=#)      -
    z           z
    p(?=s?#)    -
    pp          p
    p           p
    bb          b
    b(?=s?#)(?<=om.)  -
    b           b
    ff          f
    f           f
    k           k
    ll          l
    l           l
    mm          m
    m           m
    nn          n
    n           n
    rr          ʁ
    r           ʁ
    v           v
    w           w
    y(?=V)      j
    y           i
    i(?=es?#)   i
    ie(?=r[aieo])  i
    (?<!#)i(?=[aeoéèêàâ])  j
    i(?=[aeoéèêàâ])  j
    u(?=[ieéèa][^r]|[ia]#|er)  ɥ
    é           e
    [èêë]       ɛ
    e(?=([rlsptfc])\1)  ɛ
    e(?=[rlsxcptfgbdz][bcdfgjkmnpqstvxz])  ɛ
    e(?=r[lmnhw])  ɛ
    e(?=l[hmnr])  ɛ
    e(?=[rlcf]#)  ɛ
    e(?=x)      ɛ
    e(?=z#)     e
    e           ə
    [aàâ]       a
    ä           ɛ
    [iîï]       i
    ô           o
    o(?=s?#)    o
    o(?=se)     o
    o           ɔ
    ö           ø
    [uùûü]      y
    æ           e
    """,
    _CLASSES,
)


def sounds(word: str) -> str:
    """The sounds of one word, lower case, by rule."""
    return "".join(piece.sound for piece in RULES.pieces(word))
