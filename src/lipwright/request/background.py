"""What stands behind the avatar."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lipwright.errors import InvalidRequest
from lipwright.request.checks import check_choice, check_color

STUDIOS: Final = ("studio-light", "studio-warm", "studio-dark")
"""Names of the neutral backgrounds; `compose.studios` holds how each one looks."""


@dataclass(frozen=True, slots=True)
class Background:
    """What stands behind the avatar instead of its own scene: a colour, picture or studio."""

    color: str | None = None
    """``#RRGGBB``."""
    image: Path | None = None
    studio: str | None = None
    """One of `STUDIOS`."""

    def __post_init__(self) -> None:
        if [self.color, self.image, self.studio].count(None) != 2:
            raise InvalidRequest("A background is either a colour, an image or a studio.")
        if self.studio is not None:
            check_choice(self.studio, STUDIOS, "a studio")
        if self.color is not None:
            check_color(self.color)
