"""Which part of a clip becomes a plate that is played again and again, without a visible jump."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lipwright.errors import UnusablePhoto
from lipwright.face.film import shown_at
from lipwright.face.geometry import LEFT_EYE_OUTER, RIGHT_EYE_OUTER
from lipwright.face.study import Study
from lipwright.headpose import STEADY
from lipwright.request import SyncMode

Floats = NDArray[np.float64]

LONGEST_S: Final = 20.0
"""A presenter who repeats after 20 s is not noticed; every second takes about a megabyte."""
SHORTEST_S: Final = 1.0
_WANTED_S: Final = 8.0
"""A shorter loop costs, a longer one gains little."""
_STEP_S: Final = 0.1
_FADE_S: Final = 0.3
_LIKE: Final = (0.035, 3.0)
"""Steady points (of the eye distance) and grey levels of a tiny picture that ends of a loop may
differ by: a cross-fade of 0.3 s hides it.  Beyond, the plate is played forwards and backwards."""


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """The pictures of one period, in the order shown, each a mixture of at most two."""

    fps: Fraction
    first: NDArray[np.int64]
    """``(N,)`` places in the clip."""
    second: NDArray[np.int64]
    """``(N,)`` what is faded to; the same as `first` where nothing is."""
    share: NDArray[np.float32]
    """``(N,)`` of `second`."""

    def some(self, count: int) -> Loop:
        """A few of the pictures, from all over it."""
        step = max(1, len(self.first) // count)
        return Loop(self.fps, self.first[::step], self.second[::step], self.share[::step])

    def end(self, count: int) -> Loop:
        """The last pictures."""
        return Loop(self.fps, self.first[-count:], self.second[-count:], self.share[-count:])


def chosen_loop(study: Study, fps: Fraction) -> Loop:
    """The quietest part of the clip that meets itself, or else one played to and fro.

    Raises:
        UnusablePhoto: The face is nowhere in sight for a second without a cut.
    """
    grid = _Grid(study, fps)
    start, end = grid.longest()
    spots = np.arange(start, end, max(1, round(_STEP_S * float(fps))))
    fade = max(1, round(_FADE_S * float(fps)))
    best = grid.meeting(spots[spots >= start + fade], fade)
    if best is not None:
        return grid.faded(*best, fade)
    return grid.to_and_fro(*grid.stillest(spots))


class _Grid:
    """The clip on an even clock."""

    def __init__(self, study: Study, fps: Fraction) -> None:
        track = study.track
        count = round(float(track.shown_us[-1]) * float(fps) / 1e6) + 1
        self._fps = fps
        self._places = np.array(
            [shown_at(track.shown_us, n / fps, SyncMode.SILENCE) for n in range(count)], np.int64
        )
        faces = track.landmarks[self._places].astype(np.float64)
        unit = np.linalg.norm(faces[:, RIGHT_EYE_OUTER] - faces[:, LEFT_EYE_OUTER], axis=-1)
        usual = float(np.nanmedian(unit))
        self._steady = faces[:, list(STEADY), :2] / usual
        self._gap = np.linalg.norm(faces[:, 14] - faces[:, 13], axis=-1) / usual
        self._small = study.smalls[self._places].astype(np.float32)
        cut = np.maximum.accumulate(track.cuts.cumsum())[self._places]
        self._usable = study.trust[self._places] > 0.9
        self._shot = cut

    def longest(self) -> tuple[int, int]:
        """The longest part without a cut or a doubtful mouth."""
        label = np.where(self._usable, self._shot, -1)
        edges = np.flatnonzero(np.diff(label, prepend=-2, append=-2))
        runs = [(int(a), int(b)) for a, b in pairwise(edges) if label[a] >= 0]
        start, end = max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
        if end - start < SHORTEST_S * float(self._fps):
            raise UnusablePhoto(
                "The face is nowhere in sight for a second without a cut; "
                "film one person from the front for 5 seconds or more."
            )
        return start, end

    def meeting(self, spots: NDArray[np.int64], fade: int) -> tuple[int, int] | None:
        """The best first and last spot (exclusive) of a part whose ends look alike."""
        best, least = None, np.inf
        for start in spots:
            ends = spots[(spots - start >= self._frames(_WANTED_S / 2))]
            ends = ends[ends - start <= self._frames(LONGEST_S)]
            if not len(ends):
                continue
            apart, levels = self._apart(int(start), ends), self._levels(int(start), ends)
            alike = (apart < _LIKE[0]) & (levels < _LIKE[1])
            cost = apart / _LIKE[0] + levels / _LIKE[1] + self._cost(int(start), ends)
            cost[~alike] = np.inf
            k = int(cost.argmin())
            if cost[k] < least:
                best, least = (int(start), int(ends[k])), float(cost[k])
        return best

    def stillest(self, spots: NDArray[np.int64]) -> tuple[int, int]:
        """A part that begins and ends while the head hardly moves: there it turns round."""
        speed = np.linalg.norm(np.gradient(self._steady, axis=0), axis=-1).mean(axis=-1)
        speed = speed * float(self._fps)
        best, least = (int(spots[0]), int(spots[-1]) + 1), np.inf
        for start in spots:
            ends = spots[(spots - start >= self._frames(SHORTEST_S))]
            ends = ends[ends - start <= self._frames(LONGEST_S / 2)]
            if len(ends):
                cost = 20 * (speed[start] + speed[ends]) + self._cost(int(start), ends)
                k = int(cost.argmin())
                if cost[k] < least:
                    best, least = (int(start), int(ends[k]) + 1), float(cost[k])
        return best

    def faded(self, start: int, end: int, fade: int) -> Loop:
        """``[start, end)``, its last pictures faded to those before `start`."""
        first = np.arange(start, end)
        second, share = first.copy(), np.zeros(len(first), np.float32)
        second[-fade:] = np.arange(start - fade, start)
        share[-fade:] = (np.arange(fade) + 1) / (fade + 1)
        return Loop(self._fps, self._places[first], self._places[second], share)

    def to_and_fro(self, start: int, end: int) -> Loop:
        """``[start, end)`` and back, without showing either end twice."""
        there = np.arange(start, end)
        places = self._places[np.r_[there, there[-2:0:-1]]]
        return Loop(self._fps, places, places, np.zeros(len(places), np.float32))

    def _frames(self, seconds: float) -> int:
        return round(seconds * float(self._fps))

    def _cost(self, start: int, ends: NDArray[np.int64]) -> Floats:
        """Short parts, and parts with much of a mouth to be taken away, cost."""
        talk = np.r_[0, self._gap.cumsum()]
        length = (ends - start) / float(self._fps)
        mean_gap = (talk[ends] - talk[start]) / (ends - start)
        return np.asarray(np.maximum(0, 1 - length / _WANTED_S) + 6 * mean_gap)

    def _apart(self, start: int, ends: NDArray[np.int64]) -> Floats:
        """How far head and its motion differ, of the eye distance."""
        place = np.linalg.norm(self._steady[ends] - self._steady[start], axis=-1).mean(-1)
        step = self._steady[start] - self._steady[start - 1]
        steps = self._steady[ends] - self._steady[ends - 1]
        return np.asarray(place + 3 * np.linalg.norm(steps - step, axis=-1).mean(-1))

    def _levels(self, start: int, ends: NDArray[np.int64]) -> Floats:
        return np.asarray(np.abs(self._small[ends] - self._small[start]).mean(axis=(1, 2)), float)
