"""How words move: poses over a few frames, as functions of progress in [0, 1]."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from lipwright.compose.captions.styles import Style


@dataclass(frozen=True, slots=True)
class Pose:
    """How one word stands at one moment, around its own middle."""

    scale: float = 1.0
    turn: float = 1.0
    """Times the style's tilt."""
    drop: float = 0.0
    """Downwards, in ems."""
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Motion:
    """A way to move, and how long it takes."""

    duration: Fraction
    """Seconds.  From 0.1 s (quicker is not seen at 30 fps) to 0.3 s (a short word's length)."""
    emphasis: Callable[[float], Pose]
    """The current word, from the frame it is said."""
    entrance: Callable[[float], Pose]
    """Every word of a page, from the frame the page appears."""


ENTRANCE: Final = Fraction(1, 8)
"""Seconds that a page takes to arrive; its first frame is already readable."""
EXIT: Final = Fraction(1, 10)
"""Seconds that a page takes to fade when no page follows it."""


def _back(progress: float, swing: float) -> float:
    """From 0 to 1 with an overshoot: Robert Penner's "back" ease-out (2001)."""
    x = progress - 1
    return x * x * ((swing + 1) * x + swing) + 1


def _pop(q: float) -> Pose:
    return Pose(scale=0.88 + 0.12 * _back(q, 3.2))


def _slam(q: float) -> Pose:
    return Pose(scale=1 + 0.28 * (1 - q) ** 2)


def _rise(q: float) -> Pose:
    return Pose(drop=0.14 * (1 - q) ** 2)


def _bounce(q: float) -> Pose:
    spring = 1 - math.exp(-6 * q) * math.cos(11 * q)
    return Pose(scale=0.80 + 0.20 * spring, turn=1 + 0.8 * math.sin(2 * math.pi * q) * (1 - q))


def _fade(q: float) -> Pose:
    return Pose(opacity=0.7 + 0.3 * q)


def _still(q: float) -> Pose:
    return Pose()


def _arrive(q: float) -> Pose:
    return Pose(scale=0.88 + 0.12 * _back(q, 1.4), opacity=min(1.0, 0.7 + 0.6 * q))


def _float_up(q: float) -> Pose:
    return Pose(drop=0.28 * (1 - q) ** 2, opacity=min(1.0, 0.6 + 0.6 * q))


MOTIONS: Final[Mapping[str, Motion]] = {
    "fade": Motion(Fraction(1, 10), _still, _fade),
    "pop": Motion(Fraction(1, 6), _pop, _arrive),
    "slam": Motion(Fraction(2, 15), _slam, _fade),
    "rise": Motion(Fraction(1, 6), _rise, _float_up),
    "bounce": Motion(Fraction(3, 10), _bounce, _arrive),
}


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a style's motion takes a word at most."""

    scale: float
    tilt_deg: float
    drop: float


def reach(style: Style) -> Reach:
    """The extremes over the whole motion, so that the layout can leave room for them."""
    motion = MOTIONS[style.motion]
    steps = [i / 60 for i in range(61)]
    said = [motion.emphasis(q) for q in steps]
    came = [motion.entrance(q) for q in steps]
    return Reach(
        style.grown * max(p.scale for p in said) * max(p.scale for p in came),
        abs(style.tilt_deg) * max(abs(p.turn) for p in said),
        max(p.drop for p in said) + max(p.drop for p in came),
    )
