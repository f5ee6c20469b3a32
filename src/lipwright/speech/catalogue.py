"""Which voices there are."""

from __future__ import annotations

from typing import Final

from lipwright.errors import UnknownVoice
from lipwright.speech.kokoro import Kokoro
from lipwright.speech.neural import NeuralVoice
from lipwright.speech.voice import Voice, VoiceCard

_CARDS: Final = (
    VoiceCard("af_heart", "Heart", "female", "en-US", "kokoro"),
    VoiceCard("af_bella", "Bella", "female", "en-US", "kokoro"),
    VoiceCard("af_kore", "Kore", "female", "en-US", "kokoro"),
    VoiceCard("af_sarah", "Sarah", "female", "en-US", "kokoro"),
    VoiceCard("af_aoede", "Aoede", "female", "en-US", "kokoro"),
    VoiceCard("bf_emma", "Emma", "female", "en-GB", "kokoro"),
    VoiceCard("bf_isabella", "Isabella", "female", "en-GB", "kokoro"),
    VoiceCard("am_michael", "Michael", "male", "en-US", "kokoro"),
    VoiceCard("am_fenrir", "Fenrir", "male", "en-US", "kokoro"),
    VoiceCard("am_puck", "Puck", "male", "en-US", "kokoro"),
    VoiceCard("bm_george", "George", "male", "en-GB", "kokoro"),
    VoiceCard("bm_fable", "Fable", "male", "en-GB", "kokoro"),
    VoiceCard("bm_lewis", "Lewis", "male", "en-GB", "kokoro"),
)
"""The best graded of Kokoro's English voices; the breathy af_nicole is left out, since its
whispered vowels have too little energy for the jaw to follow."""


def voices() -> tuple[VoiceCard, ...]:
    """Every voice, the default of each gender first."""
    return _CARDS


def open_voice(name: str) -> Voice:
    """The voice of that name.

    Raises:
        UnknownVoice: There is none; the message lists those that exist.
    """
    for card in _CARDS:
        if card.name == name:
            return NeuralVoice(card, Kokoro(name))
    names = ", ".join(card.name for card in _CARDS)
    raise UnknownVoice(f'There is no voice "{name}"; choose one of {names}.')
