"""What stands behind the avatar."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from lipwright.errors import InvalidRequest
from lipwright.request.checks import check_choice, check_color, check_range

STUDIOS: Final = ("studio-light", "studio-warm", "studio-dark")
"""Names of the neutral backgrounds; `compose.studios` holds how each one looks."""

EFFECTS: Final = ("slide-left", "zoom-in", "zoom-out", "wobble", "throb")
"""Names of the movements over a background; `compose.grounds` holds how each one goes."""

BLUR_MAX: Final = 0.1


class Fit(StrEnum):
    """How a picture or a video of another shape fills the canvas."""

    CROP = "crop"
    """Covers the canvas; what hangs over is cut off evenly."""
    CONTAIN = "contain"
    """Is seen whole, between blurred parts of itself."""


@dataclass(frozen=True, slots=True)
class Background:
    """What stands behind the avatar instead of its own scene; one of the first four."""

    color: str | None = None
    """``#RRGGBB``."""
    image: Path | None = None
    """JPEG, PNG or WebP."""
    studio: str | None = None
    """One of `STUDIOS`."""
    video: Path | None = None
    """MP4, MOV, WebM or GIF, without its sound; repeated or cut to the length of the scene."""
    fit: Fit = Fit.CROP
    """How an image or a video fills the canvas."""
    effect: str | None = None
    """One of `EFFECTS`."""
    blur: float = 0.0
    """How far out of focus: sigma over the canvas's short side, in [0, `BLUR_MAX`]."""

    def __post_init__(self) -> None:
        if [self.color, self.image, self.studio, self.video].count(None) != 3:
            raise InvalidRequest(
                "A background is one of these: a colour, an image, a studio or a video."
            )
        if self.studio is not None:
            check_choice(self.studio, STUDIOS, "a studio")
        if self.color is not None:
            check_color(self.color)
        if self.effect is not None:
            check_choice(self.effect, EFFECTS, "an effect")
        check_range(self.blur, 0, BLUR_MAX, "The blur of a background")
