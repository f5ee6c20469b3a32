"""Pages: which words are on screen together, how big, and where each one stands."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lipwright.compose.captions.motions import Reach, reach
from lipwright.compose.captions.painter import BOX_EM, HAZARD_EM
from lipwright.compose.captions.sense import break_cost, grouped
from lipwright.compose.captions.styles import Style
from lipwright.compose.captions.typesetter import (
    Extent,
    Typesetter,
    base_level,
    visual_order,
    word_level,
)
from lipwright.request import Captions
from lipwright.timeline import Timed

SAFE_MARGIN: Final = 0.05
"""Share of each side that stays free of words: the action-safe area of SMPTE ST 2046-1 (2009)
is 3.5 %, and phones cover a little more."""

# Hinting and rounding to whole pixels may add this much to any side.
_SLACK_PX: Final = 2.0
# Between two words when one of them is grown: less than this and they read as one.
_CLEARANCE_EM: Final = 0.13


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """One word of a page; (`x`, `y`) is the middle of its capitals on the canvas, in pixels."""

    text: str
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Page:
    """Words that are on screen together."""

    first: int
    """Index of its first word in the track."""
    words: tuple[PlacedWord, ...]
    lines: tuple[tuple[float, float, float], ...]
    """(left, right, middle) of each line on the canvas, in pixels."""
    size_px: float


@dataclass(frozen=True, slots=True)
class _Span:
    """A rectangle in ems, relative to the page's origin."""

    left: float
    top: float
    right: float
    bottom: float

    def joined(self, other: _Span) -> _Span:
        return _Span(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class _Arrangement:
    """Lines of words in ems, around the page's origin, and the scale at which they fit."""

    centres: tuple[tuple[float, float], ...]
    lines: tuple[tuple[float, float, float], ...]
    span: _Span
    scale: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Lays out pages in one style on one canvas."""

    style: Style
    typesetter: Typesetter
    captions: Captions
    canvas: tuple[int, int]

    @property
    def em_px(self) -> float:
        """The style's size on this canvas.

        It falls with the fourth root of the shape, so that a landscape canvas, which is watched
        whole and not held in a hand, has letters 3/4 as big as a portrait of the same short side.
        """
        width, height = self.canvas
        shape = min(max(height / width * 9 / 16, 0.2), 1.0)
        return self.style.size * min(width, height) * math.sqrt(math.sqrt(shape))

    def pages(self, words: Sequence[Timed[str]]) -> list[Page]:
        """The words cut into pages, at most two lines each."""

        def cost(group: range) -> float:
            scale = self._arrange([words[i].value for i in group]).scale
            lonely = 0.4 if len(group) == 1 else 0.0
            return 0.45 + lonely + 3.0 * (1 / scale - 1)

        return [
            self._page(group.start, [words[i].value for i in group])
            for group in grouped(words, self.style.max_words, cost)
        ]

    def _page(self, first: int, texts: Sequence[str]) -> Page:
        arrangement = self._arrange(texts)
        em = self.em_px * arrangement.scale
        x, y = self._origin(arrangement.span, em)
        words = tuple(
            PlacedWord(text, x + cx * em, y + cy * em, self._extent(text).width * em)
            for text, (cx, cy) in zip(texts, arrangement.centres, strict=True)
        )
        lines = tuple(
            (x + left * em, x + right * em, y + middle * em)
            for left, right, middle in arrangement.lines
        )
        return Page(first, words, lines, em)

    def _origin(self, span: _Span, em: float) -> tuple[float, float]:
        """Where the request wants the page, moved so that it lies in the safe area."""
        offsets = (self.captions.offset_x, self.captions.offset_y)
        ends = ((span.left, span.right), (span.top, span.bottom))
        places = []
        for side, offset, (low, high) in zip(self.canvas, offsets, ends, strict=True):
            edge = side * SAFE_MARGIN + _slack(side)
            wanted = side * (0.5 + offset)
            places.append(max(edge - low * em, min(wanted, side - edge - high * em)))
        return places[0], places[1]

    def _arrange(self, texts: Sequence[str]) -> _Arrangement:
        """One line or two, whichever keeps the letters big and the phrases whole."""
        whole = self._stack([list(range(len(texts)))], texts)
        choices = [(4.0 * whole.scale, whole)]
        for cut in range(1, len(texts)):
            rows = [list(range(cut)), list(range(cut, len(texts)))]
            stack = self._stack(rows, texts)
            widths = [right - left for left, right, _ in stack.lines]
            lopsided = abs(widths[0] - widths[1]) / max(*widths, 1e-6)
            cost = 0.3 + 0.4 * lopsided + 0.3 * break_cost(texts[cut - 1], texts[cut])
            choices.append((4.0 * stack.scale - cost, stack))
        return max(choices, key=lambda choice: choice[0])[1]

    def _stack(self, rows: Sequence[Sequence[int]], texts: Sequence[str]) -> _Arrangement:
        middles = self._middles(rows, texts)
        centres: list[tuple[float, float]] = [(0.0, 0.0)] * len(texts)
        lines, span = [], None
        base = base_level(" ".join(texts))
        for row, middle in zip(rows, middles, strict=True):
            places, width = self._row([texts[i] for i in row], base)
            lines.append((-width / 2, width / 2, middle))
            for i, x in zip(row, places, strict=True):
                centres[i] = (x, middle)
                word = self._reach_of(texts[i], x, middle)
                span = word if span is None else span.joined(word)
        if span is None:
            raise ValueError("a page needs at least one word")
        span = self._with_panel(span, lines)
        return _Arrangement(tuple(centres), tuple(lines), span, self._scale(span))

    def _middles(self, rows: Sequence[Sequence[int]], texts: Sequence[str]) -> list[float]:
        """Height of each line's middle; tall scripts push lines apart."""
        extents = [[self._extent(texts[i]) for i in row] for row in rows]
        gaps = [
            max(
                self.style.line_gap,
                max(e.below + e.cap / 2 for e in over)
                + max(e.above - e.cap / 2 for e in under)
                + 2 * self._stroke,
            )
            for over, under in itertools.pairwise(extents)
        ]
        top = -sum(gaps) / 2
        return [top + sum(gaps[:i]) for i in range(len(rows))]

    def _row(self, texts: Sequence[str], base: int) -> tuple[list[float], float]:
        """Middle of each word along its line, around 0, and the line's width."""
        places, x, before = [0.0] * len(texts), 0.0, None
        for i in visual_order([word_level(text, base) for text in texts]):
            width = self._extent(texts[i]).width
            if before is not None:
                x += self._gap(texts[before], texts[i])
            places[i] = x + width / 2
            x += width
            before = i
        return [place - x / 2 for place in places], x

    def _gap(self, left: str, right: str) -> float:
        style = self.style
        idle = style.word_gap + self._stroke
        if _is_cjk(left[-1]) and _is_cjk(right[0]):
            idle *= 0.25
        side = style.box.pad_x if style.box else self._stroke
        widest = max(self._extent(left).width, self._extent(right).width)
        grown = _CLEARANCE_EM + self._stroke + side + (style.grown - 1) * widest / 2
        return max(idle, grown)

    def _reach_of(self, text: str, x: float, middle: float) -> _Span:
        """The farthest a word's ink goes while it moves; shadow and glow may go farther."""
        style, extent, far = self.style, self._extent(text), self._far
        side, up, down = self._stroke, extent.above - extent.cap / 2, extent.below + extent.cap / 2
        up, down = up + self._stroke, down + self._stroke
        if style.extrusion:
            side, down = side + abs(style.extrusion.dx), down + style.extrusion.dy
        if style.underline:
            down = max(down, style.underline.drop + style.underline.width)
        if style.box:
            tall = BOX_EM + style.box.pad_y + (HAZARD_EM if style.box.hazard else 0)
            side, up, down = max(side, style.box.pad_x), max(up, tall), max(down, tall)
        half = (extent.width / 2 + side) * far.scale
        up, down = up * far.scale, down * far.scale
        turn = math.radians(far.tilt_deg)
        across = half * math.cos(turn) + max(up, down) * math.sin(turn)
        lift = half * math.sin(turn)
        return _Span(x - across, middle - up - lift, x + across, middle + down + lift + far.drop)

    def _with_panel(self, span: _Span, lines: Sequence[tuple[float, float, float]]) -> _Span:
        panel = self.style.panel
        if panel is None:
            return span
        tall = BOX_EM + panel.pad_y
        for left, right, middle in lines:
            span = span.joined(
                _Span(left - panel.pad_x, middle - tall, right + panel.pad_x, middle + tall)
            )
        return span

    def _scale(self, span: _Span) -> float:
        """At most 1: what makes the span fit the safe area."""
        room = [side * (1 - 2 * SAFE_MARGIN) - 2 * _slack(side) for side in self.canvas]
        return min(
            1.0,
            room[0] / ((span.right - span.left) * self.em_px),
            room[1] / ((span.bottom - span.top) * self.em_px),
        )

    def _extent(self, text: str) -> Extent:
        return self.typesetter.extent(text)

    @property
    def _stroke(self) -> float:
        return max((stroke.width for stroke in self.style.strokes), default=0.0)

    @property
    def _far(self) -> Reach:
        return reach(self.style)


def _slack(side: int) -> float:
    """Two pixels, or less where the safe area has none to spare."""
    return min(_SLACK_PX, side * SAFE_MARGIN)


def _is_cjk(char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af" or char >= "\uff00"
