"""How far apart a flash and its beep lie in a finished file, by the times that players go by."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np

from lipwright import compose, encode
from lipwright.arrays import Stereo, YuvFrame
from lipwright.request import Aspect, Container, Output
from lipwright.timeline import SAMPLE_RATE, FrameGrid

_FLASHES: Final = (7, 61, 118)
_GRID_FRAMES: Final = 150
_BEEP: Final = SAMPLE_RATE // 25
_LOUD: Final = 0.1
_BLACK, _WHITE = 16, 235


def av_offset_ms(container: Container, folder: Path, fps: Fraction = Fraction(30)) -> float:
    """The largest offset in a clip with three flashes, joined of two segments."""
    output = Output(Aspect.SQUARE, 360, container=container, fps=fps)
    grid = FrameGrid(fps, _GRID_FRAMES)
    path = folder / f"flash.{container}"
    parts = []
    for frames in encode.segments(grid, seconds=2):
        parts.append(folder / f"flash-{frames.start}.{container}")
        encode.write_video(_flashing(frames, output), grid, output, parts[-1])
    encode.join(parts, [_beeping(grid)], grid, output, path)
    seen, heard = _seen_s(path), _heard_s(path)
    return 1000 * float(np.abs(np.array(seen) - heard).max())


def _flashing(frames: range, output: Output) -> Iterator[YuvFrame]:
    empty = compose.clear_frame if output.is_transparent else compose.black_frame
    picture = empty(output.size)
    for frame in frames:
        picture.y[:] = _WHITE if frame in _FLASHES else _BLACK
        yield picture


def _beeping(grid: FrameGrid) -> Stereo:
    sound = np.zeros((2, grid.sample_count), np.float32)
    for frame in _FLASHES:
        start = grid.samples_during(frame).start
        sound[:, start : start + _BEEP] = 0.5 * np.sin(np.arange(_BEEP) * 2 * np.pi / 48)
    return sound


def _seen_s(path: Path) -> list[float]:
    seen = []
    with av.open(str(path)) as file:
        for frame in file.decode(video=0):
            if frame.to_ndarray(format="gray").mean() > (_WHITE + _BLACK) / 2:
                seen.append(float((frame.pts or 0) * (frame.time_base or Fraction(0))))
    return seen


def _heard_s(path: Path) -> list[float]:
    """Where sound begins after silence, in the times of the container."""
    loud: list[float] = []
    to_float = av.AudioResampler("fltp", "mono", SAMPLE_RATE)
    with av.open(str(path)) as file:
        for decoded in file.decode(audio=0):
            began_s = float((decoded.pts or 0) * (decoded.time_base or Fraction(0)))
            for frame in to_float.resample(decoded):
                at = np.flatnonzero(np.abs(frame.to_ndarray()[0]) > _LOUD)
                loud += [began_s + float(index) / SAMPLE_RATE for index in at]
    starts = np.flatnonzero(np.diff(loud, prepend=-1) > 2 * _BEEP / SAMPLE_RATE)
    return [loud[index] for index in starts]
