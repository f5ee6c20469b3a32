"""Any pictures of a clip in any order, forwards or backwards, with few of them held at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Final

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream
from numpy.typing import NDArray

from lipwright.arrays import YuvFrame
from lipwright.colour import yuv_of
from lipwright.errors import UnreadableMedia
from lipwright.face.brightness import is_hdr
from lipwright.face.footage import colorspace_of, upright_rgb
from lipwright.face.resampling import turned
from lipwright.media import decoded, first_video, open_media, pixels

_HELD_BYTES: Final = 100_000_000
"""Pictures kept while a clip is played backwards, undecoded otherwise: 8 of 4K."""
_THREADS: Final = 2
_CLOCK_US: Final = 2_000
"""Containers round their clocks to a millisecond; pictures are at least 16 of them apart."""
_STEP_BACK: Final = 8
"""A clip of 60 pictures a second, played backwards at 24, goes back by 3."""


class Reel:
    """A clip whose pictures are known by their places in `shown_us`, as `pictures` gave them."""

    def __init__(self, path: Path, shown_us: NDArray[np.int64]) -> None:
        self._path = path
        self._shown_us = shown_us
        self._stack = ExitStack()
        self._playing: Iterator[tuple[int, VideoFrame]] | None = None
        self._current: tuple[int, VideoFrame] | None = None
        self._first_pts = 0

    def __enter__(self) -> Reel:
        try:
            self._container: InputContainer = self._stack.enter_context(open_media(self._path))
            self._stream = _video(self._container)
            self._stream.thread_type = "AUTO"
            self._stream.codec_context.thread_count = _THREADS
            frames = decoded(self._container, self._stream)
            first = next(frame for frame in frames if frame.pts is not None)
        except (av.FFmpegError, OSError, ValueError, StopIteration) as error:
            self._stack.close()
            raise UnreadableMedia(f"{self._path.name} cannot be read as a video.") from error
        self._first_pts = first.pts or 0
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
        self._playing = self._current = None
        del self._stream, self._container  # the decoder keeps its pictures as long as they are

    def play(self, indices: Sequence[int]) -> Iterator[VideoFrame]:
        """The pictures of these places, each as decoded: lying as filmed.

        Raises:
            UnreadableMedia: The clip was changed since it was looked at.
        """
        try:
            for run in _runs(indices) if len(indices) else ():
                yield from self._forwards(run) if run[0] <= run[-1] else self._backwards(run)
        except av.FFmpegError as error:
            raise UnreadableMedia(f"{self._path.name} cannot be decoded to its end.") from error

    def _forwards(self, run: Sequence[int]) -> Iterator[VideoFrame]:
        if self._current is None or self._current[0] > run[0] or self._far(run[0]):
            self._seek(run[0])
        for index in run:
            while self._current is None or self._current[0] < index:
                self._advance()
            yield self._current[1]

    def _backwards(self, run: Sequence[int]) -> Iterator[VideoFrame]:
        size = self._stream.width * self._stream.height * 3 // 2
        block = max(4, _HELD_BYTES // max(1, size))
        for start in range(0, len(run), block):
            part = list(run[start : start + block])
            yield from reversed(list(self._forwards(part[::-1])))

    def _far(self, index: int) -> bool:
        """Whether jumping is likely to be quicker than decoding all that lies between."""
        return self._current is not None and index - self._current[0] > 250

    def _seek(self, index: int) -> None:
        wanted_us = int(self._shown_us[index])
        tick = self._stream.time_base or 1
        # A little before: rounded clocks must not make it land on the next key picture.
        pts = self._first_pts + int((wanted_us - 2_000) / 1_000_000 / tick)
        self._start(pts)
        if self._current is not None and self._current[0] > index:
            self._start(self._first_pts - int(1 / tick))

    def _start(self, pts: int) -> None:
        self._container.seek(pts, stream=self._stream, backward=True)
        self._playing, self._current = self._decoded(), None
        self._advance()

    def _advance(self) -> None:
        self._current = next(self._playing, None) if self._playing is not None else None
        if self._current is None:
            raise UnreadableMedia(f"{self._path.name} ends earlier than it did before.")

    def _decoded(self) -> Iterator[tuple[int, VideoFrame]]:
        """Frames with their places; those that `pictures` would not have given are left out."""
        tick = self._stream.time_base
        for frame in decoded(self._container, self._stream):
            if frame.pts is None or tick is None:
                continue
            shown_us = round((frame.pts - self._first_pts) * tick * 1_000_000)
            index = int(np.searchsorted(self._shown_us, shown_us - _CLOCK_US))
            if index < len(self._shown_us) and self._shown_us[index] <= shown_us + _CLOCK_US:
                yield index, frame


def _runs(indices: Sequence[int]) -> Iterator[Sequence[int]]:
    """Parts that never turn round; a longer step back is a new start."""
    start, direction = 0, 0
    for place, (before, after) in enumerate(pairwise(indices), start=1):
        turn = int(np.sign(after - before))
        if after < before - _STEP_BACK or turn == -direction != 0:
            yield indices[start:place]
            start, direction = place, 0
        else:
            direction = turn or direction
    yield indices[start:]


def upright_planes(frame: VideoFrame) -> YuvFrame:
    """The picture as a player shows it: BT.709, limited range, even sides.

    A picture that is stored so already keeps every bit.
    """
    if is_hdr(frame):
        rgb = upright_rgb(frame)
        height, width = (side // 2 * 2 for side in rgb.shape[:2])
        return yuv_of(np.ascontiguousarray(rgb[:height, :width]))
    matrix, full = colorspace_of(frame), frame.color_range == ColorRange.JPEG
    quarters = round(frame.rotation / 90) % 4
    if frame.format.name != "yuv420p" or matrix != Colorspace.ITU709 or full:
        frame = frame.reformat(
            format="yuv420p",
            src_colorspace=matrix,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
            dst_color_range=ColorRange.MPEG,
        )
    whole, *halves = (turned(pixels(plane), quarters) for plane in frame.planes)
    height, width = (side // 2 for side in whole.shape)
    # Copies: the decoder still needs its own picture, and whoever gets this one draws on it.
    u, v = (half[:height, :width].copy() for half in halves)
    return YuvFrame(whole[: 2 * height, : 2 * width].copy(), u, v)


def _video(container: InputContainer) -> VideoStream:
    stream = first_video(container)
    if stream is None:
        raise ValueError("no pictures")
    return stream
