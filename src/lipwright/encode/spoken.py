"""Speech alone becomes an MP3."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import av
import numpy as np

from lipwright.arrays import Samples
from lipwright.errors import EncoderFailed
from lipwright.timeline import SAMPLE_RATE

BIT_RATE: Final = 64_000
"""Bits a second, mono: what speech needs to sound like the original."""
_BLOCK: Final = SAMPLE_RATE
"""A second at a time: an hour of speech is never in memory twice."""


def write_mp3(samples: Samples, path: Path) -> None:
    """48 kHz, one channel; written beside and renamed.

    Args:
        samples: ``(N,)``, from -1 to 1.
        path: The file.

    Raises:
        EncoderFailed: It could not be written.
    """
    beside = path.with_name(f".{path.name}")
    try:
        with av.open(str(beside), "w", format="mp3") as container:
            stream = container.add_stream("libmp3lame", rate=SAMPLE_RATE, layout="mono")
            stream.bit_rate = BIT_RATE
            for start in range(0, len(samples), _BLOCK):
                block = np.ascontiguousarray(samples[start : start + _BLOCK], np.float32)
                frame = av.AudioFrame.from_ndarray(block[np.newaxis], "fltp", "mono")
                frame.rate, frame.pts = SAMPLE_RATE, start
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    except (av.FFmpegError, OSError) as error:
        beside.unlink(missing_ok=True)
        raise EncoderFailed(f"The speech could not be written: {error}") from error
    beside.replace(path)
