"""Captions: words on the picture, in time with the speech, and as subtitle files."""

from lipwright.compose.captions.fonts import check_fonts
from lipwright.compose.captions.sprite import YuvaSprite
from lipwright.compose.captions.subtitles import srt, vtt, word_timings
from lipwright.compose.captions.track import CaptionTrack, missing_glyphs

__all__ = [
    "CaptionTrack",
    "YuvaSprite",
    "check_fonts",
    "missing_glyphs",
    "srt",
    "vtt",
    "word_timings",
]
