"""What callers ask for, in our words; their files are still URLs.  Pure: no database, no clock.

An order says what it makes: a video, a spoken file, an avatar.  What is done for it, in which
stages, is all that the workers need to know about its kind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter

from lipwright.avatar import AgeRange, Gender, Location, Style
from lipwright.request import Aspect, Container, SyncMode
from lipwright.service.scene_orders import (
    SPEECH_RATE,
    Asset,
    EndingOrder,
    MusicOrder,
    Pronunciations,
    SceneOrder,
    merged,
)

MUSIC: Final = "music"


class Kind(StrEnum):
    """Which of the API's things a job is; each has its own address and answers in its own form."""

    VIDEO = "video"
    """One scene."""
    SCENES = "scenes"
    """A video of several scenes."""
    PORTRAIT = "portrait"
    """A video of a picture that speaks a recording."""
    SPEECH = "speech"
    """A sound file."""
    REVOICE = "revoice"
    """A caller's clip that says something else."""
    AVATAR = "avatar"
    """An avatar, which stays until it is deleted."""


class Stage(StrEnum):
    """What workers do for an order; a stage is done before the next begins."""

    MAKE = "make"
    """One heavy step: whatever is not a video."""
    FILM = "film"
    """Speech, segments, one video."""
    HAND_OVER = "hand over"
    """The finished file goes to where the caller wants it besides."""


class Tariff(StrEnum):
    """How it is charged."""

    STANDARD = "standard"
    PORTRAIT = "portrait"
    PORTRAIT_FAST = "portrait-fast"
    PORTRAIT_2_480P = "portrait-2-480p"
    PORTRAIT_2_720P = "portrait-2-720p"
    PORTRAIT_2_1080P = "portrait-2-1080p"
    PORTRAIT_2_2K = "portrait-2-2k"
    SPEECH = "speech"
    FREE = "free"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Who allowed the use of a face; a statement, or a clip in which they say so."""

    statement: str | None
    clip_url: str | None
    given_by: str
    recorded_at: str
    """ISO 8601 with offset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoOrder:
    """A talking video."""

    makes: Literal["video"] = "video"
    scenes: tuple[SceneOrder, ...]
    aspect: Aspect | None
    """None is the one that is nearest to the portrait's, until that is known."""
    short_side_px: int = 1080
    container: Container = Container.MP4
    captions_with_alpha: bool = False
    music: MusicOrder | None = None
    ending: EndingOrder | None = None
    tariff: Tariff = Tariff.STANDARD
    permission: Permission | None = None
    """For the portraits."""
    webhook_url: str | None = None
    kept_days: int | None = None
    """How long after its end it is kept; None is as the settings say."""
    output_upload_url: str | None = None
    """Where the finished file is put besides."""

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Portraits become avatars before they are filmed."""
        portraits = any(scene.portrait_url for scene in self.scenes)
        first = (Stage.MAKE,) if portraits else ()
        return (*first, Stage.FILM, *((Stage.HAND_OVER,) if self.output_upload_url else ()))

    @property
    def estimated_s(self) -> Fraction:
        """About how long it will be, before anybody spoke."""
        last = Fraction(self.ending.duration_s if self.ending else 0)
        return sum((scene.estimated_s for scene in self.scenes), last)

    @property
    def suffix(self) -> str:
        """End of the output's name."""
        return self.container

    def assets(self) -> tuple[Asset, ...]:
        """The caller's files."""
        found = [asset for i, scene in enumerate(self.scenes) for asset in scene.assets(i)]
        if self.music and self.music.url:
            found.append(Asset(MUSIC, self.music.url, "background music"))
        found += self.ending.assets() if self.ending else ()
        return tuple(found)

    def shaped(self, aspect: Aspect) -> VideoOrder:
        """This order, with its aspect known."""
        return replace(self, aspect=aspect)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechOrder:
    """A script, spoken into a file."""

    makes: Literal["speech"] = "speech"
    script: str
    voice_id: str | None = None
    """None is the first voice."""
    speaking_rate: float = 1.0
    pronunciations: Pronunciations = ()
    webhook_url: str | None = None
    tariff: Tariff = Tariff.SPEECH

    @property
    def stages(self) -> tuple[Stage, ...]:
        """One step."""
        return (Stage.MAKE,)

    @property
    def estimated_s(self) -> Fraction:
        """About how long it will be, before anybody spoke."""
        return Fraction(len(self.script), SPEECH_RATE) / Fraction(self.speaking_rate)

    @property
    def suffix(self) -> str:
        """End of the output's name."""
        return "mp3"

    def assets(self) -> tuple[Asset, ...]:
        """No files."""
        return ()


SOURCE: Final = "source"
CONSENT_CLIP: Final = "consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AvatarOrder:
    """An avatar, made from a picture or a clip of a person."""

    makes: Literal["avatar"] = "avatar"
    name: str
    gender: Gender
    source_url: str | None
    """None when the file came with the request: then it is among the job's files as `SOURCE`."""
    permission: Permission
    age_range: AgeRange | None = None
    style: Style | None = None
    location: Location | None = None
    webhook_url: str | None = None
    tariff: Tariff = Tariff.FREE

    @property
    def stages(self) -> tuple[Stage, ...]:
        """One step."""
        return (Stage.MAKE,)

    @property
    def estimated_s(self) -> Fraction:
        """Nothing is spoken."""
        return Fraction(0)

    @property
    def suffix(self) -> str:
        """End of the output's name: its talking clip."""
        return "mp4"

    def assets(self) -> tuple[Asset, ...]:
        """The person, and the clip in which they agree."""
        wanted = (
            (SOURCE, self.source_url, "picture or clip"),
            (CONSENT_CLIP, self.permission.clip_url, "consent clip"),
        )
        return tuple(Asset(name, url, what) for name, url, what in wanted if url)


FOOTAGE: Final = "footage"
RECORDING: Final = "recording"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevoiceOrder:
    """A caller's clip that shall say something else."""

    makes: Literal["revoice"] = "revoice"
    footage_url: str
    script: str | None = None
    recording_url: str | None = None
    voice_id: str | None = None
    sync_mode: SyncMode = SyncMode.CUT_OFF
    face: tuple[float, float] | None = None
    permission: Permission
    webhook_url: str | None = None
    tariff: Tariff = Tariff.STANDARD

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Look and speak, draw, join."""
        return (Stage.FILM,)

    @property
    def estimated_s(self) -> Fraction:
        """About how long it will be, before anybody spoke."""
        return Fraction(len(self.script or ""), SPEECH_RATE)

    @property
    def suffix(self) -> str:
        """End of the output's name."""
        return "mp4"

    def assets(self) -> tuple[Asset, ...]:
        """The clip, what it shall say, and the clip in which the person agrees."""
        wanted = (
            (FOOTAGE, self.footage_url, "video"),
            (RECORDING, self.recording_url, "audio"),
            (CONSENT_CLIP, self.permission.clip_url, "consent clip"),
        )
        return tuple(Asset(name, url, what) for name, url, what in wanted if url)


def pronounced(order: Order, kept: Pronunciations) -> Order:
    """The order with an account's pronunciations under its own."""
    if not kept:
        return order
    if isinstance(order, SpeechOrder):
        return replace(order, pronunciations=merged(order.pronunciations, kept))
    if isinstance(order, VideoOrder):
        scenes = (
            replace(scene, pronunciations=merged(scene.pronunciations, kept))
            if scene.script
            else scene
            for scene in order.scenes
        )
        return replace(order, scenes=tuple(scenes))
    return order


Order = VideoOrder | SpeechOrder | AvatarOrder | RevoiceOrder
_ORDER: Final[TypeAdapter[Order]] = TypeAdapter(Annotated[Order, Field(discriminator="makes")])


def to_json(order: Order) -> dict[str, Any]:
    """Plain JSON values, for the database."""
    found: dict[str, Any] = _ORDER.dump_python(order, mode="json")
    return found


def from_json(values: dict[str, Any]) -> Order:
    """The order that `to_json` wrote."""
    return _ORDER.validate_python(values, strict=False)
