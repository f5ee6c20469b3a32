"""What a mouth does where somebody speaks and no phone is heard: it follows the loudness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import scipy

from lipwright.arrays import Samples
from lipwright.speech.listening.phones import HeardPhone
from lipwright.speech.listening.sounds import HEARING_RATE_HZ, Span, Stretch

_HOP: Final = HEARING_RATE_HZ // 100
_SMOOTH: Final = np.hanning(9) / np.hanning(9).sum()
"""90 ms: a syllable has one peak."""
_SYLLABLE: Final = 12
"""Hops; faster than eight syllables a second nobody speaks."""
_LEAST: Final = HEARING_RATE_HZ * 4 // 10
"""Shorter gaps between phones are pauses and stops."""
_WIDE: Final = 0.6
"""Of the loudest peak: a wide open vowel, a murmur under it."""
_QUIET: Final = 0.1


def murmured(
    samples: Samples, stretches: Sequence[Stretch], phones: Sequence[HeardPhone]
) -> Iterator[HeardPhone]:
    """A vowel for each swell of loudness where the stretches have no phones."""
    for stretch in stretches:
        for gap in _gaps(stretch, phones):
            yield from _syllables(samples[gap.start : gap.end], gap.start)


def _gaps(stretch: Stretch, phones: Sequence[HeardPhone]) -> Iterator[Stretch]:
    inside = [p.span for p in phones if p.span.end > stretch.start and p.span.start < stretch.end]
    starts = [stretch.start, *(span.end for span in inside)]
    ends = [*(span.start for span in inside), stretch.end]
    for start, end in zip(starts, ends, strict=True):
        if end - start >= _LEAST:
            yield Stretch(start, end)


def _syllables(samples: Samples, begin: int) -> Iterator[HeardPhone]:
    count = len(samples) // _HOP
    loudness = np.sqrt((samples[: count * _HOP].reshape(count, _HOP) ** 2).mean(axis=1))
    level = np.convolve(loudness, _SMOOTH, "same")
    most = float(level.max(initial=0))
    if most <= 0:
        return
    peaks, _ = scipy.signal.find_peaks(level / most, height=_QUIET, distance=_SYLLABLE)
    for peak in map(int, peaks):
        start = begin + max(0, peak - _SYLLABLE // 2) * _HOP
        end = begin + min(count, peak + _SYLLABLE // 2) * _HOP
        symbol = "a" if level[peak] >= _WIDE * most else "ə"
        yield HeardPhone(Span(start, end, symbol), "AA")
