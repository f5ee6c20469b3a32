"""The table of styles is whole, and its typefaces may be shipped."""

from __future__ import annotations

from importlib.metadata import metadata, packages_distributions

import pytest

from lipwright.compose.captions.emoji import COLOR_EMOJI
from lipwright.compose.captions.fonts import Typeface, coverage, fallbacks, path_of
from lipwright.compose.captions.motions import MOTIONS, reach
from lipwright.compose.captions.styles import STYLES
from lipwright.errors import ModelUnavailable
from lipwright.request import CAPTION_STYLES

EVERY_FACE = {style.typeface for style in STYLES.values()} | set(fallbacks("ja"))


def test_every_style_of_a_request_stands_in_the_table() -> None:
    assert tuple(STYLES) == CAPTION_STYLES


def test_styles_differ() -> None:
    assert len(set(STYLES.values())) == len(STYLES)
    assert len({style.typeface for style in STYLES.values()}) >= 16


@pytest.mark.parametrize("typeface", sorted(EVERY_FACE, key=str), ids=lambda face: face.file)
def test_a_typeface_is_installed_under_an_open_licence(typeface: Typeface) -> None:
    assert path_of(typeface).is_file()
    assert coverage(typeface)
    distribution = packages_distributions()[typeface.package][0]
    assert metadata(distribution)["License-Expression"] in {"OFL-1.1", "Apache-2.0"}


def test_a_font_that_is_not_installed_is_named() -> None:
    with pytest.raises(ModelUnavailable, match=r"Gone\.ttf"):
        path_of(Typeface("fontpkg_anton", "Gone.ttf"))


def test_the_emoji_font_is_the_one_in_the_notice() -> None:
    assert COLOR_EMOJI.read()[:4] == b"\x00\x01\x00\x00"


@pytest.mark.parametrize("name", CAPTION_STYLES)
def test_motion_ends_at_rest_and_is_readable_at_once(name: str) -> None:
    style = STYLES[name]
    motion = MOTIONS[style.motion]
    for move in (motion.emphasis, motion.entrance):
        rest = move(1.0)
        assert rest.scale == pytest.approx(1, abs=0.01)
        assert rest.turn == pytest.approx(1, abs=0.01)
        assert rest.drop == pytest.approx(0, abs=0.001)
        assert rest.opacity == 1
        assert move(0.0).opacity >= 0.6
    assert 1 <= reach(style).scale <= 1.5


@pytest.mark.parametrize("name", CAPTION_STYLES)
def test_a_current_word_looks_different(name: str) -> None:
    style = STYLES[name]
    marks = (
        style.active != style.fill,
        style.box is not None,
        style.grown != 1,
        style.underline is not None,
    )
    assert any(marks)
