"""Videos of several scenes: what ``/api/lipsyncs_v2/`` is sent."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from lipwright.request import TRANSCRIPT_LIMIT, Aspect, Placement
from lipwright.request.placement import SCALE_MIN
from lipwright.service.orders import VideoOrder
from lipwright.service.scene_orders import MusicOrder, SceneOrder
from lipwright.service.wire.actions import Cta, CtaEnd
from lipwright.service.wire.backgrounds import Background, TransitionEffect, transition
from lipwright.service.wire.captions import CaptionSetting
from lipwright.service.wire.fields import (
    REQUIRED,
    TARIFFS,
    AspectRatio,
    AvatarId,
    Body,
    MediaUrl,
    ModelVersion,
    Name,
    Pronunciations,
    SpeakingRate,
    Text,
    VoiceId,
    WebhookUrl,
    wrong,
)
from lipwright.service.wire.music import bed_at

SCENES_LIMIT: Final = 100
SCENE_LIMIT: Final = 2000
"""Characters that are said in one."""
_LAYOUTS: Final = {
    "FullAvatar": "full-avatar",
    "FullProduct": "full-media",
    "MagnifyingGlassCircle": "magnifier",
    "ReverseMagnifyingGlassCircle": "reverse-magnifier",
    "DramaticFullProduct": "dramatic-media",
    "UpAndDown": "up-and-down",
    "SideBySide": "side-by-side",
    "GreenScreenEffect": "green-screen",
    "FullAvatarScreenProductOverlay": "overlay",
    "TwitterFrame": "post",
    "Dramatic": "dramatic",
    "Vanilla": "vanilla",
    "Vlog": "vlog",
}
VisualStyle = Literal[
    "FullAvatar",
    "FullProduct",
    "MagnifyingGlassCircle",
    "ReverseMagnifyingGlassCircle",
    "DramaticFullProduct",
    "UpAndDown",
    "SideBySide",
    "GreenScreenEffect",
    "FullAvatarScreenProductOverlay",
    "TwitterFrame",
    "Dramatic",
    "Vanilla",
    "Vlog",
]
Share = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
Volume = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Offset(Body):
    """Where something stands: shares of the canvas from its usual place, right and down."""

    x: Share = 0
    y: Share = 0


class Character(Body):
    """Who is seen."""

    type: Literal["avatar"] = "avatar"
    avatar_id: AvatarId
    avatar_style: Literal["normal", "circle"] = "normal"
    scale: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)] = 1
    offset: Offset = Field(default_factory=Offset)
    hidden: bool = False

    def placement(self) -> Placement:
        """In our words; smaller than we draw is not seen."""
        return Placement(
            scale=max(self.scale, SCALE_MIN),
            offset_x=self.offset.x,
            offset_y=self.offset.y,
            circle=self.avatar_style == "circle",
            hidden=self.hidden or self.scale < SCALE_MIN,
        )


def _said(value: str, info: ValidationInfo) -> str:
    """What is said in a scene; what a recording says may be longer."""
    limit = TRANSCRIPT_LIMIT if info.data.get("type") == "audio" else SCENE_LIMIT
    if len(value) > limit:
        raise wrong("Ensure this field has no more than {limit} characters.", limit=limit)
    return value


class Voice(Body):
    """What is heard."""

    type: Literal["text", "silence", "audio"]
    input_text: Annotated[Text, AfterValidator(_said)] | None = Field(None, validate_default=True)
    voice_id: VoiceId | None = None
    url: MediaUrl | None = Field(None, validate_default=True)
    duration: Annotated[float, Field(ge=1, le=100, allow_inf_nan=False)] | None = Field(
        None, validate_default=True
    )
    volume: Volume = 0.8
    model: Literal["v2", "v3"] | None = None
    speed: SpeakingRate = 1
    pronunciations: Pronunciations = Field(default_factory=list)

    @field_validator("input_text", "url", "duration")
    @classmethod
    def _needed(cls, value: object, info: ValidationInfo) -> object:
        needed = {"text": "input_text", "audio": "url", "silence": "duration"}
        missing = value is None or (isinstance(value, str) and not value.strip())
        if missing and needed.get(info.data.get("type", "")) == info.field_name:
            raise wrong(REQUIRED)
        return value


class SceneInput(Body):
    """One scene."""

    character: Character
    voice: Voice
    background: Background | None = None
    caption_setting: CaptionSetting | None = None
    visual_style: VisualStyle | None = None
    cta: Cta | None = None
    transition_effect: TransitionEffect | None = None

    def order(self) -> SceneOrder:
        """What is asked for, in our words."""
        effect = self.transition_effect or TransitionEffect()
        said = self.voice
        return SceneOrder(
            avatar_id=self.character.avatar_id,
            script=said.input_text if said.type != "silence" else None,
            recording_url=said.url if said.type == "audio" else None,
            silence_s=said.duration if said.type == "silence" else None,
            voice_id=said.voice_id,
            speaking_rate=said.speed,
            pronunciations=tuple((entry.word, entry.say) for entry in said.pronunciations),
            volume=said.volume,
            captions=self.caption_setting.captions() if self.caption_setting else None,
            background=self.background.order() if self.background else None,
            placement=self.character.placement(),
            layout=_LAYOUTS[self.visual_style] if self.visual_style else None,
            call=self.cta.order() if self.cta else None,
            transition_in=transition(effect.transition_in),
            transition_out=transition(effect.transition_out),
        )


class BackgroundMusic(Body):
    """A track under the voices."""

    url: MediaUrl
    volume: Volume = 0.2

    def order(self, base_url: str) -> MusicOrder:
        """In our words; tracks of ours need not be fetched."""
        bed = bed_at(self.url, base_url)
        return MusicOrder(url=None if bed else self.url, bed=bed, volume=self.volume)


class LipsyncV2Request(Body):
    """Body of ``POST /api/lipsyncs_v2/`` and ``POST /api/lipsyncs_v2/preview/``."""

    video_inputs: Annotated[list[SceneInput], Field(min_length=1, max_length=SCENES_LIMIT)]
    aspect_ratio: AspectRatio = "9x16"
    background_music: BackgroundMusic | None = None
    cta_end: CtaEnd | None = None
    name: Name | None = None
    webhook_url: WebhookUrl | None = None
    model_version: ModelVersion = "standard"

    def order(self, base_url: str) -> VideoOrder:
        """What is asked for, in our words."""
        music = self.background_music
        return VideoOrder(
            scenes=tuple(scene.order() for scene in self.video_inputs),
            aspect=Aspect(self.aspect_ratio),
            music=music.order(base_url) if music else None,
            ending=self.cta_end.order() if self.cta_end else None,
            tariff=TARIFFS[self.model_version],
            webhook_url=self.webhook_url,
        )

    def echo(self) -> dict[str, Any]:
        """The fields that every answer repeats."""
        return self.model_dump()
