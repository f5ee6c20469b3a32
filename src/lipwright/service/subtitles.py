"""Words in time -> WebVTT, for the preview's player."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lipwright.service.jobs import Word

LINE_WORDS: Final = 6
"""About as many words as one line of a small player holds."""


def webvtt(words: Sequence[Word]) -> str:
    """One cue for each line of words."""
    lines = ["WEBVTT", ""]
    for first in range(0, len(words), LINE_WORDS):
        group = words[first : first + LINE_WORDS]
        end_s = group[-1].start_s + group[-1].duration_s
        text = " ".join(word.text for word in group).replace("&", "&amp;").replace("<", "&lt;")
        lines += [f"{_clock(group[0].start_s)} --> {_clock(end_s)}", text, ""]
    return "\n".join(lines)


def _clock(moment_s: float) -> str:
    ms = round(moment_s * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
