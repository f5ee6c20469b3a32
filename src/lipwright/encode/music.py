"""A bed of music under the voice: looped without a seam, lower while somebody speaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import immich_memories_music
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from lipwright.arrays import Samples, Stereo
from lipwright.errors import ModelUnavailable, UnreadableMedia
from lipwright.loudness import integrated_lufs
from lipwright.timeline import SAMPLE_RATE

_CROSSFADE: Final = 3 * SAMPLE_RATE
"""The tracks fade away over their last two seconds; three hide that."""
_FADE_IN: Final = SAMPLE_RATE // 2
_FADE_OUT: Final = 3 * SAMPLE_RATE // 2
_DUCKED_DB: Final = -9.0
"""Lower yet under speech; at the usual volume -23 LU in all, where broadcasters put music
under a presenter."""
_SPEECH_BELOW_MEAN_DB: Final = -20.0
"""A hop this far below the mean of the voice is a pause; weak consonants lie above it."""
_HOP: Final = SAMPLE_RATE // 100
_BRIDGE_HOPS: Final = 35
"""The bed goes down 0.35 s before a word and stays down across gaps twice as long."""
_SLOPE_HOPS: Final = 40
"""It takes 0.4 s to go down or up, slow enough not to pump."""


def open_music(seed: int) -> Stereo:
    """One of the tracks that ship; the same one for the same seed.

    Returns:
        ``(2, N)`` at `SAMPLE_RATE`, about half a minute, at -14 to -11 LUFS as mixed.

    Raises:
        ModelUnavailable: The tracks are not installed.
    """
    tracks = sorted(immich_memories_music.tracks_dir().rglob("*.opus"))
    if not tracks:
        raise ModelUnavailable("The music is missing; install immich-memories-music again.")
    return _decoded(tracks[seed % len(tracks)])


def _decoded(path: Path) -> Stereo:
    resampler = av.AudioResampler("fltp", "stereo", SAMPLE_RATE)
    try:
        with av.open(str(path)) as container:
            frames = [*container.decode(audio=0), None]
            blocks = [out.to_ndarray() for frame in frames for out in resampler.resample(frame)]
    except (av.FFmpegError, OSError) as error:
        raise UnreadableMedia(f"{path.name} is not a sound file.") from error
    return np.concatenate(blocks, axis=1, dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Bed:
    """Music for the length of a voice, made block by block."""

    loop: Stereo
    """Repeats without a seam."""
    gains: NDArray[np.float32]
    """One per `_HOP` samples, plus one at the end."""
    sample_count: int

    def blocks(self, size: int) -> Iterator[Stereo]:
        """The whole bed, ``(2, size)`` at a time."""
        for start in range(0, self.sample_count, size):
            moments = np.arange(start, min(start + size, self.sample_count))
            gains = np.interp(moments / _HOP, np.arange(len(self.gains)), self.gains)
            gains *= np.clip(moments / _FADE_IN, 0, 1)
            gains *= np.clip((self.sample_count - moments) / _FADE_OUT, 0, 1)
            music = self.loop[:, moments % self.loop.shape[1]]
            yield np.asarray(music * gains.astype(np.float32), np.float32)


def bed_under(voice: Samples, music: Stereo, *, sample_count: int, lufs: float) -> Bed:
    """A bed for `voice`.

    Args:
        voice: At any level; its pauses are found relative to its own mean.
        music: Longer than 6 s, ``(2, N)``.
        sample_count: Length of the bed.
        lufs: How loud the bed is in the pauses of the voice.
    """
    level = 10 ** ((lufs - integrated_lufs(music)) / 20)
    gains = level * 10 ** (_DUCKED_DB / 20 * _speaking(voice, -(-sample_count // _HOP) + 1))
    return Bed(_seamless(music), np.asarray(gains, np.float32), sample_count)


def _seamless(music: Stereo) -> Stereo:
    """The track with its end faded over its beginning, at equal power."""
    fade = np.linspace(0, np.pi / 2, _CROSSFADE, dtype=np.float32)
    loop = music[:, : music.shape[1] - _CROSSFADE].copy()
    tail = music[:, music.shape[1] - _CROSSFADE :]
    loop[:, :_CROSSFADE] = loop[:, :_CROSSFADE] * np.sin(fade) + tail * np.cos(fade)
    return loop


def _speaking(voice: Samples, hop_count: int) -> NDArray[np.float64]:
    """0 in pauses .. 1 under speech, per hop, with soft slopes."""
    hops = np.zeros(hop_count)
    whole = voice[: len(voice) // _HOP * _HOP].reshape(-1, _HOP)
    power = np.einsum("ij,ij->i", whole, whole, dtype=np.float64)[:hop_count]
    if not power.any():
        return hops
    hops[: len(power)] = power > power.mean() * 10 ** (_SPEECH_BELOW_MEAN_DB / 10)
    held = maximum_filter1d(hops, 2 * _BRIDGE_HOPS + 1)
    slope = np.hanning(_SLOPE_HOPS + 2)[1:-1]
    return np.convolve(np.pad(held, _SLOPE_HOPS // 2, "edge"), slope / slope.sum(), "same")[
        _SLOPE_HOPS // 2 : -(_SLOPE_HOPS // 2)
    ]
