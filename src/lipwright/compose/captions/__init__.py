"""Captions: words on the picture, in time with the speech, and as subtitle files."""

from lipwright.compose.captions.sprite import YuvaSprite
from lipwright.compose.captions.track import CaptionTrack

__all__ = ["CaptionTrack", "YuvaSprite"]
