"""The file that comes out: shape, size, rate, container."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from lipwright.errors import InvalidRequest
from lipwright.request.checks import check_color, check_range

WATCHED_S: Final = 8
"""Most of a finished video that is looked at, so that a long one costs no more than a short one:
some twenty closures, and about 3.5 s of one core."""
PREVIEW_SHORT_SIDE_PX: Final = 540
"""A quarter of the pixels: enough to judge lips and captions in a player of that size."""


class Aspect(StrEnum):
    """Shape of the canvas."""

    LANDSCAPE = "16x9"
    SQUARE = "1x1"
    PORTRAIT = "9x16"


class Container(StrEnum):
    """What kind of file comes out."""

    MP4 = "mp4"
    """H.264 High, yuv420p, AAC."""
    WEBM_ALPHA = "webm"
    """VP9 with an alpha plane, Opus; the background is transparent."""
    MOV_ALPHA = "mov"
    """ProRes 4444 with an alpha plane, PCM: for editing.  About 100 times as large."""


_SIDES: Final = {Aspect.LANDSCAPE: (16, 9), Aspect.SQUARE: (9, 9), Aspect.PORTRAIT: (9, 16)}


@dataclass(frozen=True, slots=True)
class Output:
    """The file to write."""

    aspect: Aspect = Aspect.LANDSCAPE
    short_side_px: int = 1080
    fps: Fraction = Fraction(30)
    container: Container = Container.MP4
    lufs: float = -14.0
    crf: int = 20
    """x264 quality; 20 is where a 1080p face shows no blocks at full screen."""
    captions_with_alpha: bool = False
    """Captions are drawn on a transparent video too."""
    chroma_color: str | None = None
    """``#RRGGBB`` behind everybody who has no other background, to be keyed out elsewhere."""

    def __post_init__(self) -> None:
        if self.short_side_px % 36 or not 360 <= self.short_side_px <= 2160:
            raise InvalidRequest("short_side_px must be a multiple of 36 from 360 to 2160.")
        if not 1 <= self.fps <= 60:
            raise InvalidRequest("fps must be from 1 to 60.")
        if self.chroma_color is not None:
            check_color(self.chroma_color)
        check_range(self.lufs, -40, -5, "lufs")
        check_range(self.crf, 0, 51, "crf")

    @property
    def is_transparent(self) -> bool:
        """Whether nothing stands behind the person but what a scene asks for."""
        return self.container is not Container.MP4

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels, both even."""
        across, down = _SIDES[self.aspect]
        return self.short_side_px * across // 9, self.short_side_px * down // 9
