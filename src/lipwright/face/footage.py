"""The pictures of a clip, upright and one at a time, whatever filmed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation

from lipwright.arrays import Frame
from lipwright.errors import InvalidRequest, UnreadableMedia
from lipwright.face.brightness import is_hdr, sdr_rgb
from lipwright.face.resampling import turned
from lipwright.media import first_video, open_media

LONGEST_S: Final = 5 * 60
_MOST_FPS: Final = 61
"""A 60 fps phone clip runs a little fast."""
_MOST_PIXELS: Final = 4096 * 2304
"""4K of every camera; a decoder holds several such pictures at once."""
_THREADS: Final = 2
"""Each further thread of the decoder holds another picture."""
_MOST_MISSING: Final = 0.1
"""Edit lists hide a few pictures of a whole file; more than this were cut off."""
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


def pictures(path: Path, *, longer_side_px: int | None = None) -> Iterator[Picture]:
    """The clip's pictures in the order shown; only the one being looked at is held.

    Args:
        path: A file on this machine, in any container and codec.
        longer_side_px: Shrink each picture to this; None leaves it as filmed.

    Raises:
        UnreadableMedia: No video, damaged, cut off, or larger than 4K.
        InvalidRequest: Longer than `LONGEST_S`, or more than 60 frames a second.
    """
    try:
        with open_media(path) as container:
            yield from _decoded(container, path.name, longer_side_px)
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


def _decoded(container: InputContainer, name: str, side: int | None) -> Iterator[Picture]:
    stream = first_video(container)
    if stream is None:
        raise UnreadableMedia(f"{name} has no pictures in it; send a video.")
    _check_size(stream.width, stream.height, name)
    stream.thread_type, stream.codec_context.thread_count = "AUTO", _THREADS
    count, first, last = 0, None, -1
    for frame in container.decode(stream):
        _check_size(frame.width, frame.height, name)
        if frame.pts is None or frame.time_base is None:
            continue
        shown = frame.pts * frame.time_base
        first = shown if first is None else first
        count += 1
        shown_us = round((shown - first) * 1_000_000)
        # Damaged clocks repeat or go back; such a picture is never seen by a player either.
        if shown_us > last:
            last = shown_us
            _check_length(shown_us, count, name)
            yield _upright(frame, shown_us, side)
    if not count:
        raise UnreadableMedia(f"{name} has no pictures in it; send a video.")
    if count < (1 - _MOST_MISSING) * stream.frames:
        raise UnreadableMedia(
            f"{name} ends after {count} of its {stream.frames} pictures; send the whole file."
        )


def _check_size(width: int, height: int, name: str) -> None:
    if width * height > _MOST_PIXELS:
        raise UnreadableMedia(f"{name} has {width} x {height} pixels; send at most 4096 x 2304.")


def _check_length(shown_us: int, count: int, name: str) -> None:
    if shown_us > LONGEST_S * 1_000_000:
        raise InvalidRequest(f"{name} is longer than {LONGEST_S // 60} minutes; cut it shorter.")
    if count > LONGEST_S * _MOST_FPS:
        raise InvalidRequest(f"{name} has too many pictures; send at most 60 frames a second.")


def _upright(frame: VideoFrame, shown_us: int, side: int | None) -> Picture:
    """The picture as a player shows it: phones film lying down and note how to turn it."""
    scale = Fraction(1)
    if side is not None:
        scale = min(scale, Fraction(side, max(frame.width, frame.height)))
    small = (max(1, round(frame.width * scale)), max(1, round(frame.height * scale)))
    rgb = sdr_rgb(frame, small) if is_hdr(frame) else _rgb(frame, small)
    quarters = round(frame.rotation / 90) % 4
    size = (frame.width, frame.height)
    width, height = size[::-1] if quarters % 2 else size
    return Picture(turned(rgb, quarters), shown_us, width, height)


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
