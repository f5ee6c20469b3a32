"""Which phones of a text are which phones heard: the cheapest alignment of two runs of phones.

Memory grows with the square root of the work, so that half an hour (20,000 phones on either
side) takes 15 MB: only some rows are kept, and those between are computed again on the way back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from lipwright.speech.arpabet import PHONES, VOWELS

Costs = NDArray[np.float32]

_ALONE: Final = 0.6
"""Cost of a phone that only one side has."""
_VOWEL_FOR_VOWEL: Final = 0.5
_LIKE: Final = 0.45
_UNLIKE: Final = 1.0
_OTHER_KIND: Final = 1.3
"""More than two phones alone: a vowel is never taken for a consonant."""
_ALIKE: Final = (
    *("P B", "T D", "K G", "B D G", "P T K", "M N NG", "F TH", "V DH", "S Z TH", "SH ZH CH JH"),
    *("R ER", "L W", "W UW UH", "Y IY", "Z DH", "T CH", "D JH", "F V", "TH DH"),
)
"""Sounds that recognizers take for each other."""

_NUMBERS: Final = {phone: number for number, phone in enumerate(PHONES)}


def _table() -> Costs:
    vowels = np.array([phone in VOWELS for phone in PHONES])
    costs = np.where(vowels[:, None] == vowels, _UNLIKE, _OTHER_KIND)
    costs[np.ix_(vowels, vowels)] = _VOWEL_FOR_VOWEL
    for group in _ALIKE:
        numbers = [_NUMBERS[phone] for phone in group.split()]
        costs[np.ix_(numbers, numbers)] = _LIKE
    np.fill_diagonal(costs, 0)
    return costs.astype(np.float32)


_COSTS: Final = _table()


def similarity(first: str, second: str) -> float:
    """1 for the same phone, about a half for phones that are taken for each other, else 0."""
    return max(0.0, 1 - float(_COSTS[_NUMBERS[first], _NUMBERS[second]]) / _UNLIKE)


def partners(first: Sequence[str], second: Sequence[str]) -> list[int | None]:
    """For each phone of `first`, the index of its partner in `second`, or None."""
    found: list[int | None] = [None] * len(first)
    if not first or not second:
        return found
    a = np.array([_NUMBERS[phone] for phone in first])
    b = np.array([_NUMBERS[phone] for phone in second])
    step = math.isqrt(len(a)) + 1
    kept = _kept_rows(a, b, step)
    column = len(b)
    for block in range(len(kept) - 1, -1, -1):
        rows = [kept[block]]
        top = block * step
        for index in range(top, min(top + step, len(a))):
            rows.append(_next_row(rows[-1], _COSTS[a[index]][b]))
        column = _back(rows, a[top:], b, column, found, top)
    return found


def _kept_rows(a: NDArray[np.int64], b: NDArray[np.int64], step: int) -> list[Costs]:
    """Every `step`-th row of the table, from the first."""
    row: Costs = np.arange(len(b) + 1, dtype=np.float32) * np.float32(_ALONE)
    kept = [row]
    for index in range(len(a)):
        row = _next_row(row, _COSTS[a[index]][b])
        if (index + 1) % step == 0 and index + 1 < len(a):
            kept.append(row)
    return kept


def _next_row(row: Costs, costs: Costs) -> Costs:
    """The next row of Needleman & Wunsch's table (1970), computed all at once."""
    best = row + np.float32(_ALONE)
    np.minimum(best[1:], row[:-1] + costs, out=best[1:])
    ramp = np.arange(len(row), dtype=np.float32) * np.float32(_ALONE)
    # a run of phones that only `second` has costs `_ALONE` each
    return cast(Costs, np.minimum.accumulate(best - ramp) + ramp)


def _back(
    rows: list[Costs],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    column: int,
    found: list[int | None],
    top: int,
) -> int:
    """Walk from the last row to the first one; the column that the walk reaches it in."""
    for index in range(len(rows) - 2, -1, -1):
        costs = _COSTS[a[index]]
        while True:
            here, above = rows[index + 1][column], rows[index]
            paired = above[column - 1] + costs[b[column - 1]] if column else np.inf
            ways = (paired, above[column] + _ALONE, rows[index + 1][column - 1] + _ALONE)
            way = int(np.argmin(np.abs(np.array(ways if column else ways[:2]) - here)))
            if way == 2:
                column -= 1
                continue
            if way == 0:
                column -= 1
                found[top + index] = column
            break
    return column
