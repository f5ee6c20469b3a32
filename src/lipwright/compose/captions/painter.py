"""Words as pictures: fill, outlines, shadow, extrusion, glow and box, painted once per look."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.compose.captions.sprite import Yuva, yuva_of
from lipwright.compose.captions.styles import Box, Paint, Style
from lipwright.compose.captions.typesetter import Coverage, Extent, Ink, Typesetter

Canvas = NDArray[np.float32]
"""``(4, h, w)`` float32 premultiplied RGBA, 0 to 255: a plane a colour, which is painted on four
times as fast as pixel by pixel."""

HAZARD_EM: Final = 0.13
"""Height of the warning stripes above and below a box."""
BOX_EM: Final = 0.54
"""Half the height of a box without its padding: capitals and descenders of one line."""
# Ink may stand out of the box's own height by this much before the box grows: accents of Latin
# do not make it jump from word to word, the vowels of Thai are not cut by its edge.
_BOX_LENIENCE_EM: Final = 0.12
_BOX_SHADOW_EM: Final = 0.08
_STRIPE_EM: Final = 0.28
_HAZARD_BLACK: Final = "#111111"


@dataclass(frozen=True, slots=True, eq=False)
class Bitmap:
    """A painted word; `x` and `y` are the point that goes to the word's place on the canvas."""

    pixels: Yuva
    """In the encoder's colours, so that what moves is not converted in each frame."""
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Look:
    """Which of the style's dresses a word wears."""

    paint: Paint
    active: bool


def look_of(style: Style, ordinal: int, state: int) -> Look:
    """The look of a page's word: `state` is negative before it is said, 0 while, positive after."""
    if style.cycle:
        return Look(style.cycle[ordinal % len(style.cycle)], active=False)
    if state == 0:
        return Look(style.active, active=True)
    return Look(style.past if state > 0 and style.past else style.fill, active=False)


def box_reach(box: Box, extent: Extent) -> tuple[float, float]:
    """How far a word's box goes above and below the middle of its capitals, in ems."""
    pad = box.pad_y + (HAZARD_EM if box.hazard else 0.0)
    up, down = (
        ink if ink > BOX_EM + _BOX_LENIENCE_EM else BOX_EM for ink in (extent.up, extent.down)
    )
    return up + pad, down + pad


def paint_word(
    style: Style, typesetter: Typesetter, text: str, size_px: float, look: Look
) -> Bitmap:
    """One word in one look."""
    extent = typesetter.extent(text)
    lean = style.decoration.slant * extent.above + style.decoration.bolder
    margin = math.ceil((_margin_em(style) + lean) * size_px) + 2
    # Ink may stand out of its advance by an italic's lean, and by hinting.
    half = extent.width * size_px / 2
    above = max(extent.above, BOX_EM + extent.cap / 2) * size_px
    below = max(extent.below, BOX_EM - extent.cap / 2) * size_px
    shape = (math.ceil(above + below) + 2 * margin, math.ceil(2 * half) + 2 * margin)
    baseline = margin + math.ceil(above)
    ink = typesetter.ink(text, size_px, shape, (margin, baseline))
    canvas = np.zeros((4, *shape), np.float32)
    middle = (margin + half, baseline - extent.cap * size_px / 2)
    if style.box and look.active:
        reach = box_reach(style.box, extent)
        down = (middle[1] - reach[0] * size_px, middle[1] + reach[1] * size_px)
        across = (middle[0] - half, middle[0] + half)
        _paint_box(canvas, style.box, across, down, size_px)
    _paint_letters(canvas, style, look, ink, extent)
    return _trimmed(canvas, *middle)


def paint_panel(box: Box, size_px: float, lines: Sequence[tuple[float, float, float]]) -> Bitmap:
    """The panel behind a page, its point at the page's origin.

    Args:
        box: How the panel looks.
        size_px: One em.
        lines: (left, right, middle) of each line in pixels from the page's origin.
    """
    rows = _joined(lines, (BOX_EM + box.pad_y) * size_px, box.radius * size_px)
    left = min(row[0] for row in rows) - box.pad_x * size_px - 2
    right = max(row[1] for row in rows) + box.pad_x * size_px + 2
    top, bottom = min(row[2] for row in rows) - 2, max(row[3] for row in rows) + 2
    shape = (math.ceil(bottom - top), math.ceil(right - left))
    mask = np.zeros(shape, np.float32)
    for start, end, over, under in rows:
        across = (start - box.pad_x * size_px - left, end + box.pad_x * size_px - left)
        piece = rounded(shape, across, (over - top, under - top), box.radius * size_px)
        np.maximum(mask, piece, out=mask)
    canvas = np.zeros((4, *shape), np.float32)
    _over(canvas, box.paint, mask, (0, shape[0]))
    return Bitmap(_pixels(canvas), -left, -top)


def paint_bar(color: str, width_px: float, height_px: float) -> Bitmap:
    """A bar with round ends, its point at the middle of its left end."""
    shape = (math.ceil(height_px) + 4, math.ceil(width_px) + 4)
    mask = rounded(shape, (2, 2 + width_px), (2, 2 + height_px), height_px / 2)
    canvas = np.zeros((4, *shape), np.float32)
    _over(canvas, Paint(color), mask, (0, 1))
    return Bitmap(_pixels(canvas), 2, 2 + height_px / 2)


def rounded(
    shape: tuple[int, int], across: tuple[float, float], down: tuple[float, float], radius: float
) -> Coverage:
    """Anti-aliased coverage of a rounded rectangle, from its signed distance.

    The distance is Inigo Quilez's "rounded box" (2D distance functions, 2015).
    """
    half_w, half_h = (across[1] - across[0]) / 2, (down[1] - down[0]) / 2
    radius = min(radius, half_w, half_h)
    xs = np.arange(shape[1], dtype=np.float32) + np.float32(0.5 - sum(across) / 2)
    ys = np.arange(shape[0], dtype=np.float32) + np.float32(0.5 - sum(down) / 2)
    qx = (np.abs(xs) - np.float32(half_w - radius))[None, :]
    qy = (np.abs(ys) - np.float32(half_h - radius))[:, None]
    outside = np.hypot(np.maximum(qx, 0), np.maximum(qy, 0))
    distance = outside + np.minimum(np.maximum(qx, qy), 0) - np.float32(radius)
    return np.asarray(np.clip(np.float32(0.5) - distance, 0, 1), np.float32)


def _joined(
    lines: Sequence[tuple[float, float, float]], half: float, radius: float
) -> list[tuple[float, float, float, float]]:
    """Rectangles (left, right, top, bottom) whose union has no notch where two lines meet.

    Lines of nearly the same width become one block; otherwise the narrower reaches into the
    wider, so that its round corners are hidden there.
    """
    rows = [(left, right, middle - half, middle + half) for left, right, middle in lines]
    if len(rows) == 1:
        return rows
    upper, lower = rows
    if abs(upper[1] - upper[0] - lower[1] + lower[0]) < 4 * radius:
        return [(min(upper[0], lower[0]), max(upper[1], lower[1]), upper[2], lower[3])]
    if upper[1] - upper[0] < lower[1] - lower[0]:
        return [(*upper[:3], lower[2] + 2 * radius), lower]
    return [upper, (lower[0], lower[1], upper[3] - 2 * radius, lower[3])]


def _margin_em(style: Style) -> float:
    """How far the effects reach beyond the letters."""
    strokes = max((stroke.width for stroke in style.strokes), default=0.0)
    soft = [0.0]
    if style.shadow:
        shadow = style.shadow
        soft.append(max(abs(shadow.dx), abs(shadow.dy)) + 2.5 * shadow.blur)
    if style.glow:
        soft.append(2.6 * style.glow.blur)
    if style.extrusion:
        soft.append(max(abs(style.extrusion.dx), abs(style.extrusion.dy)))
    box = 0.0
    if style.box:
        box = max(style.box.pad_x, style.box.pad_y + HAZARD_EM) + 2.5 * _BOX_SHADOW_EM
    return max(strokes + max(soft), box) + 0.12


def _paint_letters(canvas: Canvas, style: Style, look: Look, ink: Ink, extent: Extent) -> None:
    em = ink.size_px
    emoji = ink.emoji()
    own = style.active_strokes if look.active else None
    strokes = style.strokes if own is None else own
    outlines = [(ink.outline(stroke.width * em, emoji), stroke.color) for stroke in strokes]
    silhouette = outlines[0][0] if outlines else ink.outline(0, emoji)
    if not (style.box and look.active):
        _paint_depth(canvas, style, silhouette, em)
    if style.glow and (look.active or style.glow_always):
        wide = _blurred(silhouette, style.glow.blur * em) * (0.75 * style.glow.strength)
        near = _blurred(silhouette, 0.4 * style.glow.blur * em) * (0.55 * style.glow.strength)
        _over(canvas, Paint(style.glow.color), np.minimum(wide + near, 0.95), (0, 1))
    if style.extrusion:
        side = _swept(silhouette, style.extrusion.dx * em, style.extrusion.dy * em)
        _over(canvas, Paint(style.extrusion.color), side, (0, 1))
    for mask, color in outlines:
        _over(canvas, Paint(color), mask, (0, 1))
    _over(canvas, look.paint, ink.letters(), (ink.baseline - extent.cap * em, ink.baseline))
    if emoji is not None:
        canvas *= 1 - emoji[..., 3] / 255
        canvas += np.moveaxis(emoji, -1, 0)


def _paint_depth(canvas: Canvas, style: Style, silhouette: Coverage, em: float) -> None:
    if style.shadow is None:
        return
    moved = _moved(silhouette, style.shadow.dx * em, style.shadow.dy * em)
    if style.shadow.blur:
        # Blurring thins the strokes of letters; a quarter more keeps them dark enough to help.
        moved = np.minimum(_blurred(moved, style.shadow.blur * em) * np.float32(1.25), 1)
    _over(canvas, Paint(style.shadow.color, alpha=style.shadow.alpha), moved, (0, 1))


def _paint_box(
    canvas: Canvas,
    box: Box,
    across: tuple[float, float],
    down: tuple[float, float],
    em: float,
) -> None:
    shape = (canvas.shape[1], canvas.shape[2])
    across = (across[0] - box.pad_x * em, across[1] + box.pad_x * em)
    outer = rounded(shape, across, down, box.radius * em)
    shadow = _blurred(_moved(outer, 0, 0.05 * em), _BOX_SHADOW_EM * em) * np.float32(0.35)
    _over(canvas, Paint("#000000"), shadow, (0, 1))
    if box.hazard:
        _over(canvas, Paint(_HAZARD_BLACK), outer, (0, 1))
        _over(canvas, box.paint, outer * _stripes(shape, _STRIPE_EM * em), (0, 1))
        down = (down[0] + HAZARD_EM * em, down[1] - HAZARD_EM * em)
        outer = rounded(shape, across, down, 0)
    _over(canvas, box.paint, outer, down)


def _stripes(shape: tuple[int, int], period: float) -> Coverage:
    """Diagonal stripes, half and half, with soft edges a pixel wide."""
    diagonal = np.add.outer(np.arange(shape[0]), np.arange(shape[1])).astype(np.float32)
    phase = (diagonal % period) / period
    edge = 1.4 / period
    stripes = np.clip((np.abs(phase - 0.5) - 0.25) / edge + 0.5, 0, 1)
    return np.asarray(stripes, np.float32)


def _over(canvas: Canvas, paint: Paint, mask: Coverage, span: tuple[float, float]) -> None:
    """Paint over `canvas` through `mask`; a gradient runs over the rows of `span`."""
    if paint.alpha != 1:
        mask = mask * np.float32(paint.alpha)
    rows, columns = _inked(mask)
    mask, part = mask[rows, columns], canvas[:, rows, columns]
    part *= 1 - mask
    if paint.bottom is None:
        for plane, level in zip(part, _rgb(paint.top).tolist(), strict=False):
            if level:
                plane += mask * np.float32(level)
    else:
        colors = _gradient(paint, canvas.shape[1], span)[rows]
        for plane, levels in zip(part, colors.T, strict=False):
            plane += mask * levels[:, None]
    part[3] += mask * np.float32(255)


def _inked(mask: Coverage) -> tuple[slice, slice]:
    """The rows and columns from the first to the last that a mask covers at all."""
    rows, columns = np.flatnonzero(mask.max(axis=1)), np.flatnonzero(mask.max(axis=0))
    if not len(rows):
        return slice(0), slice(0)
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _gradient(paint: Paint, rows: int, span: tuple[float, float]) -> NDArray[np.float32]:
    """``(rows, 3)``: the colour of each row."""
    top, bottom = _rgb(paint.top), _rgb(paint.bottom or paint.top)
    at = (np.arange(rows, dtype=np.float32) - span[0]) / max(span[1] - span[0], 1.0)
    if paint.split:
        # The edge lies a little below the middle, where most letters' crossbars are.
        at = (at - 0.52) * (span[1] - span[0]) + 0.5
    share = np.clip(at, 0, 1)[:, None]
    return np.asarray(top * (1 - share) + bottom * share, np.float32)


def _rgb(color: str) -> NDArray[np.float32]:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], np.float32)


def _moved(mask: Coverage, dx: float, dy: float) -> Coverage:
    (height, width), down, across = mask.shape, round(dy), round(dx)
    moved = np.zeros_like(mask)
    moved[max(down, 0) : height + min(down, 0), max(across, 0) : width + min(across, 0)] = mask[
        max(-down, 0) : height - max(down, 0), max(-across, 0) : width - max(across, 0)
    ]
    return moved


def _swept(mask: Coverage, dx: float, dy: float) -> Coverage:
    steps = max(1, math.ceil(max(abs(dx), abs(dy))))
    swept = mask.copy()
    for i in range(1, steps + 1):
        np.maximum(swept, _moved(mask, dx * i / steps, dy * i / steps), out=swept)
    return swept


def _blurred(mask: Coverage, sigma: float) -> Coverage:
    """Gaussian blur; a wide one is made on a smaller copy, which no eye can tell."""
    if sigma < 4:
        return cv2.GaussianBlur(mask, (0, 0), max(sigma, 0.3)).astype(np.float32, copy=False)
    factor = 4 if sigma > 10 else 2
    height, width = mask.shape
    small = cv2.resize(
        mask, (-(-width // factor), -(-height // factor)), interpolation=cv2.INTER_AREA
    )
    small = cv2.GaussianBlur(small, (0, 0), sigma / factor)
    grown = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return grown.astype(np.float32, copy=False)


def _pixels(canvas: Canvas) -> Yuva:
    return yuva_of([cv2.convertScaleAbs(plane) for plane in canvas])


def _trimmed(canvas: Canvas, x: float, y: float) -> Bitmap:
    left, top, width, height = cv2.boundingRect(cv2.convertScaleAbs(canvas[3]))
    cut = np.ascontiguousarray(canvas[:, top : top + height, left : left + width])
    return Bitmap(_pixels(cut), x - left, y - top)
