"""A bed of music under the voice: looped without a seam, lower while somebody speaks."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import immich_memories_music
import numpy as np
import scipy
from av.container import InputContainer
from numpy.typing import NDArray

from lipwright.arrays import Samples, Stereo
from lipwright.errors import InvalidRequest, ModelUnavailable, UnreadableMedia
from lipwright.loudness import SILENCE_LUFS, integrated_lufs
from lipwright.media import first_audio, open_media
from lipwright.request import Music
from lipwright.timeline import SAMPLE_RATE

_CROSSFADE: Final = 3 * SAMPLE_RATE
"""The beds fade away over their last two seconds; three hide that."""
_CROSSFADE_SHARE_MAX: Final = 3
"""Of a short track no more than its last third is faded over its beginning."""
_TRACK_MIN: Final = SAMPLE_RATE
_TRACK_MAX: Final = 300 * SAMPLE_RATE
"""Of a longer track the first five minutes are heard, and repeated: 115 MB of sound."""
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


@dataclass(frozen=True, slots=True)
class MusicBed:
    """A track that ships with Lipwright."""

    name: str
    category: str
    """One of `request.MUSIC_CATEGORIES`."""
    path: Path

    @property
    def title(self) -> str:
        """As people say it."""
        category, sound, number = self.name.split("_", 2)
        return f"{category.title()} {sound} {number.removeprefix('s')}"

    @property
    def duration_s(self) -> float:
        """Seconds, as the file says."""
        with av.open(str(self.path)) as container:
            return (container.duration or 0) / av.time_base


@functools.cache
def music_beds() -> tuple[MusicBed, ...]:
    """Every track that ships, by name.

    Raises:
        ModelUnavailable: They are not installed.
    """
    paths = sorted(immich_memories_music.tracks_dir().rglob("*.opus"), key=lambda path: path.stem)
    if not paths:
        raise ModelUnavailable("The music is missing; install immich-memories-music again.")
    return tuple(MusicBed(path.stem, path.parent.name, path) for path in paths)


def music_path(music: Music, seed: int) -> Path:
    """The file that is heard; where the request leaves it open, the seed chooses.

    Raises:
        InvalidRequest: There is no such bed.
    """
    if music.track is not None:
        return music.track
    beds = music_beds()
    if music.bed is not None:
        found = [bed.path for bed in beds if bed.name == music.bed]
        if not found:
            names = ", ".join(bed.name for bed in beds)
            raise InvalidRequest(f'"{music.bed}" is not a music bed; choose one of {names}.')
        return found[0]
    fitting = [bed.path for bed in beds if music.category in (None, bed.category)]
    return fitting[seed % len(fitting)]


def read_track(path: Path, sample_count: int = _TRACK_MAX) -> Stereo:
    """The sound of a file, ``(2, N)`` at `SAMPLE_RATE`, no longer than it is needed.

    Raises:
        UnreadableMedia: It is no sound, damaged, or shorter than a second.
    """
    needed = min(sample_count + _CROSSFADE, _TRACK_MAX)
    try:
        with open_media(path) as container:
            blocks = list(_blocks(container, needed))
    except (av.FFmpegError, OSError, ValueError) as error:
        raise UnreadableMedia(f"{path.name} is not a sound file that can be read.") from error
    if sum(block.shape[1] for block in blocks) < min(_TRACK_MIN, needed):
        raise UnreadableMedia(f"{path.name} must be music of at least a second.")
    return np.concatenate(blocks, axis=1, dtype=np.float32)[:, :needed]


def check_track(path: Path) -> None:
    """Decode the first seconds of a track.

    Raises:
        UnreadableMedia: It is no sound that can be read.
    """
    read_track(path, 2 * SAMPLE_RATE)


def _blocks(container: InputContainer, needed: int) -> Iterator[Stereo]:
    stream = first_audio(container)
    if stream is None:
        raise ValueError("no sound")
    resampler = av.AudioResampler("fltp", "stereo", SAMPLE_RATE)
    found = 0
    for frame in container.decode(stream):
        for out in resampler.resample(frame):
            found += out.samples
            yield np.asarray(out.to_ndarray(), np.float32)
        if found >= needed:
            return
    for out in resampler.resample(None):
        yield np.asarray(out.to_ndarray(), np.float32)


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
        music: ``(2, N)``.
        sample_count: Length of the bed.
        lufs: How loud the bed is in the pauses of the voice.
    """
    loudness = integrated_lufs(music)
    level = 10 ** ((lufs - loudness) / 20) if loudness > SILENCE_LUFS else 0.0
    gains = level * 10 ** (_DUCKED_DB / 20 * _speaking(voice, -(-sample_count // _HOP) + 1))
    return Bed(_seamless(music), np.asarray(gains, np.float32), sample_count)


def _seamless(music: Stereo) -> Stereo:
    """The track with its end faded over its beginning, at equal power."""
    length = min(_CROSSFADE, music.shape[1] // _CROSSFADE_SHARE_MAX)
    fade = np.linspace(0, np.pi / 2, length, dtype=np.float32)
    loop = music[:, : music.shape[1] - length].copy()
    tail = music[:, music.shape[1] - length :]
    loop[:, :length] = loop[:, :length] * np.sin(fade) + tail * np.cos(fade)
    return loop


def _speaking(voice: Samples, hop_count: int) -> NDArray[np.float64]:
    """0 in pauses .. 1 under speech, per hop, with soft slopes."""
    hops = np.zeros(hop_count)
    whole = voice[: len(voice) // _HOP * _HOP].reshape(-1, _HOP)
    power = np.einsum("ij,ij->i", whole, whole, dtype=np.float64)[:hop_count]
    if not power.any():
        return hops
    hops[: len(power)] = power > power.mean() * 10 ** (_SPEECH_BELOW_MEAN_DB / 10)
    held = scipy.ndimage.maximum_filter1d(hops, 2 * _BRIDGE_HOPS + 1)
    slope = np.hanning(_SLOPE_HOPS + 2)[1:-1]
    return np.convolve(np.pad(held, _SLOPE_HOPS // 2, "edge"), slope / slope.sum(), "same")[
        _SLOPE_HOPS // 2 : -(_SLOPE_HOPS // 2)
    ]
