"""What lies over the person: media cards, lines around panes, a post's header, calls to action."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lipwright.arrays import Box, Frame, Matte
from lipwright.colour import halved
from lipwright.compose.backgrounds import covering, read_rgba
from lipwright.compose.captions import YuvaSprite
from lipwright.compose.captions.custom import styled
from lipwright.compose.captions.layout import REFERENCE_PX, SAFE_MARGIN
from lipwright.compose.captions.painter import BOX_EM, Bitmap, look_of, paint_panel, paint_word
from lipwright.compose.captions.sprite import Rgba, sprite_from_rgba
from lipwright.compose.captions.styles import Paint, Style
from lipwright.compose.captions.typesetter import Typesetter
from lipwright.compose.grounds import Ground
from lipwright.compose.layouts import Layout
from lipwright.compose.panes import disc
from lipwright.errors import InvalidRequest
from lipwright.request import CallToAction, Captions, Transition

_SMALLEST: Final = 0.45
"""A text of a call to action shrinks to this share of its size at most."""
_PAPER_INK: Final = "#0F1419"


@dataclass(frozen=True, slots=True, eq=False)
class Fixed:
    """The same sprites all the time."""

    shown: tuple[YuvaSprite, ...]

    def sprites(self, frame_index: int) -> Sequence[YuvaSprite]:
        """All of them."""
        return self.shown


class MediaCard:
    """A ground seen through a window that lies over everything before it."""

    def __init__(self, inner: Ground, box: Box, mask: Matte | None) -> None:
        self._inner = inner
        self._box = box
        shape = (box.bottom - box.top, box.right - box.left)
        self._mask = np.full(shape, 255, np.uint8) if mask is None else mask
        self._half = halved(self._mask)
        self._kept: YuvaSprite | None = None

    def sprites(self, frame_index: int) -> Sequence[YuvaSprite]:
        """The window as it is during a frame."""
        if self._kept is None or self._inner.moving:
            picture = self._inner.at(frame_index)
            masks = (self._mask, self._half, self._half)
            y, u, v = (
                np.asarray(cv2.multiply(plane, mask, scale=1 / 255), np.uint8)
                for plane, mask in zip(picture[:3], masks, strict=True)
                if plane is not None
            )
            self._kept = YuvaSprite(
                self._box.left, self._box.top, y, u, v, 255 - self._mask, 255 - self._half
            )
        return (self._kept,)


def line_around(outline: tuple[Box, Matte], size: tuple[int, int]) -> tuple[YuvaSprite, ...]:
    """A white line around a pane."""
    box, ring = outline
    sprite = sprite_from_rgba(np.dstack([ring] * 4), box.left, box.top, size)
    return () if sprite is None else (sprite,)


def shade(layout: Layout, size: tuple[int, int]) -> tuple[YuvaSprite, ...]:
    """Vignette and bars, as far as a layout has them."""
    width, height = size
    alpha: NDArray[np.float32] = np.zeros((height, width), np.float32)
    if layout.vignette:
        x = np.linspace(-1, 1, width, dtype=np.float32)
        y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
        alpha = (np.clip((np.sqrt(x * x + y * y) - 0.65) / 0.9, 0, 1) * 150).astype(np.float32)
    if layout.bars:
        bar = round(0.075 * height)
        alpha[:bar] = alpha[-bar:] = 255
    if not alpha.any():
        return ()
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[..., 3] = np.rint(alpha)
    sprite = sprite_from_rgba(pixels, 0, 0, size)
    return () if sprite is None else (sprite,)


def post_header(
    name: str, portrait: Frame, pane: Box, size: tuple[int, int]
) -> tuple[YuvaSprite, ...]:
    """Portrait and name above a post's picture."""
    side = _even(0.09 * min(size))
    left, top = pane.left, pane.top - side - _even(0.025 * min(size))
    face = np.dstack([covering(portrait, (side, side)), disc(side)])
    bitmaps = [(_premultiplied(face), left, top)]
    for text, share, down, captions in (
        (name, 0.4, 0.28, Captions("normal-white", font_family="Poppins", bold=True)),
        (f"@{name.lower().replace(' ', '')}", 0.32, 0.74, Captions("normal-white")),
    ):
        style = styled(captions)
        setter = Typesetter.of(style.typeface, [text])
        look = look_of(_inked(style), 0, -1)
        word = paint_word(_inked(style), setter, text, share * side, look)
        extent = setter.extent(text).width * share * side
        x = left + side * 1.25 + extent / 2 - word.x
        bitmaps.append((word.pixels, round(x), round(top + down * side - word.y)))
    sprites = (sprite_from_rgba(pixels, x, y, size) for pixels, x, y in bitmaps)
    return tuple(sprite for sprite in sprites if sprite is not None)


def _inked(style: Style) -> Style:
    return replace(style, fill=Paint(_PAPER_INK), past=None, panel=None)


class ActionCard:
    """A call to action: its logo and text, which come and go with its transitions."""

    def __init__(
        self, call: CallToAction, size: tuple[int, int], spans: tuple[range, range]
    ) -> None:
        self._call = call
        self._size = size
        self._arriving, self._going = spans
        logo = _logo(call, size)
        self._bitmaps = [*logo, *_text(call, size, logo)]
        self._still = self._at(1.0, (0, 0))

    def sprites(self, frame_index: int) -> Sequence[YuvaSprite]:
        """What is seen of it during a frame."""
        kind, share = self._passage(frame_index)
        if kind is None:
            return self._still
        eased = share * share * (3 - 2 * share)
        if kind is Transition.FADE:
            return self._at(eased, (0, 0))
        return self._at(1.0, self._shift(kind, eased, arriving=frame_index in self._arriving))

    def _passage(self, frame_index: int) -> tuple[Transition | None, float]:
        """Which transition is on, and how much of the card is there."""
        call = self._call
        if call.transition_in and frame_index in self._arriving:
            return call.transition_in, (frame_index + 1) / (len(self._arriving) + 1)
        if call.transition_out and frame_index in self._going:
            left = self._going.stop - frame_index
            return call.transition_out, left / (len(self._going) + 1)
        return None, 1.0

    def _shift(self, kind: Transition, share: float, *, arriving: bool) -> tuple[int, int]:
        away = (1 - share) if arriving else share - 1
        width, height = self._size
        across = {Transition.SWIPE_LEFT: away, Transition.SWIPE_RIGHT: -away}.get(kind, 0.0)
        down = {Transition.SWIPE_UP: away, Transition.SWIPE_DOWN: -away}.get(kind, 0.0)
        return round(across * width), round(down * height)

    def _at(self, opacity: float, shift: tuple[int, int]) -> tuple[YuvaSprite, ...]:
        sprites = []
        for pixels, left, top in self._bitmaps:
            faded = pixels
            if opacity < 1:
                faded = np.asarray(cv2.convertScaleAbs(pixels, alpha=opacity), np.uint8)
            sprites.append(sprite_from_rgba(faded, left + shift[0], top + shift[1], self._size))
        return tuple(sprite for sprite in sprites if sprite is not None)


_Placed: TypeAlias = tuple[Rgba, int, int]
"""Premultiplied pixels, and where their left and top edge are."""


def _logo(call: CallToAction, size: tuple[int, int]) -> list[_Placed]:
    if call.logo is None:
        return []
    image = read_rgba(call.logo)
    width = max(2, round(call.logo_scale * size[0]))
    height = max(2, round(width * image.height / image.width))
    if height > size[1]:
        width, height = max(2, round(width * size[1] / height)), size[1]
    pixels = np.asarray(image.resize((width, height), Image.Resampling.LANCZOS), np.uint8)
    left = round((0.5 + call.logo_offset[0]) * size[0] - width / 2)
    top = round((0.5 + call.logo_offset[1]) * size[1] - height / 2)
    return [(_premultiplied(pixels), left, top)]


def _premultiplied(pixels: NDArray[np.uint8]) -> Rgba:
    alpha = np.ascontiguousarray(pixels[..., 3])
    color = cv2.multiply(
        np.ascontiguousarray(pixels[..., :3]), cv2.merge([alpha] * 3), scale=1 / 255
    )
    return np.dstack([color, alpha]).astype(np.uint8, copy=False)


def _text(call: CallToAction, size: tuple[int, int], logo: Sequence[_Placed] = ()) -> list[_Placed]:
    """Every line of the text, each on its own panel, clear of the logo where it can be."""
    if not (call.text or "").strip():
        return []
    style = styled(call.captions)
    setter = Typesetter.of(style.typeface, [call.text or ""], style.decoration)
    words = setter.clean(call.text or "").split()
    height = (1 - 2 * SAFE_MARGIN) * size[1]
    clear = _height_beside(logo, (0.5 + call.captions.offset_y) * size[1])
    try:
        lines, em = _broken(words, setter, style, call.captions, (*size, min(height, clear)))
    except InvalidRequest:
        lines, em = _broken(words, setter, style, call.captions, (*size, height))
    centre = (
        (0.5 + call.captions.offset_x) * size[0],
        (0.5 + call.captions.offset_y) * size[1] - (len(lines) - 1) / 2 * style.line_gap * em,
    )
    placed: list[_Placed] = []
    look = look_of(style, 0, -1)
    for number, line in enumerate(lines):
        x, y = centre[0], centre[1] + number * style.line_gap * em
        half = setter.extent(line).width * em / 2
        bitmaps: list[Bitmap] = []
        if style.panel is not None:
            bitmaps.append(paint_panel(style.panel, em, [(-half, half, 0.0)]))
        bitmaps.append(paint_word(style, setter, line, em, look))
        placed += [(each.pixels, round(x - each.x), round(y - each.y)) for each in bitmaps]
    return placed


def _height_beside(logo: Sequence[_Placed], middle: float) -> float:
    """How high what has its middle at a row may be without touching the logo."""
    room = math.inf
    for pixels, _, top in logo:
        bottom = top + pixels.shape[0]
        if not top <= middle <= bottom:
            room = 2 * (middle - bottom if bottom < middle else top - middle)
    return room


def _broken(
    words: Sequence[str],
    setter: Typesetter,
    style: Style,
    captions: Captions,
    room: tuple[int, int, float],
) -> tuple[list[str], float]:
    """Lines that fit, and the size of the letters.

    Args:
        words: Of the text.
        setter: Measures them.
        style: How they look.
        captions: How wide they may be at most.
        room: Width and height of the canvas, and how high the text may be.
    """
    *size, high = room
    words = [setter.upper(word) if style.upper else word for word in words]
    pad = (style.panel.pad_x if style.panel else 0.1) * 2
    across = (1 - 2 * SAFE_MARGIN) * size[0]
    if captions.max_width_px is not None:
        across = min(across, captions.max_width_px * min(size) / REFERENCE_PX)
    em = style.size * min(size)
    smallest = em * _SMALLEST
    while em >= smallest:
        lines = _balanced(words, setter, across / em - pad)
        height = ((len(lines) - 1) * style.line_gap + 2 * BOX_EM + pad) * em
        wide = max(setter.extent(line).width for line in lines) + pad
        if wide * em <= across and height <= high:
            return lines, em
        em *= 0.94
    raise InvalidRequest(
        "The text of the call to action does not fit the picture; make it shorter or smaller."
    )


def _balanced(words: Sequence[str], setter: Typesetter, room_em: float) -> list[str]:
    """As few lines as can be, about as long as each other."""
    lines = _wrapped(words, setter, room_em)
    while len(lines) > 1:
        room_em *= 0.95
        tighter = _wrapped(words, setter, room_em)
        if len(tighter) > len(lines) or setter.extent(max(words, key=len)).width > room_em:
            break
        lines = tighter
    return lines


def _wrapped(words: Sequence[str], setter: Typesetter, room_em: float) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if setter.extent(longer).width <= room_em:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _even(side: float) -> int:
    return max(2, 2 * round(side / 2))
