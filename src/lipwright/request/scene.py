"""One scene: what is said, who says it, and what is seen meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lipwright.errors import InvalidRequest
from lipwright.request.background import Background
from lipwright.request.captions import Captions
from lipwright.request.checks import check_choice, check_range
from lipwright.request.layout import LAYOUTS, CallToAction
from lipwright.request.placement import Placement, Transition

SCRIPT_LIMIT: Final = 8000
"""Characters of a script: ten minutes of speech, which is made in memory."""
TRANSCRIPT_LIMIT: Final = 60_000
"""Characters of a transcript: half an hour of fast speech has 40,000."""
SILENCE_MIN_S: Final = 0.5
SILENCE_MAX_S: Final = 100.0


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that decides the frames and the speech of one scene."""

    avatar: Path | None = None
    """Folder of the avatar's bundle; None shows nobody."""
    script: str | None = None
    recording: Path | None = None
    """A sound file to speak instead of the script; with a script, the script is what it says."""
    silence_s: float | None = None
    """Length of a scene in which nothing is said, instead of script and recording."""
    voice: str | None = None
    """Voice name; None is the avatar's own."""
    speaking_rate: float = 1.0
    """From 0.5 to 2; 2 is twice as fast.  Recordings are played as they are."""
    pronunciations: tuple[tuple[str, str], ...] = ()
    """Words and how they are said: other words, or IPA between slashes."""
    volume: float = 1.0
    """Of the voice against those of other scenes, in [0, 1]."""
    captions: Captions | None = None
    background: Background | None = None
    """None is the avatar's own scene."""
    placement: Placement = field(default_factory=Placement)
    layout: str | None = None
    """One of `LAYOUTS`; None is the avatar in front of the background."""
    call_to_action: CallToAction | None = None
    transition_in: Transition | None = None
    transition_out: Transition | None = None

    def __post_init__(self) -> None:
        self._check_speech()
        check_range(self.volume, 0, 1, "The volume of a voice")
        if self.layout is not None:
            check_choice(self.layout, LAYOUTS, "a layout")
        check_range(self.speaking_rate, 0.5, 2, "speaking_rate")

    def _check_speech(self) -> None:
        speaks = self.recording is not None or bool((self.script or "").strip())
        if self.silence_s is None and not speaks:
            raise InvalidRequest("Give a script or a recording, or seconds of silence.")
        if self.silence_s is None:
            if self.avatar is None and self.voice is None and self.recording is None:
                raise InvalidRequest("A scene without an avatar needs a voice for its script.")
            return
        if speaks:
            raise InvalidRequest("Give silence or something to say, not both.")
        check_range(self.silence_s, SILENCE_MIN_S, SILENCE_MAX_S, "The seconds of silence")

    @property
    def shows_avatar(self) -> bool:
        """Whether anybody is seen."""
        return self.avatar is not None and not self.placement.hidden
