"""The captions of one video: what is on screen during each frame."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import cv2
import numpy as np

from lipwright.compose.captions.cache import Recent
from lipwright.compose.captions.custom import styled
from lipwright.compose.captions.layout import Layout, Page, PlacedWord
from lipwright.compose.captions.motions import ENTRANCE, EXIT, MOTIONS, Pose
from lipwright.compose.captions.painter import (
    Bitmap,
    Look,
    look_of,
    paint_bar,
    paint_panel,
    paint_word,
)
from lipwright.compose.captions.schedule import Schedule, Shown
from lipwright.compose.captions.sprite import YuvaSprite, sprite_from_yuva
from lipwright.compose.captions.typesetter import Typesetter
from lipwright.request import Captions
from lipwright.timeline import FrameGrid, Timed

# Two pages of a 4K video in every look are about 40 MB; at 1080p they are 8.
_BITMAP_BYTES: Final = 48 << 20
_SPRITE_BYTES: Final = 16 << 20


@dataclass(frozen=True, slots=True)
class _Stance:
    """One word at one frame: its look, and its pose times the page's."""

    look: Look
    scale: float
    angle_deg: float
    drop: float
    settled: bool


class CaptionTrack:
    """The captions of a whole video, drawn on demand.

    Frames may be asked for in any order; in rising order the next page is painted ahead, one
    word a frame, so that no single frame pays for a whole page.
    """

    def __init__(
        self,
        words: Sequence[Timed[str]],
        captions: Captions,
        size: tuple[int, int],
        grid: FrameGrid,
    ) -> None:
        self._style = styled(captions)
        self._motion = MOTIONS[self._style.motion]
        self._typesetter = Typesetter.of(
            self._style.typeface, [word.value for word in words], self._style.decoration
        )
        self._size = size
        durations = {ENTRANCE, EXIT, self._motion.duration}
        self._steps = {each: max(1, round(each * grid.fps)) for each in durations}
        layout = Layout.of(self._style, self._typesetter, captions, size)
        self._schedule = Schedule(self._spelled(words, layout), layout, grid)
        self._painted_for = -2
        """First word of the page after which all that follows soon is painted; -1 is before all."""
        self._bitmaps: Recent[object, Bitmap] = Recent(
            _BITMAP_BYTES, lambda bitmap: bitmap.pixels.nbytes
        )
        self._sprites: Recent[object, YuvaSprite | None] = Recent(
            _SPRITE_BYTES, lambda sprite: 0 if sprite is None else sprite.inverse.nbytes * 3
        )

    def sprites(self, frame_index: int) -> tuple[YuvaSprite, ...]:
        """What is on screen during a frame, back to front."""
        shown = self._schedule.at(frame_index)
        sprites: tuple[YuvaSprite, ...] = ()
        if shown is not None and frame_index < shown.end:
            drawn = self._drawn(shown, frame_index)
            sprites = tuple(sprite for sprite in drawn if sprite is not None)
        self._paint_ahead(shown)
        return sprites

    @property
    def byte_count(self) -> int:
        """Memory that the kept pictures take; bounded, however long the video is."""
        return self._bitmaps.byte_count + self._sprites.byte_count

    def _spelled(self, words: Sequence[Timed[str]], layout: Layout) -> list[Timed[str]]:
        """The words as they are drawn; those of which nothing can be drawn are left out."""
        texts = dict.fromkeys(word.value for word in words)
        pieces = {text: self._pieces(text, layout) for text in texts}
        drawn = [word for word in sorted(words, key=lambda word: word.start) if pieces[word.value]]
        return [piece for word in drawn for piece in _in_turn(word, pieces[word.value])]

    def _pieces(self, text: str, layout: Layout) -> list[str]:
        text = self._typesetter.clean(text)
        if self._style.upper:
            text = self._typesetter.upper(text)
        return layout.pieces(text) if text else []

    def _drawn(self, shown: Shown, frame: int) -> Iterator[YuvaSprite | None]:
        page = shown.page
        current = bisect_right(shown.starts, frame) - 1
        opacity = self._opacity(shown, frame)
        if self._style.panel is not None:
            yield self._panel(shown, opacity)
        if self._style.underline is not None:
            yield self._underline(shown, current, frame, opacity)
        order = sorted(range(len(page.words)), key=lambda i: i == current)
        for i in order:
            if i <= current or not self._style.reveal:
                yield self._word(shown, i, self._stance(shown, i, current, frame), opacity)

    def _opacity(self, shown: Shown, frame: int) -> float:
        opacity = 1.0
        if shown.appears:
            arrival = self._progress(shown.starts[0], frame, ENTRANCE)
            opacity = self._motion.entrance(arrival).opacity
        if shown.fades:
            steps = self._steps[EXIT]
            opacity = min(opacity, (shown.end - frame) / (steps + 1))
        return opacity

    def _stance(self, shown: Shown, i: int, current: int, frame: int) -> _Stance:
        """How word `i` stands while word `current` is said."""
        style, is_current = self._style, i == current
        arrival = self._progress(shown.starts[0], frame, ENTRANCE)
        said = self._progress(shown.starts[i], frame, self._motion.duration)
        arrived = self._motion.entrance(arrival)
        pose = self._motion.emphasis(said) if is_current else Pose()
        tilt = style.tilt_deg * pose.turn if is_current or style.reveal else 0.0
        if style.reveal and i % 2 == 0:
            tilt = -tilt
        return _Stance(
            look_of(style, shown.page.first + i, (i < current) - (i > current)),
            arrived.scale * pose.scale * (style.grown if is_current else 1.0),
            tilt,
            arrived.drop + pose.drop,
            arrival >= 1 and (said >= 1 or not is_current),
        )

    def _word(self, shown: Shown, i: int, stance: _Stance, opacity: float) -> YuvaSprite | None:
        word, size = shown.page.words[i], shown.page.size_px

        def draw() -> YuvaSprite | None:
            bitmap = self._bitmap(shown.page, word, stance.look)
            painted = self._style.grown if stance.look.active else 1.0
            return self._placed(
                _turned(bitmap, stance.scale / painted, stance.angle_deg),
                (word.x, word.y + stance.drop * size),
                opacity,
            )

        if stance.settled and opacity >= 1:
            return self._sprites.get((shown.page.first, i, stance), draw)
        return draw()

    def _bitmap(self, page: Page, word: PlacedWord, look: Look) -> Bitmap:
        size = page.size_px * (self._style.grown if look.active else 1.0)
        return self._bitmaps.get(
            (word.text, size, look),
            lambda: paint_word(self._style, self._typesetter, word.text, size, look),
        )

    def _panel(self, shown: Shown, opacity: float) -> YuvaSprite | None:
        page, panel = shown.page, self._style.panel
        if panel is None:
            return None
        lines = [(line.left, line.right, line.middle) for line in page.lines]
        bitmap = self._bitmaps.get(
            ("panel", shown.page.first), lambda: paint_panel(panel, page.size_px, lines)
        )
        if opacity < 1:
            return self._placed(bitmap, (0, 0), opacity)
        return self._sprites.get(
            ("panel", shown.page.first), lambda: self._placed(bitmap, (0, 0), 1.0)
        )

    def _underline(
        self, shown: Shown, current: int, frame: int, opacity: float
    ) -> YuvaSprite | None:
        bar, size, word = self._style.underline, shown.page.size_px, shown.page.words[current]
        if bar is None:
            return None
        grown = self._progress(shown.starts[current], frame, self._motion.duration, first=1)
        bitmap = paint_bar(bar.color, max(word.width * grown, 1.0), bar.width * size)
        place = (word.x - word.width / 2, word.y + (bar.drop + bar.width / 2) * size)
        return self._placed(bitmap, place, opacity)

    def _placed(
        self, bitmap: Bitmap, place: tuple[float, float], opacity: float
    ) -> YuvaSprite | None:
        pixels = bitmap.pixels
        if opacity < 1:
            pixels = cv2.convertScaleAbs(pixels, alpha=opacity).astype(np.uint8, copy=False)
        left, top = round(place[0] - bitmap.x), round(place[1] - bitmap.y)
        return sprite_from_yuva(pixels, left, top, self._size)

    def _paint_ahead(self, shown: Shown | None) -> None:
        """Paint one word that will be needed soon and is not yet painted."""
        at = -1 if shown is None else shown.page.first
        if at == self._painted_for:
            return
        for each in filter(None, (shown, self._schedule.following(shown))):
            for i, word in enumerate(each.page.words):
                for state in (-1, 0, 1):
                    look = look_of(self._style, each.page.first + i, state)
                    size = each.page.size_px * (self._style.grown if look.active else 1.0)
                    if (word.text, size, look) not in self._bitmaps:
                        self._bitmap(each.page, word, look)
                        return
        self._painted_for = at

    def _progress(self, start: int, frame: int, duration: Fraction, first: int = 0) -> float:
        return min(max((frame - start + first) / self._steps[duration], 0.0), 1.0)


def _in_turn(word: Timed[str], pieces: Sequence[str]) -> list[Timed[str]]:
    """The pieces of one word, each with its share of the word's time."""
    times = [
        word.start + (word.end - word.start) * i // len(pieces) for i in range(len(pieces) + 1)
    ]
    return [
        Timed(start, end, piece)
        for start, end, piece in zip(times, times[1:], pieces, strict=False)
    ]


def missing_glyphs(texts: Sequence[str], captions: Captions) -> set[str]:
    """The characters that no font draws, not even a stand-in of the style's own."""
    typesetter = Typesetter.of(styled(captions).typeface, texts)
    return {char for text in texts for char in typesetter.missing(text)}


def _turned(bitmap: Bitmap, scale: float, angle_deg: float) -> Bitmap:
    """The bitmap scaled and turned (+ clockwise) around its point."""
    if abs(scale - 1) < 1e-3 and abs(angle_deg) < 1e-3:
        return bitmap
    height, width = bitmap.pixels.shape[:2]
    turn = math.radians(angle_deg)
    cos, sin = math.cos(turn) * scale, math.sin(turn) * scale
    corners = np.array([(x, y) for x in (0, width) for y in (0, height)]) - (bitmap.x, bitmap.y)
    moved = corners @ np.array([[cos, sin], [-sin, cos]])
    low, high = np.floor(moved.min(axis=0)) - 1, np.ceil(moved.max(axis=0)) + 1
    x, y = -low[0], -low[1]
    matrix = np.array(
        [
            [cos, -sin, x - cos * bitmap.x + sin * bitmap.y],
            [sin, cos, y - sin * bitmap.x - cos * bitmap.y],
        ]
    )
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    warped = cv2.warpAffine(bitmap.pixels, matrix, size, flags=cv2.INTER_LINEAR)
    return Bitmap(warped.astype(np.uint8, copy=False), float(x), float(y))
