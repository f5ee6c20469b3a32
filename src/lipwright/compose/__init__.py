"""Compose: background, avatar and captions become one YUV frame, in one reused buffer."""

from lipwright.compose.backgrounds import background_frame
from lipwright.compose.captions import CaptionTrack
from lipwright.compose.fringe import without_fringe
from lipwright.compose.layers import Overlay, compose, compose_transparent

__all__ = [
    "CaptionTrack",
    "Overlay",
    "background_frame",
    "compose",
    "compose_transparent",
    "without_fringe",
]
