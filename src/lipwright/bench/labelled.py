"""Recordings whose phones and words were labelled by somebody else, and errors against them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from lipwright.speech.arpabet import VOWELS, ipa
from lipwright.timeline import SAMPLE_RATE, Phoneme, Timed

SYNTHETIC: Final = ("slt", "rms", "awb")
"""Three voices of Flite: another engine than any of ours, which says where its phones start."""
REAL: Final = ("bobby", "mary")
"""Two sentences of a person, labelled by hand (praatio's examples)."""

T = TypeVar("T")

_VOWELS: Final = frozenset(map(ipa, VOWELS)) | {"ə"}
_SAME, _ALIKE, _OTHER, _ALONE = 0.0, 0.5, 1.6, 0.7
"""Costs of a pair: the same phone, both vowels or both not, one of each; and of a phone alone."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One recording and the truth about it."""

    path: Path
    text: str
    phonemes: tuple[Timed[Phoneme], ...]
    words: tuple[Timed[str], ...]


@lru_cache(maxsize=1)
def labelled() -> dict[str, Labelled]:
    """Every bundled recording with labels, by name."""
    folder = Path(str(files("lipwright").joinpath("assets", "labelled")))
    truth = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    return {
        name: Labelled(
            folder / f"{name}.ogg",
            labels["text"],
            tuple(_timed(s, e, Phoneme(ipa(phone))) for phone, s, e in labels["phones"]),
            tuple(_timed(s, e, word) for word, s, e in labels["words"]),
        )
        for name, labels in truth.items()
    }


def _timed(start_s: float, end_s: float, value: T) -> Timed[T]:
    return Timed(round(start_s * SAMPLE_RATE), round(end_s * SAMPLE_RATE), value)


def start_errors_ms(
    truth: Sequence[Timed[Phoneme]], heard: Sequence[Timed[Phoneme]]
) -> NDArray[np.float64]:
    """How far from its labelled start each phone was heard, for the phones that both have."""
    pairs = matched([p.value.symbol for p in truth], [p.value.symbol for p in heard])
    apart = [heard[second].start - truth[first].start for first, second in pairs]
    return np.abs(np.array(apart, np.float64)) * 1000 / SAMPLE_RATE


def matched(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int]]:
    """Index pairs of the cheapest alignment of two runs of phones (Needleman & Wunsch 1970)."""
    costs = np.zeros((len(first) + 1, len(second) + 1))
    costs[:, 0], costs[0] = np.arange(len(first) + 1), np.arange(len(second) + 1)
    costs *= _ALONE
    for i, a in enumerate(first, start=1):
        for j, b in enumerate(second, start=1):
            paired = costs[i - 1, j - 1] + _cost(a, b)
            costs[i, j] = min(paired, min(costs[i - 1, j], costs[i, j - 1]) + _ALONE)
    pairs: list[tuple[int, int]] = []
    i, j = len(first), len(second)
    while i and j:
        if costs[i, j] == costs[i - 1, j - 1] + _cost(first[i - 1], second[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif costs[i, j] == costs[i - 1, j] + _ALONE:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


def _cost(a: str, b: str) -> float:
    if a == b:
        return _SAME
    return _ALIKE if (a in _VOWELS) == (b in _VOWELS) else _OTHER


def is_vowel(phoneme: Phoneme) -> bool:
    """Whether a labelled phone is a vowel."""
    return phoneme.symbol in _VOWELS
