"""Avatars: ``/api/personas/``."""

from __future__ import annotations

from typing import Any, Final

from lipwright.request import Aspect
from lipwright.service.catalogue import Persona
from lipwright.service.urls import Urls
from lipwright.service.wire.tasks import Answer

PERSONA_CHOICES: Final = {
    "age_range": ("child", "teen", "adult", "senior"),
    "gender": ("m", "f", "nb"),
    "location": ("outdoor", "fantasy", "indoor", "other"),
    "style": ("selfie", "presenter", "other"),
}


class PersonaAnswer(Answer):
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
    process_status: str
    failed_reason: str | None
    type: str
    age_range: str | None
    location: str | None
    style: str | None
    video_scene: str | None
    keywords: str | None


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
        **_previews(found, urls),
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


def _previews(found: Persona, urls: Urls) -> dict[str, str | None]:
    names = found.file_names
    answer: dict[str, str | None] = {}
    for aspect, older in (
        (Aspect.LANDSCAPE, "landscape"),
        (Aspect.SQUARE, "squared"),
        (Aspect.PORTRAIT, "portrait"),
    ):
        shape = aspect.replace("x", "_")
        picture, clip = f"{aspect}.jpg", f"{aspect}.mp4"
        answer[f"preview_image_{shape}"] = urls.file(found.card.id, picture)
        video = urls.file(found.card.id, clip) if clip in names else None
        answer[f"preview_video_{shape}"] = answer[f"{older}_preview_video"] = video
    return answer
