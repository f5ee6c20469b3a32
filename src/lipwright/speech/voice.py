"""A voice: who it is, and what it can do."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol

from lipwright.speech.delivery import AS_WRITTEN, Delivery

if TYPE_CHECKING:  # a worker of voices needs no files of speech
    from lipwright.speech.speech import Speech

_VOICE_IDS: Final = uuid.UUID("6f1d3a52-0c6e-5d0a-9a3c-51d2b7a7c0de")
"""Namespace of voice ids; never change it, or every stored voice id breaks."""

Gender = Literal["female", "male"]
Engine = Literal["kokoro", "hibari", "piper", "humming"]

_ACCENTS: dict[str, str] = {
    "en-US": "American English",
    "en-GB": "British English",
    "es-ES": "Spanish",
    "fr-FR": "French",
    "it-IT": "Italian",
    "pt-BR": "Brazilian Portuguese",
    "ja-JP": "Japanese",
    "zh-CN": "Mandarin",
}


@dataclass(frozen=True, slots=True)
class VoiceCard:
    """What a user needs to know to choose a voice."""

    name: str
    """Stable name, as in `open_voice`: ``"af_heart"``."""
    display_name: str
    gender: Gender
    language: str
    """BCP 47: a `Language`, or of a voice of the user's own one that espeak-ng reads."""
    engine: Engine

    @property
    def id(self) -> str:
        """UUID, the same on every machine and in every version."""
        return str(uuid.uuid5(_VOICE_IDS, self.name))

    @property
    def accent_name(self) -> str:
        """The accent in words: ``"American English"``; its tag, where we have no words for it."""
        return _ACCENTS.get(self.language, self.language)


Progress = Callable[[int, int], None]
"""Called with (done, in all)."""


class Voice(Protocol):
    """Turns a script into speech."""

    @property
    def card(self) -> VoiceCard:
        """Who speaks."""

    def speak(
        self,
        script: str,
        delivery: Delivery = AS_WRITTEN,
        told: Progress = lambda done, total: None,
    ) -> Speech:
        """Say the script; told of letters said and of letters in all, where it takes a while.

        The same script and delivery give the same samples, on every call.

        Raises:
            InvalidScript: Nothing to say, too long, or wrong marks.
            InvalidRequest: A pronunciation cannot be said.
            UnsupportedLanguage: The script has letters that this voice cannot read.
            SynthesisFailed: The voice broke.
        """
