"""Video segments and sound become one file, without encoding the video again."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from heapq import merge
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, Final, TypeAlias

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from lipwright.arrays import Stereo
from lipwright.encode.formats import (
    FORMATS,
    Format,
    add_audio,
    gop_frames,
    mark_alpha,
    muxer_options,
)
from lipwright.encode.partial import written_beside
from lipwright.encode.twins import TwinCoder
from lipwright.errors import EncoderFailed
from lipwright.request import Output
from lipwright.timeline import FrameGrid

AnyPacket: TypeAlias = "Packet[Any]"

SEGMENT_S: Final = 20
"""Long enough that starting a process is nothing beside it, short enough to lose or to wait for."""


def segments(grid: FrameGrid, *, seconds: int = SEGMENT_S) -> list[range]:
    """Cut the grid into ranges of frames to be encoded apart, each a whole number of GOPs.

    >>> segments(FrameGrid(Fraction(30), 1_000))
    [range(0, 540), range(540, 1000)]

    Args:
        grid: All frames of the video.
        seconds: About how long a segment may be; all are about as long as each other.
    """
    gop, count = gop_frames(grid.fps), grid.frame_count
    longest = max(1, round(seconds * grid.fps / gop)) * gop
    parts = max(1, _ceil(count, longest))
    length = _ceil(_ceil(count, gop), parts) * gop
    starts = [start for start in range(0, count, length) if start == 0 or count - start >= gop]
    # a tail of a frame or two would have no room for x264's reordering, and is not worth a process
    return [range(a, b) for a, b in pairwise([*starts, count])]


def paired_segments(grid: FrameGrid) -> list[range]:
    """Segments of up to `SEGMENT_S`, an even number of them, so that two cores draw to the end."""
    length_s = grid.frame_count / grid.fps
    pairs = math.ceil(length_s / (2 * SEGMENT_S))
    return segments(grid, seconds=max(1, math.ceil(length_s / (2 * pairs))))


def _ceil(count: int, per: int) -> int:
    return -(-count // per)


def join(
    paths: Sequence[Path], sound: Iterable[Stereo], grid: FrameGrid, output: Output, path: Path
) -> None:
    """Put segments one after the other and the sound beside them; both start at 0.

    Args:
        paths: Files of `write_video` that together hold every frame of the grid, in order.
        sound: Blocks of any length, together `grid.sample_count` samples, as from `mastered`:
            all of two channels, or of one that is heard on both sides.
        grid: Frame rate and number of frames.
        output: As the segments were written with.
        path: Where the file goes; appears when it is whole.

    Raises:
        EncoderFailed: A segment is missing frames or was made otherwise, or the disk refused.
    """
    fmt = FORMATS[output.container]
    options = muxer_options(output, final=True)
    try:
        with (
            written_beside(path) as partial,
            av.open(str(partial), "w", format=fmt.muxer, options=options) as container,
        ):
            with av.open(str(paths[0])) as first:
                video = container.add_stream_from_template(_video_of(first))
            mark_alpha(video, output)
            audio = add_audio(container, output)
            container.start_encoding()  # settles how long a tick of each stream is
            pictures = _video_packets(paths, grid, video)
            sounds = _audio_packets(sound, audio, fmt)
            for packet in merge(pictures, sounds, key=_decode_time):
                container.mux(packet)
    except (av.FFmpegError, OSError) as error:
        raise EncoderFailed(f"The segments could not be joined: {error}") from error


def _video_of(container: InputContainer) -> VideoStream:
    return container.streams.video[0]


def _decode_time(packet: AnyPacket) -> Fraction:
    return _moments(packet)[1]


def _moments(packet: AnyPacket) -> tuple[Fraction, Fraction]:
    """When a packet is shown and when it is decoded, in seconds."""
    if packet.pts is None or packet.dts is None:
        raise EncoderFailed("A packet has no time.")
    return packet.pts * packet.time_base, packet.dts * packet.time_base


def _video_packets(
    paths: Sequence[Path], grid: FrameGrid, video: VideoStream
) -> Iterator[AnyPacket]:
    header = video.codec_context.extradata
    done = 0
    for path in paths:
        with av.open(str(path)) as segment:
            source = _video_of(segment)
            if source.codec_context.extradata != header:
                raise EncoderFailed(f"{path.name} was encoded otherwise than the first segment.")
            count = 0
            for packet in segment.demux(source):
                if packet.size:
                    yield _moved(packet, done, grid, video)
                    count += 1
        done += count
    if done != grid.frame_count:
        raise EncoderFailed(f"The segments hold {done} frames instead of {grid.frame_count}.")


def _moved(packet: AnyPacket, by_frames: int, grid: FrameGrid, video: VideoStream) -> AnyPacket:
    """The packet `by_frames` later, on the exact tick of its frame.

    Containers round to their own ticks; counting frames again keeps roundings from adding up.
    """
    tick = Fraction(video.time_base or 0)
    pts, dts = (round(moment * grid.fps) + by_frames for moment in _moments(packet))
    packet.time_base = tick
    packet.pts, packet.dts = grid.pts(pts, tick), grid.pts(dts, tick)
    packet.stream = video
    return packet


def _audio_packets(sound: Iterable[Stereo], audio: AudioStream, fmt: Format) -> Iterator[AnyPacket]:
    blocks = iter(sound)
    first = next(blocks)
    coder: AudioStream | TwinCoder = audio
    channels = 2
    if len(first) == 1 and fmt.audio_codec == "aac":
        coder, channels = TwinCoder(audio), 1
    layout, sample = ("mono", "stereo")[channels - 1], 0
    for block in _chunked(chain([first], blocks), fmt.audio_frame_samples):
        heard = np.ascontiguousarray(np.broadcast_to(block, (channels, block.shape[1])))
        frame = av.AudioFrame.from_ndarray(heard, format="fltp", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = audio.rate, sample, Fraction(1, audio.rate)
        sample += frame.samples
        yield from coder.encode(frame)
    yield from coder.encode(None)


def _chunked(blocks: Iterable[Stereo], size: int) -> Iterator[Stereo]:
    """The same samples in blocks of `size`; the last may be shorter."""
    rest: Stereo | None = None
    for block in blocks:
        rest = block if rest is None else np.concatenate([rest, block], axis=1)
        whole = rest.shape[1] // size * size
        for start in range(0, whole, size):
            yield np.ascontiguousarray(rest[:, start : start + size])
        rest = rest[:, whole:]
    if rest is not None and rest.shape[1]:
        yield np.ascontiguousarray(rest)
