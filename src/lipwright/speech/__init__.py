"""Script or recording to speech: sound, words and phonemes on one clock.

The names below are imported when first used: a worker process (`worker`) is ready a second
earlier without the filters, decoders and lexicons that it never needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lipwright.speech.catalogue import open_voice, voice_clip, voices
    from lipwright.speech.delivery import Delivery
    from lipwright.speech.dictionary import check_pronunciation
    from lipwright.speech.listening.recording import speak_recording
    from lipwright.speech.own_voices import CLIP_FILE, read_own_card, write_own_voice
    from lipwright.speech.respelling import respell
    from lipwright.speech.rewording import reworded
    from lipwright.speech.sample import sample_script
    from lipwright.speech.speech import Findings, Speech
    from lipwright.speech.voice import Voice, VoiceCard

__all__ = [
    "CLIP_FILE",
    "Delivery",
    "Findings",
    "Speech",
    "Voice",
    "VoiceCard",
    "check_pronunciation",
    "open_voice",
    "read_own_card",
    "respell",
    "reworded",
    "sample_script",
    "speak_recording",
    "voice_clip",
    "voices",
    "write_own_voice",
]

_HOMES = {
    "CLIP_FILE": "own_voices",
    "Delivery": "delivery",
    "check_pronunciation": "dictionary",
    "Findings": "speech",
    "Speech": "speech",
    "Voice": "voice",
    "VoiceCard": "voice",
    "open_voice": "catalogue",
    "respell": "respelling",
    "read_own_card": "own_voices",
    "sample_script": "sample",
    "reworded": "rewording",
    "speak_recording": "listening.recording",
    "voice_clip": "catalogue",
    "voices": "catalogue",
    "write_own_voice": "own_voices",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
