"""Voices: ``/api/voices/``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from lipwright.service.renderer import VoiceCard
from lipwright.service.wire.tasks import Answer, Page


class Accent(Answer):
    """A voice in one language; its id is what the other calls want."""

    id: str
    accent_name: str
    preview_url: str | None


class VoiceAnswer(Answer):
    """A name, and the accents in which it speaks."""

    name: str
    gender: Literal["male", "female", "non_binary"] | None
    accents: list[Accent]


class VoicePage(Page):
    """Some of the voices."""

    results: list[VoiceAnswer]


def voices(cards: Iterable[tuple[VoiceCard, str | None]]) -> list[dict[str, Any]]:
    """Voices with the addresses of their clips, one accent for each language that a name speaks."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for card, clip_url in cards:
        accent = {"id": card.id, "accent_name": card.accent_name, "preview_url": clip_url}
        found.setdefault((card.display_name, card.gender), []).append(accent)
    return [
        {"name": name, "gender": gender, "accents": accents}
        for (name, gender), accents in found.items()
    ]
