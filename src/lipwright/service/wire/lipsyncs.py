"""Videos of one scene: ``/api/lipsyncs/``."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from lipwright.request import Aspect, Captions, Container
from lipwright.service.jobs import Job
from lipwright.service.orders import Kind, VideoOrder
from lipwright.service.scene_orders import BackgroundOrder, MusicOrder, SceneOrder
from lipwright.service.urls import Urls
from lipwright.service.wire import tasks
from lipwright.service.wire.fields import (
    LATER_STYLES,
    TARIFFS,
    AspectName,
    AspectRatio,
    AvatarId,
    Body,
    CaptionStyle,
    Color,
    MediaUrl,
    ModelVersion,
    Name,
    Offset,
    Pronunciations,
    Script,
    SpeakingRate,
    Status,
    Url,
    VoiceId,
    WebhookUrl,
    whole_wrong,
)
from lipwright.service.wire.lipsyncs_v2 import as_one_scene

_OURS: Final = ("speaking_rate", "pronunciations", "captions_with_alpha")
"""Fields that no answer repeats, as the original's do not have them."""


class LipsyncRequest(Body):
    """Body of ``POST /api/lipsyncs/`` and ``POST /api/lipsyncs/preview/``."""

    aspect_ratio: AspectRatio
    creator: AvatarId
    audio: MediaUrl | None = None
    text: Script | None = None
    name: Name | None = None
    accent: VoiceId | None = None
    green_screen: bool = False
    transparent_background: bool = False
    captions_with_alpha: bool = False
    webhook_url: WebhookUrl | None = None
    no_caption: bool = True
    no_music: bool = True
    caption_style: CaptionStyle = "normal-black"
    caption_position: Literal["center"] = "center"
    caption_offset_x: Offset = "0"
    caption_offset_y: Offset = "-0.4"
    background_asset_image_url: Annotated[Url, Field(max_length=1024)] | None = None
    background_color: Color | None = None
    speaking_rate: SpeakingRate = 1
    pronunciations: Pronunciations = Field(default_factory=list)
    model_version: ModelVersion = "standard"

    @model_validator(mode="after")
    def _something_to_say(self) -> LipsyncRequest:
        if self.audio is None and not (self.text or "").strip():
            raise whole_wrong("Either text or audio is required.")
        return self

    def order(self) -> VideoOrder:
        """What is asked for, in our words."""
        transparent = self.green_screen or self.transparent_background
        uncaptioned = self.no_caption or (transparent and not self.captions_with_alpha)
        scene = SceneOrder(
            avatar_id=self.creator,
            # the recording is heard when both are given; where the text is not what it says, the
            # library notices and recognizes its words
            script=self.text,
            recording_url=self.audio,
            voice_id=self.accent,
            speaking_rate=self.speaking_rate,
            pronunciations=tuple((entry.word, entry.say) for entry in self.pronunciations),
            captions=None if uncaptioned else self._captions(),
            background=None if transparent else self._background(),
        )
        return VideoOrder(
            scenes=(scene,),
            aspect=Aspect(self.aspect_ratio),
            container=Container.WEBM_ALPHA if transparent else Container.MP4,
            captions_with_alpha=self.captions_with_alpha,
            music=None if self.no_music else MusicOrder(),
            tariff=TARIFFS[self.model_version],
            webhook_url=self.webhook_url,
        )

    def _background(self) -> BackgroundOrder | None:
        if self.background_asset_image_url is not None:
            return BackgroundOrder(url=self.background_asset_image_url)
        return BackgroundOrder(color=self.background_color) if self.background_color else None

    def _captions(self) -> Captions:
        # here negative is below the centre, in `Captions` positive is
        across, down = float(self.caption_offset_x), -float(self.caption_offset_y)
        style = LATER_STYLES.get(self.caption_style, self.caption_style)
        return Captions(style, across, down)

    def echo(self) -> dict[str, Any]:
        """The fields that every answer repeats."""
        fields = self.model_dump(exclude={"audio", *_OURS})
        return {**fields, "audio_url": self.audio}


class Lipsync(tasks.Answer):
    """A task, as every lipsync endpoint answers it."""

    id: str
    name: str | None
    text: str | None
    creator: str
    model_version: str
    output: str | None
    video_thumbnail: str | None
    aspect_ratio: AspectName
    green_screen: bool
    transparent_background: bool
    created_at: str
    updated_at: str
    credits_used: int
    duration: int
    progress: float
    failed_reason: str | None
    media_job: str | None
    status: Status
    is_hidden: bool
    audio_url: str | None
    webhook_url: str | None
    accent: str | None
    preview: str | None
    editor_url: str | None
    preview_audio: str | None
    no_caption: bool
    no_music: bool
    caption_style: str
    caption_position: str
    caption_offset_x: str
    caption_offset_y: str
    background_asset_image_url: str | None
    background_color: str | None


class LipsyncRetrieve(Lipsync):
    """A task, with its words."""

    word_alignments: list[tasks.WordAlignment]


def lipsync(job: Job, urls: Urls) -> dict[str, Any]:
    """Every field of `Lipsync`."""
    echo = as_one_scene(job.echo) if job.kind is Kind.SCENES else job.echo
    return {
        "background_color": None,
        **echo,
        **tasks.common(job),
        **tasks.video(job, urls),
        "is_hidden": False,
        "preview_audio": urls.file(job.id, "speech.wav") if job.preview_ready else None,
    }


def lipsync_retrieve(job: Job, urls: Urls) -> dict[str, Any]:
    """Every field of `LipsyncRetrieve`."""
    return {**lipsync(job, urls), "word_alignments": tasks.word_alignments(job)}
