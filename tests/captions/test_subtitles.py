"""Subtitle files are valid, rising, without overlap, and at most two lines of 42 columns."""

from __future__ import annotations

import itertools
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from lipwright.compose.captions import srt, vtt, word_timings
from lipwright.compose.captions.subtitles import MAX_LINE, cues
from lipwright.timeline import Timed

SRT_TIMES = re.compile(r"\d{2,}:[0-5]\d:[0-5]\d,\d{3} --> \d{2,}:[0-5]\d:[0-5]\d,\d{3}")
VTT_TIMES = re.compile(r"\d{2,}:[0-5]\d:[0-5]\d\.\d{3} --> \d{2,}:[0-5]\d:[0-5]\d\.\d{3}")

SPOKEN = st.lists(
    st.tuples(st.integers(0, 90_000), st.integers(0, 60_000), st.text(max_size=60)), max_size=40
)


def timed(spoken: list[tuple[int, int, str]]) -> list[Timed[str]]:
    words, at = [], 0
    for gap, length, text in spoken:
        words.append(Timed(at + gap, at + gap + length, text))
        at += gap + length // 2
    return words


def said(text: str, step: int = 14_400) -> list[Timed[str]]:
    return [Timed(i * step, (i + 1) * step, word) for i, word in enumerate(text.split())]


@given(SPOKEN)
@settings(max_examples=200, deadline=None)
def test_cues_rise_do_not_overlap_and_have_two_lines_at_most(
    spoken: list[tuple[int, int, str]],
) -> None:
    made = cues(timed(spoken))
    for cue in made:
        assert 0 <= cue.start_ms < cue.end_ms
        assert 1 <= len(cue.lines) <= 2
        assert all(line and len(line) <= MAX_LINE for line in cue.lines)
    for before, after in itertools.pairwise(made):
        assert before.end_ms <= after.start_ms


@given(SPOKEN)
@settings(max_examples=100, deadline=None)
def test_no_letter_is_lost(spoken: list[tuple[int, int, str]]) -> None:
    words = sorted(timed(spoken), key=lambda word: word.start)
    meant = "".join("".join(word.value.split()) for word in words)
    assert "".join("".join("".join(cue.lines).split()) for cue in cues(words)) == meant


@given(SPOKEN)
@settings(max_examples=100, deadline=None)
def test_files_parse(spoken: list[tuple[int, int, str]]) -> None:
    words = timed(spoken)
    count = len(cues(words))
    blocks = [block for block in srt(words).split("\n\n") if block.strip()]
    assert len(blocks) == count
    for number, block in enumerate(blocks, start=1):
        index, times, *lines = block.rstrip("\n").split("\n")
        assert index == str(number)
        assert SRT_TIMES.fullmatch(times)
        assert lines
        assert not any("-->" in line for line in lines)
    header, *cue_blocks = vtt(words).rstrip("\n").split("\n\n")
    assert header.rstrip("\n") == "WEBVTT"
    assert len(cue_blocks) == count
    for block in cue_blocks:
        times, *lines = block.split("\n")
        assert VTT_TIMES.fullmatch(times)
        assert not any("<" in line or ">" in line for line in lines)


def test_a_cue_is_broken_by_sense() -> None:
    words = said("Meet your brand new AI presenter, ready today.")
    assert srt(words) == (
        "1\n00:00:00,000 --> 00:00:02,700\nMeet your brand new AI presenter,\nready today.\n"
    )


def test_web_text_is_escaped() -> None:
    assert "a&lt;b&gt; &amp;c" in vtt(said("a<b> &c"))


def test_japanese_words_stand_without_spaces() -> None:
    assert "東京タワーは高い。" in srt(said("東京 タワー は 高い。"))


def test_times_come_from_whole_samples() -> None:
    words = [Timed(48_000 * 3_725 + 47_999, 48_000 * 3_726 + 48_000, "late")]
    assert "01:02:05,999 --> 01:02:07,300" in srt(words)
    assert word_timings(words) == [{"start": 3726.0, "duration": 1.0, "text": "late"}]


def test_nothing_said_gives_empty_files() -> None:
    assert srt([]) == ""
    assert vtt([]).strip() == "WEBVTT"
    assert word_timings([]) == []


def test_writing_without_spaces_is_put_together_again() -> None:
    japanese = said("今日は 家族の ために 作ります。")
    assert cues(japanese)[0].lines == ("今日は家族のために作ります。",)
    assert cues(said("ขอบคุณ ครับ"))[0].lines == ("ขอบคุณครับ",)
    assert cues(said("مرحبا بكم"))[0].lines == ("مرحبا بكم",)
