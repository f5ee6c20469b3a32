"""A video as a background: looped, scaled and cropped while it is decoded, a frame at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from av.video.stream import VideoStream

from lipwright.arrays import Box, Plane, YuvFrame
from lipwright.colour import copied, within
from lipwright.compose.grounds import blurred
from lipwright.compose.yuv import overwrite
from lipwright.errors import UnreadableMedia
from lipwright.media import decoded, first_video, open_media, pixel_shape, pixels

_PIXELS_MAX: Final = 4096 * 2304
"""A frame of 4K; larger ones only cost time."""
_LENGTH_MAX_S: Final = 3600
_SURROUND_BLUR: Final = 0.03
_SURROUND_SHRINK: Final = 8


@dataclass(frozen=True, slots=True)
class Reel:
    """What is known of a video file without decoding it."""

    path: Path
    width: int
    """As it is meant to be seen: upright, pixels square."""
    height: int
    start: Fraction
    """Seconds on its own clock at which its first frame is shown."""
    length: Fraction
    """Seconds from the first frame to the end of the last one."""

    @classmethod
    def of(cls, path: Path) -> Reel:
        """Look at a file.

        Raises:
            UnreadableMedia: It is no video, damaged, too large or too long.
        """
        try:
            with open_media(path) as container:
                stream = _stream_of(container, path)
                shown = _shown_size(container, stream, path)
                start, end = _span(container, stream)
        except (av.FFmpegError, OSError, ValueError) as error:
            raise _unreadable(path) from error
        if not 0 < end - start <= _LENGTH_MAX_S:
            raise UnreadableMedia(
                f"{path.name} must be a video of at most {_LENGTH_MAX_S // 60} minutes."
            )
        return cls(path, *shown, start, end - start)


class Footage:
    """A ground that plays a video from its start, again and again."""

    moving = True

    def __init__(self, reel: Reel, size: tuple[int, int], fps: Fraction, *, contain: bool) -> None:
        self._reel = reel
        self._fps = fps
        self._fit = _Fit(reel, size, contain=contain)
        self._pictures: Iterator[tuple[Fraction, av.VideoFrame]] = iter(())
        self._lap = -1
        self._shown: tuple[Fraction, av.VideoFrame] | None = None
        self._next: tuple[Fraction, av.VideoFrame] | None = None
        self._drawn: av.VideoFrame | None = None

    def at(self, frame_index: int) -> YuvFrame:
        """The picture that is on at that time; also where the file turns out to be damaged."""
        lap, moment = divmod(Fraction(frame_index) / self._fps, self._reel.length)
        moment += self._reel.start
        if lap != self._lap or self._shown is None or moment < self._shown[0]:
            self._rewind(int(lap), moment)
        while self._next is not None and self._next[0] <= moment:
            self._shown, self._next = self._next, next(self._pictures, None)
        if self._shown is None:
            raise _unreadable(self._reel.path)
        if self._shown[1] is not self._drawn:
            self._drawn = self._shown[1]
            self._fit.draw(self._drawn)
        return self._fit.picture

    def _rewind(self, lap: int, moment: Fraction) -> None:
        self._lap = lap
        self._pictures = _decoded(self._reel.path, moment)
        self._shown = next(self._pictures, self._shown)
        self._next = next(self._pictures, None)


class _Fit:
    """Scales and crops decoded pictures to a canvas."""

    def __init__(self, reel: Reel, size: tuple[int, int], *, contain: bool) -> None:
        width, height = size
        across, down = width / reel.width, height / reel.height
        scale = min(across, down) if contain else max(across, down)
        self._scaled = (_even(reel.width * scale), _even(reel.height * scale))
        self._left = _even_floor((width - self._scaled[0]) / 2)
        self._top = _even_floor((height - self._scaled[1]) / 2)
        half = (height // 2, width // 2)
        self.picture = YuvFrame(
            np.full((height, width), 16, np.uint8),
            np.full(half, 128, np.uint8),
            np.full(half, 128, np.uint8),
        )
        self._fills = self._scaled[0] >= width and self._scaled[1] >= height
        self._surround = None if self._fills else _Surround(reel, size)

    def draw(self, frame: av.VideoFrame) -> None:
        """Put a decoded frame on the canvas."""
        if self._surround is not None:
            overwrite(self.picture, self._surround.of(frame))
        picture = _converted(frame, self._scaled)
        canvas = Box(0, 0, self.picture.y.shape[1], self.picture.y.shape[0])
        box = Box(0, 0, *self._scaled).moved(self._left, self._top).intersection(canvas)
        source = within(picture, box.moved(-self._left, -self._top))
        overwrite(within(self.picture, box), source)


class _Surround:
    """What fills the canvas beside a picture that is shown whole: itself, large and blurred."""

    def __init__(self, reel: Reel, size: tuple[int, int]) -> None:
        self._size = size
        small = tuple(_even(side / _SURROUND_SHRINK) for side in size)
        self._fit = _Fit(reel, (small[0], small[1]), contain=False)

    def of(self, frame: av.VideoFrame) -> YuvFrame:
        self._fit.draw(frame)
        return enlarged(blurred(copied(self._fit.picture), _SURROUND_BLUR), self._size)


def enlarged(picture: YuvFrame, size: tuple[int, int]) -> YuvFrame:
    """A soft picture at another size (width, height), both even."""
    half = (size[0] // 2, size[1] // 2)
    y, u, v = (
        np.asarray(cv2.resize(plane, to, interpolation=cv2.INTER_LINEAR), np.uint8)
        for plane, to in zip(picture[:3], (size, half, half), strict=True)
    )
    return YuvFrame(y, u, v)


def _stream_of(container: InputContainer, path: Path) -> VideoStream:
    stream = first_video(container)
    if stream is None:
        raise _unreadable(path)
    stream.codec_context.thread_count = 1
    stream.codec_context.options = {"max_pixels": str(_PIXELS_MAX)}
    return stream


def _shown_size(container: InputContainer, stream: VideoStream, path: Path) -> tuple[int, int]:
    width, height = stream.codec_context.width, stream.codec_context.height
    if not 0 < width * height <= _PIXELS_MAX:
        raise UnreadableMedia(
            f"{path.name} has {width} x {height} pixels; use a video of at most 4096 x 2304."
        )
    frame = next(container.decode(stream), None)
    if frame is None:
        raise _unreadable(path)
    width = max(1, round(width * pixel_shape(stream)))
    return (height, width) if frame.rotation % 180 else (width, height)


def _span(container: InputContainer, stream: VideoStream) -> tuple[Fraction, Fraction]:
    """First and last moment of the pictures, in seconds, from the packets alone."""
    tick = stream.time_base or Fraction(1, av.time_base)
    container.seek(0)
    first, last = None, Fraction(0)
    for packet in container.demux(stream):
        if packet.pts is None:
            continue
        shown = packet.pts * tick
        first = shown if first is None else min(first, shown)
        last = max(last, shown + (packet.duration or 0) * tick)
    start = first or Fraction(0)
    frame = 1 / Fraction(stream.average_rate or 25)
    return start, max(last, start + frame)


def _decoded(path: Path, moment: Fraction) -> Iterator[tuple[Fraction, av.VideoFrame]]:
    """Pictures with their times, from the last one shown at `moment` or before."""
    try:
        with open_media(path) as container:
            stream = _stream_of(container, path)
            tick = stream.time_base or Fraction(1, av.time_base)
            if moment > 1:
                container.seek(int(moment / tick), stream=stream)
            before: tuple[Fraction, av.VideoFrame] | None = None
            for frame in decoded(container, stream):
                shown = ((frame.pts or 0) * tick, frame)
                if before is not None and shown[0] > moment:
                    yield before
                    before = None
                if shown[0] > moment:
                    yield shown
                else:
                    before = shown
            if before is not None:
                yield before
    except (av.FFmpegError, OSError):
        return  # a video that breaks off goes on with what was decoded


def _converted(frame: av.VideoFrame, size: tuple[int, int]) -> YuvFrame:
    """Upright planes of `size`, BT.709 limited."""
    quarter_turns = round(frame.rotation / 90) % 4
    width, height = size[::-1] if quarter_turns % 2 else size
    scaled = frame.reformat(
        width=width,
        height=height,
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
        interpolation=Interpolation.BILINEAR,
    )
    planes = [_turned(pixels(plane), quarter_turns) for plane in scaled.planes]
    return YuvFrame(*planes)


def _turned(plane: Plane, quarter_turns: int) -> Plane:
    return np.rot90(plane, quarter_turns) if quarter_turns else plane


def _even(side: float) -> int:
    return max(2, 2 * round(side / 2))


def _even_floor(place: float) -> int:
    return 2 * int(place // 2)


def _unreadable(path: Path) -> UnreadableMedia:
    return UnreadableMedia(
        f"{path.name} is not a video that can be read; use an MP4, MOV or WebM file."
    )
