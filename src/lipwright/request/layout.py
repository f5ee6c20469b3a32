"""How avatar and background share the canvas, and what calls to act."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lipwright.errors import InvalidRequest
from lipwright.request.background import Background
from lipwright.request.captions import Captions
from lipwright.request.checks import check_range
from lipwright.request.placement import Transition

LAYOUTS: Final = (
    "full-avatar",
    "full-media",
    "magnifier",
    "reverse-magnifier",
    "dramatic-media",
    "up-and-down",
    "side-by-side",
    "green-screen",
    "overlay",
    "post",
    "dramatic",
    "vanilla",
    "vlog",
)
"""Names of the layouts; `compose.layouts` holds where everything is in each.  The media of a
layout is the scene's background."""

CAPTION_CHARACTERS_MAX: Final = 200
_ENDING_MIN_S: Final = 0.5
_ENDING_MAX_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class CallToAction:
    """What the viewer is asked to do: a logo, a sentence, over a picture out of focus."""

    logo: Path | None = None
    """JPEG, PNG or WebP; its transparency is kept."""
    logo_scale: float = 0.25
    """Width over the canvas's width, in (0, 1]."""
    logo_offset: tuple[float, float] = (0.0, -0.3)
    """Of its middle from the canvas's, right and down, as fractions of width and height."""
    text: str | None = None
    captions: Captions = field(
        default_factory=lambda: Captions(
            "normal-white",
            0.0,
            0.0,
            font_family="Montserrat",
            font_size_px=104,
            bold=True,
            text_color="#FFFFFF",
            background_color="#00000066",
            line_height=1.9,
        )
    )
    """How the text looks, and where its middle is."""
    blur_behind: bool = False
    """Everything behind it is out of focus."""
    transition_in: Transition | None = None
    transition_out: Transition | None = None

    def __post_init__(self) -> None:
        if self.logo is None and not (self.text or "").strip():
            raise InvalidRequest("A call to action needs a logo or a text.")
        if len(self.text or "") > CAPTION_CHARACTERS_MAX:
            raise InvalidRequest(
                f"The text of a call to action has at most {CAPTION_CHARACTERS_MAX} characters."
            )
        check_range(self.logo_scale, 0.01, 1, "The scale of a logo")
        for offset in self.logo_offset:
            check_range(offset, -0.5, 0.5, "The offset of a logo")


@dataclass(frozen=True, slots=True)
class Ending:
    """The last seconds of a video: a call to action without anybody."""

    background: Background
    call_to_action: CallToAction | None = None
    duration_s: float = 2.0

    def __post_init__(self) -> None:
        check_range(self.duration_s, _ENDING_MIN_S, _ENDING_MAX_S, "The seconds of an ending")
