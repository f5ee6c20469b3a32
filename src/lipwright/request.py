"""What to make: one frozen, checked description of a video.  No pixels, no sound."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Final

from lipwright.errors import InvalidRequest

CAPTION_STYLES = (
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

STUDIOS = ("studio-light", "studio-warm", "studio-dark")
"""Names of the neutral backgrounds; `compose.studios` holds how each one looks."""

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


_SIDES = {Aspect.LANDSCAPE: (16, 9), Aspect.SQUARE: (9, 9), Aspect.PORTRAIT: (9, 16)}


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

    def __post_init__(self) -> None:
        if self.short_side_px % 36 or not 360 <= self.short_side_px <= 2160:
            raise InvalidRequest("short_side_px must be a multiple of 36 from 360 to 2160.")
        if not 1 <= self.fps <= 60:
            raise InvalidRequest("fps must be from 1 to 60.")

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels, both even."""
        across, down = _SIDES[self.aspect]
        return self.short_side_px * across // 9, self.short_side_px * down // 9


@dataclass(frozen=True, slots=True)
class Captions:
    """Words on the picture, in time with the speech."""

    style: str = "normal-black"
    offset_x: float = 0.0
    """Fraction of the canvas width from the centre, positive to the right, in [-0.5, 0.5]."""
    offset_y: float = 0.4
    """Fraction of the canvas height from the centre, positive *downwards*, in [-0.5, 0.5]."""

    def __post_init__(self) -> None:
        if self.style not in CAPTION_STYLES:
            raise InvalidRequest(
                f'"{self.style}" is not a caption style; choose one of {", ".join(CAPTION_STYLES)}.'
            )
        if not (-0.5 <= self.offset_x <= 0.5 and -0.5 <= self.offset_y <= 0.5):
            raise InvalidRequest("Caption offsets must be from -0.5 to 0.5.")


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
        if self.studio is not None and self.studio not in STUDIOS:
            raise InvalidRequest(
                f'"{self.studio}" is not a studio; choose one of {", ".join(STUDIOS)}.'
            )
        if self.color is not None and not re.fullmatch(r"#[0-9a-fA-F]{6}", self.color):
            raise InvalidRequest(f'"{self.color}" is not a colour; write it as #RRGGBB.')


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """Everything that decides the frames and the sound of one video."""

    avatar: Path
    """Folder of the avatar's bundle."""
    script: str | None = None
    recording: Path | None = None
    """A sound file to speak instead of the script; with a script, the script is what it says."""
    voice: str | None = None
    """Voice name; None is the avatar's own."""
    captions: Captions | None = None
    background: Background | None = None
    music: bool = False
    output: Output = field(default_factory=Output)

    def __post_init__(self) -> None:
        if self.recording is None and not (self.script or "").strip():
            raise InvalidRequest("Give a script or a recording.")
