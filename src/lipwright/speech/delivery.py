"""How a script is said, besides what stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lipwright.errors import InvalidRequest

SLOWEST: Final = 0.5
FASTEST: Final = 2.0
"""Beyond these, Kokoro swallows sounds and draws vowels out into song."""


class Emphasis(StrEnum):
    """How much a word is stressed, as in SSML."""

    STRONG = "strong"
    MODERATE = "moderate"
    NONE = "none"
    REDUCED = "reduced"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How fast a script is said, and what its words sound like."""

    rate: float = 1.0
    """From `SLOWEST` to `FASTEST`; 2 is twice as fast."""
    pronunciations: tuple[tuple[str, str], ...] = ()
    """Words or phrases and how they are said: other words, or IPA between slashes, as in
    ``("Nike", "/ˈnaɪki/")``.  Case does not matter, and marks in the script win."""

    def __post_init__(self) -> None:
        if not SLOWEST <= self.rate <= FASTEST:
            raise InvalidRequest(
                f"The speaking rate must be from {SLOWEST} to {FASTEST}, not {self.rate:g}."
            )


AS_WRITTEN: Final = Delivery()
