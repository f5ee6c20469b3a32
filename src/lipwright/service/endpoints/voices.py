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
    clips = service.catalogue.voice_clips()

    def clip_url(voice: VoiceCard) -> str | None:
        url = f"{service.settings.base_url}/voices/{voice.id}.mp3"
        return url if voice.id in clips else None

    return wire.voices(service.catalogue.voices(), clip_url)


def page_voices(call: Call) -> object:
    """One page of `list_voices`."""
    return page(call, list_voices(call))
