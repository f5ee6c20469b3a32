"""Voices."""

from __future__ import annotations

from typing import Any

from lipwright.service.endpoints.calls import Call
from lipwright.service.endpoints.lists import page
from lipwright.service.renderer import VoiceCard
from lipwright.service.wire import voices as wire


def list_voices(call: Call) -> list[dict[str, Any]]:
    """Voices with their accents."""
    service = call.service

    def clip_url(voice: VoiceCard) -> str | None:
        clip = service.catalogue.renderer.voice_clip(voice.name)
        return f"{service.settings.base_url}/voices/{voice.id}.mp3" if clip else None

    return wire.voices(service.catalogue.voices(), clip_url)


def page_voices(call: Call) -> object:
    """One page of `list_voices`."""
    return page(call, list_voices(call))
