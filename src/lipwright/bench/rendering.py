"""How fast and how well a video is rendered, against x264 alone on the same frames.

Speed is CPU time against x264 alone on the same frames, so that a figure means the same on any
machine; only the factors of real time depend on how fast the machine is.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from lipwright import encode, face, pipeline
from lipwright.bench import lettering, pairs
from lipwright.bench.container import av_offset_ms
from lipwright.bench.figures import Figure, Figures, measured
from lipwright.bench.processes import alone
from lipwright.bench.sampled import KeptFrames, Sample
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
_TWICE: Final = f"{SCRIPT} {SCRIPT}"
"""Two segments of that length, as a worker draws them of a long video."""
_TRIES: Final = 3


def figures(avatar: Path) -> Figures:
    """Speed against x264 alone, two processes on two cores, and the finished video."""
    with TemporaryDirectory(prefix="lipwright-bench-") as name:
        speech = Path(name) / "speech"
        speech.mkdir()
        request = RenderRequest.single(avatar, _TWICE, captions=Captions("neo"))
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
    composing, film = _against_x264(sample, path), _against_x264(sample.as_film(), path)
    frames = pipeline.plan(request, speech)[0]
    count = len(frames)
    kept = KeptFrames.of(drawn(staged, frames, Stages()), speech.parent / "frames.raw")
    alone_ms, whole_ms, ready_ms, sound_ms = _least_ms(
        lambda: sample.encode(kept, path),
        lambda: sample.encode(drawn(staged, frames, Stages()), path),
        lambda: next(drawn(staged, frames, Stages())),
        lambda: _join_sound(staged, count, path),
    )
    sound_ms /= count
    whole = (whole_ms / count + sound_ms) / (alone_ms / count)
    return {
        "compose_captions_sound_encode_against_x264": Figure(
            composing.ratio(sound_ms), "ratio", ceiling=1.35
        ),
        "the_same_on_a_video_plate": Figure(film.ratio(sound_ms), "ratio", ceiling=1.35),
        "whole_pipeline_against_x264": Figure(whole, "ratio", ceiling=1.5 if is_stock else 1.9),
        "x264_alone": Figure(alone_ms / count, "ms CPU a frame"),
        "whole_pipeline_without_sound": Figure(whole_ms / count, "ms CPU a frame"),
        "getting_ready": Figure(ready_ms, "ms CPU a segment"),
        "compose_and_captions": Figure(
            composing.composed_ms - composing.alone_ms, "ms CPU a frame"
        ),
        "sound": Figure(sound_ms, "ms CPU a frame"),
    }


@dataclass(frozen=True, slots=True)
class _Composing:
    """CPU of a frame: of x264 alone, and with the composing of what it codes."""

    alone_ms: float
    composed_ms: float

    def ratio(self, sound_ms: float) -> float:
        """With the sound, against x264 alone."""
        return (self.composed_ms + sound_ms) / self.alone_ms


def _against_x264(sample: Sample, path: Path) -> _Composing:
    frames, count = sample.finished(), len(sample.patches)
    alone_ms, composed_ms = _least_ms(
        lambda: sample.encode(frames, path), lambda: sample.encode(sample.composed(), path)
    )
    return _Composing(alone_ms / count, composed_ms / count)


def _join_sound(staged: Staged, count: int, video: Path) -> None:
    """Master, code and join the sound of so many frames."""
    grid = FrameGrid(staged.grid.fps, count)
    output, samples = staged.request.output, staged.speech.samples[: grid.sample_count]
    path = video.with_name("joined.mp4")
    encode.join([video], encode.mastered(samples, grid, output), grid, output, path)


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
        "av_offset": Figure(abs(measured(report.av_offset_ms)), "ms", ceiling=20),
        "closures": Figure(measured(report.closure_rate), "share", floor=0.98),
        "loudness_error": Figure(abs(report.lufs - request.output.lufs), "LU", ceiling=0.5),
        "true_peak": Figure(report.true_peak_dbtp, "dBTP", ceiling=-1),
    }


def _joining(request: RenderRequest, speech: Path) -> Callable[[], Report]:
    staged = Staged.read(request, speech)
    segments = pairs.segment_paths(request, speech)
    return lambda: pipeline.finish(staged, segments, speech.parent / "done.mp4", Stages())


def _least_ms(*works: Callable[[], object]) -> list[float]:
    """CPU of all threads for each work: the least of some tries, which take turns.

    Whoever else uses the memory makes a try slower, never faster; and no work is always first.
    """
    least = [math.inf] * len(works)
    for _ in range(_TRIES):
        for number, work in enumerate(works):
            began = time.process_time()
            work()
            least[number] = min(least[number], 1000 * (time.process_time() - began))
    return least
