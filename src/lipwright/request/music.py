"""A bed of music under the speech."""

from __future__ import annotations

from dataclasses import dataclass

from lipwright.request.checks import check_range


@dataclass(frozen=True, slots=True)
class Music:
    """A bed that ships with Lipwright, chosen by the speech: the same speech has the same bed."""

    volume: float = 0.2
    """Against the voice, in the voice's pauses: 1 is as loud, 0.2 is 14 dB below."""

    def __post_init__(self) -> None:
        check_range(self.volume, 0, 1, "The volume of the music")
