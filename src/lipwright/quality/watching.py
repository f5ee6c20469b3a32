"""The lips of a finished video, looked at in some of its pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame

from lipwright.arrays import Frame, YuvFrame
from lipwright.colour import rgb_of
from lipwright.media import pixels
from lipwright.quality.lips import Landmarker, TrackedFace, lip_gap
from lipwright.quality.steadiness import LOOKS, lip_jitter
from lipwright.quality.sync import LipTrack
from lipwright.request import WATCHED_S
from lipwright.timeline import FrameGrid

_WINDOWS: Final = 4
"""Parts that a longer video is sampled in, from its first second to its last: drift shows."""
_AT_ONCE: Final = 2
"""Windows looked at side by side: all is drawn by then, and a core may have nothing else to do.
The one with several looks takes as long as the others together; more would take decoders' memory.
"""
_SHORT_SIDE_PX: Final = 540
"""The landmarker shrinks the face to 256 px anyway."""
_PLANES: Final = ("yuv420p", "yuva420p")


@dataclass(frozen=True, slots=True)
class _Window:
    start: Fraction
    """Seconds of the video's clock, half-open."""
    end: Fraction
    looks: int
    """At each face."""


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What a window shows."""

    times: list[float]
    """When each picture is shown, in frames."""
    faces: list[TrackedFace | None]


def watched(video: Path, grid: FrameGrid, landmarker: Landmarker) -> tuple[LipTrack, float | None]:
    """The lips in some frames, and how steady they are in the steadily watched ones."""
    windows = _windows(grid)
    # the longest first, so that no thread is left alone with it at the end
    order = sorted(windows, key=lambda window: -window.looks)
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        found = threads.map(lambda window: _looked(video, window, grid, landmarker), order)
        seen = dict(zip(order, found, strict=True))
    times = np.array([time for window in windows for time in seen[window].times], float)
    faces = [face for window in windows for face in seen[window].faces]
    gaps = np.array([lip_gap(face.landmarks) if face else np.nan for face in faces], float)
    track = LipTrack(times[np.isfinite(gaps)], gaps[np.isfinite(gaps)])
    return track, _steadiness([seen[window] for window in windows if window.looks > 1], grid)


def glances(grid: FrameGrid) -> list[range]:
    """Frames whose sharpness is compared: half a second in each of the windows."""
    starts = [int(window.start * grid.fps) for window in _windows(grid)]
    length = max(1, int(grid.fps / 2))
    return [range(start, min(start + length, grid.frame_count)) for start in starts]


def _windows(grid: FrameGrid) -> list[_Window]:
    """Spans to watch, in order and apart.  One of them, near the middle, is watched steadily."""
    length, each = grid.frame_count / grid.fps, Fraction(WATCHED_S, _WINDOWS)
    if length <= WATCHED_S:
        start = max(Fraction(0), length - each) / 2
        edges = [Fraction(0), start, start + each, length + 1]
        spans = list(pairwise(edges))
    else:
        apart = (length - each) / (_WINDOWS - 1)
        spans = [(k * apart, k * apart + each) for k in range(_WINDOWS)]
    looks = (LOOKS if k == 1 else 1 for k in range(len(spans)))
    return [
        _Window(start, end, count)
        for (start, end), count in zip(spans, looks, strict=True)
        if end > start
    ]


def _looked(video: Path, window: _Window, grid: FrameGrid, landmarker: Landmarker) -> _Seen:
    times: list[float] = []
    with av.open(str(video)) as container:
        pictures = _shrunk(_decoded(container, window), grid, times)
        return _Seen(times, list(landmarker.track(pictures, looks=window.looks)))


def _steadiness(seen: list[_Seen], grid: FrameGrid) -> float | None:
    steadily = [
        (time, face)
        for each in seen
        for time, face in zip(each.times, each.faces, strict=True)
        if face is not None
    ]
    moments = np.array([time for time, _ in steadily], float)
    return lip_jitter(moments, [face for _, face in steadily], float(grid.fps))


def _shrunk(
    shown: Iterable[tuple[Fraction, VideoFrame]], grid: FrameGrid, times: list[float]
) -> Iterator[Frame]:
    """Pictures for the landmarker; notes in `times` when each is shown, in frames."""
    for shown_s, frame in shown:
        times.append(float(shown_s * grid.fps))
        yield _small(frame)


def _decoded(container: InputContainer, window: _Window) -> Iterator[tuple[Fraction, VideoFrame]]:
    """Frames shown in a window, each with its time."""
    stream = container.streams.video[0]
    tick = stream.time_base or Fraction(1, av.time_base)
    container.seek(int(window.start / tick), stream=stream)
    for frame in container.decode(stream):
        shown_s = (frame.pts or 0) * tick
        if shown_s >= window.end:
            return
        if shown_s >= window.start:
            yield shown_s, frame


def _small(frame: VideoFrame) -> Frame:
    scale = min(1.0, _SHORT_SIDE_PX / min(frame.width, frame.height))
    width, height = (round(side * scale / 2) * 2 for side in (frame.width, frame.height))
    if frame.format.name not in _PLANES:
        shrunk = frame.reformat(
            width=width, height=height, format="rgb24", interpolation="FAST_BILINEAR"
        )
        return shrunk.to_ndarray().astype(np.uint8, copy=False)
    # planes first, of which chroma has the size already: a quarter of what reformatting takes
    y, u, v = (pixels(plane) for plane in frame.planes[:3])
    small = cv2.resize(y, (width, height), interpolation=cv2.INTER_AREA)
    return rgb_of(YuvFrame(np.asarray(small, np.uint8), u, v))
