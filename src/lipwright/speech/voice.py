"""A voice: who it is, and what it can do."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from lipwright.speech.speech import Speech

_VOICE_IDS: Final = uuid.UUID("6f1d3a52-0c6e-5d0a-9a3c-51d2b7a7c0de")
"""Namespace of voice ids; never change it, or every stored voice id breaks."""

Engine = Literal["kokoro", "hibari", "humming"]
Language = Literal["en-US", "en-GB"]

_ACCENTS: dict[Language, str] = {"en-US": "American English", "en-GB": "British English"}


@dataclass(frozen=True, slots=True)
class VoiceCard:
    """What a user needs to know to choose a voice."""

    name: str
    """Stable name, as in `open_voice`: ``"af_heart"``."""
    display_name: str
    gender: Literal["female", "male"]
    language: Language
    engine: Engine

    @property
    def id(self) -> str:
        """UUID, the same on every machine and in every version."""
        return str(uuid.uuid5(_VOICE_IDS, self.name))

    @property
    def accent_name(self) -> str:
        """The accent in words: ``"American English"``."""
        return _ACCENTS[self.language]

    @property
    def british(self) -> bool:
        """Whether words are pronounced the British way."""
        return self.language == "en-GB"


class Voice(Protocol):
    """Turns a script into speech."""

    @property
    def card(self) -> VoiceCard:
        """Who speaks."""

    def speak(self, script: str) -> Speech:
        """Say the script.

        The same script gives the same samples, on every call.

        Raises:
            InvalidScript: Nothing to say, or too long.
            UnsupportedLanguage: The script has letters that this voice cannot read.
            SynthesisFailed: The voice broke.
        """
