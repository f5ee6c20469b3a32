"""A style of the table, changed as a request asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from lipwright.compose.captions.fonts import FAMILIES
from lipwright.compose.captions.layout import REFERENCE_PX
from lipwright.compose.captions.styles import STYLES, Box, Paint, Shadow, Style
from lipwright.compose.captions.typesetter import Decoration
from lipwright.request import Captions

_SLANT: Final = 0.2
"""About 11 degrees, as most italics have."""
_BOLDER: Final = 0.018
"""A sixth more than the stem of a display face on both sides together."""
_PANEL: Final = Box(Paint("#000000"), 0.36, 0.17, 0.28)
"""Padding and corners of a panel on a style that has none."""


def styled(captions: Captions) -> Style:
    """How these captions look."""
    style = STYLES[captions.style]
    changes: dict[str, Any] = {**_letters(captions, style), **_colors(captions, style)}
    if captions.font_size_px is not None:
        changes |= {"size": captions.font_size_px / REFERENCE_PX, "exact_size": True}
    if captions.line_height is not None:
        changes["line_gap"] = captions.line_height
    if captions.text_shadow is not None:
        size_px = changes.get("size", style.size) * REFERENCE_PX
        changes["shadow"] = _shadow(captions, size_px)
    return replace(style, **changes)


def _letters(captions: Captions, style: Style) -> dict[str, Any]:
    bolder, slanted = captions.bold, captions.italic
    typeface = style.typeface
    if captions.font_family is not None:
        family = FAMILIES[captions.font_family]
        typeface, bolder, slanted = family.face(bold=bolder, italic=slanted)
    decoration = Decoration(
        _SLANT if slanted else 0.0, _BOLDER if bolder else 0.0, captions.underline
    )
    return {"typeface": typeface, "decoration": decoration}


def _colors(captions: Captions, style: Style) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if captions.text_color is not None:
        text = _paint(captions.text_color)
        changes |= {"fill": text, "past": text, "cycle": ()}
        if style.box is None:
            changes["active"] = text
    if captions.highlight_color is not None:
        changes |= {"active": _paint(captions.highlight_color), "cycle": ()}
    if captions.background_color is not None:
        paint = _paint(captions.background_color)
        changes["panel"] = replace(style.panel or _PANEL, paint=paint) if paint.alpha else None
    return changes


def _paint(color: str) -> Paint:
    alpha = int(color[7:9], 16) / 255 if len(color) == 9 else 1.0
    return Paint(color[:7], alpha=alpha)


def _shadow(captions: Captions, size_px: float) -> Shadow | None:
    asked = captions.shadow
    if asked is None:
        return None
    paint = _paint(asked.color)
    # CSS blurs over twice the standard deviation
    return Shadow(
        asked.x_px / size_px,
        asked.y_px / size_px,
        asked.blur_px / 2 / size_px,
        paint.top,
        paint.alpha,
    )
