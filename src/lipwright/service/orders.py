"""What callers ask for, in our words; their files are still URLs.  Pure: no database, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, Literal

from pydantic import TypeAdapter

from lipwright.request import Aspect, Captions, Container

SPEECH_RATE: Final = 14
"""Characters a second of English speech, for the credits held until the length is known."""


class Kind(StrEnum):
    """Which of the API's things a job is; each has its own address and answers in its own form."""

    VIDEO = "video"
    """One scene."""
    SCENES = "scenes"
    """A video of several scenes."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A caller's file, to be fetched before the work begins."""

    name: str
    """What it is kept as, among the job's own files."""
    url: str
    what: str
    """What to call it when it cannot be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneOrder:
    """What is said and seen in one scene."""

    avatar_id: str
    script: str | None = None
    recording_url: str | None = None
    voice_id: str | None = None
    captions: Captions | None = None
    background_url: str | None = None

    @property
    def estimated_s(self) -> Fraction:
        """About how long it will be, before anybody spoke."""
        return Fraction(len(self.script or ""), SPEECH_RATE)

    def assets(self, index: int) -> tuple[Asset, ...]:
        """Files of the scene at `index`."""
        wanted = (
            ("recording", self.recording_url, "audio"),
            ("background", self.background_url, "background image"),
        )
        return tuple(Asset(asset_name(index, kind), url, what) for kind, url, what in wanted if url)


def asset_name(index: int, kind: str) -> str:
    """What a scene's file is kept as."""
    return f"{index}.{kind}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoOrder:
    """A talking video."""

    makes: Literal["video"] = "video"
    scenes: tuple[SceneOrder, ...]
    aspect: Aspect
    container: Container = Container.MP4
    music: bool = False
    webhook_url: str | None = None

    @property
    def estimated_s(self) -> Fraction:
        """About how long it will be, before anybody spoke."""
        return sum((scene.estimated_s for scene in self.scenes), Fraction(0))

    def assets(self) -> tuple[Asset, ...]:
        """The caller's files."""
        return tuple(asset for i, scene in enumerate(self.scenes) for asset in scene.assets(i))


Order = VideoOrder
_ORDER: Final = TypeAdapter[Order](Order)


def to_json(order: Order) -> dict[str, Any]:
    """Plain JSON values, for the database."""
    found: dict[str, Any] = _ORDER.dump_python(order, mode="json")
    return found


def from_json(values: dict[str, Any]) -> Order:
    """The order that `to_json` wrote."""
    return _ORDER.validate_python(values, strict=False)
