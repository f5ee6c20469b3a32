"""Voices."""

from __future__ import annotations

from typing import Any

from lipwright.service.endpoints.calls import Call
from lipwright.service.endpoints.lists import page
from lipwright.service.wire import voices as wire


def list_voices(call: Call) -> list[dict[str, Any]]:
    """Voices with their accents."""
    base_url, found = call.service.settings.base_url, call.service.catalogue.voices_with_clips()
    return wire.voices(
        (voice, f"{base_url}/voices/{voice.id}.mp3" if clip else None) for voice, clip in found
    )


def page_voices(call: Call) -> object:
    """One page of `list_voices`."""
    return page(call, list_voices(call))
