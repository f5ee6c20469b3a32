"""Pages: which words are on screen together, how big, and where each one stands."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lipwright.compose.captions.emoji import clusters
from lipwright.compose.captions.measure import Gauge, Room
from lipwright.compose.captions.painter import BOX_EM
from lipwright.compose.captions.sense import break_cost, grouped, is_unspaced, stretches
from lipwright.compose.captions.styles import Style
from lipwright.compose.captions.typesetter import Typesetter, visual_order
from lipwright.request import Captions
from lipwright.timeline import Timed

SAFE_MARGIN: Final = 0.05
"""Share of each side that stays free of words.  The action-safe area of SMPTE ST 2046-1 (2009)
leaves 3.5 % free; phones cover a little more."""

REFERENCE_PX: Final = 1080
"""Short side of the canvas on which lengths of a request are pixels."""

# Hinting and rounding to whole pixels may add this much to any side.
_SLACK_PX: Final = 2.0
# A long word shrinks down to this share of its style's size, about 35 pixels at 1080; below
# that a phone held at arm's length shows a grey bar.
_SMALLEST: Final = 0.45
# A line that spans more of the canvas than this is broken if there is a good place.
_COMFORTABLE: Final = 0.78


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """One word of a page; (`x`, `y`) is the middle of its capitals on the canvas, in pixels."""

    text: str
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page."""

    left: float
    right: float
    middle: float


@dataclass(frozen=True, slots=True)
class Page:
    """Words that are on screen together, in pixels on the canvas."""

    first: int
    """Index of its first word in the track."""
    words: tuple[PlacedWord, ...]
    lines: tuple[Line, ...]
    """One or two."""
    size_px: float
    """One em."""


@dataclass(frozen=True, slots=True)
class _Stack:
    """Lines of words in ems around the page's origin, how far they reach, and what fits."""

    centres: tuple[tuple[float, float], ...]
    lines: tuple[Line, ...]
    left: float
    top: float
    right: float
    bottom: float
    scale: float
    """At most 1: what makes the page fit the safe area."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Lays out pages in one style on one canvas."""

    style: Style
    gauge: Gauge
    captions: Captions
    canvas: tuple[int, int]
    em_px: float
    """The style's size on this canvas."""

    @classmethod
    def of(
        cls, style: Style, typesetter: Typesetter, captions: Captions, canvas: tuple[int, int]
    ) -> Layout:
        """The layout of one style on a canvas of (width, height) pixels.

        The size falls with the fourth root of the canvas's shape: a landscape canvas, which is
        watched whole and not held in a hand, has letters 3/4 as big as a portrait of the same
        short side.
        """
        width, height = canvas
        shape = 1.0 if style.exact_size else min(max(height / width * 9 / 16, 0.2), 1.0)
        em_px = style.size * min(width, height) * math.sqrt(math.sqrt(shape))
        return cls(style, Gauge.of(style, typesetter), captions, canvas, em_px)

    def pieces(self, text: str) -> list[str]:
        """The word, cut in equal parts where it would have to shrink beyond reading."""
        room = self._across / (self.em_px * _SMALLEST)
        count = math.ceil(self.gauge.typesetter.extent(text).width / room)
        if count <= 1:
            return [text]
        parts = clusters(text)
        cuts = [round(i * len(parts) / count) for i in range(count + 1)]
        return ["".join(parts[a:b]) for a, b in itertools.pairwise(cuts) if a < b]

    def pages(
        self, words: Sequence[Timed[str]], among: Sequence[range] | None = None
    ) -> list[Page]:
        """The words, or some stretches of them, cut into pages, at most two lines each."""
        among = stretches(words) if among is None else among
        indices = [index for stretch in among for index in stretch]
        known = {text: self.gauge.room(text) for text in {words[i].value for i in indices}}
        rooms = {index: known[words[index].value] for index in indices}

        def cost(group: range) -> float:
            scale = self._arranged([rooms[index] for index in group]).scale
            lonely = 0.4 if len(group) == 1 else 0.0
            return 0.45 + lonely + 1.5 * len(group) * (1 / scale - 1)

        groups = grouped(words, self.style.max_words, cost, among)
        return [self._page(group.start, [rooms[index] for index in group]) for group in groups]

    def _page(self, first: int, rooms: Sequence[Room]) -> Page:
        stack = self._arranged(rooms)
        em = self.em_px * stack.scale
        x = self._within(0, self.captions.offset_x, stack.left * em, stack.right * em)
        y = self._within(1, self.captions.offset_y, stack.top * em, stack.bottom * em)
        words = tuple(
            PlacedWord(room.text, x + cx * em, y + cy * em, room.width * em)
            for room, (cx, cy) in zip(rooms, stack.centres, strict=True)
        )
        lines = tuple(
            Line(x + line.left * em, x + line.right * em, y + line.middle * em)
            for line in stack.lines
        )
        return Page(first, words, lines, em)

    def _within(self, axis: int, offset: float, low: float, high: float) -> float:
        """Where the request wants the page, moved so that it lies in the safe area."""
        side = self.canvas[axis]
        edge = _edge(side)
        return max(edge - low, min(side * (0.5 + offset), side - edge - high))

    def _arranged(self, rooms: Sequence[Room]) -> _Stack:
        """One line or two, whichever keeps the letters big and the phrases whole."""
        whole = self._stacked([rooms])
        width = (whole.right - whole.left) * self.em_px * whole.scale / self._canvas_across
        best, best_score = whole, 4.0 * whole.scale - 8.0 * max(0.0, width - _COMFORTABLE)
        for cut in range(1, len(rooms)):
            stack = self._stacked([rooms[:cut], rooms[cut:]])
            widths = [line.right - line.left for line in stack.lines]
            lopsided = abs(widths[0] - widths[1]) / max(*widths, 1e-6)
            broken = break_cost(rooms[cut - 1].text, rooms[cut].text)
            score = 4.0 * stack.scale - 0.3 - 0.5 * lopsided - 0.16 * broken
            if score > best_score:
                best, best_score = stack, score
        return best

    def _stacked(self, rows: Sequence[Sequence[Room]]) -> _Stack:
        middles = self._middles(rows)
        centres: list[tuple[float, float]] = []
        lines: list[Line] = []
        left = top = right = bottom = 0.0
        for row, middle in zip(rows, middles, strict=True):
            places, width = self._row(row)
            lines.append(Line(-width / 2, width / 2, middle))
            centres += [(x, middle) for x in places]
            left = min(left, *(x - room.across for x, room in zip(places, row, strict=True)))
            right = max(right, *(x + room.across for x, room in zip(places, row, strict=True)))
            top = min(top, *(middle - room.up for room in row))
            bottom = max(bottom, *(middle + room.down for room in row))
        if (panel := self.style.panel) is not None:
            tall = BOX_EM + panel.pad_y
            left = min(left, *(line.left - panel.pad_x for line in lines))
            right = max(right, *(line.right + panel.pad_x for line in lines))
            top, bottom = min(top, middles[0] - tall), max(bottom, middles[-1] + tall)
        scale = self._scale(right - left, bottom - top)
        return _Stack(tuple(centres), tuple(lines), left, top, right, bottom, scale)

    def _middles(self, rows: Sequence[Sequence[Room]]) -> list[float]:
        """Height of each line's middle; tall scripts push the lines apart."""
        gaps = [
            max(
                self.style.line_gap,
                max(room.below for room in over) + max(room.above for room in under),
            )
            for over, under in itertools.pairwise(rows)
        ]
        top = -sum(gaps) / 2
        return [top + sum(gaps[:i]) for i in range(len(rows))]

    def _row(self, row: Sequence[Room]) -> tuple[list[float], float]:
        """Middle of each word along its line, around 0, and the line's width."""
        places, x, before = [0.0] * len(row), 0.0, -1
        for i in visual_order([room.level for room in row]):
            if before >= 0:
                x += self._gap(row[before], row[i])
            places[i] = x + row[i].width / 2
            x += row[i].width
            before = i
        return [place - x / 2 for place in places], x

    def _gap(self, left: Room, right: Room) -> float:
        idle = self.style.word_gap + self.gauge.stroke
        if is_unspaced(left.text, right.text):
            idle *= 0.25
        return max(idle, left.overhang, right.overhang)

    def _scale(self, width: float, height: float) -> float:
        down = self.canvas[1] - 2 * _edge(self.canvas[1])
        return min(1.0, self._across / (width * self.em_px), down / (height * self.em_px))

    @property
    def _across(self) -> float:
        """The widest that a line may be, in pixels."""
        room = self.canvas[0] - 2 * _edge(self.canvas[0])
        asked = self.captions.max_width_px
        return room if asked is None else min(room, asked * min(self.canvas) / REFERENCE_PX)

    @property
    def _canvas_across(self) -> float:
        """The canvas whose safe area would be as wide as a line may be."""
        return self.canvas[0] * self._across / (self.canvas[0] - 2 * _edge(self.canvas[0]))


def _edge(side: int) -> float:
    """The safe margin and the slack, in pixels."""
    return side * SAFE_MARGIN + min(_SLACK_PX, side * SAFE_MARGIN)
