"""How much room one word needs, at rest and while it moves.  All lengths are in ems."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from lipwright.compose.captions.motions import Reach, reach
from lipwright.compose.captions.painter import box_reach
from lipwright.compose.captions.styles import Style
from lipwright.compose.captions.typesetter import Extent, Typesetter, word_level

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
    level: int
    """Bidirectional embedding level in its line."""


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
        stroke += style.decoration.bolder
        return cls(style, typesetter, stroke, reach(style))

    def room(self, text: str) -> Room:
        """The room that a word needs."""
        style, extent = self.style, self.typesetter.extent(text)
        above, below = extent.up + self.stroke, extent.down + self.stroke
        side = style.box.pad_x if style.box else self.stroke
        across, up, down = self._reach(extent)
        return Room(
            text,
            extent.width,
            above,
            below,
            _CLEARANCE_EM + self.stroke + side + (style.grown - 1) * extent.width / 2,
            across,
            up,
            down,
            word_level(text, self.typesetter.base),
        )

    def _reach(self, extent: Extent) -> tuple[float, float, float]:
        """(across, up, down) with everything that is drawn hard, at the motion's extremes."""
        style, side = self.style, self.stroke
        above, below = extent.up + side, extent.down + side
        if style.extrusion:
            side, below = side + abs(style.extrusion.dx), below + style.extrusion.dy
        if style.underline:
            below = max(below, style.underline.drop + style.underline.width)
        if style.box:
            up, down = box_reach(style.box, extent)
            side, above, below = max(side, style.box.pad_x), max(above, up), max(below, down)
        half = extent.width / 2 + side + style.decoration.slant * extent.above
        turn = math.radians(self.far.tilt_deg)
        lift = half * math.sin(turn)
        across = half * math.cos(turn) + max(above, below) * math.sin(turn)
        scale = self.far.scale
        return across * scale, (above + lift) * scale, (below + lift) * scale + self.far.drop
