"""Compose: ground, person, captions and cards become one YUV frame, in one reused buffer."""

from lipwright.compose.backgrounds import open_ground
from lipwright.compose.captions import CaptionTrack
from lipwright.compose.fringe import without_fringe
from lipwright.compose.grounds import Clock, Ground, Still, soft
from lipwright.compose.layers import Figure, Layers, Lens, Overlay, compose, compose_on_footage
from lipwright.compose.panes import disc
from lipwright.compose.transitions import Passage, passing, transition_frames
from lipwright.compose.yuv import black_frame, clear_frame, copied, yuv_of

__all__ = [
    "CaptionTrack",
    "Clock",
    "Figure",
    "Ground",
    "Layers",
    "Lens",
    "Overlay",
    "Passage",
    "Still",
    "black_frame",
    "clear_frame",
    "compose",
    "compose_on_footage",
    "copied",
    "disc",
    "open_ground",
    "passing",
    "soft",
    "transition_frames",
    "without_fringe",
    "yuv_of",
]
