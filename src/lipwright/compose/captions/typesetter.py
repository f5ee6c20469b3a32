"""Words into glyphs: which face draws which part, how wide it is, and its ink."""

from __future__ import annotations

import functools
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from lipwright.compose.captions.emoji import clusters, emoji_width, is_emoji, paint_emoji
from lipwright.compose.captions.fonts import Typeface, coverage, fallbacks, font, han_language

Coverage = NDArray[np.float32]
"""``(h, w)`` float32 in [0, 1]."""

_RTL: Final = frozenset({"R", "AL"})
_STRONG: Final = _RTL | {"L"}
# An emoji fills its em and more; beside capitals, which fill 0.7 of theirs, it would shout.
_EMOJI_EM: Final = 0.88
_EMOJI_ABOVE_EM: Final = 0.95 * _EMOJI_EM
_EMOJI_BELOW_EM: Final = 0.25 * _EMOJI_EM


@dataclass(frozen=True, slots=True)
class Decoration:
    """What is done to letters that the face itself does not have."""

    slant: float = 0.0
    """Lean to the right, over the height."""
    bolder: float = 0.0
    """Width added to every stroke, on each side, in ems."""
    lined: bool = False
    """A line under every word."""


PLAIN: Final = Decoration()
_LINE_DROP_EM: Final = 0.11
_LINE_EM: Final = 0.06
"""The line under words: where most typefaces have theirs."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one word that one face draws."""

    text: str
    typeface: Typeface | None
    """None is the colour emoji."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a word's ink reaches, in ems, from the middle of its baseline."""

    width: float
    above: float
    below: float
    cap: float
    """Height of the style's capitals; half of it is the optical middle of a line."""

    @property
    def up(self) -> float:
        """Ink above the middle of the capitals."""
        return self.above - self.cap / 2

    @property
    def down(self) -> float:
        """Ink below the middle of the capitals."""
        return self.below + self.cap / 2


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Sets words in one style's face, with stand-ins for what the face lacks."""

    typeface: Typeface
    language: str
    """Whose forms the Han characters take: ``ja``, ``ko`` or ``zh``."""
    base: int
    """Embedding level of the text: 1 where its lines run right to left."""
    decoration: Decoration = PLAIN

    @classmethod
    def of(
        cls, typeface: Typeface, texts: Sequence[str], decoration: Decoration = PLAIN
    ) -> Typesetter:
        """The typesetter for all the words of one video."""
        kinds = [{unicodedata.bidirectional(char) for char in text} for text in texts]
        to_the_left = sum(bool(kind & _RTL) for kind in kinds)
        # emoji and dashes have no direction of their own, and count for neither
        base = int(to_the_left > sum("L" in kind and not kind & _RTL for kind in kinds))
        return cls(typeface, han_language(texts), base, decoration)

    def clean(self, text: str) -> str:
        """The text without the characters that no face covers; its spaces made plain."""
        composed = unicodedata.normalize("NFC", " ".join(text.split()))
        return " ".join("".join(map(self._drawable, clusters(composed))).split())

    def missing(self, text: str) -> set[str]:
        """The characters with ink of their own that no face covers."""
        composed = unicodedata.normalize("NFC", text)
        lost = {char for part in clusters(composed) for char in part[len(self._drawable(part)) :]}
        return {char for char in lost if not char.isspace() and not _is_invisible(char)}

    def _drawable(self, cluster: str) -> str:
        """The cluster, or as much of its start as one face covers."""
        for end in range(len(cluster), 0, -1):
            if self.face_for(cluster[:end], None) is not NO_FACE:
                return cluster[:end]
        return ""

    def upper(self, text: str) -> str:
        """The text in capitals, or as it is where some capital has no glyph."""
        raised = text.upper()
        return raised if self.clean(raised) == raised else text

    def runs(self, text: str) -> tuple[Run, ...]:
        """The word's runs from left to right, as they stand on the screen."""
        return _runs(self, text)

    def extent(self, text: str) -> Extent:
        """The word's reach at a size of one em."""
        return _extent(self, text)

    def width(self, run: Run, size_px: float) -> float:
        """Advance of a run, in pixels."""
        if run.typeface is None:
            return emoji_width(run.text, _EMOJI_EM * size_px)
        return font(run.typeface, size_px).getlength(
            run.text, direction=self.direction, language=self.language_of(run)
        )

    def ink(
        self, text: str, size_px: float, shape: tuple[int, int], origin: tuple[float, float]
    ) -> Ink:
        """The word drawn on an empty canvas of `shape`, its baseline starting at `origin`."""
        placed, x = [], origin[0]
        for run in self.runs(text):
            placed.append((run, x))
            x += self.width(run, size_px)
        return Ink(self, tuple(placed), size_px, shape, origin[1])

    @property
    def direction(self) -> str:
        """Raqm's name for the direction of the text; it orders what is inside a run itself."""
        return "rtl" if self.base else "ltr"

    def language_of(self, run: Run) -> str | None:
        """The language tag that picks a run's Han forms."""
        is_han = run.typeface is not None and run.typeface.package.endswith("cjk")
        return {"zh": "zh-Hans"}.get(self.language, self.language) if is_han else None

    def face_for(self, cluster: str, before: Typeface | None) -> Typeface | None:
        """The first face with all of a cluster's glyphs; None for emoji, `NO_FACE` for none.

        A neutral character stays with the run before it, so that punctuation is not torn off.
        """
        if is_emoji(cluster):
            return None
        needed = {ord(char) for char in cluster if not _is_invisible(char)}
        faces = [self.typeface, *fallbacks(self.language)]
        if before is not None and unicodedata.bidirectional(cluster[0]) not in _STRONG:
            faces.insert(0, before)
        if not needed:
            return faces[0] if cluster[0] in "\u200c\u200d" else NO_FACE
        return next((face for face in faces if needed <= coverage(face)), NO_FACE)


NO_FACE: Final = Typeface("", "")
"""What draws a character that no installed face covers: nothing."""


_SHARES: Final = np.arange(256, dtype=np.float32) * np.float32(1 / 255)


@dataclass(frozen=True, slots=True)
class Ink:
    """One word set on a canvas; gives its shape with and without an outline, and its emoji."""

    typesetter: Typesetter
    runs: tuple[tuple[Run, float], ...]
    size_px: float
    shape: tuple[int, int]
    baseline: float

    def letters(self, stroke_px: float = 0.0) -> Coverage:
        """Coverage of the letters, grown by `stroke_px` on every side."""
        image = Image.new("L", (self.shape[1], self.shape[0]))
        draw, decoration = ImageDraw.Draw(image), self.typesetter.decoration
        stroke_px += decoration.bolder * self.size_px
        for run, x in self.runs:
            if run.typeface is not None:
                draw.text(
                    (x, self.baseline),
                    run.text,
                    font=font(run.typeface, self.size_px),
                    fill=255,
                    anchor="ls",
                    stroke_width=stroke_px,
                    direction=self.typesetter.direction,
                    language=self.typesetter.language_of(run),
                )
        letters = np.asarray(cv2.LUT(np.asarray(image), _SHARES), np.float32)
        if decoration.slant:
            letters = self._slanted(letters, decoration.slant)
        return np.maximum(letters, self._line(stroke_px)) if decoration.lined else letters

    def _slanted(self, letters: Coverage, slant: float) -> Coverage:
        lean = np.array([[1, -slant, slant * self.baseline], [0, 1, 0]])
        leaning = cv2.warpAffine(letters, lean, letters.shape[::-1], flags=cv2.INTER_LINEAR)
        return np.asarray(leaning, np.float32)

    def _line(self, stroke_px: float) -> Coverage:
        """The line under the word, grown by `stroke_px`; its upper and lower edge are smooth."""
        em, (_, start), (last, end) = self.size_px, self.runs[0], self.runs[-1]
        middle = self.baseline + (_LINE_DROP_EM + _LINE_EM / 2) * em
        rows = np.arange(self.shape[0], dtype=np.float32) + 0.5
        half = _LINE_EM / 2 * em + stroke_px
        down = np.clip(half - np.abs(rows - middle) + 0.5, 0, 1)[:, None]
        columns = np.arange(self.shape[1], dtype=np.float32) + 0.5
        end += self.typesetter.width(last, em)
        inside = np.clip(columns - (start - stroke_px) + 0.5, 0, 1) * np.clip(
            end + stroke_px - columns + 0.5, 0, 1
        )
        return np.asarray(down * inside[None], np.float32)

    def emoji(self) -> NDArray[np.float32] | None:
        """The emoji, premultiplied RGBA from 0 to 255; None where there are none."""
        if all(run.typeface is not None for run, _ in self.runs):
            return None
        canvas = np.zeros((*self.shape, 4), np.float32)
        for run, x in self.runs:
            if run.typeface is None:
                paint_emoji(run.text, _EMOJI_EM * self.size_px, canvas, x, self.baseline)
        return canvas

    def outline(self, stroke_px: float, emoji: NDArray[np.float32] | None) -> Coverage:
        """Coverage of letters and emoji together, grown by `stroke_px`."""
        grown = self.letters(stroke_px)
        if emoji is None:
            return grown
        disc = 2 * max(0, round(stroke_px)) + 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (disc, disc))
        alpha = np.ascontiguousarray(emoji[..., 3]) * np.float32(1 / 255)
        return np.maximum(grown, cv2.dilate(alpha, kernel).astype(np.float32, copy=False))


def visual_order(levels: Sequence[int]) -> list[int]:
    """Indices from left to right (Unicode Standard Annex 9, rule L2).

    >>> visual_order([1, 1, 2, 2, 1])
    [4, 2, 3, 1, 0]
    """
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = max(end, start + 1)
    return order


def word_level(text: str, base: int) -> int:
    """Embedding level of a word in a line whose base level is `base`."""
    kinds = {unicodedata.bidirectional(char) for char in text}
    if kinds & _RTL:
        return 1
    if kinds & {"L", "EN", "AN"}:
        return 2 * base
    return base


def _is_invisible(char: str) -> bool:
    """Variation selectors, joiners and other marks that have no ink of their own."""
    return unicodedata.category(char) in ("Cf", "Cc") or 0xFE00 <= ord(char) <= 0xFE0F


@functools.lru_cache(maxsize=2048)
def _runs(typesetter: Typesetter, text: str) -> tuple[Run, ...]:
    runs: list[Run] = []
    for cluster in clusters(text):
        face = typesetter.face_for(cluster, runs[-1].typeface if runs else None)
        if runs and runs[-1].typeface == face:
            runs[-1] = Run(runs[-1].text + cluster, face)
        elif face is not NO_FACE:
            runs.append(Run(cluster, face))
    levels = [word_level(run.text, typesetter.base) for run in runs]
    return tuple(runs[i] for i in visual_order(levels))


# Big enough that hinting does not round the measure, small enough to be quick.
_MEASURE_PX: Final = 128.0


@functools.lru_cache(maxsize=2048)
def _extent(typesetter: Typesetter, text: str) -> Extent:
    width = above = below = 0.0
    for run in typesetter.runs(text):
        width += typesetter.width(run, _MEASURE_PX)
        if run.typeface is None:
            above = max(above, _EMOJI_ABOVE_EM * _MEASURE_PX)
            below = max(below, _EMOJI_BELOW_EM * _MEASURE_PX)
            continue
        box = font(run.typeface, _MEASURE_PX).getbbox(
            run.text, anchor="ls", direction=typesetter.direction
        )
        above, below = max(above, -box[1]), max(below, box[3])
    if typesetter.decoration.lined:
        below = max(below, (_LINE_DROP_EM + _LINE_EM) * _MEASURE_PX)
    cap = -font(typesetter.typeface, _MEASURE_PX).getbbox("H", anchor="ls")[1]
    scale = 1 / _MEASURE_PX
    return Extent(math.ceil(width) * scale, above * scale, below * scale, cap * scale)
