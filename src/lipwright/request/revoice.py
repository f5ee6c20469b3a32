"""What to make of a clip that shall say something else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lipwright.errors import InvalidRequest
from lipwright.request.output import Output


class SyncMode(StrEnum):
    """What happens where footage and speech differ in length."""

    CUT_OFF = "cut_off"
    """The longer one ends with the shorter."""
    LOOP = "loop"
    """The footage begins anew until the speech ends."""
    BOUNCE = "bounce"
    """The footage runs backwards and forwards until the speech ends."""
    SILENCE = "silence"
    """All of the footage is kept; the speech is followed by silence."""


@dataclass(frozen=True, slots=True)
class RevoiceRequest:
    """A clip that shall say something else: its picture stays, but for the mouth."""

    footage: Path
    """The clip: 5 minutes and 4K at most."""
    script: str | None = None
    recording: Path | None = None
    """A sound file to speak instead of the script; with a script, the script is what it says."""
    voice: str | None = None
    """Voice name for a script; None is the default voice."""
    sync_mode: SyncMode = SyncMode.CUT_OFF
    face: tuple[float, float] | None = None
    """(x, y) as shares of the first picture's width and height: the face there, or the one
    nearest to it, speaks; None is the largest."""
    lufs: float = -14.0
    crf: int = 18
    """x264 quality; lower than a presenter's, because the footage was encoded before."""

    def __post_init__(self) -> None:
        if self.recording is None and not (self.script or "").strip():
            raise InvalidRequest("Give a script or a recording.")
        if self.face is not None and not all(0 <= share <= 1 for share in self.face):
            raise InvalidRequest("face must be two shares of width and height, from 0 to 1.")


@dataclass(frozen=True, slots=True)
class FootageOutput(Output):
    """A file as large and as fast as the footage it is made from."""

    frame_size: tuple[int, int] = (1920, 1080)
    """(width, height) in pixels, both even."""

    def __post_init__(self) -> None:
        """Whatever a camera makes is right; the footage was checked when it was read."""

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels, both even."""
        return self.frame_size
