"""Finished files in a real Chromium: colour, alpha, frame for frame, to the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright import Background, Captions, RenderRequest, render
from lipwright.arrays import Frame, YuvFrame
from lipwright.colour import yuv_of
from lipwright.encode import join, mastered, write_video
from lipwright.request import Aspect, Container, Output
from lipwright.timeline import SAMPLE_RATE, FrameGrid

if TYPE_CHECKING:
    from playwright.sync_api import Page

_SQUARE = Output(Aspect.SQUARE, short_side_px=360)
_GRID = FrameGrid(_SQUARE.fps, 45)
_RED, _GREEN = (255, 0, 0), (0, 255, 0)
_TEAL = (40, 150, 125)
"""Its blue is as strong as its luma: where no GPU is, Chromium weighs the difference of the two
by 2.0 instead of BT.709's 2.112."""
_CLEAR, _HALF, _SOLID = slice(0, 110), slice(130, 230), slice(250, 360)


def _bars(output: Output) -> Iterator[YuvFrame]:
    """Clear, half clear and solid teal in three columns; a number in black and white bars."""
    picture = np.full((360, 360, 3), _TEAL, np.uint8)
    for number in range(_GRID.frame_count):
        for bit in range(6):
            shade = 255 if number >> bit & 1 else 0
            picture[300:, 60 * bit : 60 * bit + 60] = shade
        frame = yuv_of(picture)
        if output.is_transparent:
            alpha = np.full((360, 360), 255, np.uint8)
            alpha[:300, :120], alpha[:300, 120:240] = 0, 128
            frame = frame._replace(alpha=alpha)
        yield frame


def _file(output: Output, folder: Path) -> Path:
    tone = np.sin(np.arange(_GRID.sample_count) * 2 * np.pi * 440 / SAMPLE_RATE) * 0.3
    segment, path = folder / "part", folder / f"whole.{output.container}"
    write_video(_bars(output), _GRID, output, segment)
    join([segment], mastered(tone.astype(np.float32), _GRID, output), _GRID, output, path)
    return path


def _number(picture: Frame) -> int:
    bars = [picture[330, 60 * bit + 30].mean() > 128 for bit in range(6)]
    return sum(1 << bit for bit, is_white in enumerate(bars) if is_white)


def _mean(picture: Frame, columns: slice) -> NDArray[np.float64]:
    return np.asarray(picture[40:260, columns].mean(axis=(0, 1)), np.float64)


@pytest.mark.slow
@pytest.mark.parametrize("container", [Container.MP4, Container.WEBM_ALPHA])
def test_every_frame_is_shown_at_its_time_and_the_sound_is_heard(
    page: Page, tmp_path: Path, container: Container
) -> None:
    from player import Player

    output = replace(_SQUARE, container=container)
    player = Player.of(page, _file(output, tmp_path))
    assert player.size == output.size
    assert player.duration_s == pytest.approx(1.5, abs=0.022)  # a block of the sound's codec
    moments = [(frame + 0.5) / 30 for frame in range(_GRID.frame_count)]
    assert [_number(player.seen(at, "white")) for at in moments] == list(range(45))
    ended_s, sound_bytes = player.plays_to()
    assert ended_s == pytest.approx(player.duration_s, abs=0.001)
    assert sound_bytes > 0


@pytest.mark.slow
def test_alpha_is_clear_half_clear_and_solid_over_any_colour(page: Page, tmp_path: Path) -> None:
    from player import Player

    player = Player.of(page, _file(replace(_SQUARE, container=Container.WEBM_ALPHA), tmp_path))
    for name, behind in (("#f00", _RED), ("#0f0", _GREEN)):
        seen = player.seen(0.75, name)
        np.testing.assert_allclose(_mean(seen, _CLEAR), behind, atol=1)
        half = (np.array(behind) + _TEAL) / 2
        np.testing.assert_allclose(_mean(seen, _HALF), half, atol=6)
        np.testing.assert_allclose(_mean(seen, _SOLID), _TEAL, atol=6)


@pytest.mark.slow
def test_colours_of_an_mp4_are_those_that_were_drawn(page: Page, tmp_path: Path) -> None:
    from player import Player

    seen = Player.of(page, _file(_SQUARE, tmp_path)).seen(0.75, "#f00")
    np.testing.assert_allclose(_mean(seen, slice(0, 360)), _TEAL, atol=4)


@pytest.mark.slow
def test_a_person_stands_on_whatever_is_behind_them(
    page: Page, avatar_folder: Path, tmp_path: Path
) -> None:
    from player import Player

    output = replace(_SQUARE, container=Container.WEBM_ALPHA, captions_with_alpha=True)
    request = RenderRequest.single(
        avatar_folder,
        "Hello.",
        captions=Captions("neo"),
        background=None,
        output=output,
    )
    render(request, tmp_path / "person.webm")
    player = Player.of(page, tmp_path / "person.webm")
    on_red, on_green = (player.seen(0.3, name).astype(int) for name in ("#f00", "#0f0"))
    np.testing.assert_allclose(on_red[4:40, 4:40].mean(axis=(0, 1)), _RED, atol=3)
    np.testing.assert_allclose(on_green[4:40, 4:40].mean(axis=(0, 1)), _GREEN, atol=3)
    face = np.abs(on_red - on_green)[120:160, 160:200]
    assert face.max() <= 6, "the face lets the colour behind it through"


@pytest.mark.slow
def test_a_chroma_green_mp4_is_green_enough_to_be_keyed(
    page: Page, avatar_folder: Path, tmp_path: Path
) -> None:
    from player import Player

    request = RenderRequest.single(
        avatar_folder, "Hello.", background=Background(color="#00FF00"), output=_SQUARE
    )
    render(request, tmp_path / "green.mp4")
    seen = Player.of(page, tmp_path / "green.mp4").seen(0.3, "#f00")
    red, green, blue = seen[4:40, 4:40].mean(axis=(0, 1))
    assert (red, green) == pytest.approx((0, 255), abs=2)
    assert blue <= 12  # 0 where a GPU draws
