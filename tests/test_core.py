"""The core: exact time, checked requests, the error tree, bundled files."""

from __future__ import annotations

import inspect
import itertools
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright import errors
from lipwright.errors import InvalidRequest, LipwrightError, ModelUnavailable
from lipwright.models import Asset
from lipwright.request import Aspect, Background, Captions, Output, RenderRequest
from lipwright.timeline import FrameGrid, Timed

FPS = st.sampled_from(
    [Fraction(n) for n in (24, 25, 30, 50, 60)] + [Fraction(24_000, 1_001), Fraction(30_000, 1_001)]
)


@given(count=st.integers(1, 48_000 * 600), fps=FPS)
def test_frames_cover_the_audio_and_no_more(count: int, fps: Fraction) -> None:
    grid = FrameGrid.covering(count, fps=fps)
    assert Fraction(count, 48_000) <= grid.frame_count / fps < Fraction(count, 48_000) + 1 / fps
    assert grid.sample_count >= count


@given(index=st.integers(0, 36_000), fps=FPS)
def test_every_sample_belongs_to_exactly_one_frame(index: int, fps: Fraction) -> None:
    grid = FrameGrid(fps, 40_000)
    samples = grid.samples_during(index)
    assert {grid.frame_at(samples[0]), grid.frame_at(samples[-1])} == {index}
    assert samples.stop == grid.samples_during(index + 1).start


@given(fps=FPS)
def test_pts_strictly_increases_at_90_khz(fps: Fraction) -> None:
    grid = FrameGrid(fps, 2_000)
    pts = [grid.pts(i, Fraction(1, 90_000)) for i in range(2_000)]
    assert all(b > a for a, b in itertools.pairwise(pts))


def test_an_interval_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="bad interval"):
        Timed(5, 4, "a")


@pytest.mark.parametrize(
    ("aspect", "size"),
    [
        (Aspect.LANDSCAPE, (1920, 1080)),
        (Aspect.SQUARE, (1080, 1080)),
        (Aspect.PORTRAIT, (1080, 1920)),
    ],
)
def test_the_short_side_is_1080_whatever_the_aspect(aspect: Aspect, size: tuple[int, int]) -> None:
    assert Output(aspect).size == size


@given(short=st.integers(10, 60).map(lambda n: 36 * n), aspect=st.sampled_from(Aspect))
def test_every_canvas_has_even_sides(short: int, aspect: Aspect) -> None:
    assert all(side % 2 == 0 for side in Output(aspect, short_side_px=short).size)


@pytest.mark.parametrize("script", [None, "", " \n\t"])
def test_a_request_without_script_or_recording_is_refused(script: str | None) -> None:
    with pytest.raises(InvalidRequest, match="script or a recording"):
        RenderRequest.single(avatar=Path("ada"), script=script)


def test_a_caption_style_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(InvalidRequest, match=r'"karaoke" is not a caption style; choose one of'):
        Captions("karaoke")


@pytest.mark.parametrize("color", ["red", "#12345", "#1234567", "00ff00"])
def test_a_background_colour_is_six_hex_digits(color: str) -> None:
    with pytest.raises(InvalidRequest, match="#RRGGBB"):
        Background(color=color)


def test_a_background_is_a_colour_or_an_image_and_not_both() -> None:
    with pytest.raises(InvalidRequest, match="one of these"):
        Background(color="#000000", image=Path("x.png"))


def every_error() -> list[type[LipwrightError]]:
    return [
        cls
        for _, cls in inspect.getmembers(errors, inspect.isclass)
        if issubclass(cls, LipwrightError)
    ]


@pytest.mark.parametrize("cls", every_error(), ids=lambda cls: cls.__name__)
def test_every_error_is_a_sentence_and_stands_in_the_tree(cls: type[LipwrightError]) -> None:
    assert str(cls()).endswith(".")
    assert cls.__name__ in (errors.__doc__ or "")


def test_a_bundled_file_that_was_changed_is_refused() -> None:
    with pytest.raises(ModelUnavailable, match="does not match its checksum"):
        Asset("NOTICE", "0" * 64, "Apache-2.0", "here").read()
