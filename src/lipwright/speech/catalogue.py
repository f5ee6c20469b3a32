"""Which voices there are."""

from __future__ import annotations

from typing import Final

from lipwright.errors import UnknownVoice
from lipwright.speech.fast import HibariModel
from lipwright.speech.humming import HummingVoice
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
    VoiceCard("hibari", "Hibari", "female", "en-US", "hibari"),
)
"""The best graded of Kokoro's English voices; the breathy af_nicole is left out, since its
whispered vowels have too little energy for the jaw to follow."""


_FAKE: Final = VoiceCard("humming", "Humming", "female", "en-US", "humming")
"""Opens like any other, and is not shown to users."""


def voices() -> tuple[VoiceCard, ...]:
    """Every voice, the default of each gender first."""
    return _CARDS


def open_voice(name: str, *, workers: int = 2) -> Voice:
    """The voice of that name.

    Args:
        name: As in `voices`.
        workers: Processes or threads that speak at the same time.

    Raises:
        UnknownVoice: There is none; the message lists those that exist.
    """
    card = next((card for card in (*_CARDS, _FAKE) if card.name == name), None)
    if card is None:
        names = ", ".join(card.name for card in _CARDS)
        raise UnknownVoice(f'There is no voice "{name}"; choose one of {names}.')
    if card.engine == "humming":
        return HummingVoice(card)
    acoustic = HibariModel() if card.engine == "hibari" else Kokoro(name, workers=workers)
    return NeuralVoice(card, acoustic)
