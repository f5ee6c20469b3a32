"""Script or recording to speech: sound, words and phonemes on one clock.

The names below are imported when first used: a worker process (`worker`) is ready a second
earlier without the filters, decoders and lexicons that it never needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lipwright.speech.catalogue import open_voice, voices
    from lipwright.speech.delivery import Delivery
    from lipwright.speech.recording import speak_recording
    from lipwright.speech.respelling import respell
    from lipwright.speech.script import SCRIPT_LIMIT
    from lipwright.speech.speech import Speech
    from lipwright.speech.voice import Voice, VoiceCard

__all__ = [
    "SCRIPT_LIMIT",
    "Delivery",
    "Speech",
    "Voice",
    "VoiceCard",
    "open_voice",
    "respell",
    "speak_recording",
    "voices",
]

_HOMES = {
    "Delivery": "delivery",
    "SCRIPT_LIMIT": "script",
    "Speech": "speech",
    "Voice": "voice",
    "VoiceCard": "voice",
    "open_voice": "catalogue",
    "respell": "respelling",
    "speak_recording": "recording",
    "voices": "catalogue",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
