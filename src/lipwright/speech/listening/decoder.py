"""One decoding process: a media file in, mono float32 at the library's rate out.

Run as ``python -m lipwright.speech.listening.decoder SOURCE TARGET LONGEST_S CHANNEL PARENT`` by
`sound_file`.  The file comes from a stranger and FFmpeg's decoders are written in C, so it is
read in a process of its own, which has little memory and time, opens nothing else, and dies with
its parent.  What was wrong is its exit status.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

import av
import numpy as np
from av.audio.resampler import AudioResampler

from lipwright.arrays import Samples
from lipwright.media import first_audio, open_media
from lipwright.timeline import SAMPLE_RATE

UNREADABLE, SILENT, TOO_LONG, CANCELLING = 11, 12, 13, 14
"""Exit statuses: no sound file, no sound in it, longer than allowed, channels that cancel."""
MIXED: Final = -1
"""As the channel: the mean of all."""

_MEMORY: Final = 1 << 30
_CPU_S: Final = 240
"""Half an hour of AAC takes 6 s of CPU; this is for slow machines and stops endless files."""
_OPEN_FILES: Final = 64
_DAMAGED: Final = 0.1
"""Share of packets that may be damaged: what is left is still understood."""
_CANCELLED: Final = 0.02
"""Of a channel's mean energy: where the mean of all channels has less, they cancel."""
_LOW_FREQUENCY: Final = "LFE"
_PR_SET_PDEATHSIG: Final = 1


class _Refused(Exception):
    def __init__(self, status: int) -> None:
        self.status = status


def main(source: Path, target: Path, longest_s: int, channel: int) -> int:
    """Decode `source` into `target`; the exit status."""
    try:
        with target.open("wb") as sink:
            _write(_decoded(source, channel), sink, longest_s)
    except _Refused as refused:
        return refused.status
    except (av.FFmpegError, OSError, ValueError, MemoryError):
        return UNREADABLE
    return 0


def limit(longest_s: int, parent_pid: int) -> None:
    """Take from this process what decoding does not need."""
    most = longest_s * SAMPLE_RATE * 4 + (1 << 20)
    for what, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _CPU_S),
        (resource.RLIMIT_FSIZE, most),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        hard = resource.getrlimit(what)[1]
        capped = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (capped, capped))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:  # it died before we asked to be told
        os._exit(1)


class _Mix:
    """Makes one channel of many, and notices channels that cancel each other."""

    def __init__(self, channel: int) -> None:
        self._channel = channel
        self._energy = self._mixed_energy = 0.0

    def __call__(self, planes: Samples, is_low: list[bool]) -> Samples:
        """The mean of the planes ``(C, N)`` that are no bass channel, or the chosen one."""
        planes = np.nan_to_num(planes, posinf=0, neginf=0)
        if self._channel != MIXED:
            return cast(Samples, planes[min(self._channel, len(planes) - 1)])
        if len(planes) == 1:
            return cast(Samples, planes[0])
        heard = planes[~np.array(is_low)] if len(is_low) == len(planes) else planes
        mixed = heard.mean(axis=0, dtype=np.float32)
        self._energy += float((heard * heard).sum()) / len(heard)
        self._mixed_energy += float((mixed * mixed).sum())
        return cast(Samples, mixed)

    @property
    def cancels(self) -> bool:
        """Whether next to nothing is left of the channels' energy."""
        return self._mixed_energy < _CANCELLED * self._energy


def _decoded(source: Path, channel: int) -> Iterator[Samples]:
    mix = _Mix(channel)
    with open_media(source) as container:
        stream = first_audio(container)
        if stream is None:
            raise _Refused(SILENT)
        stream.codec_context.thread_count = 1
        for planes, is_low in _resampled(_frames(container, stream)):
            yield mix(planes, is_low)
    if mix.cancels:
        raise _Refused(CANCELLING)


def _frames(
    container: av.container.InputContainer, stream: av.AudioStream
) -> Iterator[av.AudioFrame]:
    """Every frame that can be decoded; a few damaged packets are skipped."""
    packets = damaged = 0
    for packet in container.demux(stream):
        packets += 1
        try:
            yield from packet.decode()
        except av.InvalidDataError:
            damaged += 1
    if damaged > max(1, _DAMAGED * packets):
        raise _Refused(UNREADABLE)


def _resampled(frames: Iterator[av.AudioFrame]) -> Iterator[tuple[Samples, list[bool]]]:
    """Planes ``(C, N)`` at the library's rate, and which of them are bass channels."""
    resampler: AudioResampler | None = None
    kind: object = None
    is_low: list[bool] = []
    for frame in frames:
        if kind != (frame.sample_rate, frame.layout.name, frame.format.name):
            if resampler is not None:
                yield from ((_planes(piece), is_low) for piece in resampler.resample(None))
            kind = (frame.sample_rate, frame.layout.name, frame.format.name)
            resampler = AudioResampler(format="flt", layout=frame.layout, rate=SAMPLE_RATE)
            is_low = [place.name.startswith(_LOW_FREQUENCY) for place in frame.layout.channels]
        assert resampler is not None  # noqa: S101 - the first frame made one
        frame.pts = None  # gaps and jumps of a container's clock are no sound
        yield from ((_planes(piece), is_low) for piece in resampler.resample(frame))
    if resampler is not None:
        yield from ((_planes(piece), is_low) for piece in resampler.resample(None))


def _planes(frame: av.AudioFrame) -> Samples:
    # packed: PyAV 18 counts one plane too many where there are eight
    return cast(Samples, frame.to_ndarray().reshape(-1, len(frame.layout.channels)).T)


def _write(pieces: Iterator[Samples], sink: BinaryIO, longest_s: int) -> None:
    count = 0
    for piece in pieces:
        count += len(piece)
        if count > longest_s * SAMPLE_RATE:
            raise _Refused(TOO_LONG)
        sink.write(piece.astype("<f4").tobytes())
    if not count:
        raise _Refused(SILENT)


if __name__ == "__main__":
    limit(int(sys.argv[3]), int(sys.argv[5]))
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
