"""Which voices there are."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from lipwright.errors import UnknownVoice
from lipwright.speech.fast import HibariModel
from lipwright.speech.humming import HummingVoice
from lipwright.speech.kokoro import Kokoro
from lipwright.speech.neural import NeuralVoice
from lipwright.speech.own_voices import CARD_FILE, CLIP_FILE, open_own_voice
from lipwright.speech.roster import CARDS
from lipwright.speech.voice import Voice, VoiceCard

_CARDS: Final = (
    *CARDS.values(),
    VoiceCard("hibari", "Hibari", "female", "en-US", "hibari"),
)


_CLIPS: Final = Path(str(files("lipwright"))) / "assets" / "voices"
_FAKE: Final = VoiceCard("humming", "Humming", "female", "en-US", "humming")
"""Opens like any other, and is not shown to users."""


def voices() -> tuple[VoiceCard, ...]:
    """Every bundled voice, by language, the default of each language first."""
    return _CARDS


def open_voice(name: str, *, workers: int = 2) -> Voice:
    """The voice of that name.

    Args:
        name: As in `voices`, or the folder of a voice of the user's own.
        workers: Processes or threads that speak at the same time.

    Raises:
        UnknownVoice: There is none; the message lists those that exist.
        InvalidVoice: A folder does not hold a voice.
    """
    if (Path(name) / CARD_FILE).is_file():
        return open_own_voice(Path(name), workers=workers)
    card = _card(name)
    if card.engine == "humming":
        return HummingVoice(card)
    acoustic = HibariModel() if card.engine == "hibari" else Kokoro(name, workers=workers)
    return NeuralVoice(card, acoustic)


def voice_clip(name: str) -> Path | None:
    """The MP3 in which a voice, named as in `open_voice`, says a sentence; None without one.

    Raises:
        UnknownVoice: There is no such voice.
    """
    if (Path(name) / CARD_FILE).is_file():
        clip = Path(name) / CLIP_FILE
    else:
        clip = _CLIPS / f"{_card(name).name}.mp3"
    return clip if clip.is_file() else None


def _card(name: str) -> VoiceCard:
    card = next((card for card in (*_CARDS, _FAKE) if card.name == name), None)
    if card is None:
        names = ", ".join(card.name for card in _CARDS)
        raise UnknownVoice(f'There is no voice "{name}"; choose one of {names}.')
    return card
