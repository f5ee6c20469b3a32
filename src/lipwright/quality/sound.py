"""The sound of a finished video: how loud, and how far from where the speech was put."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Final

import av
import numpy as np
import scipy
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from lipwright.arrays import Samples, Stereo
from lipwright.loudness import LoudnessMeter
from lipwright.timeline import SAMPLE_RATE

_COMPARED: Final = 30 * SAMPLE_RATE
"""Samples compared with the speech: enough to be sure, and the same for an hour's video."""
_SEARCH: Final = SAMPLE_RATE
_AT_ONCE: Final = 32
"""Frames of a coder measured together, of 20 ms: one by one, calls take longer than sums."""
_DISTINCT: Final = 0.3
"""Least normalised correlation at which the speech counts as found (music lies under it)."""


@dataclass(frozen=True, slots=True)
class SoundMeasures:
    """What was heard."""

    lufs: float
    true_peak_dbtp: float
    delay_s: float
    """How much later than meant the speech is heard; without a speech, how late sound starts."""


def heard(video: Path, speech: Samples | None) -> SoundMeasures:
    """Decode all sound of a video, in a stream, and measure it."""
    meter, kept, kept_count = LoudnessMeter(), list[NDArray[np.float32]](), 0
    first_s: float | None = None
    with av.open(str(video)) as container:
        stream = container.streams.audio[0]
        to_stereo = av.AudioResampler("fltp", "stereo", SAMPLE_RATE)
        decoded = container.decode(stream)
        while some := list(islice(decoded, _AT_ONCE)):
            if first_s is None:
                first_s = float((some[0].pts or 0) * (some[0].time_base or Fraction(0)))
            block = _joined([sound for each in some for sound in to_stereo.resample(each)])
            meter.push(block)
            if kept_count < _COMPARED:
                kept.append(block.mean(axis=0))
                kept_count += block.shape[1]
    delay_s = first_s or 0.0
    if speech is not None and kept_count:
        delay_s += _shift(np.concatenate(kept)[:_COMPARED], speech[:_COMPARED]) / SAMPLE_RATE
    return SoundMeasures(meter.lufs(), meter.true_peak_dbtp(), delay_s)


def _joined(frames: list[AudioFrame]) -> Stereo:
    blocks = [frame.to_ndarray() for frame in frames]
    return np.concatenate(blocks, axis=1) if blocks else np.zeros((2, 0), np.float32)


def _shift(found: NDArray[np.float32], meant: NDArray[np.float32]) -> int:
    """Samples by which `meant` must be moved later to lie on `found`; 0 if it is not in there."""
    scale = float(np.linalg.norm(found) * np.linalg.norm(meant))
    if not scale > 0:
        return 0
    likeness = scipy.signal.correlate(found, meant, mode="full", method="fft") / scale
    middle = len(meant) - 1
    near = likeness[max(0, middle - _SEARCH) : middle + _SEARCH + 1]
    best = int(np.argmax(near))
    return best - min(middle, _SEARCH) if near[best] >= _DISTINCT else 0
