"""How much room one word needs, at rest and while it moves.  All lengths are in ems."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from lipwright.compose.captions.motions import Reach, reach
from lipwright.compose.captions.painter import BOX_EM, HAZARD_EM
from lipwright.compose.captions.styles import Style
from lipwright.compose.captions.typesetter import Typesetter, word_level

# Between two words when one of them is grown: less than this and they read as one.
_CLEARANCE_EM: Final = 0.18


@dataclass(frozen=True, slots=True)
class Room:
    """What one word takes, around the middle of its capitals."""

    text: str
    width: float
    above: float
    """Ink above the middle, at rest."""
    below: float
    overhang: float
    """Room to each side while it is the current word, with the clearance to the next."""
    across: float
    """The farthest its ink goes to either side while it moves; shadow and glow go farther."""
    up: float
    down: float
    is_rtl: bool
    is_ltr: bool

    def level(self, base: int) -> int:
        """Embedding level in a line whose base level is `base`."""
        if self.is_rtl:
            return 1
        return 2 * base if self.is_ltr else base


@dataclass(frozen=True, slots=True)
class Gauge:
    """Measures words in one style."""

    style: Style
    typesetter: Typesetter
    stroke: float
    far: Reach

    @classmethod
    def of(cls, style: Style, typesetter: Typesetter) -> Gauge:
        """The gauge of a style whose words `typesetter` sets."""
        stroke = max((stroke.width for stroke in style.strokes), default=0.0)
        return cls(style, typesetter, stroke, reach(style))

    def room(self, text: str) -> Room:
        """The room that a word needs."""
        style, extent = self.style, self.typesetter.extent(text)
        above = extent.above - extent.cap / 2 + self.stroke
        below = extent.below + extent.cap / 2 + self.stroke
        side = style.box.pad_x if style.box else self.stroke
        across, up, down = self._reach(extent.width / 2, above, below)
        return Room(
            text,
            extent.width,
            above,
            below,
            _CLEARANCE_EM + self.stroke + side + (style.grown - 1) * extent.width / 2,
            across,
            up,
            down,
            is_rtl=word_level(text, 0) == 1,
            is_ltr=word_level(text, 1) == 2,
        )

    def _reach(self, half: float, above: float, below: float) -> tuple[float, float, float]:
        """(across, up, down) with everything that is drawn hard, at the motion's extremes."""
        style, side = self.style, self.stroke
        if style.extrusion:
            side, below = side + abs(style.extrusion.dx), below + style.extrusion.dy
        if style.underline:
            below = max(below, style.underline.drop + style.underline.width)
        if style.box:
            tall = BOX_EM + style.box.pad_y + (HAZARD_EM if style.box.hazard else 0)
            side, above, below = max(side, style.box.pad_x), max(above, tall), max(below, tall)
        half += side
        turn = math.radians(self.far.tilt_deg)
        lift = half * math.sin(turn)
        across = half * math.cos(turn) + max(above, below) * math.sin(turn)
        scale = self.far.scale
        return across * scale, (above + lift) * scale, (below + lift) * scale + self.far.drop
