"""One scene: what is said, who says it, and what is seen meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lipwright.errors import InvalidRequest
from lipwright.request.background import Background
from lipwright.request.captions import Captions


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that decides the frames and the speech of one scene."""

    avatar: Path
    """Folder of the avatar's bundle."""
    script: str | None = None
    recording: Path | None = None
    """A sound file to speak instead of the script; with a script, the script is what it says."""
    voice: str | None = None
    """Voice name; None is the avatar's own."""
    speaking_rate: float = 1.0
    """From 0.5 to 2; 2 is twice as fast.  Recordings are played as they are."""
    pronunciations: tuple[tuple[str, str], ...] = ()
    """Words and how they are said: other words, or IPA between slashes."""
    captions: Captions | None = None
    background: Background | None = None

    def __post_init__(self) -> None:
        if self.recording is None and not (self.script or "").strip():
            raise InvalidRequest("Give a script or a recording.")
        if not 0.5 <= self.speaking_rate <= 2:
            raise InvalidRequest("speaking_rate must be from 0.5 to 2.")
