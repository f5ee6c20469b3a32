"""Captions come on time, stay inside the frame, and cost bounded memory."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lipwright.compose.captions import CaptionTrack, YuvaSprite, missing_glyphs
from lipwright.compose.captions.fonts import font
from lipwright.compose.captions.layout import SAFE_MARGIN, Layout, Page
from lipwright.compose.captions.styles import STYLES
from lipwright.request import CAPTION_STYLES, Captions
from lipwright.timeline import FrameGrid, Timed

WORD = st.text(
    st.one_of(
        st.characters(codec="latin-1"),
        st.characters(min_codepoint=0x590, max_codepoint=0x6FF),
        st.characters(min_codepoint=0x900, max_codepoint=0xE7F),
        st.characters(min_codepoint=0x3040, max_codepoint=0x30FF),
        st.characters(min_codepoint=0x1F300, max_codepoint=0x1F64F),
    ),
    max_size=20,
)
SCRIPTS = (
    "hello Ünïcödé Привет Ελλάδα שלום مرحبا हिन्दी ไทย বাংলা தமிழ் తెలుగు ગુજરાતી ਪੰਜਾਬੀ ಕನ್ನಡ മലയാളം "
    "සිංහල ខ្មែរ ລາວ မြန်မာ Հայերեն ქართული አማርኛ 日本語 한국어 中文 ♪ 👨‍👩‍👧 🇩🇪 ❤️ 1️⃣"
)
# No shadow and no glow: whatever is drawn is letters, outlines and boxes.
HARD_STYLES = ("normal-black", "normal-white", "brick", "toons", "frenzy")


def spoken(*texts: str, step: int = 14_400) -> list[Timed[str]]:
    return [Timed(i * step, (i + 1) * step, text) for i, text in enumerate(texts)]


def track_of(
    words: list[Timed[str]],
    style: str = "neo",
    size: tuple[int, int] = (360, 640),
    offset: tuple[float, float] = (0.0, 0.3),
    fps: Fraction = Fraction(30),
) -> CaptionTrack:
    last = max((word.end for word in words), default=0)
    grid = FrameGrid.covering(last + 96_000, fps=fps)
    return CaptionTrack(words, Captions(style, *offset), size, grid)


def opaque(sprites: tuple[YuvaSprite, ...], size: tuple[int, int]) -> NDArray[np.uint8]:
    """The alpha of all sprites together on a canvas of (width, height)."""
    alpha = np.zeros((size[1], size[0]), np.uint8)
    for sprite in sprites:
        rows, columns = sprite.y.shape
        part = alpha[sprite.top : sprite.top + rows, sprite.left : sprite.left + columns]
        np.maximum(part, sprite.alpha, out=part)
    return alpha


def same(one: tuple[YuvaSprite, ...], other: tuple[YuvaSprite, ...]) -> bool:
    return len(one) == len(other) and all(
        (a.left, a.top) == (b.left, b.top)
        and np.array_equal(a.y, b.y)
        and np.array_equal(a.u, b.u)
        and np.array_equal(a.v, b.v)
        and np.array_equal(a.inverse, b.inverse)
        for a, b in zip(one, other, strict=True)
    )


@given(
    texts=st.lists(WORD, min_size=1, max_size=6),
    style=st.sampled_from(CAPTION_STYLES),
    half=st.tuples(st.integers(24, 200), st.integers(24, 200)),
    offset=st.tuples(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5)),
    frames=st.lists(st.integers(0, 80), min_size=1, max_size=4),
)
@settings(max_examples=40, deadline=None)
def test_nothing_is_drawn_outside_the_frame(
    texts: list[str],
    style: str,
    half: tuple[int, int],
    offset: tuple[float, float],
    frames: list[int],
) -> None:
    size = (2 * half[0], 2 * half[1])
    track = track_of(spoken(*texts), style, size, offset)
    for frame in frames:
        for sprite in track.sprites(frame):
            rows, columns = sprite.y.shape
            assert rows > 0
            assert columns > 0
            assert sprite.left % 2 == sprite.top % 2 == rows % 2 == columns % 2 == 0
            assert 0 <= sprite.left <= size[0] - columns
            assert 0 <= sprite.top <= size[1] - rows


@pytest.mark.parametrize("style", HARD_STYLES)
@pytest.mark.parametrize("offset", [(-0.5, -0.5), (0.5, 0.5), (0.0, 0.4)])
@pytest.mark.parametrize("size", [(240, 426), (300, 300), (426, 240)])
def test_ink_stays_in_the_safe_area_while_it_moves(
    style: str, offset: tuple[float, float], size: tuple[int, int]
) -> None:
    words = spoken("Jumping", "Übergrößenträger", "quickly", "g!")
    track = track_of(words, style, size, offset)
    for frame in range(45):
        rows, columns = np.nonzero(opaque(track.sprites(frame), size) > 8)
        if not rows.size:
            continue
        for places, side in ((columns, size[0]), (rows, size[1])):
            assert places.min() >= SAFE_MARGIN * side - 1
            assert places.max() <= (1 - SAFE_MARGIN) * side + 1


@pytest.mark.parametrize("fps", [Fraction(24), Fraction(30_000, 1_001), Fraction(60)])
@pytest.mark.parametrize("style", ["normal-black", "neo", "frenzy"])
def test_a_page_comes_with_its_first_word(style: str, fps: Fraction) -> None:
    words = [Timed(33_333, 40_000, "Hello."), Timed(123_456, 130_000, "Again.")]
    track = track_of(words, style, fps=fps)
    for word in words:
        frame = int(word.start * fps / 48_000)
        assert track.sprites(frame), "late"
        assert not track.sprites(frame - 1), "more than a frame early"
        assert max(int(sprite.alpha.max()) for sprite in track.sprites(frame)) > 100


def test_a_page_stays_six_tenths_of_a_second_after_its_last_word() -> None:
    track = track_of([Timed(0, 24_000, "Hello.")])
    assert track.sprites(15 + 17)
    assert not track.sprites(15 + 19)


def test_a_page_stays_until_the_next_one() -> None:
    track = track_of([Timed(0, 24_000, "One."), Timed(48_000, 60_000, "Two.")])
    assert all(track.sprites(frame) for frame in range(50))


def test_a_panel_does_not_flicker_from_page_to_page() -> None:
    track = track_of([Timed(0, 24_000, "One."), Timed(24_000, 60_000, "Two.")], "normal-black")
    panels = [track.sprites(frame)[0] for frame in range(10, 22)]
    assert len({int(panel.alpha.max()) for panel in panels}) == 1


def test_a_word_as_long_as_a_script_can_still_be_drawn() -> None:
    size = (360, 640)
    track = track_of(spoken("W" * 3_600, "so"), "toons", size)
    assert all(opaque(track.sprites(frame), size).any() for frame in (0, 5, 14))


def test_the_current_word_changes_at_its_frame() -> None:
    track = track_of([Timed(0, 48_000, "first"), Timed(48_000, 96_000, "second")])
    before, at, after = (track.sprites(frame) for frame in (29, 30, 31))
    assert not same(before, at)
    assert not same(at, after)
    assert same(track.sprites(20), before)


@pytest.mark.parametrize("style", CAPTION_STYLES)
def test_frames_do_not_depend_on_the_order_they_are_asked_in(style: str) -> None:
    words = spoken("One", "more", "time,", "with", "feeling", "🎉")
    frames = range(0, 70, 3)
    forward, backward = track_of(words, style), track_of(words, style)
    drawn = {frame: forward.sprites(frame) for frame in frames}
    assert all(same(drawn[frame], backward.sprites(frame)) for frame in reversed(frames))


@pytest.mark.parametrize("style", ["neo", "frenzy", "toons", "normal-black"])
def test_a_segment_shows_what_the_whole_does_and_lays_out_no_more(
    style: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = "Well, one more time. Once again, with feeling! Louder? No. Supercalifragilistic " * 4
    words = [
        Timed(word.start + pause, word.end + pause, word.value)
        for i, word in enumerate(spoken(*texts.split()))
        for pause in [40_000 * (i // 7)]
    ]
    laid: list[range] = []
    whole = track_of(words, style)
    pages = Layout.pages

    def noted(layout: Layout, words: list[Timed[str]], among: list[range]) -> list[Page]:
        laid.extend(among)
        return pages(layout, words, among)

    monkeypatch.setattr(Layout, "pages", noted)
    for segment in (range(150), range(150, 210), range(333, 360), range(620, 640)):
        laid.clear()
        part = track_of(words, style)
        assert all(same(part.sprites(frame), whole.sprites(frame)) for frame in segment)
    assert sum(map(len, laid)) < len(words) / 2


@pytest.mark.parametrize("style", CAPTION_STYLES)
def test_a_word_is_as_wide_whenever_it_is_measured(style: str) -> None:
    face = font.__wrapped__(STYLES[style].typeface, 71.3)
    assert face.getlength("Avocado, Wave") == face.getlength("Avocado, Wave")


def test_memory_does_not_grow_with_the_video() -> None:
    words = spoken(*(f"word{i}" for i in range(400)))
    track = track_of(words, "normal-black", (720, 1280))
    for frame in range(0, 3_600, 3):
        track.sprites(frame)
    assert track.byte_count < 70 << 20


def test_revealed_words_wait_for_their_turn() -> None:
    track = track_of(spoken("one", "two", "three"), "frenzy")
    assert [len(track.sprites(frame)) for frame in (4, 13, 22)] == [1, 2, 3]


def test_no_words_give_no_captions() -> None:
    assert track_of([]).sprites(0) == ()
    assert track_of(spoken(" ", "\ue000", "\x00")).sprites(10) == ()


def test_a_character_without_a_glyph_is_left_out_and_reported() -> None:
    words = spoken("go\ue000od", "day")
    assert missing_glyphs([word.value for word in words], Captions()) == {"\ue000"}
    assert same(track_of(words).sprites(5), track_of(spoken("good", "day")).sprites(5))


@pytest.mark.parametrize("text", SCRIPTS.split())
def test_no_script_of_a_voice_or_a_neighbour_is_missing(text: str) -> None:
    assert missing_glyphs([text], Captions()) == set()
    assert track_of(spoken(text)).sprites(5)


def test_emoji_are_in_colour() -> None:
    (sprite,) = track_of(spoken("🍎"), "duality").sprites(25)
    reddest = sprite.v.astype(int) - 128 * (255 - sprite.inverse_chroma.astype(int)) // 255
    assert reddest.max() > 60


def test_an_emoji_family_is_one_picture() -> None:
    (family,) = track_of(spoken("👨‍👩‍👧"), "neo").sprites(25)
    (person,) = track_of(spoken("👨"), "neo").sprites(25)
    assert family.y.shape[1] < 1.3 * person.y.shape[1]
