"""Two segment processes on two cores: how fast they are, and how much memory each takes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from lipwright import pipeline
from lipwright.bench.figures import Figure, Figures
from lipwright.bench.processes import Spent, alone, spent_together, wall_s
from lipwright.bench.sampled import Sample
from lipwright.request import RenderRequest
from lipwright.staging import Staged

MEMORY_MB = 800
"""What a process may take, however long the video is."""


def figures(request: RenderRequest, speech: Path, *, is_stock: bool) -> Figures:
    """Real time on two cores, what the second process brings, and the limit that x264 sets."""
    segments = pipeline.plan(request, speech)[:2]
    drawing = [partial(drawn, request, speech, frames) for frames in segments]
    pair = spent_together(drawing)
    frame_count = sum(spent.given for spent in pair)
    one = alone(drawing[0], on_one_core=True)
    alone_rate, pair_rate = one.given / one.wall_s, frame_count / wall_s(pair)
    return {
        "real_time_factor_of_two_cores": Figure(
            pair_rate / float(request.output.fps), "x", floor=2.5 if is_stock else 2.0
        ),
        "two_processes_against_one": Figure(pair_rate / alone_rate, "ratio", floor=1.6),
        "wall_against_two_threads_of_x264": Figure(
            _share_of_limit(request, speech), "share", floor=0.85
        ),
        "memory_of_a_segment": Figure(
            max(spent.peak_mb for spent in (*pair, one)), "MB", ceiling=MEMORY_MB
        ),
    }


def drawn(request: RenderRequest, speech: Path, frames: range) -> Callable[[], int]:
    """A segment as a worker draws it; gives the number of frames."""

    def draw() -> int:
        path = _segment_path(request, speech, frames)
        pipeline.render_segment(request, speech, frames, path, lambda done: None)
        return len(frames)

    return draw


def segment_paths(request: RenderRequest, speech: Path) -> list[Path]:
    """Where `drawn` puts the segments of a video."""
    return [_segment_path(request, speech, part) for part in pipeline.plan(request, speech)]


def _segment_path(request: RenderRequest, speech: Path, frames: range) -> Path:
    return speech.parent / f"{frames.start:06}.{request.output.container}"


def _share_of_limit(request: RenderRequest, speech: Path) -> float:
    """Frames a second that two processes compose and encode, over those that x264 could."""
    pair: list[Spent[int]] = spent_together(
        [partial(_composed, request, speech, part) for part in range(2)]
    )
    limit = alone(partial(_encoded, request, speech))
    reached = sum(one.given for one in pair) / wall_s(pair)
    return reached / (limit.given / limit.wall_s)


def _composed(request: RenderRequest, speech: Path, part: int) -> Callable[[], int]:
    sample = Sample.of(Staged.read(request, speech))

    def compose() -> int:
        with pipeline.one_thread():
            sample.encode(sample.composed(), speech.parent / f"composed-{part}.mp4")
        return len(sample.patches)

    return compose


def _encoded(request: RenderRequest, speech: Path) -> Callable[[], int]:
    sample = Sample.of(Staged.read(request, speech))
    frames = sample.packed()

    def encode() -> int:
        sample.encode_by_two_threads(frames, speech.parent / "limit.mp4")
        return len(frames)

    return encode
