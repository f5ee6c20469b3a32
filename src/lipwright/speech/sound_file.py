"""The sound of a media file, whatever its container and codec."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.audio.resampler import AudioResampler

from lipwright.arrays import Samples
from lipwright.errors import InvalidRequest, UnreadableMedia
from lipwright.media import open_media
from lipwright.timeline import SAMPLE_RATE

LONGEST_S: Final = 30 * 60
_BYTES: Final = np.dtype(np.float32).itemsize


def read_sound_file(path: Path, *, longest_s: int = LONGEST_S) -> Samples:
    """The file's first audio stream as mono at `SAMPLE_RATE`.

    Raises:
        UnreadableMedia: Not a media file, damaged, or without sound.
        InvalidRequest: Longer than `longest_s`.
    """
    content = bytearray()
    try:
        for piece in _decoded(path):
            content += piece.tobytes()
            if len(content) > longest_s * SAMPLE_RATE * _BYTES:
                raise InvalidRequest(
                    f"The recording is longer than {longest_s // 60} minutes; cut it into parts."
                )
    except (av.FFmpegError, OSError, ValueError) as error:
        raise UnreadableMedia(
            f"{path.name} cannot be read as sound; send MP3, WAV, M4A, OGG or FLAC."
        ) from error
    if not content:
        raise UnreadableMedia(f"{path.name} has no sound in it.")
    samples = np.frombuffer(content, np.float32)
    np.nan_to_num(samples, copy=False, posinf=0, neginf=0)
    return np.clip(samples, -1, 1, out=samples)


def _decoded(path: Path) -> Iterator[Samples]:
    resampler = AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
    with open_media(path) as container:
        if not container.streams.audio:
            raise UnreadableMedia(f"{path.name} has no sound in it.")
        for frame in container.decode(container.streams.audio[0]):
            for resampled in resampler.resample(frame):
                yield resampled.to_ndarray()[0]
        for resampled in resampler.resample(None):
            yield resampled.to_ndarray()[0]
