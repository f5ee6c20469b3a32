"""Passages put together on one clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from lipwright.arrays import Samples
from lipwright.errors import SynthesisFailed
from lipwright.speech.passages import Passage
from lipwright.speech.speech import Speech
from lipwright.speech.timing import Heard, Recital
from lipwright.timeline import SAMPLE_RATE, Timed

LEAD: Final = SAMPLE_RATE // 4
"""Silence before the first phoneme: a face needs a moment before it speaks."""
TAIL: Final = SAMPLE_RATE // 3
"""Silence after the last phoneme, so that the video does not end on an open mouth."""

_MARGIN: Final = SAMPLE_RATE * 60 // 1000
"""Kept around a passage's phonemes: the breath before, the release of the last consonant."""
_FADE: Final = SAMPLE_RATE * 10 // 1000
_LOUDEST: Final = 0.98
"""Peak that no sample passes; loudness is set when the video is encoded."""


def joined(
    passages: Sequence[Passage], recitals: Sequence[Recital], texts: Sequence[str]
) -> Speech:
    """One speech of all passages, with pauses between them.

    Args:
        passages: In order.
        recitals: One for each passage.
        texts: The user's spelling of each token that a passage's `owners` counts.

    Raises:
        SynthesisFailed: Nothing was said.
    """
    starts, sample_count = _starts(passages, recitals)
    samples = np.zeros(sample_count, np.float32)
    heard: list[Heard] = []
    for start, recital in zip(starts, recitals, strict=True):
        if recital.heard:
            _lay(samples, start, recital)
            heard.extend(_moved(recital, start))
    if not heard:
        raise SynthesisFailed()
    phonemes = tuple(Timed(this.start, this.end, this.phoneme) for this in heard)
    return Speech(_peak_safe(samples), tuple(_words(heard, texts)), phonemes)


def _starts(passages: Sequence[Passage], recitals: Sequence[Recital]) -> tuple[list[int], int]:
    """Where each passage's first phoneme falls, and the length of it all."""
    starts, cursor, end = [], LEAD, LEAD
    for passage, recital in zip(passages, recitals, strict=True):
        starts.append(cursor)
        if recital.heard:
            end = cursor + recital.heard[-1].end - recital.heard[0].start
            cursor = end + passage.pause
    return starts, end + TAIL


def _moved(recital: Recital, start: int) -> Iterator[Heard]:
    shift = start - recital.heard[0].start
    for this in recital.heard:
        yield Heard(this.start + shift, this.end + shift, this.phoneme, this.owner)


def _lay(samples: Samples, start: int, recital: Recital) -> None:
    """Add a passage's sound, faded at both ends, its first phoneme at `start`."""
    first, last = recital.heard[0].start, recital.heard[-1].end
    begin = max(0, first - _MARGIN)
    piece = recital.samples[begin : last + _MARGIN].copy()
    ramp = np.linspace(0, 1, _FADE, dtype=np.float32)
    piece[:_FADE] *= ramp[: len(piece)]
    piece[-_FADE:] *= ramp[::-1][-len(piece) :]
    at = start - (first - begin)
    samples[at : at + len(piece)] += piece


def _words(heard: Sequence[Heard], texts: Sequence[str]) -> Iterator[Timed[str]]:
    """Each token from its first phoneme to its last."""
    spans: dict[int, tuple[int, int]] = {}
    for this in heard:
        start, _ = spans.get(this.owner, (this.start, this.end))
        spans[this.owner] = (start, this.end)
    for owner, (start, end) in spans.items():
        yield Timed(start, end, texts[owner])


def _peak_safe(samples: Samples) -> Samples:
    peak = float(np.abs(samples).max(initial=0))
    return samples if peak <= _LOUDEST else samples * np.float32(_LOUDEST / peak)
