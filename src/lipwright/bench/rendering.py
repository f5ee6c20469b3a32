"""How fast and how well a video is rendered, against x264 alone on the same frames.

Speed is CPU time against x264 alone on the same frames, so that a figure means the same on any
machine; only the real-time factor depends on how fast the machine is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from lipwright import compose, encode
from lipwright.arrays import YuvFrame
from lipwright.bench.figures import Figure, Figures
from lipwright.errors import InvalidRequest
from lipwright.pipeline import draw, finish, narrated, one_thread
from lipwright.request import Captions, RenderRequest
from lipwright.staging import Staged, Stages, drawn, layers_of
from lipwright.timeline import FrameGrid

SCRIPT: Final = (
    "Peter Piper picked a peck of pickled peppers, and my mother may have bought them all. "
    "How fast is this machine? Five or six words a second would be very fine."
)
SAMPLE_FRAMES: Final = 120
"""Frames kept in memory for x264 alone: 4 s, 373 MB at 1080p."""


def figures(avatar: Path) -> Figures:
    """Speed against x264 alone, and what the finished video measures."""
    with one_thread():
        return _figures(avatar)


def _figures(avatar: Path) -> Figures:
    stages = Stages()
    request = RenderRequest.single(avatar, SCRIPT, captions=Captions("neo"))
    staged = Staged.of(request, narrated(request, stages))
    count = min(SAMPLE_FRAMES, staged.grid.frame_count)
    with TemporaryDirectory(prefix="lipwright-bench-") as name:
        folder = Path(name)
        x264_s = _x264_alone_s(staged, stages, count, folder)
        return {
            "compose_captions_sound_encode_against_x264": Figure(
                _composing_s(staged, stages, count, folder) / x264_s, "ratio", ceiling=1.35
            ),
            "whole_pipeline_against_x264": Figure(
                _drawing_s(staged, stages, count, folder) / x264_s, "ratio", ceiling=1.9
            ),
            "x264_alone": Figure(1000 * x264_s / count, "ms CPU a frame"),
            **_end_to_end(staged, stages, folder),
        }


def _x264_alone_s(staged: Staged, stages: Stages, count: int, folder: Path) -> float:
    frames = [_copied(frame) for frame in drawn(staged, range(count), stages)]
    return _cpu_s(lambda: _encode(iter(frames), staged, folder))


def _composing_s(staged: Staged, stages: Stages, count: int, folder: Path) -> float:
    layers = layers_of(staged.shots[0], range(count), stages)
    figure = layers.figure
    if figure is None:
        raise InvalidRequest("There is nobody to measure with.")
    layers = replace(layers, figure=replace(figure, patches=iter(list(figure.patches))))
    return _cpu_s(
        lambda: _encode(compose.compose(layers, range(count)), staged, folder)
    ) + _sound_s(staged, count, folder)


def _drawing_s(staged: Staged, stages: Stages, count: int, folder: Path) -> float:
    return _cpu_s(lambda: _encode(drawn(staged, range(count), stages), staged, folder)) + _sound_s(
        staged, count, folder
    )


def _end_to_end(staged: Staged, stages: Stages, folder: Path) -> Figures:
    """One process, so at most one core for drawing and one for the encoder."""
    frames = range(staged.grid.frame_count)
    began = time.perf_counter()
    draw(staged, frames, folder / "all.mp4", stages, lambda done, total: None)
    drawn_s = time.perf_counter() - began
    report = finish(staged, [folder / "all.mp4"], folder / "done.mp4", stages)
    video_s = float(len(frames) / staged.grid.fps)
    return {
        "real_time_factor_of_one_process": Figure(video_s / drawn_s, "x", floor=1.0),
        "av_offset": Figure(abs(report.av_offset_ms or 0.0), "ms", ceiling=20),
        "closures": Figure(report.closure_rate or 0.0, "share", floor=0.98),
        "loudness_error": Figure(abs(report.lufs - staged.request.output.lufs), "LU", ceiling=0.5),
    }


def _encode(frames: Iterator[YuvFrame], staged: Staged, folder: Path) -> None:
    encode.write_video(frames, staged.grid, staged.request.output, folder / "bench.mp4")


def _sound_s(staged: Staged, count: int, folder: Path) -> float:
    """What mastering, coding and joining the sound take for so many frames."""
    grid = FrameGrid(staged.grid.fps, count)
    output, samples = staged.request.output, staged.speech.samples[: grid.sample_count]
    return _cpu_s(
        lambda: encode.join(
            [folder / "bench.mp4"],
            encode.mastered(samples, grid, output),
            grid,
            output,
            folder / "joined.mp4",
        )
    )


def _copied(frame: YuvFrame) -> YuvFrame:
    return YuvFrame(frame.y.copy(), frame.u.copy(), frame.v.copy())


def _cpu_s(work: Callable[[], None]) -> float:
    """CPU seconds of all threads of this process."""
    began = time.process_time()
    work()
    return time.process_time() - began
