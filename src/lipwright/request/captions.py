"""Words on the picture: which style, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from lipwright.errors import InvalidRequest
from lipwright.request.checks import check_choice, check_color_with_alpha, check_range

CAPTION_STYLES: Final = (
    "normal-black",
    "normal-white",
    "normal-red",
    "normal-blue",
    "neo",
    "brick",
    "frenzy",
    "verana",
    "mustard",
    "glow",
    "mint",
    "coolers",
    "bilo",
    "toons",
    "deep-blue",
    "mystique",
    "caution",
    "duality",
)
"""Names of the caption styles; `compose.captions.styles` holds how each one looks."""


FONT_FAMILIES: Final = (
    "Comfortaa",
    "Corben",
    "Dela Gothic One",
    "Jockey One",
    "Lilita One",
    "Luckiest Guy",
    "McLaren",
    "Montserrat",
    "Poppins",
    "Quantico",
)
"""Names of the font families; `compose.captions.fonts` says where they are."""

_BLUR_MAX_PX: Final = 100.0
_SHADOW: Final = re.compile(
    r"(?P<x>-?\d+(\.\d+)?)(px)? +(?P<y>-?\d+(\.\d+)?)(px)?( +(?P<blur>\d+(\.\d+)?)(px)?)?"
    r" +(?P<color>#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?)"
)


class TextShadow(NamedTuple):
    """A shadow of the letters; lengths are pixels at a short side of 1080."""

    x_px: float
    y_px: float
    blur_px: float
    color: str
    """``#RRGGBB`` or ``#RRGGBBAA``."""


@dataclass(frozen=True, slots=True)
class Captions:
    """Words on the picture, in time with the speech.

    Whatever is None is as the style has it.  Lengths are pixels on a canvas with a short side of
    1080, and grow and shrink with it.
    """

    style: str = "normal-black"
    offset_x: float = 0.0
    """Fraction of the canvas width from the centre, positive to the right, in [-0.5, 0.5]."""
    offset_y: float = 0.4
    """Fraction of the canvas height from the centre, positive *downwards*, in [-0.5, 0.5]."""
    font_family: str | None = None
    """One of `FONT_FAMILIES`."""
    font_size_px: float | None = None
    """From 12 to 400."""
    bold: bool = False
    italic: bool = False
    underline: bool = False
    text_color: str | None = None
    """``#RRGGBB`` or ``#RRGGBBAA``, as all colours here."""
    background_color: str | None = None
    """Of a panel behind the lines; a transparent one takes the style's own panel away."""
    highlight_color: str | None = None
    """Of the word that is being said."""
    max_width_px: float | None = None
    """From 100: lines are no wider."""
    line_height: float | None = None
    """Of the font size, from 0.8 to 4."""
    text_shadow: str | None = None
    """As in CSS: ``2px 4px 6px #000000AA`` (right, down, blur, colour), or ``none``."""
    hidden: bool = False
    """Nothing is drawn."""
    over_layout: bool = False
    """The offsets count in a layout too, which otherwise knows where its captions go."""

    def __post_init__(self) -> None:
        check_choice(self.style, CAPTION_STYLES, "a caption style")
        if not (-0.5 <= self.offset_x <= 0.5 and -0.5 <= self.offset_y <= 0.5):
            raise InvalidRequest("Caption offsets must be from -0.5 to 0.5.")
        if self.font_family is not None:
            check_choice(self.font_family, FONT_FAMILIES, "a font family")
        for color in (self.text_color, self.background_color, self.highlight_color):
            if color is not None:
                check_color_with_alpha(color)
        self._check_lengths()

    def _check_lengths(self) -> None:
        if self.font_size_px is not None:
            check_range(self.font_size_px, 12, 400, "The font size")
        if self.max_width_px is not None:
            check_range(self.max_width_px, 100, 10_000, "The width of captions")
        if self.line_height is not None:
            check_range(self.line_height, 0.8, 4, "The line height")
        if self.text_shadow not in (None, "none") and self.shadow is None:
            raise InvalidRequest(
                f'"{self.text_shadow}" is not a shadow; write it as 2px 4px 6px #000000AA.'
            )

    @property
    def shadow(self) -> TextShadow | None:
        """The shadow that was asked for."""
        found = _SHADOW.fullmatch((self.text_shadow or "").strip())
        if found is None:
            return None
        across, down, blur = (float(found[name] or 0) for name in ("x", "y", "blur"))
        return TextShadow(across, down, min(blur, _BLUR_MAX_PX), found["color"])
