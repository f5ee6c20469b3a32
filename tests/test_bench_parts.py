"""The parts of the benchmark measure what they say; no test here times anything."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from lipwright import Captions, Output, RenderRequest
from lipwright.bench.container import av_offset_ms
from lipwright.bench.processes import alone, spent_together, wall_s
from lipwright.bench.sampled import Sample
from lipwright.bench.service import misjudged
from lipwright.errors import InvalidRequest
from lipwright.pipeline import narrated
from lipwright.request import Container
from lipwright.staging import Staged, Stages, drawn


def _holding(megabytes: int) -> Callable[[], int]:
    return lambda: int(np.ones(megabytes * 1_000_000, np.uint8).sum())


def _refusing() -> Callable[[], int]:
    raise InvalidRequest("There is nothing to do.")


@pytest.mark.slow
def test_processes_begin_together_and_their_memory_is_their_own() -> None:
    small, large = spent_together([partial(_holding, 1), partial(_holding, 300)])
    assert (small.given, large.given) == (1_000_000, 300_000_000)
    assert large.peak_mb - small.peak_mb == pytest.approx(300, abs=30)
    assert wall_s([small, large]) >= max(small.wall_s, large.wall_s)


@pytest.mark.slow
def test_what_a_process_raises_is_raised() -> None:
    with pytest.raises(InvalidRequest, match="nothing to do"):
        alone(_refusing)


@pytest.mark.parametrize("container", list(Container))
def test_sound_and_picture_of_a_file_lie_within_a_millisecond(
    tmp_path: Path, container: Container
) -> None:
    assert av_offset_ms(container, tmp_path) <= 1


@pytest.mark.slow
def test_a_sample_is_composed_to_the_frames_of_the_pipeline(avatar_folder: Path) -> None:
    request = RenderRequest.single(
        avatar_folder, "Hello.", captions=Captions("neo"), output=Output(short_side_px=360)
    )
    staged = Staged.of(request, narrated(request, Stages()))
    sample = Sample.of(staged, 12)
    for ours, theirs in zip(sample.composed(), drawn(staged, range(12), Stages()), strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(ours[:3], theirs[:3], strict=True))


def test_the_time_left_is_judged_by_what_is_told_after_a_tenth() -> None:
    honest = [(second, second / 10) for second in range(11)]
    assert misjudged(honest) == 0
    late = [(0.5, 0.01), *((second, second / 12) for second in range(1, 10)), (10.0, 1.0)]
    assert misjudged(late) == pytest.approx(0.2)
