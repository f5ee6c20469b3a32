"""Where text may be broken: at the ends of sentences, at pauses, and between phrases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from lipwright.timeline import SAMPLE_RATE, Timed

PAUSE_SAMPLES: Final = SAMPLE_RATE // 2
"""A silence this long ends a page: half a second is heard as a full stop."""

_CLOSERS: Final = "\"'”’»)]}」』”"
_SENTENCE_ENDS: Final = tuple(".!?…。！？؟।॥։")
_CLAUSE_ENDS: Final = tuple(",;:—–،؛、，；：")
_ABBREVIATIONS: Final = "mr. mrs. ms. dr. prof. st. vs. no. e.g. i.e. sr. sra. mme. mlle."
# Words that lean on the next one: a line that ends with one of them reads as cut off.
_LEANING: Final = (
    "a an the of to in on at by for from with and or but my your his her its our their this that "
    "these those is are was were be i we you he she it they not no very more "
    "el la los las un una de del en y o con por para su mi tu que se "
    "le les une des du et ou au aux à dans pour sur ce cette mon ton son je il elle "
    "il lo gli i di da per e uno mio tuo che "
    "o os as um uma do da dos das em no na com e "
    "der die das ein eine und oder zu mit von für den dem"
)
# Words that open a phrase: a line that starts with one of them reads as a new thought.
_OPENING: Final = (
    "and but or so because if when while which who that than with without for from to in on at "
    "pero porque cuando que con para sin mais parce quand avec pour sans ma perché quando senza "
    "porque mas quando sem aber weil wenn mit ohne"
)
_ABBREVIATED: Final = frozenset(_ABBREVIATIONS.split())
_LEANS: Final = frozenset(_LEANING.split()) | _ABBREVIATED
_OPENS: Final = frozenset(_OPENING.split())


def ends_sentence(word: str) -> bool:
    """Whether a word carries a sentence's last mark."""
    bare = word.rstrip(_CLOSERS)
    return bare.endswith(_SENTENCE_ENDS) and bare.lower() not in _ABBREVIATED


def break_cost(before: str, after: str) -> float:
    """How bad it is to break between two words: 0 after a clause, 1.6 inside a phrase."""
    if ends_sentence(before) or before.rstrip(_CLOSERS).endswith(_CLAUSE_ENDS):
        return 0.0
    if before.lower() in _LEANS:
        return 1.6
    return 0.25 if after.lower() in _OPENS else 0.5


def is_unspaced(left: str, right: str) -> bool:
    """Whether two words stand without a space between them: Han, kana, Thai and their like."""
    return _is_run_on(left[-1]) and _is_run_on(right[0])


def _is_run_on(char: str) -> bool:
    return any(first <= char <= last for first, last in _RUN_ON)


_RUN_ON: Final = (
    ("\u0e00", "\u0eff"),  # Thai, Lao
    ("\u1000", "\u109f"),  # Myanmar
    ("\u1780", "\u17ff"),  # Khmer
    ("\u2e80", "\u9fff"),  # Han, kana and their marks
    ("\uf900", "\ufaff"),
    ("\uff00", "\U0010ffff"),
)
"""Writing that has no spaces between words."""


def stretches(words: Sequence[Timed[str]]) -> list[range]:
    """The indices of the words, cut at the ends of sentences and at pauses."""
    cuts = [0]
    for i in range(1, len(words)):
        pause = words[i].start - words[i - 1].end
        if pause > PAUSE_SAMPLES or ends_sentence(words[i - 1].value):
            cuts.append(i)
    return [range(a, b) for a, b in zip(cuts, [*cuts[1:], len(words)], strict=True) if a < b]


def grouped(
    words: Sequence[Timed[str]],
    longest: int,
    cost: Callable[[range], float],
    among: Sequence[range] | None = None,
) -> list[range]:
    """The cheapest cut of the words into groups of at most `longest`.

    Args:
        words: In the order they are said.
        longest: Most words in a group.
        cost: Of a group by itself; what the break after it costs is added here.
        among: Some of the words' `stretches`; by default all of them.
    """
    groups: list[range] = []
    for stretch in stretches(words) if among is None else among:
        groups += _cheapest(words, stretch, longest, cost)
    return groups


def _cheapest(
    words: Sequence[Timed[str]], stretch: range, longest: int, cost: Callable[[range], float]
) -> list[range]:
    """The cut of one stretch, by dynamic programming over where its last group starts."""
    best: dict[int, tuple[float, int]] = {stretch.start: (0.0, stretch.start)}
    for end in range(stretch.start + 1, stretch.stop + 1):
        broken = 0.0
        if end < stretch.stop:
            broken = break_cost(words[end - 1].value, words[end].value)
        options = (
            (best[start][0] + cost(range(start, end)) + broken, start)
            for start in range(max(stretch.start, end - longest), end)
        )
        best[end] = min(options)
    groups, end = [], stretch.stop
    while end > stretch.start:
        start = best[end][1]
        groups.append(range(start, end))
        end = start
    return groups[::-1]
