"""Small frames and readers for the encode tests."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from lipwright.arrays import YuvFrame
from lipwright.request import Aspect, Container, Output
from lipwright.timeline import FrameGrid

SMALL = Output(short_side_px=360, aspect=Aspect.SQUARE)
SMALL_WEBM = Output(short_side_px=360, aspect=Aspect.SQUARE, container=Container.WEBM_ALPHA)
SMALL_MOV = Output(short_side_px=360, aspect=Aspect.SQUARE, container=Container.MOV_ALPHA)
BITS = 10


def grid_of(frame_count: int, fps: Fraction = Fraction(30)) -> FrameGrid:
    return FrameGrid(fps, frame_count)


def numbered(
    frames: range, output: Output = SMALL, *, flash: int | None = None
) -> Iterator[YuvFrame]:
    """Frames in one reused buffer; each shows its number in black and white bars."""
    width, height = output.size
    y = np.zeros((height, width), np.uint8)
    chroma = np.full((2, height // 2, width // 2), 128, np.uint8)
    alpha = np.zeros_like(y) if output.is_transparent else None
    for number in frames:
        y[:] = 60
        for bit in range(BITS):
            y[:40, bit * 36 : bit * 36 + 30] = 235 if number >> bit & 1 else 16
        y[100:, (7 * number) % 300 :][:, :20] = 180
        if number == flash:
            y[60:] = 235
        if alpha is not None:
            alpha[:] = 3 * number % 200
        yield YuvFrame(y, chroma[0], chroma[1], alpha)
        y[:], chroma[:] = 99, 128  # whoever kept the buffer instead of its pixels is found out


def decoded(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as container:
        return list(container.decode(video=0))


def decoded_with_alpha(path: Path) -> list[av.VideoFrame]:
    decoder = av.CodecContext.create("libvpx-vp9", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    with av.open(str(path)) as container:
        return [f for packet in container.demux(video=0) for f in decoder.decode(packet)]


def moment(frame: av.VideoFrame) -> Fraction:
    """When it is shown, in seconds."""
    assert frame.pts is not None
    assert frame.time_base is not None
    return frame.pts * frame.time_base


def luma(frame: av.VideoFrame) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return plane(frame, 0)


def plane(frame: av.VideoFrame, index: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    source = frame.planes[index]
    rows = np.frombuffer(memoryview(source), np.uint8).reshape(source.height, source.line_size)
    return rows[:, : source.width].copy()


def number_of(frame: av.VideoFrame) -> int:
    bars = luma(frame)[10:30]
    return sum(
        1 << bit for bit in range(BITS) if bars[:, bit * 36 + 8 : bit * 36 + 22].mean() > 125
    )


def sound_of(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    with av.open(str(path)) as container:
        frames = list(container.decode(audio=0))
    assert frames[0].pts == 0
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1)
