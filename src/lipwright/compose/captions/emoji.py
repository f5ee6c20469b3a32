"""Emoji in colour: COLRv1 outlines and gradients, painted by HarfBuzz."""

from __future__ import annotations

import functools
import unicodedata
from typing import Final

import numpy as np
import uharfbuzz as hb
from numpy.typing import NDArray

from lipwright.models import Asset

COLOR_EMOJI: Final = Asset(
    path="fonts/NotoColorEmoji-COLRv1.ttf",
    sha256="2df05e3ea22fa94ae5ecaf8be55ba9143e870da94620cf02249f832aa0a677c2",
    licence="OFL-1.1",
    source="@expo-google-fonts/noto-color-emoji 0.4.6 (npm), made by tools/emoji_font.py",
)

_KEYCAP: Final = "\u20e3"
_EMOJI_STYLE: Final = "\ufe0f"
_JOINER: Final = "\u200d"
_TEXT_STYLE: Final = "\ufe0e"
# Below the technical symbols a character is text unless it says otherwise: digits, ©, ™, arrows.
_FIRST_SYMBOL: Final = 0x2300


@functools.lru_cache(maxsize=1)
def emoji_coverage() -> frozenset[int]:
    """The code points that the colour font draws."""
    return frozenset(_face().unicodes)


def is_emoji(cluster: str) -> bool:
    """Whether a cluster is to be drawn in colour."""
    first = ord(cluster[0])
    if first not in emoji_coverage() or _TEXT_STYLE in cluster:
        return False
    return first >= _FIRST_SYMBOL or _EMOJI_STYLE in cluster or _KEYCAP in cluster


def clusters(text: str) -> list[str]:
    """The text cut into what a reader takes for one character.

    >>> clusters("a👍🏽b")
    ['a', '👍🏽', 'b']
    """
    parts: list[str] = []
    for char in text:
        if parts and _continues(parts[-1], char):
            parts[-1] += char
        else:
            parts.append(char)
    return parts


def _continues(cluster: str, char: str) -> bool:
    if cluster[-1] == _JOINER and ord(cluster[0]) > 0x2000:
        return True
    if _is_flag_half(char):
        return _is_flag_half(cluster[-1]) and len(cluster) % 2 == 1
    code = ord(char)
    return (
        char in (_JOINER, "\u200c", _EMOJI_STYLE, _TEXT_STYLE, _KEYCAP)
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0020 <= code <= 0xE007F
        or unicodedata.category(char) in ("Mn", "Mc", "Me")
    )


def _is_flag_half(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF


def emoji_width(text: str, size_px: float) -> float:
    """Advance of a run of emoji, in pixels."""
    _, positions = _shaped(text, size_px)
    return float(sum(position.x_advance for position in positions)) / _FIXED


def paint_emoji(
    text: str, size_px: float, canvas: NDArray[np.float32], x: float, baseline: float
) -> None:
    """Paint a run of emoji over a premultiplied ``(h, w, 4)`` RGBA canvas, values 0 to 255."""
    drawn, positions = _shaped(text, size_px)
    paint = hb.RasterPaint()
    for info, position in zip(drawn.glyph_infos, positions, strict=True):
        paint.reset()
        paint.scale_factor = (_FIXED, _FIXED)
        paint.paint_glyph(_sized(size_px), info.codepoint)
        image = paint.render()
        if image is not None:
            _stamp(canvas, image, round(x), round(baseline))
        x += position.x_advance / _FIXED


_FIXED: Final = 64
"""HarfBuzz positions a pixel, so advances keep their fractions."""


def _shaped(text: str, size_px: float) -> tuple[hb.Buffer, list[hb.GlyphPosition]]:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(_sized(size_px), buffer)
    return buffer, buffer.glyph_positions or []


def _stamp(canvas: NDArray[np.float32], image: hb.RasterImage, x: int, baseline: int) -> None:
    extents = image.extents
    raw = np.frombuffer(image.buffer, np.uint8)
    bgra = raw.reshape(extents.height, extents.stride // 4, 4)[::-1, : extents.width]
    left, top = x + extents.x_origin, baseline - extents.y_origin - extents.height
    x0, y0 = max(0, -left), max(0, -top)
    x1 = min(extents.width, canvas.shape[1] - left)
    y1 = min(extents.height, canvas.shape[0] - top)
    if x1 <= x0 or y1 <= y0:
        return
    glyph = bgra[y0:y1, x0:x1, [2, 1, 0, 3]].astype(np.float32)
    part = canvas[top + y0 : top + y1, left + x0 : left + x1]
    part *= 1 - glyph[..., 3:] / 255
    part += glyph


@functools.lru_cache(maxsize=1)
def _face() -> hb.Face:
    return hb.Face(hb.Blob(COLOR_EMOJI.read()))


@functools.lru_cache(maxsize=8)
def _sized(size_px: float) -> hb.Font:
    font = hb.Font(_face())
    scale = round(size_px * _FIXED)
    font.scale = (scale, scale)
    return font
