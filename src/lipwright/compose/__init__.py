"""Compose: ground, person, captions and cards become one YUV frame, in one reused buffer."""

from lipwright.arrays import Box
from lipwright.colour import copied, within
from lipwright.compose.backgrounds import card_for, open_ground, read_picture, seen_whole
from lipwright.compose.captions import CaptionTrack, check_fonts, missing_glyphs
from lipwright.compose.cards import ActionCard, Fixed, MediaCard, line_around, post_header, shade
from lipwright.compose.footage import Reel
from lipwright.compose.fringe import without_fringe
from lipwright.compose.grounds import Blurring, Clock, Ground, Inset, Roaming, Still, blurred, soft
from lipwright.compose.layers import Figure, Layers, Lens, Overlay, compose
from lipwright.compose.layouts import Layout, Pane, layout_of
from lipwright.compose.panes import disc
from lipwright.compose.transitions import Passage, passing, transition_frames
from lipwright.compose.yuv import black_frame, clear_frame, over, overwrite

__all__ = [
    "ActionCard",
    "Blurring",
    "Box",
    "CaptionTrack",
    "Clock",
    "Figure",
    "Fixed",
    "Ground",
    "Inset",
    "Layers",
    "Layout",
    "Lens",
    "MediaCard",
    "Overlay",
    "Pane",
    "Passage",
    "Reel",
    "Roaming",
    "Still",
    "black_frame",
    "blurred",
    "card_for",
    "check_fonts",
    "clear_frame",
    "compose",
    "copied",
    "disc",
    "layout_of",
    "line_around",
    "missing_glyphs",
    "open_ground",
    "over",
    "overwrite",
    "passing",
    "post_header",
    "read_picture",
    "seen_whole",
    "shade",
    "soft",
    "transition_frames",
    "within",
    "without_fringe",
]
