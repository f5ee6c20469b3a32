"""Captions may be changed in every way that the request knows."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.compose.captions import CaptionTrack
from lipwright.compose.captions.custom import styled
from lipwright.compose.captions.fonts import FAMILIES, path_of
from lipwright.compose.captions.styles import STYLES
from lipwright.errors import InvalidRequest
from lipwright.request import FONT_FAMILIES, Captions
from lipwright.timeline import FrameGrid, Timed

WORDS = [
    Timed(i * 9_600, i * 9_600 + 9_000, word)
    for i, word in enumerate(["Say", "it", "again", "now"])
]


def cover(captions: Captions, size: tuple[int, int] = (540, 540)) -> NDArray[np.uint8]:
    """What the captions hide at their last word, ``(H, W)``."""
    grid = FrameGrid.covering(57_600, fps=Fraction(30))
    canvas = np.zeros(size[::-1], np.uint8)
    for sprite in CaptionTrack(WORDS, captions, size, grid).sprites(27):
        height, width = sprite.y.shape
        part = canvas[sprite.top : sprite.top + height, sprite.left : sprite.left + width]
        np.maximum(part, sprite.alpha, out=part)
    return canvas


def box(canvas: NDArray[np.uint8]) -> tuple[int, int]:
    rows, columns = np.nonzero(canvas > 128)
    return int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1


def test_every_family_has_its_files() -> None:
    assert set(FAMILIES) == set(FONT_FAMILIES)
    for family in FAMILIES.values():
        for face in (family.regular, family.bold, family.italic, family.bold_italic):
            assert face is None or path_of(face).is_file()


@pytest.mark.parametrize("family", FONT_FAMILIES)
def test_every_family_draws_its_own_letters(family: str) -> None:
    plain = cover(Captions("neo", offset_y=0))
    assert (cover(Captions("neo", offset_y=0, font_family=family)) != plain).mean() > 0.005


@pytest.mark.parametrize("size", [(540, 540), (960, 540), (540, 960)])
def test_a_font_size_is_the_same_on_every_canvas(size: tuple[int, int]) -> None:
    small = box(cover(Captions("normal-black", offset_y=0, font_size_px=40), size))
    assert small[1] == pytest.approx(0.5 * 40 * 1.42, rel=0.1)
    larger = box(cover(Captions("normal-black", offset_y=0, font_size_px=60), size))
    assert larger[0] / small[0] == pytest.approx(1.5, rel=0.05)


def test_lines_are_no_wider_than_asked() -> None:
    narrow = cover(Captions("normal-black", offset_y=0, font_size_px=60, max_width_px=400))
    assert box(narrow)[0] <= 202
    assert box(narrow)[1] > 60, "two lines"


def test_lines_stand_as_far_apart_as_asked() -> None:
    asked = {"font_size_px": 60, "max_width_px": 400, "background_color": "#00000000"}
    near, far = (
        box(cover(Captions("normal-black", 0, 0, line_height=height, **asked)))[1]  # type: ignore[arg-type]
        for height in (1.2, 2.4)
    )
    assert far - near == pytest.approx(1.2 * 30, abs=2)


def test_letters_lean_grow_bolder_and_are_underlined() -> None:
    plain = Captions("neo", 0, 0, font_family="McLaren", font_size_px=80)
    ink = {"": cover(plain)}
    for name in ("bold", "italic", "underline"):
        changed = Captions("neo", 0, 0, font_family="McLaren", font_size_px=80, **{name: True})  # type: ignore[arg-type]
        ink[name] = cover(changed)
    assert (ink["bold"] > 128).sum() > 1.03 * (ink[""] > 128).sum()
    assert box(ink["italic"])[0] > box(ink[""])[0]
    assert box(ink["underline"])[1] > box(ink[""])[1]


def test_colours_are_those_of_the_request() -> None:
    style = styled(Captions("neo", text_color="#11223380", highlight_color="#AABBCC"))
    assert (style.fill.top, style.fill.alpha) == ("#112233", 128 / 255)
    assert style.active.top == "#AABBCC"
    assert styled(Captions("normal-black", background_color="#00000000")).panel is None
    panel = styled(Captions("neo", background_color="#FF0000")).panel
    assert panel is not None
    assert panel.paint.top == "#FF0000"


def test_a_shadow_is_written_as_in_css() -> None:
    shadow = styled(Captions("neo", font_size_px=100, text_shadow="2px -4px 6px #00000080")).shadow
    assert shadow is not None
    assert (shadow.dx, shadow.dy, shadow.blur, shadow.alpha) == (0.02, -0.04, 0.03, 128 / 255)
    assert styled(Captions("neo", text_shadow="none")).shadow is None


@pytest.mark.parametrize("style", STYLES)
def test_a_style_that_is_not_changed_is_the_one_of_the_table(style: str) -> None:
    assert styled(Captions(style)) == STYLES[style]


@pytest.mark.parametrize(
    "change",
    [
        {"font_family": "Arial"},
        {"font_size_px": 8},
        {"font_size_px": float("nan")},
        {"text_color": "red"},
        {"background_color": "#12345"},
        {"max_width_px": 10},
        {"line_height": 9},
        {"text_shadow": "big and black"},
    ],
)
def test_what_cannot_be_drawn_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InvalidRequest):
        Captions(**change)  # type: ignore[arg-type]
