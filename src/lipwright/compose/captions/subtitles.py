"""The words as subtitle files and as a list of timings."""

from __future__ import annotations

import functools
import itertools
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lipwright.compose.captions.sense import break_cost, grouped, is_unspaced
from lipwright.timeline import SAMPLE_RATE, Timed

MAX_LINE: Final = 42
"""Columns: what readers of Latin subtitles are used to; a Han character takes two."""
_MAX_LINES: Final = 2
_MOST_WORDS: Final = MAX_LINE * _MAX_LINES
# Reading on is easier than a cue that vanishes with its last sound.
_LINGER_MS: Final = 300
_SAMPLES_PER_MS: Final = SAMPLE_RATE // 1000
# A cue this long, or half as long and ended by sense, is good; much shorter ones flicker.
_GOOD_COLUMNS: Final = 60


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle: ``[start_ms, end_ms)``, one or two lines."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def srt(words: Sequence[Timed[str]]) -> str:
    """The words as a SubRip file."""
    blocks = [
        f"{i}\n{_clock(cue.start_ms, ',')} --> {_clock(cue.end_ms, ',')}\n{_srt_text(cue)}\n"
        for i, cue in enumerate(cues(words), start=1)
    ]
    return "\n".join(blocks)


def vtt(words: Sequence[Timed[str]]) -> str:
    """The words as a WebVTT file."""
    blocks = [
        f"{_clock(cue.start_ms, '.')} --> {_clock(cue.end_ms, '.')}\n{_vtt_text(cue)}\n"
        for cue in cues(words)
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def word_timings(words: Sequence[Timed[str]]) -> list[dict[str, float | str]]:
    """Start and duration of every word in seconds, with its text, for JSON."""
    return [
        {
            "start": round(word.start / SAMPLE_RATE, 3),
            "duration": round((word.end - word.start) / SAMPLE_RATE, 3),
            "text": word.value,
        }
        for word in words
    ]


def cues(words: Sequence[Timed[str]]) -> list[Cue]:
    """The words in cues of at most two lines, in rising order and without overlap."""
    said = _plain(words)
    before = [0, *itertools.accumulate(_columns(word.value) for word in said)]

    def cost(group: range) -> float:
        if before[group.stop] - before[group.start] > 2 * MAX_LINE:
            return math.inf  # most groups are far too long; this is told without joining them
        lines = _lines([said[i].value for i in group])
        if lines is None:
            return math.inf
        short = max(0, _GOOD_COLUMNS - sum(map(_columns, lines))) / _GOOD_COLUMNS
        return 0.3 + short

    groups = grouped(said, _MOST_WORDS, cost)
    starts: list[int] = []
    for group in groups:
        earliest = starts[-1] + 1 if starts else 0
        starts.append(max(earliest, said[group.start].start // _SAMPLES_PER_MS))
    made = []
    for i, group in enumerate(groups):
        end = max(said[j].end for j in group) // _SAMPLES_PER_MS + _LINGER_MS
        if i + 1 < len(starts):
            end = min(end, starts[i + 1])
        lines = _lines([said[j].value for j in group]) or ()
        made.append(Cue(starts[i], max(end, starts[i] + 1), lines))
    return made


def _plain(words: Sequence[Timed[str]]) -> list[Timed[str]]:
    """The words in order, on one line each, none wider than a line and none empty."""
    plain = []
    for word in sorted(words, key=lambda word: word.start):
        for piece in _pieces(" ".join(word.value.split())):
            plain.append(Timed(word.start, word.end, piece))
    return plain


def _pieces(text: str) -> list[str]:
    """The text cut where a line is full."""
    pieces = [""]
    for char in text:
        if _columns(pieces[-1] + char) > MAX_LINE:
            pieces.append("")
        pieces[-1] += char
    return [piece.strip() for piece in pieces if piece.strip()]


def _lines(texts: Sequence[str]) -> tuple[str, ...] | None:
    """The words on one line or, cut by sense, on two; None where they do not fit."""
    spaces = [0 if is_unspaced(*pair) else 1 for pair in itertools.pairwise(texts)]
    widths = [_columns(text) + space for text, space in zip(texts, [0, *spaces], strict=True)]
    ends = list(itertools.accumulate(widths))
    if ends[-1] <= MAX_LINE:
        return (_joined(texts),)
    choices = []
    for cut in range(1, len(texts)):
        first, second = ends[cut - 1], ends[-1] - ends[cut - 1] - spaces[cut - 1]
        if max(first, second) <= MAX_LINE:
            lopsided = abs(first - second) / MAX_LINE
            choices.append((break_cost(texts[cut - 1], texts[cut]) + lopsided, cut))
    if not choices:
        return None
    cut = min(choices)[1]
    return _joined(texts[:cut]), _joined(texts[cut:])


def _joined(texts: Sequence[str]) -> str:
    line = texts[0]
    for before, text in itertools.pairwise(texts):
        line += text if is_unspaced(before, text) else f" {text}"
    return line


@functools.lru_cache(maxsize=4096)
def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _clock(ms: int, mark: str) -> str:
    minutes, rest = divmod(ms, 60_000)
    hours, minutes = divmod(minutes, 60)
    seconds, rest = divmod(rest, 1000)
    return f"{hours:02}:{minutes:02}:{seconds:02}{mark}{rest:03}"


def _srt_text(cue: Cue) -> str:
    """SubRip has no escapes; an arrow inside the text would read as a time line."""
    return "\n".join(line.replace("-->", "→") for line in cue.lines)


def _vtt_text(cue: Cue) -> str:
    text = "\n".join(cue.lines)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
