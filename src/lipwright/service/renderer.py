"""Who makes the video: the seam between the service and the library.

The service calls a renderer's heavy methods in a child process only (`child.py`), and lists
avatars and voices in its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from lipwright.avatar import AvatarCard
from lipwright.request import RenderRequest, RevoiceRequest, Scene
from lipwright.timeline import Timed

Advance = Callable[[int], None]
"""Called with the number of frames done so far."""
VideoRequest = RenderRequest | RevoiceRequest


@dataclass(frozen=True, slots=True)
class Look:
    """How a long look at a clip goes on."""

    advance: Advance
    """Told of thousandths."""
    notes: Path | None = None
    """A folder in which an interrupted look is taken up again."""


class VoiceCard(Protocol):
    """What is known of a voice."""

    @property
    def name(self) -> str:
        """As in `Scene.voice`."""

    @property
    def id(self) -> str:
        """UUID."""

    @property
    def display_name(self) -> str:
        """As people say it."""

    @property
    def gender(self) -> str:
        """``female`` or ``male``."""

    @property
    def language(self) -> str:
        """BCP 47."""

    @property
    def accent_name(self) -> str:
        """As people say it."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What came out of `Renderer.speak`."""

    words: tuple[Timed[str], ...]
    sample_count: int


class Renderer(Protocol):
    """Makes a video in steps that may run in different processes, on different machines.

    Every step is deterministic and may be done again; all raise `LipwrightError`.
    """

    def prepare(self) -> None:
        """Import what the steps need, while nobody waits for it."""

    def avatars(self, own: Path) -> Sequence[tuple[Path, AvatarCard]]:
        """Bundle folder and card of every avatar: the stock ones, and those in `own`."""

    def voices(self, own: Path) -> Sequence[tuple[str, VoiceCard]]:
        """Every voice as `Scene.voice` wants it, with its card: bundled ones, those in `own`."""

    def voice_clip(self, name: str) -> Path | None:
        """A short MP3 of a voice, if there is one."""

    def pictures(self, avatar: Path, folder: Path) -> None:
        """Write ``16x9.jpg``, ``1x1.jpg`` and ``9x16.jpg`` of an avatar into `folder`."""

    def make_avatar(self, source: Path, card: AvatarCard, folder: Path, look: Look) -> AvatarCard:
        """Make an avatar of a picture or clip, whole or not at all; its card, with notes."""

    def introduce(self, avatar: Path) -> None:
        """Add clips to a bundle, in which it speaks, for whoever chooses an avatar."""

    def say(self, scene: Scene, path: Path) -> Spoken:
        """Write the speech of a scene, and nothing else, as an MP3."""

    def speak(self, request: VideoRequest, folder: Path, look: Look) -> Spoken:
        """Write what is drawn later into `folder`: the speech, with its sound as ``speech.wav``.

        A clip that shall say something else is looked at before.
        """

    def respell(self, speech: Path, words: Sequence[str]) -> Sequence[Timed[str]]:
        """Put other words into the ``speech.json`` that `speak` wrote; these, with their times."""

    def plan(self, request: VideoRequest, speech: Path) -> list[range]:
        """Frame ranges of the segments, in order and without gaps."""

    def render_segment(
        self, request: VideoRequest, speech: Path, frames: range, path: Path, advance: Advance
    ) -> None:
        """Draw and encode some of the frames, without sound."""

    def assemble(
        self,
        request: VideoRequest,
        speech: Path,
        segments: Sequence[Path],
        output: Path,
        thumbnail: Path,
    ) -> dict[str, Any]:
        """Join the segments with the sound, draw a thumbnail; what was measured, as JSON values."""


def open_renderer(name: str, mouth_model: Path | None = None) -> Renderer:
    """The renderer that the setting of this name chooses.

    Raises:
        InvalidRequest: The file is no mouth model.
    """
    if name == "card":
        from lipwright.service.cards import CardRenderer

        return CardRenderer()
    from lipwright.service.library import PipelineRenderer

    return PipelineRenderer(mouth_model)
