"""The real renderer: the library's pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog

from lipwright import gallery, pipeline, steps
from lipwright.avatar import AvatarCard
from lipwright.errors import InvalidVoice
from lipwright.request import Aspect, Output, RenderRequest, Scene
from lipwright.service.pictures import is_picture
from lipwright.service.renderer import Advance, Look, Spoken, VideoRequest, VoiceCard
from lipwright.timeline import Timed

log = structlog.get_logger()

GREETING: Final = "Hello, nice to meet you."
"""What a new avatar says to whoever chooses one."""
CLIP_SHORT_SIDE_PX: Final = 360


@dataclass(frozen=True, slots=True)
class PipelineRenderer:
    """Calls `pipeline`, a step at a time."""

    mouth_model: Path | None = None
    """An ONNX generator that draws the mouths; without one, Lipwright's own way."""

    def __post_init__(self) -> None:
        """A file that is no such generator is refused before anything is made with it."""
        if self.mouth_model is not None:
            steps.stages_with(self.mouth_model)

    def prepare(self) -> None:
        """What is imported late, because not every program needs it."""
        steps.prepare()

    def avatars(self, own: Path) -> Sequence[tuple[Path, AvatarCard]]:
        """Stock presenters, then the user's own."""
        return gallery.Gallery(own).cards()

    def voices(self, own: Path) -> Sequence[tuple[str, VoiceCard]]:
        """Bundled voices, then the user's own."""
        shelf = gallery.VoiceShelf(own)
        try:
            return shelf.cards()
        except InvalidVoice:  # a broken folder must not take the others away from everybody
            log.warning("your own voices cannot be read", folder=str(own), exc_info=True)
            return gallery.VoiceShelf.bundled()

    def voice_clip(self, name: str) -> Path | None:
        """Made by the build, or by whoever added the voice."""
        return pipeline.voice_clip(name)

    def pictures(self, avatar: Path, folder: Path) -> None:
        """The avatar's plate on each canvas."""
        pipeline.preview_pictures(avatar, folder)

    def make_avatar(self, source: Path, card: AvatarCard, folder: Path, look: Look) -> AvatarCard:
        """From a photo, or from footage."""
        if is_picture(source):
            pipeline.add_photo_avatar(source, card, folder)
        else:
            told = _thousandths(look.advance)
            pipeline.add_footage_avatar(source, card, folder, notes=look.notes, progress=told)
        return pipeline.read_card(folder)

    def introduce(self, avatar: Path) -> None:
        """With a greeting, in the avatar's own voice."""
        for aspect in Aspect:
            output = Output(aspect, CLIP_SHORT_SIDE_PX)
            request = RenderRequest.single(avatar, GREETING, output=output)
            pipeline.render(request, avatar / f"preview_{aspect}.mp4")

    def say(self, scene: Scene, path: Path) -> Spoken:
        """Synthesise."""
        spoken = pipeline.say(scene, path)
        return Spoken(spoken.words, spoken.sample_count)

    def speak(self, request: VideoRequest, folder: Path, look: Look) -> Spoken:
        """Synthesise or listen, follow the face of a clip, and keep the result in `folder`."""
        spoken = steps.speak(request, folder, look.notes, _thousandths(look.advance))
        return Spoken(spoken.words, spoken.sample_count)

    def respell(self, speech: Path, words: Sequence[str]) -> Sequence[Timed[str]]:
        """For the captions."""
        return pipeline.respell(speech, words)

    def plan(self, request: VideoRequest, speech: Path) -> list[range]:
        """Segments of about 20 s."""
        return steps.plan(request, speech)

    def render_segment(
        self, request: VideoRequest, speech: Path, frames: range, path: Path, advance: Advance
    ) -> None:
        """Draw and encode some of the frames."""
        stages = steps.stages_with(self.mouth_model)
        steps.render_segment(request, speech, frames, path, advance, stages)

    def assemble(
        self,
        request: VideoRequest,
        speech: Path,
        segments: Sequence[Path],
        output: Path,
        thumbnail: Path,
    ) -> dict[str, Any]:
        """Join, add the sound, measure."""
        return steps.assemble(request, speech, list(segments), output, thumbnail)


def _thousandths(advance: Advance) -> pipeline.Progress:
    return lambda done, total: advance(1000 * done // max(1, total))
