"""Phones heard in a recording without a text: PocketSphinx with its phone language model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from pocketsphinx import Decoder, get_model_path

from lipwright.arrays import Samples
from lipwright.speech import arpabet
from lipwright.speech.alignment import ALIGNER_RATE_HZ, FRAME, Span

_BEAM: Final = 1e-20
_LANGUAGE_WEIGHT: Final = 2.0
"""As in PocketSphinx's own guide to phone recognition."""

_FLOOR: Final = 1e-3
"""RMS (-60 dB): the decoder names a phone even in digital silence."""

_CHUNK: Final = 12 * ALIGNER_RATE_HZ
_CUT_FROM: Final = 5 * ALIGNER_RATE_HZ
_CUT_WINDOW: Final = ALIGNER_RATE_HZ // 10
"""A chunk is cut at its quietest tenth of a second after `_CUT_FROM`."""


def heard_phones(samples: Samples) -> tuple[Span, ...]:
    """Every phone heard in mono samples at `ALIGNER_RATE_HZ`, in order; silence is a gap."""
    decoder = Decoder(
        lm=None,
        allphone=str(Path(get_model_path()) / "en-us" / "en-us-phone.lm.bin"),
        lw=_LANGUAGE_WEIGHT,
        beam=_BEAM,
        pbeam=_BEAM,
        loglevel="FATAL",
    )
    return tuple(
        span
        for start, stop in _chunks(samples)
        for span in _phones(decoder, samples[start:stop], start)
    )


def _phones(decoder: Decoder, samples: Samples, start: int) -> Iterator[Span]:
    decoder.start_utt()
    decoder.process_raw((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    for segment in decoder.seg() if decoder.hyp() else ():
        first = segment.start_frame * FRAME
        end = min((segment.end_frame + 1) * FRAME, len(samples))
        if arpabet.is_phone(segment.word) and _is_audible(samples[first:end]):
            yield Span(start + first, start + end, segment.word)


def _is_audible(samples: Samples) -> bool:
    return len(samples) > 0 and float(np.sqrt(np.mean(samples**2))) > _FLOOR


def _chunks(samples: Samples) -> Iterator[tuple[int, int]]:
    start = 0
    while len(samples) - start > _CHUNK:
        loudness = np.abs(samples[start + _CUT_FROM : start + _CHUNK])
        smooth = np.convolve(loudness, np.ones(_CUT_WINDOW), "same")
        stop = start + _CUT_FROM + int(np.argmin(smooth))
        yield start, stop
        start = stop
    yield start, len(samples)
