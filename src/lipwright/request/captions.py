"""Words on the picture: which style, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lipwright.errors import InvalidRequest
from lipwright.request.checks import check_choice

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


@dataclass(frozen=True, slots=True)
class Captions:
    """Words on the picture, in time with the speech."""

    style: str = "normal-black"
    offset_x: float = 0.0
    """Fraction of the canvas width from the centre, positive to the right, in [-0.5, 0.5]."""
    offset_y: float = 0.4
    """Fraction of the canvas height from the centre, positive *downwards*, in [-0.5, 0.5]."""

    def __post_init__(self) -> None:
        check_choice(self.style, CAPTION_STYLES, "a caption style")
        if not (-0.5 <= self.offset_x <= 0.5 and -0.5 <= self.offset_y <= 0.5):
            raise InvalidRequest("Caption offsets must be from -0.5 to 0.5.")
