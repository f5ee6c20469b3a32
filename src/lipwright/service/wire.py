"""Creatify's bodies <-> our orders and jobs.  The only place with their field names.

Unknown fields are ignored, nulls and blanks mean "not given", and every wrong field is named in
one answer, in the words of Django REST Framework.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from lipwright.request import CAPTION_STYLES, Aspect, Captions, Container
from lipwright.service.catalogue import Persona
from lipwright.service.drf import field_errors
from lipwright.service.jobs import Goal, Job, Order, State
from lipwright.service.problems import invalid
from lipwright.service.renderer import VoiceCard
from lipwright.service.urls import Urls

AspectRatio = Literal["16x9", "1x1", "9x16"]
LATER_STYLES: Final = {"shout-block": "brick", "comic-shadow": "toons", "hand-script": "bilo"}
"""Styles that the service took after the first eighteen, and the nearest of ours."""
STYLES: Final = (*CAPTION_STYLES, *LATER_STYLES)
Status = Literal["pending", "in_queue", "running", "failed", "done", "rejected"]
OFFSET_LIMIT: Final = Decimal("0.5")


def _offset(value: object) -> str:
    """A decimal from -0.5 to 0.5, kept as it was written."""
    text = str(value).strip()
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise PydanticCustomError("decimal", "A valid number is required.") from None
    if isinstance(value, bool) or not number.is_finite() or len(text) > 20:
        raise PydanticCustomError("decimal", "A valid number is required.")
    if number > OFFSET_LIMIT:
        raise PydanticCustomError("max", "Ensure this value is less than or equal to 0.5.")
    if number < -OFFSET_LIMIT:
        raise PydanticCustomError("min", "Ensure this value is greater than or equal to -0.5.")
    return text


def _url(value: object) -> object:
    if not isinstance(value, str):
        return value  # the type is told by the field itself
    try:
        parts = urlsplit(value)
        good = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
        good = good and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if (
        not good
        or not _is_unicode(value)
        or any(letter <= " " or letter == "\x7f" for letter in value)
    ):
        raise PydanticCustomError("url", "Enter a valid URL.")
    return value


def _with_x(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.replace(":", "x") not in [*Aspect]:
        raise _no_choice(value)
    return value.replace(":", "x")


def _no_choice(value: str) -> PydanticCustomError:
    return PydanticCustomError("choice", '"{given}" is not a valid choice.', {"given": value})


def _spoken_text(value: object) -> object:
    if isinstance(value, str) and "\x00" in value:
        raise PydanticCustomError("null", "Null characters are not allowed.")
    if isinstance(value, str) and not _is_unicode(value):
        raise PydanticCustomError("surrogate", "Not a valid string.")
    return value


def _is_unicode(value: str) -> bool:
    """Whether a database can keep it: JSON may carry halves of surrogate pairs."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _style(value: object) -> object:
    if isinstance(value, str) and value not in STYLES:
        raise _no_choice(value)
    return value


CaptionStyle = Annotated[str, BeforeValidator(_style), Field(json_schema_extra={"enum": STYLES})]
Offset = Annotated[str, BeforeValidator(_offset)]
Url = Annotated[str, BeforeValidator(_url)]
Text = Annotated[str, BeforeValidator(_spoken_text)]


class LipsyncRequest(BaseModel):
    """Body of ``POST /api/lipsyncs/`` and ``POST /api/lipsyncs/preview/``."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, protected_namespaces=())

    aspect_ratio: Annotated[AspectRatio, BeforeValidator(_with_x)]
    creator: Annotated[str, Field(description="Avatar id, from `/api/personas/`.")]
    text: Text | None = None
    audio: Annotated[Url, Field(max_length=2048)] | None = None
    name: Annotated[Text, Field(max_length=255)] | None = None
    accent: Annotated[str, Field(description="Voice id: an accent of `/api/voices/`.")] | None = (
        None
    )
    green_screen: bool = False
    transparent_background: bool = False
    webhook_url: Annotated[Url, Field(max_length=200)] | None = None
    no_caption: bool = True
    no_music: bool = True
    caption_style: CaptionStyle = "normal-black"
    caption_position: Literal["center"] = "center"
    caption_offset_x: Offset = "0"
    caption_offset_y: Offset = "-0.4"
    background_asset_image_url: Annotated[Url, Field(max_length=1024)] | None = None
    model_version: Literal["standard", "aurora_v1", "aurora_v1_fast"] = "standard"

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, body: object) -> object:
        if not isinstance(body, Mapping):
            return body
        given = {name: value for name, value in body.items() if value is not None}
        return {name: value for name, value in given.items() if value != "" or _needed(name)}

    @field_validator("text")
    @classmethod
    def _not_too_long(cls, text: str | None, info: ValidationInfo) -> str | None:
        limit = info.context["script_limit"] if info.context else None
        if text is not None and limit is not None and len(text) > limit:
            raise PydanticCustomError(
                "text_too_long",
                "Ensure this field has no more than {limit} characters.",
                {"limit": limit},
            )
        return text

    @field_validator("creator", "accent")
    @classmethod
    def _known(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None or not info.context:
            return value
        return known_id(value, info.context["known"][info.field_name])

    @model_validator(mode="after")
    def _something_to_say(self) -> LipsyncRequest:
        if self.audio is None and not (self.text or "").strip():
            raise PydanticCustomError("nothing", "Either text or audio is required.")
        return self

    def order(self) -> Order:
        """What is asked for, in our words."""
        transparent = self.green_screen or self.transparent_background
        return Order(
            avatar_id=self.creator,
            # the recording wins when both are given, and then nobody knows if the text is its words
            script=self.text if self.audio is None else None,
            recording_url=self.audio,
            voice_id=self.accent,
            aspect=Aspect(self.aspect_ratio),
            container=Container.WEBM_ALPHA if transparent else Container.MP4,
            captions=None if self.no_caption or transparent else self._captions(),
            music=not self.no_music,
            background_url=None if transparent else self.background_asset_image_url,
            webhook_url=self.webhook_url,
        )

    def _captions(self) -> Captions:
        # here negative is below the centre, in `Captions` positive is
        across, down = float(self.caption_offset_x), -float(self.caption_offset_y)
        style = LATER_STYLES.get(self.caption_style, self.caption_style)
        return Captions(style, across, down)

    def echo(self) -> dict[str, Any]:
        """The fields that every answer repeats."""
        fields = self.model_dump(exclude={"audio"})
        return {**fields, "audio_url": self.audio}


def _needed(name: str) -> bool:
    field = LipsyncRequest.model_fields.get(name)
    return field is not None and field.is_required()


def known_id(value: str, known: frozenset[str]) -> str:
    """A UUID, written in its usual form, that is one of `known`."""
    try:
        wanted = str(UUID(value))
    except ValueError:
        raise PydanticCustomError("uuid", "Must be a valid UUID.") from None
    if wanted not in known:
        message = 'Invalid pk "{pk}" - object does not exist.'
        raise PydanticCustomError("does_not_exist", message, {"pk": wanted})
    return wanted


def read_lipsync(
    body: object, *, avatars: frozenset[str], voices: frozenset[str], script_limit: int
) -> LipsyncRequest:
    """Check a body.

    Raises:
        Problem: 400, with every wrong field.
    """
    known = {"creator": avatars, "accent": voices}
    try:
        return LipsyncRequest.model_validate(
            body, context={"known": known, "script_limit": script_limit}
        )
    except ValidationError as error:
        raise invalid(field_errors(error)) from None


class Lipsync(BaseModel):
    """A task, as every lipsync endpoint answers it; null where a field does not apply yet."""

    model_config = ConfigDict(protected_namespaces=())

    id: str
    name: str | None
    text: str | None
    creator: str
    model_version: str
    output: str | None
    video_thumbnail: str | None
    aspect_ratio: AspectRatio
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


class WordAlignment(BaseModel):
    """When a word is spoken, in seconds."""

    start: float
    duration: float
    text: str


class LipsyncRetrieve(Lipsync):
    """A task, with its words."""

    word_alignments: list[WordAlignment]


def status(job: Job) -> Status:
    """The seed's six words; a preview stays ``pending`` until somebody renders it."""
    if job.state in (State.FAILED, State.CANCELLED):
        return "failed"
    if job.goal is Goal.PREVIEW:
        return "pending"
    if job.state is State.QUEUED:
        return "in_queue" if job.drafted else "pending"
    return "done" if job.state is State.SUCCEEDED else "running"


def lipsync(job: Job, urls: Urls) -> dict[str, Any]:
    """Every field of `Lipsync`."""
    done = job.goal is Goal.VIDEO and job.state is State.SUCCEEDED
    return {
        "id": job.id,
        **job.echo,
        "output": urls.output(job) if done else None,
        "video_thumbnail": urls.file(job.id, "thumbnail.jpg") if done else None,
        "created_at": job.created_at.isoformat(),
        "updated_at": job.updated_at.isoformat(),
        "credits_used": job.credits_used,
        "duration": max(1, round(job.duration_s)) if job.duration_s else 0,
        "progress": job.progress,
        "failed_reason": failed_reason(job),
        "media_job": job.run_id,
        "status": status(job),
        "is_hidden": False,
        "preview": urls.preview(job) if job.preview_ready else None,
        "editor_url": None,
        "preview_audio": urls.file(job.id, "speech.wav") if job.preview_ready else None,
    }


def lipsync_retrieve(job: Job, urls: Urls) -> dict[str, Any]:
    """Every field of `LipsyncRetrieve`."""
    words = [
        {"start": word.start_s, "duration": word.duration_s, "text": word.text}
        for word in job.words
    ]
    return {**lipsync(job, urls), "word_alignments": words}


def failed_reason(job: Job) -> str | None:
    """Why there is no video, if there will be none."""
    return "Cancelled." if job.state is State.CANCELLED else job.failure


def webhook(job: Job, urls: Urls) -> dict[str, Any]:
    """The body that is posted to ``webhook_url``."""
    answer = lipsync(job, urls)
    return {name: answer[name] for name in ("id", "status", "failed_reason", "output")}


def persona(found: Persona, urls: Urls) -> dict[str, Any]:
    """An avatar."""
    card, made = found.card, found.created_at.isoformat()
    pictures = {
        f"preview_image_{shape}": urls.file(card.id, f"{shape.replace('_', 'x')}.jpg")
        for shape in ("16_9", "1_1", "9_16")
    }
    shapes = (Aspect.LANDSCAPE, Aspect.SQUARE, Aspect.PORTRAIT)
    clips = [urls.file(card.id, f"{a}.mp4") if found.has_clip(a) else None for a in shapes]
    videos = ("preview_video_16_9", "preview_video_1_1", "preview_video_9_16")
    older = ("landscape_preview_video", "squared_preview_video", "portrait_preview_video")
    return {
        "id": card.id,
        "created_at": made,
        "updated_at": made,
        "gender": card.gender,
        "creator_name": card.name,
        "suitable_industries": [],
        **pictures,
        **dict(zip(videos, clips, strict=True)),
        **dict(zip(older, clips, strict=True)),
        "is_active": True,
        "process_status": "done",
        "failed_reason": None,
        "type": "stock" if found.is_stock else "custom",
        "age_range": card.age_range,
        "location": card.location,
        "style": card.style,
        "video_scene": None,
        "keywords": ",".join(word for word in (card.age_range, card.style, card.location) if word),
    }


PERSONA_CHOICES: Final = {
    "age_range": ("child", "teen", "adult", "senior"),
    "gender": ("m", "f", "nb"),
    "location": ("outdoor", "fantasy", "indoor", "other"),
    "style": ("selfie", "presenter", "other"),
}


def voices(cards: Sequence[VoiceCard]) -> list[dict[str, Any]]:
    """Voices, with one accent for each language that a name speaks."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for card in cards:
        accent = {"id": card.id, "accent_name": card.accent_name, "preview_url": None}
        found.setdefault((card.display_name, card.gender), []).append(accent)
    return [
        {"name": name, "gender": gender, "accents": accents}
        for (name, gender), accents in found.items()
    ]
