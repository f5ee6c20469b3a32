"""Avatars: ``/api/personas/`` and ``/api/personas_v2/``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, model_validator

from lipwright.avatar import AgeRange, Gender, Location, Style
from lipwright.request import Aspect
from lipwright.service.catalogue import Persona
from lipwright.service.jobs import Job
from lipwright.service.orders import AvatarOrder
from lipwright.service.urls import Urls
from lipwright.service.wire import tasks
from lipwright.service.wire.consent import WithConsent
from lipwright.service.wire.fields import MediaUrl, Name, Status, WebhookUrl, required_text

PERSONA_CHOICES: Final = {
    "age_range": ("child", "teen", "adult", "senior"),
    "gender": ("m", "f", "nb"),
    "location": ("outdoor", "fantasy", "indoor", "other"),
    "style": ("selfie", "presenter", "other"),
}
FILES: Final = ("lipsync_input", "consent_video")
"""Fields that may be files, where the body is a form."""
_DRIVE: Final = re.compile(
    r"https://drive\.google\.com/(?:file/(?:u/\d+/)?d/([\w-]+)|(?:open|uc)\?(?:[^#]*&)?id=([\w-]+))"
)
_DRIVE_FILE: Final = (
    "https://drive.usercontent.google.com/download?id={id}&export=download&confirm=t"
)
_SHAPES: Final = (
    (Aspect.LANDSCAPE, "landscape"),
    (Aspect.SQUARE, "squared"),
    (Aspect.PORTRAIT, "portrait"),
)


def _shared_file(url: object) -> object:
    """Where a file that is shared in Google Drive can be fetched; other addresses as they are."""
    found = _DRIVE.match(url) if isinstance(url, str) else None
    return _DRIVE_FILE.format(id=found[1] or found[2]) if found else url


def _split(value: object) -> object:
    """A form has labels with commas between."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


class PersonaRequest(WithConsent):
    """Body of ``POST /api/personas/``: a person in a picture or a clip."""

    creator_name: Annotated[Name, required_text]
    lipsync_input: MediaUrl
    """`gdown_url` stands for it: the address of a file that somebody shares in Google Drive."""
    gender: Gender = "nb"
    age_range: AgeRange | None = None
    location: Location | None = None
    style: Style | None = None
    video_scene: Name | None = None
    keywords: Name | None = None
    labels: Annotated[list[Name], Field(max_length=100), BeforeValidator(_split)] = Field(
        default_factory=list
    )
    webhook_url: WebhookUrl | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_drive(cls, body: object) -> object:
        """The address of the page on which a file is shared, as the address of the file."""
        if not isinstance(body, Mapping) or body.get("lipsync_input") or not body.get("gdown_url"):
            return body
        return {**body, "lipsync_input": _shared_file(body["gdown_url"])}

    def order(self, account_name: str) -> AvatarOrder:
        """What is asked for, in our words."""
        return AvatarOrder(
            name=self.creator_name,
            gender=self.gender,
            source_url=self.lipsync_input,
            permission=self.permission(account_name),
            age_range=self.age_range,
            style=self.style,
            location=self.location,
            webhook_url=self.webhook_url,
        )

    def echo(self) -> dict[str, Any]:
        """The fields that every answer repeats."""
        hidden = {"consent", "consent_video", "consent_given_by", "lipsync_input"}
        return {**self.model_dump(exclude=hidden), "lipsync_input_url": self.lipsync_input}


class PersonaAnswer(tasks.Answer):
    """An avatar."""

    id: str
    created_at: str
    updated_at: str
    gender: str
    creator_name: str
    suitable_industries: list[str]
    preview_image_16_9: str | None
    preview_image_1_1: str | None
    preview_image_9_16: str | None
    preview_video_16_9: str | None
    preview_video_1_1: str | None
    preview_video_9_16: str | None
    landscape_preview_video: str | None
    squared_preview_video: str | None
    portrait_preview_video: str | None
    is_active: bool
    process_status: Status
    failed_reason: str | None
    type: str
    age_range: str | None
    location: str | None
    style: str | None
    video_scene: str | None
    keywords: str | None
    notes: list[str]


class CustomPersona(PersonaAnswer):
    """An avatar of the caller's own, ready or on its way."""

    lipsync_input_url: str | None
    matching_voice_non_null: str | None
    labels: list[str]
    webhook_url: str | None
    credits_used: int
    progress: float


AnyPersona = CustomPersona | PersonaAnswer


class PersonaPage(tasks.Page):
    """Some of the avatars that can be used."""

    results: list[AnyPersona]


class PersonaCount(tasks.Answer):
    """How many avatars of their own the caller has, and may have."""

    max_count: int
    current_count: int


def persona(found: Persona, urls: Urls) -> dict[str, Any]:
    """Every field of `PersonaAnswer`."""
    card, made = found.card, found.created_at.isoformat()
    return {
        "id": card.id,
        "created_at": made,
        "updated_at": made,
        "gender": card.gender,
        "creator_name": card.name,
        "suitable_industries": [],
        **_previews(card.id, found.file_names, urls),
        "is_active": True,
        "process_status": "done",
        "failed_reason": None,
        "type": "stock" if found.is_stock else "custom",
        "age_range": card.age_range,
        "location": card.location,
        "style": card.style,
        "video_scene": None,
        "keywords": ",".join(word for word in (card.age_range, card.style, card.location) if word),
        "notes": list(card.notes),
    }


def custom_persona(job: Job, urls: Urls, voice_id: str | None) -> dict[str, Any]:
    """Every field of `CustomPersona`.

    Args:
        job: That makes it, or made it.
        urls: Of its files.
        voice_id: The voice that it speaks with where none is named.
    """
    done, report = tasks.is_done(job), job.report or {}
    answer = tasks.common(job)
    status = answer.pop("status")
    for name in ("duration", "media_job"):
        del answer[name]
    return {
        **job.echo,
        **_previews(job.id, set(report.get("previews", ())) if done else set(), urls),
        **answer,
        "process_status": status,
        "suitable_industries": [],
        "is_active": done,
        "type": "custom",
        "matching_voice_non_null": voice_id,
        "notes": report.get("notes", []),
    }


def _previews(avatar_id: str, names: set[str], urls: Urls) -> dict[str, str | None]:
    def url(name: str) -> str | None:
        return urls.file(avatar_id, name) if name in names else None

    answer: dict[str, str | None] = {}
    for aspect, older in _SHAPES:
        shape = aspect.replace("x", "_")
        answer[f"preview_image_{shape}"] = url(f"{aspect}.jpg")
        answer[f"preview_video_{shape}"] = answer[f"{older}_preview_video"] = url(f"{aspect}.mp4")
    return answer


def is_meant(answer: Mapping[str, Any], wanted: Mapping[str, frozenset[str]], word: str) -> bool:
    """Whether an avatar is of the wanted choices and has a word in what is said of it."""
    said = " ".join(str(answer[name] or "") for name in ("creator_name", "keywords", "video_scene"))
    chosen = all(answer[name] in values for name, values in wanted.items())
    return chosen and word.casefold() in said.casefold()
