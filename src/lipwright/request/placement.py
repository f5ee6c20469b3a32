"""Where the avatar stands, and how a scene begins and ends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lipwright.request.checks import check_range

SCALE_MIN: Final = 0.1
SCALE_MAX: Final = 2.0


@dataclass(frozen=True, slots=True)
class Placement:
    """How large the avatar is, and where it stands on the canvas."""

    scale: float = 1.0
    """Against its usual size, from `SCALE_MIN` to `SCALE_MAX`; it grows from the lower edge up."""
    offset_x: float = 0.0
    """Fraction of the canvas width, positive to the right, in [-1, 1]."""
    offset_y: float = 0.0
    """Fraction of the canvas height, positive downwards, in [-1, 1]."""
    circle: bool = False
    """Seen through a round window in the middle, as wide as the canvas's short side at scale 1."""
    hidden: bool = False
    """Heard, and not seen."""

    def __post_init__(self) -> None:
        check_range(self.scale, SCALE_MIN, SCALE_MAX, "The scale of the avatar")
        check_range(self.offset_x, -1, 1, "The offset of the avatar")
        check_range(self.offset_y, -1, 1, "The offset of the avatar")

    @property
    def is_usual(self) -> bool:
        """Whether the avatar stands where it stands anyway."""
        return self == Placement()


class Transition(StrEnum):
    """How one picture gives way to another; a swipe is named for where the pictures go."""

    FADE = "fade"
    SWIPE_LEFT = "swipe-left"
    SWIPE_RIGHT = "swipe-right"
    SWIPE_UP = "swipe-up"
    SWIPE_DOWN = "swipe-down"
