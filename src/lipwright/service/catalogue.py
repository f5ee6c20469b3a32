"""Avatars and voices as the service offers them, looked up by id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lipwright.avatar import AvatarCard
from lipwright.errors import UnknownVoice
from lipwright.request import Aspect
from lipwright.service.renderer import Renderer, VoiceCard


@dataclass(frozen=True, slots=True)
class Persona:
    """An avatar that can be chosen."""

    card: AvatarCard
    folder: Path
    created_at: datetime
    is_stock: bool

    def has_clip(self, aspect: Aspect) -> bool:
        """Whether the avatar comes with a talking clip of this shape."""
        return (self.folder / f"preview_{aspect}.mp4").exists()

    @property
    def file_names(self) -> set[str]:
        """Files that show the avatar to whoever chooses one."""
        clips = {f"{aspect}.mp4" for aspect in Aspect if self.has_clip(aspect)}
        return clips | {f"{aspect}.jpg" for aspect in Aspect}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What there is to choose from."""

    renderer: Renderer
    own_avatars: Path
    own_voices: Path

    @classmethod
    def of(cls, renderer: Renderer, data_dir: Path) -> Catalogue:
        """With what the operator added to the data folder."""
        return cls(renderer, data_dir / "avatars", data_dir / "voices")

    def personas(self) -> list[Persona]:
        """Every avatar; read anew each time, so that one just added is there."""
        return [
            Persona(card, folder, _made_at(folder), self.own_avatars not in folder.parents)
            for folder, card in self.renderer.avatars(self.own_avatars)
        ]

    def persona(self, avatar_id: str) -> Persona | None:
        """The avatar with this id."""
        return next((p for p in self.personas() if p.card.id == avatar_id), None)

    def voices(self) -> tuple[VoiceCard, ...]:
        """Every voice."""
        return tuple(card for _, card in self.renderer.voices(self.own_voices))

    def voice_name(self, voice_id: str) -> str | None:
        """What to write as a scene's voice for this id; None where there is none."""
        cards = self.renderer.voices(self.own_voices)
        return next((name for name, card in cards if card.id == voice_id), None)

    def voices_with_clips(self) -> list[tuple[VoiceCard, Path | None]]:
        """Every voice, and the MP3 in which it says a sentence, if there is one."""
        cards = self.renderer.voices(self.own_voices)
        return [(card, self.renderer.voice_clip(name)) for name, card in cards]

    def default_voice(self, gender: str | None) -> VoiceCard:
        """The first voice, of a gender if there is one.

        Raises:
            UnknownVoice: There is none at all.
        """
        voices = self.voices()
        if not voices:
            raise UnknownVoice("No voice is installed.")
        wanted = {"f": "female", "m": "male"}.get(gender or "")
        return next((voice for voice in voices if voice.gender == wanted), voices[0])


def _made_at(folder: Path) -> datetime:
    return datetime.fromtimestamp((folder / "avatar.json").stat().st_mtime, UTC)
