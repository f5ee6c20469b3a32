"""What the parts of this package say to each other: stretches of time and phones in them.

Everything here is in samples at `HEARING_RATE_HZ`, mono: the rate that speech models hear at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy

from lipwright.arrays import Samples
from lipwright.timeline import SAMPLE_RATE

HEARING_RATE_HZ: Final = 16_000
PER_SAMPLE: Final = SAMPLE_RATE // HEARING_RATE_HZ
"""Samples of the library's rate in one sample here."""

_WINDOW: Final = HEARING_RATE_HZ // 10
"""Cuts are made at the quietest tenth of a second."""
_NEAR: Final = HEARING_RATE_HZ
"""Stretches with a longer pause between them are heard apart."""


_PIECE: Final = 10 * SAMPLE_RATE
_OVERLAP: Final = 100 * PER_SAMPLE
"""Resampled in pieces, whose edges the filter (20 * PER_SAMPLE + 1 taps) must not feel."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """``[start, end)``."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"bad stretch: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Span:
    """Where a phone or a word was heard."""

    start: int
    end: int
    name: str

    def __len__(self) -> int:
        return self.end - self.start


def pieces_of(samples: Samples, stretches: Sequence[Stretch], most: int) -> list[Stretch]:
    """Neighbouring stretches joined, and long ones cut, into pieces of at most `most`."""
    pieces: list[Stretch] = []
    for stretch in stretches:
        for piece in _cut(samples, stretch, most):
            last = pieces[-1] if pieces else None
            if last and piece.start - last.end <= _NEAR and piece.end - last.start <= most:
                pieces[-1] = Stretch(last.start, piece.end)
            else:
                pieces.append(piece)
    return pieces


def _cut(samples: Samples, stretch: Stretch, most: int) -> Iterator[Stretch]:
    """Pieces no longer than `most`, each cut at its quietest place in its later half."""
    start, least = stretch.start, most // 2
    while stretch.end - start > most:
        loudness = np.abs(samples[start + least : start + most])
        stop = start + least + int(np.argmin(scipy.ndimage.uniform_filter1d(loudness, _WINDOW)))
        yield Stretch(start, stop)
        start = stop
    yield Stretch(start, stretch.end)


def as_heard(samples: Samples) -> Samples:
    """Samples at the library's rate brought to `HEARING_RATE_HZ`, piece by piece."""
    whole = np.zeros(-(-len(samples) // PER_SAMPLE), np.float32)
    for start in range(0, len(samples), _PIECE):
        before = min(start, _OVERLAP)
        piece = np.asarray(samples[start - before : start + _PIECE + _OVERLAP], np.float32)
        heard = scipy.signal.resample_poly(piece, 1, PER_SAMPLE).astype(np.float32)
        first, at = before // PER_SAMPLE, start // PER_SAMPLE
        part = whole[at : at + _PIECE // PER_SAMPLE]
        part[:] = heard[first : first + len(part)]
    return whole
