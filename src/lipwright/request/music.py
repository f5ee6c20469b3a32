"""A bed of music under the speech."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lipwright.errors import InvalidRequest
from lipwright.request.checks import check_choice, check_range

MUSIC_CATEGORIES: Final = ("calm", "energetic", "happy", "nostalgic", "tender")
"""What the beds that ship with Lipwright sound like."""


@dataclass(frozen=True, slots=True)
class Music:
    """A track of the user's own, or a bed that ships with Lipwright.

    Without a track or a bed the speech chooses one, so that the same speech has the same music.
    """

    track: Path | None = None
    """A sound file; repeated or cut to the length of the video."""
    bed: str | None = None
    """Name of a bed, as in `pipeline.music_beds`."""
    category: str | None = None
    """One of `MUSIC_CATEGORIES`, to choose among."""
    volume: float = 0.2
    """Against the voice, in the voice's pauses: 1 is as loud, 0.2 is 14 dB below."""

    def __post_init__(self) -> None:
        if [self.track, self.bed, self.category].count(None) < 2:
            raise InvalidRequest("Music is a track, a bed or a category, not several of them.")
        if self.category is not None:
            check_choice(self.category, MUSIC_CATEGORIES, "a music category")
        check_range(self.volume, 0, 1, "The volume of the music")
