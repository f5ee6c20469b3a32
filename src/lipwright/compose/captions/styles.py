"""How each caption style looks: one table.  Lengths are in ems unless they say otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lipwright.compose.captions.fonts import Typeface
from lipwright.compose.captions.typesetter import PLAIN, Decoration


@dataclass(frozen=True, slots=True)
class Paint:
    """A colour, or two from the top to the bottom of the capitals."""

    top: str
    bottom: str | None = None
    alpha: float = 1.0
    split: bool = False
    """The two colours meet at a hard edge instead of blending."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """An outline around the letters."""

    width: float
    color: str


@dataclass(frozen=True, slots=True)
class Shadow:
    """The silhouette again, moved and blurred, under the letters."""

    dx: float
    dy: float
    blur: float
    color: str
    alpha: float


@dataclass(frozen=True, slots=True)
class Extrusion:
    """A solid side, as if the letters were thick."""

    dx: float
    dy: float
    color: str


@dataclass(frozen=True, slots=True)
class Glow:
    """Light around the letters."""

    blur: float
    color: str
    strength: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rounded rectangle: behind the current word, or behind every line."""

    paint: Paint
    pad_x: float
    pad_y: float
    radius: float
    hazard: bool = False
    """Black and yellow stripes above and below it."""


@dataclass(frozen=True, slots=True)
class Underline:
    """A bar that grows under the current word."""

    color: str
    width: float
    drop: float
    """From the middle of the capitals down to the bar."""


@dataclass(frozen=True, slots=True)
class Style:
    """One look of the captions."""

    typeface: Typeface
    size: float
    """Em as a share of the canvas's short side, on a portrait canvas."""
    fill: Paint
    active: Paint
    """The current word's colour."""
    past: Paint | None = None
    """Colour of the words that were said; `fill` where it is None."""
    cycle: tuple[Paint, ...] = ()
    """Instead of the three above: one colour after another, word by word."""
    strokes: tuple[Stroke, ...] = ()
    """Outermost first."""
    active_strokes: tuple[Stroke, ...] | None = None
    """The current word's; `strokes` where it is None."""
    shadow: Shadow | None = None
    extrusion: Extrusion | None = None
    glow: Glow | None = None
    glow_always: bool = False
    """Every word glows, not only the current one."""
    box: Box | None = None
    panel: Box | None = None
    underline: Underline | None = None
    upper: bool = True
    reveal: bool = False
    """Words appear one by one as they are said."""
    motion: str = "pop"
    """How the current word moves: a name in `motions.MOTIONS`."""
    grown: float = 1.0
    """Size of the current word against the others."""
    tilt_deg: float = 0.0
    """Turn of the current word, + clockwise."""
    word_gap: float = 0.26
    line_gap: float = 1.16
    max_words: int = 4
    decoration: Decoration = PLAIN
    exact_size: bool = False
    """The size is the same on canvases of every shape."""


def _font(name: str, file: str, weight: int | None = None) -> Typeface:
    return Typeface(f"fontpkg_{name}", f"files/{file}", weight)


_SEMIBOLD: Final = _font("poppins", "Poppins-SemiBold.ttf")
_EXTRABOLD: Final = _font("poppins", "Poppins-ExtraBold.ttf")
_WHITE: Final = Paint("#ffffff")
_INK: Final = Paint("#101114")

STYLES: Final[Mapping[str, Style]] = {
    "normal-black": Style(
        typeface=_SEMIBOLD,
        size=0.070,
        upper=False,
        fill=Paint("#ffffff", alpha=0.62),
        active=_WHITE,
        past=_WHITE,
        panel=Box(Paint("#000000", alpha=0.84), 0.36, 0.17, 0.28),
        motion="fade",
        line_gap=1.32,
        max_words=6,
    ),
    "normal-white": Style(
        typeface=_SEMIBOLD,
        size=0.070,
        upper=False,
        fill=Paint("#101114", alpha=0.55),
        active=_INK,
        past=_INK,
        panel=Box(Paint("#ffffff", alpha=0.95), 0.36, 0.17, 0.28),
        motion="fade",
        line_gap=1.32,
        max_words=6,
    ),
    "normal-red": Style(
        typeface=_EXTRABOLD,
        size=0.084,
        upper=False,
        fill=_WHITE,
        active=_WHITE,
        strokes=(Stroke(0.042, "#000000"),),
        active_strokes=(),
        shadow=Shadow(0, 0.045, 0.10, "#000000", 0.75),
        box=Box(Paint("#f5222d"), 0.20, 0.07, 0.20),
        line_gap=1.34,
    ),
    "normal-blue": Style(
        typeface=_EXTRABOLD,
        size=0.084,
        upper=False,
        fill=_WHITE,
        active=_WHITE,
        strokes=(Stroke(0.042, "#000000"),),
        active_strokes=(),
        shadow=Shadow(0, 0.045, 0.10, "#000000", 0.75),
        box=Box(Paint("#1677ff"), 0.20, 0.07, 0.20),
        line_gap=1.34,
    ),
    "neo": Style(
        typeface=_font("archivo_black", "ArchivoBlack-Regular.ttf"),
        size=0.094,
        fill=_WHITE,
        active=Paint("#c6ff00"),
        strokes=(Stroke(0.086, "#000000"),),
        shadow=Shadow(0, 0.067, 0.095, "#000000", 0.6),
        grown=1.08,
    ),
    "brick": Style(
        typeface=_font("anton", "Anton-Regular.ttf"),
        size=0.122,
        fill=Paint("#fff4e6"),
        active=Paint("#ff6b35"),
        strokes=(Stroke(0.075, "#2b0f06"),),
        extrusion=Extrusion(0.045, 0.068, "#7f1d0b"),
        motion="slam",
        grown=1.06,
        word_gap=0.2,
        line_gap=1.22,
    ),
    "frenzy": Style(
        typeface=_font("bungee", "Bungee-Regular.ttf"),
        size=0.088,
        fill=_WHITE,
        active=_WHITE,
        cycle=(Paint("#ff2e93"), Paint("#ffd60a"), Paint("#00e5ff"), Paint("#7cff4f")),
        strokes=(Stroke(0.125, "#ffffff"), Stroke(0.075, "#15003a")),
        extrusion=Extrusion(0.05, 0.07, "#15003a"),
        reveal=True,
        motion="bounce",
        grown=1.1,
        tilt_deg=5,
        word_gap=0.24,
        line_gap=1.34,
        max_words=3,
    ),
    "verana": Style(
        typeface=_font("outfit", "Outfit[wght].ttf", 700),
        size=0.092,
        upper=False,
        fill=Paint("#ecdfe3"),
        active=_WHITE,
        past=_WHITE,
        strokes=(Stroke(0.028, "#3a1f2a"),),
        shadow=Shadow(0, 0.03, 0.14, "#1d0a12", 0.9),
        underline=Underline("#ff8fb0", 0.1, 0.66),
        motion="rise",
        line_gap=1.42,
    ),
    "mustard": Style(
        typeface=_font("lilita_one", "LilitaOne-Regular.ttf"),
        size=0.108,
        fill=_WHITE,
        active=Paint("#ffe259", "#ffa751"),
        strokes=(Stroke(0.08, "#3b2500"),),
        shadow=Shadow(0, 0.075, 0.035, "#000000", 0.55),
        grown=1.07,
    ),
    "glow": Style(
        typeface=_font("montserrat", "Montserrat[wght].ttf", 800),
        size=0.092,
        fill=_WHITE,
        active=Paint("#f3fffb"),
        strokes=(Stroke(0.03, "#08313a"),),
        shadow=Shadow(0, 0.03, 0.09, "#000000", 0.8),
        glow=Glow(0.16, "#19f0ff", 1.6),
        grown=1.05,
    ),
    "mint": Style(
        typeface=_font("fredoka", "Fredoka[wdth,wght].ttf", 700),
        size=0.098,
        upper=False,
        fill=_WHITE,
        active=Paint("#05382b"),
        past=Paint("#d6fff0"),
        strokes=(Stroke(0.058, "#05382b"),),
        active_strokes=(),
        shadow=Shadow(0, 0.045, 0.07, "#001e16", 0.55),
        box=Box(Paint("#7dffce", "#27d69a"), 0.2, 0.05, 0.3),
        grown=1.03,
        line_gap=1.34,
    ),
    "coolers": Style(
        typeface=_font("bebas_neue", "BebasNeue-Regular.ttf"),
        size=0.134,
        fill=Paint("#ffffff", "#bfe9ff"),
        active=Paint("#e6fbff", "#2aa8ff"),
        strokes=(Stroke(0.055, "#06264a"),),
        extrusion=Extrusion(0, 0.048, "#041a33"),
        glow=Glow(0.11, "#3fb8ff", 1.0),
        glow_always=True,
        motion="rise",
        grown=1.08,
        word_gap=0.2,
        line_gap=1.1,
    ),
    "bilo": Style(
        typeface=_font("rubik", "Rubik[wght].ttf", 800),
        size=0.090,
        upper=False,
        fill=_WHITE,
        active=_WHITE,
        strokes=(Stroke(0.05, "#1b0b3a"),),
        active_strokes=(),
        shadow=Shadow(0, 0.058, 0.095, "#000000", 0.55),
        box=Box(Paint("#8b5cf6", "#6d28d9"), 0.2, 0.09, 0.24),
        motion="bounce",
        grown=1.05,
        tilt_deg=-3,
        line_gap=1.36,
    ),
    "toons": Style(
        typeface=_font("luckiest_guy", "LuckiestGuy-Regular.ttf"),
        size=0.112,
        fill=_WHITE,
        active=Paint("#fff200", "#ffb300"),
        strokes=(Stroke(0.118, "#ffffff"), Stroke(0.085, "#111111")),
        extrusion=Extrusion(0.03, 0.07, "#111111"),
        motion="bounce",
        grown=1.1,
        tilt_deg=-4,
        word_gap=0.2,
        line_gap=1.26,
    ),
    "deep-blue": Style(
        typeface=_font("inter", "Inter[opsz,wght].ttf", 800),
        size=0.072,
        upper=False,
        fill=Paint("#9db7ff", alpha=0.85),
        active=_WHITE,
        past=_WHITE,
        panel=Box(Paint("#0b1b4d", "#081238", 0.93), 0.42, 0.2, 0.34),
        glow=Glow(0.17, "#4f7dff", 1.1),
        motion="fade",
        line_gap=1.38,
        max_words=5,
    ),
    "mystique": Style(
        typeface=_font("unbounded", "Unbounded[wght].ttf", 800),
        size=0.074,
        fill=_WHITE,
        active=Paint("#ff9bf5", "#9b6bff"),
        strokes=(Stroke(0.07, "#1c0b33"),),
        shadow=Shadow(0, 0.06, 0.12, "#0b0016", 0.7),
        glow=Glow(0.21, "#c04dff", 1.25),
        grown=1.06,
        line_gap=1.26,
        max_words=3,
    ),
    "caution": Style(
        typeface=_font("oswald", "Oswald[wght].ttf", 700),
        size=0.104,
        fill=Paint("#ffd400"),
        active=Paint("#111111"),
        strokes=(Stroke(0.06, "#111111"),),
        active_strokes=(),
        shadow=Shadow(0, 0.042, 0.05, "#000000", 0.6),
        box=Box(Paint("#ffd400"), 0.18, 0.05, 0.06, hazard=True),
        motion="slam",
        word_gap=0.22,
        line_gap=1.5,
    ),
    "duality": Style(
        typeface=_font("kanit", "Kanit-ExtraBoldItalic.ttf"),
        size=0.106,
        fill=_WHITE,
        active=Paint("#ffffff", "#ff4d6d", split=True),
        strokes=(Stroke(0.068, "#12131a"),),
        shadow=Shadow(0.055, 0.055, 0, "#00e0ff", 0.95),
        grown=1.08,
        line_gap=1.2,
    ),
}
"""Every name of `request.CAPTION_STYLES`."""
