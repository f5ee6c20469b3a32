"""The pictures of a clip, upright and one at a time, whatever filmed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation
from av.video.stream import VideoStream

from lipwright.arrays import Frame
from lipwright.errors import InvalidRequest, UnreadableMedia
from lipwright.face.brightness import is_hdr, sdr_rgb
from lipwright.face.resampling import turned
from lipwright.media import decoded, first_video, open_media

LONGEST_US: Final = 300_500_000
"""Five minutes: whoever stops a camera after them does so a moment later."""
_MOST_FPS: Final = 61
"""A 60 fps phone clip runs a little fast."""
_MOST_PIXELS: Final = 4096 * 2304
"""4K of every camera; a decoder holds several such pictures at once."""
_THREADS: Final = 2
"""Each further thread of the decoder holds another picture."""
_MOST_MISSING: Final = 0.1
"""Edit lists hide a few pictures of a whole file, and a few damaged ones are not missed; more than
this were cut off."""
_CLOCK_S: Final = Fraction(2, 1000)
"""Containers round their clocks to a millisecond."""
_HD_FROM: Final = 720
_MATRICES: Final = {
    1: Colorspace.ITU709,
    4: Colorspace.FCC,
    5: Colorspace.ITU601,
    6: Colorspace.ITU601,
    7: Colorspace.SMPTE240M,
    9: Colorspace.BT2020,
    10: Colorspace.BT2020,
}
"""By their numbers in ITU-T H.273; 0 and 2 say nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One picture of a clip."""

    frame: Frame
    shown_us: int
    """When it is shown, in microseconds after the first one."""
    width: int
    """Of the upright picture as filmed; `frame` may be smaller."""
    height: int


@dataclass(frozen=True, slots=True)
class Since:
    """Where a clip is taken up again."""

    shown_us: int
    """When the first picture that is wanted is shown, on the clock of `Picture`."""
    before: int
    """How many pictures come before it."""


def pictures(
    path: Path, *, longer_side_px: int | None = None, since: Since | None = None
) -> Iterator[Picture]:
    """The clip's pictures in the order shown; only the one being looked at is held.

    Args:
        path: A file on this machine, in any container and codec.
        longer_side_px: Shrink each picture to this; None leaves it as filmed.
        since: Where to begin, without decoding all that comes before; None is the beginning.

    Raises:
        UnreadableMedia: No video, damaged, cut off, or larger than 4K.
        InvalidRequest: Longer than `LONGEST_US`, or more than 60 frames a second.
    """
    try:
        with open_media(path) as container:
            yield from _decoded(container, path.name, longer_side_px, since or Since(0, 0))
    except (av.FFmpegError, OSError, ValueError) as error:
        raise UnreadableMedia(
            f"{path.name} cannot be read as a video; send a whole MP4, MOV or WebM file."
        ) from error


def picture_count(path: Path) -> int:
    """About how many pictures a clip has, from what its header says; 0 where it does not.

    Raises:
        UnreadableMedia: No video, or damaged.
    """
    try:
        with open_media(path) as container:
            stream = first_video(container)
            if stream is None:
                raise UnreadableMedia(f"{path.name} has no pictures in it; send a video.")
            length_s = (container.duration or 0) / av.time_base
            return stream.frames or round(length_s * float(stream.average_rate or 0))
    except (av.FFmpegError, OSError, ValueError) as error:
        raise UnreadableMedia(
            f"{path.name} cannot be read as a video; send a whole MP4, MOV or WebM file."
        ) from error


def _decoded(
    container: InputContainer, name: str, side: int | None, since: Since
) -> Iterator[Picture]:
    stream = first_video(container)
    if stream is None:
        raise UnreadableMedia(f"{name} has no pictures in it; send a video.")
    _check_size(stream.width, stream.height, name)
    _check_length(_said_length_us(container, stream), 0, name)
    stream.thread_type, stream.codec_context.thread_count = "AUTO", _THREADS
    count, last = since.before, since.shown_us - 1
    for shown_us, frame in _timed(container, stream, since.shown_us):
        _check_size(frame.width, frame.height, name)
        # Damaged clocks repeat or go back; such a picture is never seen by a player either.
        if shown_us > last:
            last, count = shown_us, count + 1
            _check_length(shown_us, count, name)
            yield _upright(frame, shown_us, side)
    _check_count(count, stream, name)


def _timed(
    container: InputContainer, stream: VideoStream, since_us: int
) -> Iterator[tuple[int, VideoFrame]]:
    """Pictures, and when they are shown, from one at `since_us` or a little before on."""
    frames = _clocked(container, stream)
    first = next(frames, None)
    if first is None:
        return
    start = first[0]
    # iterators: a list would hold its picture, 12 MB of 4K, to the end
    frames = chain(iter([first]), frames)
    del first
    if since_us:
        frames = _sought(container, stream, start, Fraction(since_us, 1_000_000))
    for shown, frame in frames:
        yield round((shown - start) * 1_000_000), frame


def _sought(
    container: InputContainer, stream: VideoStream, start: Fraction, since: Fraction
) -> Iterator[tuple[Fraction, VideoFrame]]:
    """From the key picture before a moment on; from the beginning, where an index is wrong."""
    for back in (_CLOCK_S - since, Fraction(1)):
        container.seek(int((start - back) / (stream.time_base or 1)), stream=stream)
        frames = _clocked(container, stream)
        ahead = list(islice(frames, 1))
        if ahead and ahead[0][0] <= start + since + _CLOCK_S:
            break
    return chain(iter(ahead), frames)


def _clocked(
    container: InputContainer, stream: VideoStream
) -> Iterator[tuple[Fraction, VideoFrame]]:
    for frame in decoded(container, stream):
        if frame.pts is not None and frame.time_base is not None:
            yield frame.pts * frame.time_base, frame


def _check_size(width: int, height: int, name: str) -> None:
    if width * height > _MOST_PIXELS:
        raise UnreadableMedia(f"{name} has {width} x {height} pixels; send at most 4096 x 2304.")


def _said_length_us(container: InputContainer, stream: VideoStream) -> int:
    """What the header says; whoever sent too much is told before all of it was looked at."""
    if stream.duration is not None and stream.time_base is not None:
        return round(stream.duration * stream.time_base * 1_000_000)
    return round((container.duration or 0) / av.time_base * 1_000_000)


def _check_count(count: int, stream: VideoStream, name: str) -> None:
    if not count:
        raise UnreadableMedia(f"{name} has no pictures in it that can be read; send a whole video.")
    if count < (1 - _MOST_MISSING) * stream.frames:
        raise UnreadableMedia(
            f"{name} is cut off or damaged: {count} of its {stream.frames} pictures can be read; "
            "send the whole file."
        )


def _check_length(shown_us: int, count: int, name: str) -> None:
    if shown_us > LONGEST_US:
        raise InvalidRequest(f"{name} is longer than 5 minutes; cut it shorter.")
    if count > LONGEST_US // 1_000_000 * _MOST_FPS:
        raise InvalidRequest(f"{name} has too many pictures; send at most 60 frames a second.")


def _upright(frame: VideoFrame, shown_us: int, side: int | None) -> Picture:
    """The picture as a player shows it: phones film lying down and note how to turn it."""
    width, height = _upright_size(frame)
    scale = min(Fraction(1), Fraction(side, max(width, height))) if side is not None else 1
    small = (max(1, round(width * scale)), max(1, round(height * scale)))
    return Picture(upright_rgb(frame, small), shown_us, width, height)


def upright_rgb(frame: VideoFrame, size: tuple[int, int] | None = None) -> Frame:
    """A picture as a player shows it.

    Args:
        frame: As decoded: lying as filmed.
        size: (width, height), no larger than as filmed; None is as filmed.
    """
    quarters = round(frame.rotation / 90) % 4
    width, height = size or _upright_size(frame)
    lying = (height, width) if quarters % 2 else (width, height)
    rgb = sdr_rgb(frame, lying) if is_hdr(frame) else _rgb(frame, lying)
    return turned(rgb, quarters)


def _upright_size(frame: VideoFrame) -> tuple[int, int]:
    lies = round(frame.rotation / 90) % 2
    return (frame.height, frame.width) if lies else (frame.width, frame.height)


def _rgb(frame: VideoFrame, size: tuple[int, int]) -> Frame:
    shrunk = frame.reformat(
        width=size[0],
        height=size[1],
        format="rgb24",
        src_colorspace=colorspace_of(frame),
        interpolation=Interpolation.AREA,
    )
    return np.asarray(shrunk.to_ndarray(), np.uint8)


def colorspace_of(frame: VideoFrame) -> Colorspace:
    """The matrix of a picture; where the file does not say, what players then take."""
    guess = Colorspace.ITU709 if frame.height >= _HD_FROM else Colorspace.ITU601
    return _MATRICES.get(int(frame.colorspace), guess)
