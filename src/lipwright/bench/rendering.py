"""How fast and how well a video is rendered, against x264 alone on the same frames.

Speed is CPU time against x264 alone on the same frames, so that a figure means the same on any
machine; only the factors of real time depend on how fast the machine is.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from lipwright import encode, face, pipeline
from lipwright.bench import lettering, pairs
from lipwright.bench.container import av_offset_ms
from lipwright.bench.figures import Figure, Figures
from lipwright.bench.processes import alone
from lipwright.bench.sampled import Sample
from lipwright.quality import Report
from lipwright.request import Captions, Container, RenderRequest
from lipwright.staging import Staged, Stages, drawn
from lipwright.timeline import FrameGrid

SCRIPT: Final = (
    "Peter Piper picked a peck of pickled peppers, and my mother may have bought them all. "
    "How fast is this machine? Five or six words a second would be very fine. "
    "Both of my brothers may have been at home, but nobody but me picked up the phone. "
    "Papa, bring me the map of the bay, and we will see how far a boat may move by day."
)
"""20 s: the length for which memory is bounded."""
_TRIES: Final = 3
"""The middle one counts: whoever else uses the memory makes one slow, not two."""


def figures(avatar: Path) -> Figures:
    """Speed against x264 alone, two processes on two cores, and the finished video."""
    with TemporaryDirectory(prefix="lipwright-bench-") as name:
        speech = Path(name) / "speech"
        speech.mkdir()
        request = RenderRequest.single(avatar, SCRIPT, captions=Captions("neo"))
        pipeline.speak(request, speech)
        is_stock = face.load_avatar(avatar).plate.mouths is not None
        with pipeline.one_thread():
            found = lettering.figures() | _ratios(request, speech, is_stock=is_stock)
        return {
            **found,
            **pairs.figures(request, speech, is_stock=is_stock),
            **_container_offsets(Path(name)),
            **_finished(request, speech),
        }


def _ratios(request: RenderRequest, speech: Path, *, is_stock: bool) -> Figures:
    staged, path = Staged.read(request, speech), speech.parent / "bench.mp4"
    sample = Sample.of(staged)
    count = len(sample.patches)
    alone_s, composing_s = _against_x264(sample, path)
    film_alone_s, film_s = _against_x264(sample.as_film(), path)
    sound_s = _sound_s(staged, count, path)
    whole_s = _cpu_s(lambda: sample.encode(drawn(staged, range(count), Stages()), path))
    return {
        "compose_captions_sound_encode_against_x264": Figure(
            (composing_s + sound_s) / alone_s, "ratio", ceiling=1.35
        ),
        "the_same_on_a_video_plate": Figure(
            (film_s + sound_s) / film_alone_s, "ratio", ceiling=1.35
        ),
        "whole_pipeline_against_x264": Figure(
            (whole_s + sound_s) / alone_s, "ratio", ceiling=1.5 if is_stock else 1.9
        ),
        "x264_alone": Figure(1000 * alone_s / count, "ms CPU a frame"),
        "compose_and_captions": Figure(1000 * (composing_s - alone_s) / count, "ms CPU a frame"),
        "sound": Figure(1000 * sound_s / count, "ms CPU a frame"),
    }


def _against_x264(sample: Sample, path: Path) -> tuple[float, float]:
    """Seconds of x264 alone, and with the composing of its frames."""
    frames = sample.finished()
    return (
        _cpu_s(lambda: sample.encode(frames, path)),
        _cpu_s(lambda: sample.encode(sample.composed(), path)),
    )


def _sound_s(staged: Staged, count: int, video: Path) -> float:
    """What mastering, coding and joining the sound take for so many frames."""
    grid = FrameGrid(staged.grid.fps, count)
    output, samples = staged.request.output, staged.speech.samples[: grid.sample_count]
    path = video.with_name("joined.mp4")
    return _cpu_s(
        lambda: encode.join([video], encode.mastered(samples, grid, output), grid, output, path)
    )


def _container_offsets(folder: Path) -> Figures:
    kinds = {"mp4": Container.MP4, "webm": Container.WEBM_ALPHA, "mov": Container.MOV_ALPHA}
    return {
        f"av_offset_in_{name}": Figure(av_offset_ms(kind, folder), "ms", ceiling=1)
        for name, kind in kinds.items()
    }


def _finished(request: RenderRequest, speech: Path) -> Figures:
    """What the two segments become, in a process of its own."""
    done = alone(partial(_joining, request, speech))
    report = done.given
    return {
        "memory_of_joining": Figure(done.peak_mb, "MB", ceiling=pairs.MEMORY_MB),
        "frames_missing": Figure(
            abs(report.file.frame_count - report.expected_frame_count), "frames", ceiling=0
        ),
        "av_offset": Figure(abs(report.av_offset_ms or 0.0), "ms", ceiling=20),
        "closures": Figure(report.closure_rate or 0.0, "share", floor=0.98),
        "loudness_error": Figure(abs(report.lufs - request.output.lufs), "LU", ceiling=0.5),
        "true_peak": Figure(report.true_peak_dbtp, "dBTP", ceiling=-1),
    }


def _joining(request: RenderRequest, speech: Path) -> Callable[[], Report]:
    staged = Staged.read(request, speech)
    segments = pairs.segment_paths(request, speech)
    return lambda: pipeline.finish(staged, segments, speech.parent / "done.mp4", Stages())


def _cpu_s(work: Callable[[], None]) -> float:
    """CPU seconds of all threads of this process."""

    def once() -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    return median(once() for _ in range(_TRIES))
