"""Videos of several scenes: what ``/api/lipsyncs_v2/`` is sent."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationInfo, field_validator

from lipwright.request import Aspect, Fit, Placement, Transition
from lipwright.request.placement import SCALE_MIN
from lipwright.service.orders import BackgroundOrder, MusicOrder, SceneOrder, VideoOrder
from lipwright.service.wire.captions import CaptionSetting
from lipwright.service.wire.fields import (
    TARIFFS,
    AspectRatio,
    AvatarId,
    Body,
    Color,
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
REQUIRED: Final = "This field is required."
_EFFECTS: Final = {
    "imageSlideLeft": "slide-left",
    "imageZoomIn": "zoom-in",
    "imageZoomOut": "zoom-out",
    "imageWobbling": "wobble",
    "imageThrob": "throb",
}
_TRANSITIONS: Final = {
    "fade": Transition.FADE,
    "leftSwipe": Transition.SWIPE_LEFT,
    "rightSwipe": Transition.SWIPE_RIGHT,
    "topSwipe": Transition.SWIPE_UP,
    "bottomSwipe": Transition.SWIPE_DOWN,
}
Effect = Literal["imageSlideLeft", "imageZoomIn", "imageZoomOut", "imageWobbling", "imageThrob"]
TransitionName = Literal["fade", "leftSwipe", "rightSwipe", "topSwipe", "bottomSwipe"]
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


class Voice(Body):
    """What is heard."""

    type: Literal["text", "silence", "audio"]
    input_text: Annotated[Text, Field(max_length=2000)] | None = Field(None, validate_default=True)
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


class Background(Body):
    """What stands behind the avatar."""

    type: Literal["image", "video", "color"]
    url: MediaUrl | None = Field(None, validate_default=True)
    color: Color | None = Field(None, validate_default=True)
    fit: Literal["crop", "contain", "cover"] = "crop"
    effect: Effect | None = None

    @field_validator("url", "color")
    @classmethod
    def _needed(cls, value: object, info: ValidationInfo) -> object:
        needed = {"image": "url", "video": "url", "color": "color"}
        if value is None and needed.get(info.data.get("type", "")) == info.field_name:
            raise wrong(REQUIRED)
        return value

    def order(self) -> BackgroundOrder:
        """In our words."""
        return BackgroundOrder(
            url=self.url if self.type != "color" else None,
            is_video=self.type == "video",
            color=self.color if self.type == "color" else None,
            fit=Fit.CONTAIN if self.fit == "contain" else Fit.CROP,
            effect=_EFFECTS[self.effect] if self.effect else None,
        )


class TransitionEffect(Body):
    """How the scene begins and ends."""

    transition_in: TransitionName | None = None
    transition_out: TransitionName | None = None


class SceneInput(Body):
    """One scene."""

    character: Character
    voice: Voice
    background: Background | None = None
    caption_setting: CaptionSetting | None = None
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
            transition_in=_transition(effect.transition_in),
            transition_out=_transition(effect.transition_out),
        )


def _transition(name: str | None) -> Transition | None:
    return _TRANSITIONS[name] if name else None


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
            tariff=TARIFFS[self.model_version],
            webhook_url=self.webhook_url,
        )

    def echo(self) -> dict[str, Any]:
        """The fields that every answer repeats."""
        return self.model_dump()
