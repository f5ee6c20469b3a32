"""Voice and music become sound of a given loudness, padded to the last frame."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from typing import Final

import numpy as np

from lipwright.arrays import Samples, Stereo
from lipwright.encode.limiter import limited
from lipwright.encode.music import Bed, bed_under, music_path, read_track
from lipwright.loudness import GAIN_MAX_DB, LoudnessMeter
from lipwright.request import Music, Output
from lipwright.timeline import FrameGrid

CEILING_DBTP: Final = -2.0
"""Coding adds up to 0.7 dB to a peak (measured on speech), and the file has to stay below -1."""
_CLOSE_ENOUGH_LU: Final = 0.1
_PASSES_MAX: Final = 4
"""The limiter takes away loudness that the next pass gives back; two passes do nearly always."""
_BLOCK: Final = 24_000
"""Half a second: small enough for the cache, and a quarter faster than 100 ms blocks."""


def mastered(
    samples: Samples, grid: FrameGrid, output: Output, *, music: Music | None = None
) -> Iterator[Stereo]:
    """The sound of the video: as loud as asked, its true peak under -1 dB once coded.

    Args:
        samples: The voice, at `SAMPLE_RATE`.
        grid: Sound is padded with silence, or cut, to its `sample_count`.
        output: Its `lufs` is the integrated loudness aimed at.
        music: What is heard under the voice, and alone where nobody speaks at all.

    Yields:
        Blocks of ``(2, n)``, or ``(1, n)`` of a voice alone, which is the same on both sides.
    """
    samples = samples[: grid.sample_count]
    voice_lufs = _lufs(_padded(samples, len(samples), 1.0), 1)
    voice_gain_db = min(output.lufs - voice_lufs, GAIN_MAX_DB)
    bed = _bed(samples, grid, output, music) if music and music.volume else None
    mix = _Mix(samples, 10 ** (voice_gain_db / 20), bed, grid.sample_count)
    heard = bed is not None or voice_gain_db < GAIN_MAX_DB
    gain_db = _settled_gain_db(mix, output.lufs) if heard else 0.0
    yield from mix.limited(gain_db)


def _bed(samples: Samples, grid: FrameGrid, output: Output, music: Music) -> Bed:
    path = music_path(music, seed=zlib.crc32(np.ascontiguousarray(samples).data))
    track = read_track(path, grid.sample_count)
    lufs = output.lufs + 20 * math.log10(music.volume)
    return bed_under(samples, track, sample_count=grid.sample_count, lufs=lufs)


class _Mix:
    """Voice over music, made again at each pass; holds no sound but its sources."""

    def __init__(self, voice: Samples, gain: float, bed: Bed | None, sample_count: int) -> None:
        self._voice = voice
        self._gain = gain
        self._bed = bed
        self._sample_count = sample_count

    @property
    def channels(self) -> int:
        """1 without music, 2 with it."""
        return 1 if self._bed is None else 2

    def limited(self, gain_db: float) -> Iterator[Stereo]:
        """``(1, n)`` without music, ``(2, n)`` with it."""
        gain = np.float32(10 ** (gain_db / 20))
        return limited((block * gain for block in self._blocks()), ceiling_dbtp=CEILING_DBTP)

    def _blocks(self) -> Iterator[Stereo]:
        voice = _padded(self._voice, self._sample_count, self._gain)
        if self._bed is None:
            return voice
        return (a + b for a, b in zip(voice, self._bed.blocks(_BLOCK), strict=True))


def _padded(voice: Samples, sample_count: int, gain: float) -> Iterator[Stereo]:
    for start in range(0, sample_count, _BLOCK):
        block = voice[None, start : min(start + _BLOCK, sample_count)] * np.float32(gain)
        missing = min(_BLOCK, sample_count - start) - block.shape[1]
        yield np.pad(block, ((0, 0), (0, missing))) if missing else block


def _settled_gain_db(mix: _Mix, lufs: float) -> float:
    """The gain before the limiter that gives `lufs` after it."""
    gain_db = 0.0
    for _ in range(_PASSES_MAX):
        short_lu = lufs - _lufs(mix.limited(gain_db), mix.channels)
        gain_db = min(gain_db + short_lu, GAIN_MAX_DB)
        if abs(short_lu) < _CLOSE_ENOUGH_LU:
            break
    return gain_db


def _lufs(blocks: Iterator[Stereo], channels: int) -> float:
    meter = LoudnessMeter(channels)
    for block in blocks:
        meter.push(block, with_peak=False)
    return meter.lufs()
