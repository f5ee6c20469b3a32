"""The sound of a media file, whatever its container and codec."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from lipwright.arrays import Samples
from lipwright.errors import InvalidRequest, UnreadableMedia
from lipwright.speech.listening import decoder

LONGEST_S: Final = 30 * 60


@dataclass(frozen=True, slots=True)
class DecodedSound:
    """A decoded sound in a temporary file, so that half an hour need not be in memory."""

    _path: Path

    def mapped(self) -> Samples:
        """``(N,)`` at `SAMPLE_RATE`, read from the file as it is used."""
        return np.memmap(self._path, "<f4", "r")

    def samples(self) -> Samples:
        """``(N,)`` at `SAMPLE_RATE`, in [-1, 1].

        A sound that is louder than full scale is made quieter, never clipped.
        """
        samples = np.fromfile(self._path, "<f4")
        peak = float(max(samples.max(), -samples.min()))
        if peak > 1:
            samples /= peak
        return samples


@contextmanager
def decoded(path: Path, *, longest_s: int = LONGEST_S) -> Iterator[DecodedSound]:
    """The file's first audio stream as mono.

    Channels are averaged (bass channels are left out); where they cancel each other, the first
    one is taken.

    Raises:
        UnreadableMedia: Not a media file, damaged, or without sound.
        InvalidRequest: Longer than `longest_s`.
    """
    with TemporaryDirectory(prefix="lipwright-sound-") as folder:
        target = Path(folder) / "sound.f32"
        status = _decoded(path, target, longest_s, decoder.MIXED)
        if status == decoder.CANCELLING:
            status = _decoded(path, target, longest_s, channel=0)
        _check(status, path, longest_s)
        yield DecodedSound(target)


def read_sound_file(path: Path, *, longest_s: int = LONGEST_S) -> Samples:
    """The whole sound of a file; see `decoded`."""
    with decoded(path, longest_s=longest_s) as sound:
        return sound.samples()


def _decoded(path: Path, target: Path, longest_s: int, channel: int) -> int:
    """Decode in a limited child process; its exit status."""
    arguments = (path.absolute(), target, longest_s, channel, os.getpid())
    command = [sys.executable, "-m", decoder.__name__, *map(str, arguments)]
    # its words are FFmpeg's, for a log: the status says what is wrong
    finished = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)  # noqa: S603
    return finished.returncode


def _check(status: int, path: Path, longest_s: int) -> None:
    if status == decoder.TOO_LONG:
        raise InvalidRequest(
            f"The recording is longer than {longest_s // 60} minutes; cut it into parts."
        )
    if status == decoder.SILENT:
        raise UnreadableMedia(f"{path.name} has no sound in it.")
    if status:
        raise UnreadableMedia(
            f"{path.name} cannot be read as sound; send MP3, M4A, AAC, OGG, Opus, FLAC, WAV or "
            "WebM, or an MP4 with sound."
        )
