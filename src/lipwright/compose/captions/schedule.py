"""Which page is on screen when; only what is asked for is laid out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from lipwright.compose.captions.layout import Layout, Page
from lipwright.compose.captions.sense import stretches
from lipwright.timeline import SAMPLE_RATE, FrameGrid, Timed

LINGER_SAMPLES: Final = SAMPLE_RATE * 6 // 10
"""A page stays this long after its last word: time to finish reading."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page and the frames it is on screen: ``[first, last)``."""

    page: Page
    starts: tuple[int, ...]
    """Frame at which each word is said."""
    end: int
    appears: bool
    """It fades in, because no page was there just before."""
    fades: bool
    """It fades out, because no page follows at once."""

    @property
    def after(self) -> int:
        """Index of the first word after it."""
        return self.page.first + len(self.page.words)


@dataclass(slots=True, eq=False)
class Schedule:
    """The pages of one video.

    A page never reaches beyond a stretch of words, so each stretch is laid out by itself: a
    segment of half an hour in one scene lays out what it shows.
    """

    words: Sequence[Timed[str]]
    """As they are drawn, in the order they are said."""
    layout: Layout
    grid: FrameGrid
    _stretches: list[range] = field(init=False)
    _firsts: list[int] = field(init=False)
    """Frame at which each stretch begins."""
    _pages: dict[int, list[Page]] = field(init=False, default_factory=dict)
    _shown: dict[int, list[Shown]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._stretches = stretches(self.words)
        self._firsts = [self._frame(stretch.start) for stretch in self._stretches]

    def at(self, frame: int) -> Shown | None:
        """The last page that came before or with a frame, whether or not it is still there."""
        number = bisect_right(self._firsts, frame) - 1
        if number < 0:
            return None
        shown = self._during(number)
        return shown[bisect_right([each.starts[0] for each in shown], frame) - 1]

    def following(self, shown: Shown | None) -> Shown | None:
        """The page after one, or the first of all."""
        word = 0 if shown is None else shown.after
        if word >= len(self.words):
            return None
        number = bisect_right(self._stretches, word, key=lambda stretch: stretch.start) - 1
        return next(each for each in self._during(number) if each.page.first == word)

    def _during(self, number: int) -> list[Shown]:
        """The pages of one stretch with the frames they are on screen."""
        if number not in self._shown:
            before = self._laid(number - 1)[-1] if number else None
            found: list[Shown] = []
            for page in self._laid(number):
                found.append(self._scheduled(page, before))
                before = page
            self._shown[number] = found
        return self._shown[number]

    def _laid(self, number: int) -> list[Page]:
        if number not in self._pages:
            self._pages[number] = self.layout.pages(self.words, [self._stretches[number]])
        return self._pages[number]

    def _scheduled(self, page: Page, before: Page | None) -> Shown:
        after = page.first + len(page.words)
        starts = tuple(map(self._frame, range(page.first, after)))
        limit = self._frame(after) if after < len(self.words) else self.grid.frame_count
        end = self._read(page)
        appears = before is None or self._read(before) < starts[0]
        return Shown(page, starts, min(end, limit), appears, fades=end < limit)

    def _read(self, page: Page) -> int:
        """The frame from which on nobody reads a page any more."""
        said = self.words[page.first : page.first + len(page.words)]
        return self.grid.frame_at(max(word.end for word in said) + LINGER_SAMPLES) + 1

    def _frame(self, word: int) -> int:
        return self.grid.frame_at(self.words[word].start)
