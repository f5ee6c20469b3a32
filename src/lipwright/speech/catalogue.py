"""Which voices there are."""

from __future__ import annotations

from typing import Final

from lipwright.errors import UnknownVoice
from lipwright.speech.fast import HibariModel
from lipwright.speech.humming import HummingVoice
from lipwright.speech.kokoro import Kokoro
from lipwright.speech.neural import NeuralVoice
from lipwright.speech.roster import CARDS
from lipwright.speech.voice import Voice, VoiceCard

_CARDS: Final = (
    *CARDS.values(),
    VoiceCard("hibari", "Hibari", "female", "en-US", "hibari"),
)


_FAKE: Final = VoiceCard("humming", "Humming", "female", "en-US", "humming")
"""Opens like any other, and is not shown to users."""


def voices() -> tuple[VoiceCard, ...]:
    """Every voice, by language, the default of each language first."""
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
