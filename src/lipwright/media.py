"""Media files: strangers' are opened as what they may be and nothing else; frames are read.

FFmpeg has hundreds of formats.  Some are lists of other files (HLS, DASH, concat, image
sequences), some are programs (lavfi), many have no users but attackers.  Only these are let in, and
none may open a second file: an MP4 whose content is a playlist is no MP4.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
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
