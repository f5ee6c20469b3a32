"""Clips made from the portrait, whose truth is known."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from lipwright.arrays import Frame

FPS = 25
TICKS = 1000


def filmed(
    path: Path,
    frames: Sequence[Frame],
    shown: Sequence[int] | None = None,
    *,
    first: bool = False,
    tagged: bool = False,
) -> Path:
    """An MP4 of the frames; `shown` in thousandths of a second, `first` puts the index first.

    `tagged` says that its colours are BT.709, as a camera's are.
    """
    options = {"movflags": "faststart"} if first else {}
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream("libx264", rate=FPS, options={"crf": "12"})
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, TICKS)
        if tagged:
            stream.codec_context.colorspace = 1
            stream.codec_context.color_range = 1
        for index, frame in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(frame, format="rgb24")
            picture.pts = shown[index] if shown else index * TICKS // FPS
            picture.time_base = Fraction(1, TICKS)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def turned_flag(path: Path) -> None:
    """Note in the file that a player must turn it by 90 degrees clockwise."""
    content = bytearray(path.read_bytes())
    matrix = content.index(b"tkhd") + 4 + 40
    content[matrix : matrix + 36] = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, *[0] * 4, 1 << 30)
    path.write_bytes(content)


def swaying(portrait: Frame, count: int, period: int = 24) -> list[Frame]:
    """The portrait going to and fro by a few pixels, on even columns."""
    steps = [round(3 * np.sin(2 * np.pi * index / period)) for index in range(count)]
    return [np.roll(portrait, 2 * step, axis=1) for step in steps]
