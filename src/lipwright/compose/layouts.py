"""Where avatar and media are in each layout: one table, with a row for each shape of canvas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lipwright.arrays import Box, Matte
from lipwright.compose.panes import disc, rounded_pane
from lipwright.request import Aspect


@dataclass(frozen=True, slots=True)
class Pane:
    """A part of the canvas, as fractions of its width and height."""

    left: float = 0.0
    top: float = 0.0
    width: float = 1.0
    height: float = 1.0
    corner: float = 0.0
    """Radius of its corners, over the canvas's short side."""
    border: float = 0.0
    """Width of a white line around it, over the canvas's short side."""
    fade: float = 0.0
    """Height over which its upper edge becomes clear, over the canvas's height."""
    round: bool = False
    """A circle: (left, top) is its middle, and the width its diameter over the short side."""

    def box(self, size: tuple[int, int]) -> Box:
        """The pane in pixels, its edges even."""
        width, height = size
        if self.round:
            side = _even(self.width * min(size))
            left = _even(self.left * width - side / 2)
            top = _even(self.top * height - side / 2)
            return Box(left, top, left + side, top + side)
        edges = (
            (self.left, width),
            (self.top, height),
            (self.left + self.width, width),
            (self.top + self.height, height),
        )
        return Box(*(_even(share * side) for share, side in edges))

    def mask(self, size: tuple[int, int]) -> Matte | None:
        """Where the pane is seen; None is all of it."""
        box = self.box(size)
        if self.round:
            return disc(box.right - box.left)
        if self.fade:
            return _fading(box.size, _even(self.fade * size[1]))
        if not self.corner:
            return None
        return rounded_pane((box.right - box.left, box.bottom - box.top), self.corner * min(size))

    @property
    def is_whole(self) -> bool:
        """Whether it is the canvas."""
        return self == WHOLE

    def outline(self, size: tuple[int, int]) -> tuple[Box, Matte] | None:
        """The line around it, with the box that it lies in; None where there is none."""
        if not self.border:
            return None
        line = _even(self.border * min(size))
        inner = self.box(size)
        box = Box(inner.left - line, inner.top - line, inner.right + line, inner.bottom + line)
        across, down = box.right - box.left, box.bottom - box.top
        radius = across / 2 if self.round else self.corner * min(size) + line
        ring = rounded_pane((across, down), radius).copy()
        hole = rounded_pane((across - 2 * line, down - 2 * line), radius - line)
        part = ring[line : down - line, line : across - line]
        np.minimum(part, 255 - hole, out=part)
        return box, ring


WHOLE: Final = Pane()


@dataclass(frozen=True, slots=True)
class Layout:
    """How avatar and media share one canvas."""

    avatar: Pane | None = WHOLE
    """None: heard, and not seen."""
    media: Pane | None = WHOLE
    """None: not seen."""
    cut_out: bool = False
    """The avatar stands in front of the media, without its own scene."""
    media_over: bool = False
    """The media lies over the avatar."""
    captions_y: float = 0.38
    """Middle of the captions from the canvas's, downwards, over its height."""
    media_blur: float = 0.0
    lens: str | None = None
    """``push-in`` or ``hand-held``."""
    vignette: bool = False
    bars: bool = False
    """Black bars above and below, as in the cinema."""
    on_blur: bool = False
    """The media, enlarged and blurred, fills what the panes leave free."""
    header: bool = False
    """The avatar's portrait and name stand above its pane, as in a post."""


def _shaped(tall: Layout, square: Layout, wide: Layout) -> Mapping[Aspect, Layout]:
    return {Aspect.PORTRAIT: tall, Aspect.SQUARE: square, Aspect.LANDSCAPE: wide}


def _same(layout: Layout) -> Mapping[Aspect, Layout]:
    return _shaped(layout, layout, layout)


_RING: Final = 0.008
_FRONT: Final = Layout(cut_out=True)
_MAGNIFIER: Final = Layout(avatar=Pane(0.27, 0.79, 0.42, round=True, border=_RING))
_REVERSE: Final = Layout(media=Pane(0.77, 0.135, 0.36, round=True, border=_RING), media_over=True)
_SMALL_CIRCLE: Final = Pane(0.22, 0.76, 0.38, round=True, border=_RING)
_CARD: Final = Pane(0.06, 0.05, 0.88, 0.30, corner=0.04, border=_RING)


def _lowered(top: float) -> Pane:
    """Room above the hair; the avatar's scene ends softly in its own blurred colours."""
    return Pane(0, top, 1, 1 - top, fade=0.08)


def _halves(media: float, captions_y: float) -> Layout:
    """The media above the avatar; its share of the height leaves room above the hair."""
    lower = Pane(0, media, 1, 1 - media)
    return Layout(avatar=lower, media=Pane(0, 0, 1, media), captions_y=captions_y)


def _post(pane: Pane, captions_y: float) -> Layout:
    return Layout(avatar=pane, media=pane, cut_out=True, header=True, captions_y=captions_y)


_BESIDE: Final = Pane(0.51, 0.20, 0.46, 0.55, corner=0.04, border=_RING)
"""On a tall canvas two columns from top to bottom would be as narrow as a banner."""
_BESIDE_EACH_OTHER: Final = Layout(avatar=Pane(0.5, 0, 0.5, 1), media=Pane(0, 0, 0.5, 1))
_VLOG: Final = Layout(
    media=Pane(0.62, 0.04, 0.34, 0.16, corner=0.03, border=_RING), media_over=True, lens="hand-held"
)

LAYOUTS: Final[Mapping[str, Mapping[Aspect, Layout]]] = {
    "full-avatar": _same(_FRONT),
    "full-media": _same(Layout(avatar=None, captions_y=0.34)),
    "magnifier": _shaped(
        replace(_MAGNIFIER, captions_y=0.04),
        replace(_MAGNIFIER, avatar=_SMALL_CIRCLE, captions_y=-0.36),
        replace(_MAGNIFIER, avatar=Pane(0.15, 0.58, 0.44, round=True, border=_RING)),
    ),
    "reverse-magnifier": _shaped(
        replace(_REVERSE, avatar=_lowered(0.13)),
        replace(_REVERSE, media=Pane(0.84, 0.17, 0.27, round=True, border=_RING)),
        replace(_REVERSE, media=Pane(0.82, 0.34, 0.50, round=True, border=_RING)),
    ),
    "dramatic-media": _same(Layout(avatar=None, captions_y=0.0, lens="push-in", vignette=True)),
    "up-and-down": _shaped(_halves(0.5, 0.0), _halves(0.46, -0.12), _halves(0.42, -0.15)),
    "side-by-side": _shaped(
        Layout(avatar=_BESIDE, media=replace(_BESIDE, left=0.03), on_blur=True, captions_y=0.33),
        _BESIDE_EACH_OTHER,
        _BESIDE_EACH_OTHER,
    ),
    "green-screen": _shaped(
        Layout(avatar=Pane(-0.14, 0.36, 0.92, 0.64), cut_out=True, captions_y=-0.2),
        Layout(avatar=Pane(-0.14, 0.30, 0.70, 0.70), cut_out=True, captions_y=-0.36),
        Layout(avatar=Pane(-0.08, 0.28, 0.56, 0.72), cut_out=True, captions_y=-0.36),
    ),
    "overlay": _shaped(
        Layout(avatar=_lowered(0.29), media=_CARD, media_over=True),
        Layout(avatar=_lowered(0.32), media=_CARD, media_over=True),
        Layout(
            media=Pane(0.67, 0.14, 0.28, 0.60, corner=0.04, border=_RING),
            media_over=True,
        ),
    ),
    "post": _shaped(
        _post(Pane(0.07, 0.26, 0.86, 0.56, corner=0.04), 0.22),
        _post(Pane(0.14, 0.22, 0.72, 0.70, corner=0.04), 0.31),
        _post(Pane(0.20, 0.21, 0.60, 0.72, corner=0.04), 0.34),
    ),
    "dramatic": _same(replace(_FRONT, lens="push-in", vignette=True, bars=True, captions_y=0.3)),
    "vanilla": _same(replace(_FRONT, media_blur=0.012)),
    "vlog": _shaped(
        replace(_VLOG, avatar=_lowered(0.1)),
        replace(
            _VLOG,
            avatar=_lowered(0.12),
            media=Pane(0.66, 0.05, 0.30, 0.28, corner=0.03, border=_RING),
        ),
        replace(_VLOG, media=Pane(0.68, 0.07, 0.27, 0.40, corner=0.03, border=_RING)),
    ),
}
"""Every name of `request.LAYOUTS`."""


def layout_of(name: str, aspect: Aspect) -> Layout:
    """The layout of this name on a canvas of a shape."""
    return LAYOUTS[name][aspect]


def _fading(size: tuple[int, int], rows: int) -> Matte:
    mask = np.full((size[1], size[0]), 255, np.uint8)
    mask[:rows] = np.linspace(0, 255, rows).astype(np.uint8)[:, None]
    return mask


def _even(side: float) -> int:
    return 2 * round(side / 2)
