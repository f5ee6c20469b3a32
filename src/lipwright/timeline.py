"""Time, exactly once.

Inside the library a moment is an audio sample index: an integer.  Seconds (from
aligners, from users) become samples at the edge, frames come from `FrameGrid`,
and nothing adds up floats, so a ten-minute video does not drift by a frame.

Intervals are half-open: ``start <= sample < end``.  Frame indices start at 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Generic, TypeVar

T = TypeVar("T")

SAMPLE_RATE: Final = 48_000
"""Hz.  The one sample rate between stages; voices and recordings are resampled to it."""


@dataclass(frozen=True, slots=True)
class Timed(Generic[T]):
    """A value that holds over ``[start, end)``, in samples at `SAMPLE_RATE`."""

    start: int
    end: int
    value: T

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"bad interval: [{self.start}, {self.end}) samples")


@dataclass(frozen=True, slots=True)
class Phoneme:
    """One speech sound.  A pause is a gap between phonemes, not a phoneme."""

    symbol: str
    """IPA, one sound: ``"p"``, ``"tʃ"``, ``"aɪ"``; diphthongs and affricates are one symbol."""

    stress: int = 0
    """0 unstressed, 1 primary, 2 secondary.  Vowels only."""


@dataclass(frozen=True, slots=True)
class FrameGrid:
    """The output frame clock, locked to the audio clock.

    >>> grid = FrameGrid.covering(48_000, fps=Fraction(30_000, 1_001))
    >>> grid.frame_count, grid.frame_at(1_602)
    (30, 1)
    """

    fps: Fraction
    """Frames per second, exact: 29.97 is ``Fraction(30_000, 1_001)``."""

    frame_count: int
    sample_rate: int = SAMPLE_RATE

    @classmethod
    def covering(
        cls, sample_count: int, *, fps: Fraction, sample_rate: int = SAMPLE_RATE
    ) -> FrameGrid:
        """The shortest grid that covers `sample_count` audio samples."""
        return cls(fps, _ceil(sample_count * fps / sample_rate), sample_rate)

    @property
    def sample_count(self) -> int:
        """Samples heard during the whole grid; audio is padded to it."""
        return _ceil(self.frame_count * self.sample_rate / self.fps)

    def frame_at(self, sample: int) -> int:
        """Index of the frame on screen when `sample` is heard, clamped to the grid."""
        return max(0, min(int(sample * self.fps // self.sample_rate), self.frame_count - 1))

    def samples_during(self, frame_index: int) -> range:
        """Samples heard while a frame is on screen."""
        per_frame = self.sample_rate / self.fps
        return range(_ceil(frame_index * per_frame), _ceil((frame_index + 1) * per_frame))

    def pts(self, frame_index: int, time_base: Fraction) -> int:
        """Presentation timestamp of a frame, in ticks of `time_base`, to the nearest tick."""
        return round(frame_index / self.fps / time_base)


def _ceil(x: Fraction) -> int:
    return -int(-x // 1)
