"""Pages hold every word once, in order, inside the safe area, on two lines at most."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lipwright.compose.captions.layout import SAFE_MARGIN, Layout, Page
from lipwright.compose.captions.sense import grouped, stretches
from lipwright.compose.captions.styles import STYLES
from lipwright.compose.captions.typesetter import Typesetter
from lipwright.request import CAPTION_STYLES, Captions
from lipwright.timeline import Timed

WORDS = st.lists(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn")),
        min_size=1,
        max_size=30,
    ),
    min_size=1,
    max_size=14,
)


def spoken(text: str, step: int = 12_000) -> list[Timed[str]]:
    return [Timed(i * step, i * step + step - 500, word) for i, word in enumerate(text.split(" "))]


def pages_of(
    words: list[Timed[str]], style: str, size: tuple[int, int] = (1080, 1920), y: float = 0.3
) -> list[Page]:
    typesetter = Typesetter.of(STYLES[style].typeface, [word.value for word in words])
    return Layout.of(STYLES[style], typesetter, Captions(style, 0.0, y), size).pages(words)


def texts(pages: list[Page]) -> list[str]:
    return [" ".join(word.text for word in page.words) for page in pages]


@given(
    texts=WORDS,
    style=st.sampled_from(CAPTION_STYLES),
    size=st.tuples(st.integers(32, 1080), st.integers(32, 1080)),
    offset=st.tuples(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5)),
)
@settings(max_examples=120, deadline=None)
def test_any_words_on_any_canvas_stay_in_the_safe_area(
    texts: list[str], style: str, size: tuple[int, int], offset: tuple[float, float]
) -> None:
    typesetter = Typesetter.of(STYLES[style].typeface, texts)
    cleaned = [text for text in map(typesetter.clean, texts) if text]
    words = [Timed(i * 9_000, i * 9_000 + 8_000, text) for i, text in enumerate(cleaned)]
    layout = Layout.of(STYLES[style], typesetter, Captions(style, *offset), size)
    pages = layout.pages(words)
    assert [word.text for page in pages for word in page.words] == cleaned
    for page in pages:
        assert 1 <= len(page.lines) <= 2
        assert len(page.words) <= STYLES[style].max_words
        assert 0 < page.size_px <= layout.em_px + 1e-9
        for word in page.words:
            room = layout.gauge.room(word.text)
            for place, side, low, high in (
                (word.x, size[0], room.across, room.across),
                (word.y, size[1], room.up, room.down),
            ):
                assert place - low * page.size_px >= SAFE_MARGIN * side - 1e-6
                assert place + high * page.size_px <= (1 - SAFE_MARGIN) * side + 1e-6


def test_words_of_a_line_do_not_touch() -> None:
    for style in CAPTION_STYLES:
        for page in pages_of(spoken("Grown words never touch their neighbours, ever."), style):
            for line in {word.y for word in page.words}:
                row = sorted((w for w in page.words if w.y == line), key=lambda w: w.x)
                for left, right in itertools.pairwise(row):
                    grown = (STYLES[style].grown - 1) * max(left.width, right.width) / 2
                    gap = right.x - right.width / 2 - left.x - left.width / 2
                    assert gap > grown + 0.1 * page.size_px


def test_a_page_ends_with_its_sentence() -> None:
    pages = pages_of(spoken("We did it. Now you can. Is it so? Yes!"), "normal-black")
    assert texts(pages) == ["We did it.", "Now you can.", "Is it so?", "Yes!"]


def test_an_abbreviation_does_not_end_a_page() -> None:
    assert texts(pages_of(spoken("Ask Dr. Smith now."), "normal-black")) == ["Ask Dr. Smith now."]


def test_a_page_ends_at_a_pause() -> None:
    early, late = spoken("well then"), spoken("so what")
    words = [*early, *(Timed(w.start + 60_000, w.end + 60_000, w.value) for w in late)]
    assert texts(pages_of(words, "neo")) == ["well then", "so what"]


def test_a_page_does_not_end_with_an_article() -> None:
    words = spoken("You can open the window and the door of the house now")
    for style in ("neo", "normal-black", "mint"):
        for text in texts(pages_of(words, style))[:-1]:
            assert text.split()[-1].lower() not in {"the", "of", "and"}


def test_a_word_too_long_shrinks_and_leaves_the_others_alone() -> None:
    pages = pages_of(spoken("A Donaudampfschifffahrtsgesellschaftskapitän came home today"), "neo")
    sizes = {word.text: page.size_px for page in pages for word in page.words}
    assert sizes["Donaudampfschifffahrtsgesellschaftskapitän"] < 0.6 * sizes["home"]


def test_a_landscape_has_smaller_letters_than_a_portrait() -> None:
    words = spoken("so it goes")
    portrait, landscape = (
        pages_of(words, "neo", size)[0].size_px for size in ((1080, 1920), (1920, 1080))
    )
    assert landscape == pytest.approx(0.75 * portrait)


def test_right_to_left_words_stand_right_to_left() -> None:
    (page,) = pages_of(spoken("שלום לכולם MacBook חדש 15"), "normal-black", (1920, 1080))
    assert sorted(page.words, key=lambda word: -word.x) == list(page.words)


def test_latin_words_inside_hebrew_keep_their_order() -> None:
    (page,) = pages_of(spoken("זה Mac Book חדש מאוד"), "normal-black", (1920, 1080))
    x = {word.text: word.x for word in page.words}
    assert x["זה"] > x["Book"] > x["Mac"] > x["חדש"]


@pytest.mark.parametrize("text", ["❤️ 👩🏽‍🚀 🎉", "🎉 sale 🔥", "— 50 %"])
def test_what_has_no_direction_of_its_own_does_not_turn_a_line_around(text: str) -> None:
    (page,) = pages_of(spoken(text), "normal-black", (1920, 1080))
    assert sorted(page.words, key=lambda word: word.x) == list(page.words)


@given(st.lists(st.tuples(st.integers(0, 40_000), st.sampled_from(["a", "b,", "c."])), max_size=40))
def test_groups_cover_the_words_without_gap(steps: list[tuple[int, str]]) -> None:
    words, at = [], 0
    for step, text in steps:
        words.append(Timed(at, at + 4_000, text))
        at += 4_000 + step
    groups = grouped(words, 3, lambda group: 1.0)
    assert [i for group in groups for i in group] == list(range(len(words)))
    assert all(len(group) <= 3 for group in groups)
    ends = {group.stop for group in groups}
    assert all(stretch.stop in ends for stretch in stretches(words))
