"""What a media file says about itself, and how many frames and samples it really holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, Final

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from lipwright.errors import UnreadableMedia

_RANGES: Final = {1: "tv", 2: "pc"}
_COLOURS: Final = {1: "bt709", 2: "unknown", 5: "bt470bg", 6: "smpte170m", 9: "bt2020"}


@dataclass(frozen=True, slots=True)
class VideoFile:
    """The streams of a file, as found."""

    frame_count: int
    """Pictures in the file, counted, not read from a header."""
    duration_s: float
    fps: Fraction
    width: int
    height: int
    video_codec: str
    profile: str
    pixel_format: str
    colours: str
    """Range, then primaries/transfer/matrix, in FFmpeg's words."""
    faststart: bool | None
    """Whether an MP4's index comes before its pictures; None for other containers."""
    audio_codec: str
    sample_rate: int
    channels: int
    sound_s: float


def probe(path: Path) -> VideoFile:
    """Describe a video file that has sound.

    Raises:
        UnreadableMedia: It cannot be read, or lacks one of the two.
    """
    try:
        with av.open(str(path)) as container:
            return _described(container, path)
    except (av.FFmpegError, OSError) as error:
        raise UnreadableMedia(f"{path.name} cannot be read as a video: {error}.") from error


def _described(container: InputContainer, path: Path) -> VideoFile:
    if not container.streams.video or not container.streams.audio:
        raise UnreadableMedia(f"{path.name} must hold a video stream and an audio stream.")
    video, audio = container.streams.video[0], container.streams.audio[0]
    frame_count, sound_s = _counted(container)
    return VideoFile(
        frame_count=frame_count,
        duration_s=(container.duration or 0) / av.time_base,
        fps=Fraction(video.average_rate or video.guessed_rate or 0),
        width=video.width,
        height=video.height,
        video_codec=video.codec_context.name,
        profile=video.codec_context.profile or "",
        pixel_format=video.codec_context.pix_fmt or "",
        colours=_colours(video),
        faststart=_index_first(path) if "mp4" in container.format.name else None,
        audio_codec=audio.codec_context.name,
        sample_rate=audio.codec_context.sample_rate,
        channels=audio.codec_context.channels,
        sound_s=sound_s,
    )


def _counted(container: InputContainer) -> tuple[int, float]:
    """Pictures, and where the last packet of sound ends, in seconds."""
    frame_count, sound_end = 0, Fraction(0)
    for packet in container.demux(container.streams.video[0], container.streams.audio[0]):
        if not packet.size or packet.pts is None:
            continue
        if isinstance(packet.stream, VideoStream):
            frame_count += 1
        else:
            end = (packet.pts + (packet.duration or 0)) * (packet.time_base or Fraction(0))
            sound_end = max(sound_end, end)
    return frame_count, float(sound_end)


def _colours(video: VideoStream) -> str:
    context = video.codec_context
    tags = (context.color_primaries, context.color_trc, context.colorspace)
    names = "/".join(_COLOURS.get(int(tag), str(int(tag))) for tag in tags)
    return f"{_RANGES.get(int(context.color_range), 'unknown')}, {names}"


def _index_first(path: Path) -> bool:
    with path.open("rb") as file:
        for kind in _boxes(file):
            if kind in (b"moov", b"mdat"):
                return kind == b"moov"
    return False


def _boxes(file: BinaryIO) -> Iterator[bytes]:
    """Kinds of the top-level boxes of an MP4, in order (ISO/IEC 14496-12, 4.2)."""
    while len(header := file.read(8)) == 8:
        size, kind = int.from_bytes(header[:4], "big"), header[4:]
        yield kind
        if size == 1:
            size = int.from_bytes(file.read(8), "big") - 8
        if size < 8:
            return
        file.seek(size - 8, 1)
