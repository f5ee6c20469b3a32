"""Where avatars and voices are kept: those that ship in the package, the user's own in a folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from lipwright import pipeline
from lipwright.avatar import AvatarCard
from lipwright.errors import InvalidAvatar, InvalidVoice, UnknownAvatar, UnknownVoice
from lipwright.pipeline import VoiceCard

STOCK = Path(str(files("lipwright"))) / "assets" / "avatars"
"""Bundles that ship with the package; each shows a person who does not exist."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """Every avatar at hand, looked up by id, name or path."""

    own: Path
    """Folder of the user's own bundles, one sub-folder each, named by id."""

    def folders(self) -> tuple[Path, ...]:
        """Bundle folders: stock first, each group in the order of its folder names."""
        return tuple(
            card.parent for root in (STOCK, self.own) for card in sorted(root.glob("*/avatar.json"))
        )

    def cards(self) -> tuple[tuple[Path, AvatarCard], ...]:
        """Folder and card of every readable avatar."""
        return tuple((folder, pipeline.read_card(folder)) for folder in self.folders())

    def find(self, wanted: str) -> Path:
        """Folder of the avatar with this id, name (whatever the case) or path.

        Raises:
            UnknownAvatar: Nothing matches; the message lists what there is.
        """
        if (Path(wanted) / "avatar.json").is_file():
            return Path(wanted)
        cards = self.cards()
        for folder, card in cards:
            if wanted == card.id or wanted.casefold() == card.name.casefold():
                return folder
        names = ", ".join(card.name for _, card in cards) or "none yet; add one from a photo"
        raise UnknownAvatar(f'There is no avatar "{wanted}"; there is: {names}.')

    def add_photo(self, photo: Path, card: AvatarCard) -> Path:
        """Make an avatar from a photo; the folder of the new bundle.

        Raises:
            InvalidAvatar: An avatar of this name exists.
            UnusablePhoto: The picture does not fit.
            ConsentMissing: Nobody allowed it.
        """
        folder = self._new(card)
        pipeline.add_photo_avatar(photo, card, folder)
        return folder

    def add_footage(
        self,
        footage: Path,
        card: AvatarCard,
        near: tuple[float, float] | None = None,
        *,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> Path:
        """Make an avatar from a clip; the folder of the new bundle.

        A look at the clip that was interrupted goes on where it stopped.

        Raises:
            InvalidAvatar: An avatar of this name exists.
            InvalidRequest: The clip does not fit; the message says why.
            ConsentMissing: Nobody allowed it.
        """
        folder = self._new(card)
        notes = self.own / ".looks"
        pipeline.add_footage_avatar(
            footage, card, folder, near=near, notes=notes, progress=progress
        )
        shutil.rmtree(notes, ignore_errors=True)
        return folder

    def _new(self, card: AvatarCard) -> Path:
        if any(card.name.casefold() == other.name.casefold() for _, other in self.cards()):
            raise InvalidAvatar(f'There is an avatar "{card.name}" already; choose another name.')
        self.own.mkdir(parents=True, exist_ok=True)
        return self.own / card.id

    def remove(self, wanted: str) -> Path:
        """Delete one of the user's own avatars.

        Raises:
            UnknownAvatar: Nothing matches, or it is a stock avatar.
        """
        folder = self.find(wanted)
        if self.own.resolve() not in folder.resolve().parents:
            raise UnknownAvatar(f'"{wanted}" is not an avatar of your own.')
        shutil.rmtree(folder)
        return folder


@dataclass(frozen=True, slots=True)
class VoiceShelf:
    """Every voice at hand, looked up by id or name."""

    own: Path
    """Folder of the user's own voices, one sub-folder each, named as the voice is."""

    def cards(self) -> tuple[tuple[str, VoiceCard], ...]:
        """What to write as a scene's voice, and the card: bundled ones, then the user's own."""
        folders = (path.parent for path in sorted(self.own.glob("[!.]*/voice.json")))
        own = ((str(folder), pipeline.read_own_voice(folder)) for folder in folders)
        return (*self.bundled(), *own)

    @staticmethod
    def bundled() -> tuple[tuple[str, VoiceCard], ...]:
        """The same of the voices that ship."""
        return tuple((card.name, card) for card in pipeline.voices())

    def find(self, wanted: str) -> str:
        """What to write as a scene's voice for this id or name (whatever the case).

        Raises:
            UnknownVoice: Nothing matches; the message lists what there is.
        """
        cards = self.cards()
        for name, card in cards:
            if wanted == card.id or wanted.casefold() == card.name.casefold():
                return name
        names = ", ".join(card.name for _, card in cards)
        raise UnknownVoice(f'There is no voice "{wanted}"; choose one of {names}.')

    def add(self, source: Path, card: VoiceCard) -> Path:
        """Keep a Piper or Kokoro voice; its new folder.

        Raises:
            InvalidVoice: The files are no voice, or a voice of this name exists.
        """
        if any(card.name == other.name for _, other in self.cards()):
            raise InvalidVoice(f'There is a voice "{card.name}" already; choose another name.')
        self.own.mkdir(parents=True, exist_ok=True)
        pipeline.add_voice(source, card, self.own / card.name)
        return self.own / card.name

    def remove(self, wanted: str) -> Path:
        """Delete one of the user's own voices.

        Raises:
            UnknownVoice: Nothing matches, or it is a bundled voice.
        """
        folder = Path(self.find(wanted))
        if self.own.resolve() not in folder.resolve().parents:
            raise UnknownVoice(f'"{wanted}" is not a voice of your own.')
        shutil.rmtree(folder)
        return folder
