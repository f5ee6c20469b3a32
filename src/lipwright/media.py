"""Media files: strangers' are opened as what they may be and nothing else; frames are read.

FFmpeg has hundreds of formats.  Some are lists of other files (HLS, DASH, concat, image
sequences), some are programs (lavfi), many have no users but attackers.  Only these are let in, and
none may open a second file: an MP4 whose content is a playlist is no MP4.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from av.video.stream import VideoStream

from lipwright.arrays import Plane
from lipwright.timeline import FrameGrid

FORMATS: Final = (
    *("mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "mpegts", "mpeg"),
    *("wav", "w64", "mp3", "flac", "ogg", "aac", "aiff", "caf", "amr", "gif"),
)
"""Of FFmpeg's demuxers; "mov,mp4,…" is one, and each of its names lets it in."""
CODECS: Final = (
    *(
        "h264",
        "hevc",
        "av1",
        "libdav1d",
        "vp8",
        "vp9",
        "libvpx-vp9",
        "mpeg4",
        "mpeg2video",
        "mjpeg",
    ),
    *(
        "prores",
        "aac",
        "mp3float",
        "mp3",
        "flac",
        "alac",
        "opus",
        "libopus",
        "vorbis",
        "ac3",
        "eac3",
    ),
    *("amrnb", "amrwb", "pcm_u8", "pcm_s8", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be"),
    *("pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_f32be", "pcm_f64le", "pcm_alaw", "pcm_mulaw"),
    *("adpcm_ms", "adpcm_ima_wav", "mp2", "mp2float", "gif"),
)
STREAMS_LIMIT: Final = 32
"""A phone writes five or six; each one costs memory before anything is decoded."""
PROBE_BYTES: Final = 8 << 20
_DAMAGED: Final = (av.InvalidDataError, av.PatchWelcomeError, av.ExternalError, av.BugError)
"""What decoders say of packets that make no sense to them."""
_WIDEST: Final = 8
"""No camera's pixels are as wide as this, or as high: such a shape is a mistake."""


def open_media(path: Path) -> InputContainer:
    """A file on this machine, as one of `FORMATS`.

    Raises:
        av.FFmpegError: It is no such file.
    """
    options = {
        "protocol_whitelist": "file",
        "format_whitelist": ",".join(FORMATS),
        "codec_whitelist": ",".join(CODECS),
        "max_streams": str(STREAMS_LIMIT),
        "probesize": str(PROBE_BYTES),
    }
    return av.open(str(path), options=options, metadata_errors="replace")


def first_video(container: InputContainer) -> VideoStream | None:
    """The first pictures of a file that there is a decoder for, if any."""
    return next(filter(_is_decodable, container.streams.video), None)


def first_audio(container: InputContainer) -> AudioStream | None:
    """The first sound of a file that there is a decoder for, if any."""
    return next(filter(_is_decodable, container.streams.audio), None)


def decoded(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """The pictures of a stranger's video from where it stands on, as a player shows them.

    What cannot be decoded is left out.  Interlaced pictures are made whole, and wide pixels square.
    Only turning is left to the caller: lying pictures are smaller to hold in planes.
    """
    mended = _Mended(stream)
    for frame in _readable(container, stream):
        yield from mended.of(frame)
    yield from mended.rest()


def pixel_shape(stream: VideoStream) -> Fraction:
    """Width of a stored pixel against its height.

    >>> from types import SimpleNamespace
    >>> pixel_shape(SimpleNamespace(sample_aspect_ratio=Fraction(64, 45)))
    Fraction(64, 45)
    """
    shape = stream.sample_aspect_ratio or Fraction(1)
    return shape if Fraction(1, _WIDEST) < shape < _WIDEST else Fraction(1)


def _readable(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except _DAMAGED:
            continue  # as players do: the next key picture is whole again


class _Mended:
    """Pictures without combs, and with square pixels; most need nothing and are passed on."""

    def __init__(self, stream: VideoStream) -> None:
        self._stream, self._shape = stream, pixel_shape(stream)
        self._graph: Graph | None = None
        self._colours = (0, 0)

    def of(self, frame: VideoFrame) -> Iterator[VideoFrame]:
        """What can be shown now that this one was decoded."""
        if self._graph is None:
            if not frame.interlaced_frame and self._shape == 1:
                yield frame
                return
            self._graph = self._filters(frame)
        self._colours = frame.colorspace, frame.color_range
        self._graph.vpush(frame)
        yield from self._ready(self._graph)

    def rest(self) -> Iterator[VideoFrame]:
        """The last ones: an interlaced picture is mended with the one after it."""
        if self._graph is not None:
            self._graph.vpush(None)
            yield from self._ready(self._graph)

    def _filters(self, frame: VideoFrame) -> Graph:
        graph, width = Graph(), max(2, 2 * round(frame.width * self._shape / 2))
        chain = [graph.add_buffer(template=self._stream)]
        if frame.interlaced_frame:
            chain.append(graph.add("bwdif", "mode=send_frame:deint=interlaced"))
        if self._shape != 1:
            chain.append(graph.add("scale", f"w={width}:h={frame.height}:flags=bicubic"))
        chain.append(graph.add("buffersink"))
        graph.link_nodes(*chain).configure()
        return graph

    def _ready(self, graph: Graph) -> Iterator[VideoFrame]:
        tick = self._stream.time_base
        while True:
            try:
                frame = graph.vpull()
            except (av.BlockingIOError, av.EOFError):
                return
            # filters count in ticks of their own, and forget what colours were said to be
            if tick is not None and frame.pts is not None and frame.time_base is not None:
                frame.pts = round(frame.pts * frame.time_base / tick)
                frame.time_base = tick
            frame.colorspace, frame.color_range = self._colours
            yield frame


def shown(container: InputContainer, frames: range, grid: FrameGrid) -> Iterator[VideoFrame]:
    """Some frames of a video that was made on a grid, one after the other."""
    stream = container.streams.video[0]
    tick = stream.time_base or 1 / grid.fps
    container.seek(grid.pts(frames.start, tick), stream=stream)
    for frame in container.decode(stream):
        index = round((frame.pts or 0) * tick * grid.fps)
        if index >= frames.stop:
            return
        if index >= frames.start:
            yield frame


def pixels(plane: VideoPlane) -> Plane:
    """A plane without what fills up its lines; it is the frame's own memory."""
    rows: Plane = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]


def _is_decodable(stream: VideoStream | AudioStream) -> bool:
    # damaged and hostile headers name codecs that nobody knows; such a stream has no context
    return getattr(stream, "codec_context", None) is not None
