"""What is said and seen in the scenes of an order; files are still URLs.  Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from lipwright.request import Captions, Fit, Placement, Transition

SPEECH_RATE: Final = 14
"""Characters a second of English speech, for the credits held until the length is known."""
Pronunciations = tuple[tuple[str, str], ...]
"""Words and how they are said, as in `Scene.pronunciations`."""
BACKGROUND: Final = "background"
LOGO: Final = "logo"


@dataclass(frozen=True, slots=True)
class Asset:
    """A caller's file, to be fetched before the work begins."""

    name: str
    """What it is kept as, among the job's own files."""
    url: str
    what: str
    """What to call it when it cannot be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundOrder:
    """What stands behind the avatar: a picture, a clip or a colour."""

    url: str | None = None
    is_video: bool = False
    color: str | None = None
    fit: Fit = Fit.CROP
    effect: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicOrder:
    """What is heard under the voices."""

    url: str | None = None
    bed: str | None = None
    """Name of a bed that ships with Lipwright; without a URL too, the speech chooses one."""
    volume: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOrder:
    """What the viewer is asked to do."""

    logo_url: str | None = None
    logo_scale: float = 0.25
    logo_offset: tuple[float, float] = (0.0, -0.3)
    text: str | None = None
    captions: Captions
    blur_behind: bool = False
    transition_in: Transition | None = None
    transition_out: Transition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingOrder:
    """The last seconds of a video, without anybody."""

    background: BackgroundOrder
    call: CallOrder | None = None
    duration_s: float = 2.0

    def assets(self) -> tuple[Asset, ...]:
        """Its files."""
        logo = self.call.logo_url if self.call else None
        wanted = (
            (f"ending.{BACKGROUND}", self.background.url, "background of the ending"),
            (f"ending.{LOGO}", logo, "logo of the ending"),
        )
        return tuple(Asset(name, url, what) for name, url, what in wanted if url)


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneOrder:
    """What is said and seen in one scene."""

    avatar_id: str | None = None
    portrait_url: str | None = None
    """A picture to make an avatar of, for this video alone, instead of `avatar_id`."""
    script: str | None = None
    recording_url: str | None = None
    silence_s: float | None = None
    voice_id: str | None = None
    speaking_rate: float = 1.0
    pronunciations: Pronunciations = ()
    volume: float = 1.0
    captions: Captions | None = None
    background: BackgroundOrder | None = None
    placement: Placement = field(default_factory=Placement)
    layout: str | None = None
    call: CallOrder | None = None
    transition_in: Transition | None = None
    transition_out: Transition | None = None

    @property
    def estimated_s(self) -> Fraction:
        """About how long it will be, before anybody spoke."""
        if self.silence_s is not None:
            return Fraction(self.silence_s)
        if self.recording_url is not None:
            return Fraction(0)  # the recording decides
        return Fraction(len(self.script or ""), SPEECH_RATE) / Fraction(self.speaking_rate)

    def assets(self, index: int) -> tuple[Asset, ...]:
        """Files of the scene at `index`."""
        behind, logo = self.background, self.call.logo_url if self.call else None
        wanted = (
            ("recording", self.recording_url, "audio"),
            (BACKGROUND, behind and behind.url, _background_word(behind)),
            (LOGO, logo, "logo"),
            ("portrait", self.portrait_url, "image"),
        )
        return tuple(Asset(asset_name(index, kind), url, what) for kind, url, what in wanted if url)


def merged(asked: Pronunciations, kept: Pronunciations) -> Pronunciations:
    """A request's pronunciations, and those of a dictionary for every other word."""
    known = {word.casefold() for word, _ in asked}
    return (*asked, *(entry for entry in kept if entry[0].casefold() not in known))


def _background_word(background: BackgroundOrder | None) -> str:
    return "background video" if background and background.is_video else "background image"


def asset_name(index: int, kind: str) -> str:
    """What a scene's file is kept as."""
    return f"{index}.{kind}"
