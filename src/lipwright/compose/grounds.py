"""What stands behind the person during each frame: still, drifting, footage, or set in a pane."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Box, Frame, Matte, Plane, YuvFrame
from lipwright.colour import copied, within, yuv_of
from lipwright.compose.yuv import over, overwrite


class Ground(Protocol):
    """A picture for each frame of a scene."""

    @property
    def moving(self) -> bool:
        """Whether frames differ; a ground that does not move is asked once."""
        ...

    def at(self, frame_index: int) -> YuvFrame:
        """The picture during a frame of the scene; a moving one is valid until the next call."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """The same picture all the time."""

    picture: YuvFrame
    moving: bool = False

    @classmethod
    def of(cls, frame: Frame) -> Still:
        """A still ground of an RGB picture, both sides even."""
        return cls(yuv_of(frame))

    def at(self, frame_index: int) -> YuvFrame:
        """The picture."""
        return self.picture


@dataclass(frozen=True, slots=True)
class View:
    """Which part of a picture is seen: zoomed, moved, turned around its middle."""

    zoom: float = 1.0
    across: float = 0.0
    """How far the picture is moved to the right, over the canvas's width."""
    turn_deg: float = 0.0


SPARE: Final = 1.16
"""How much larger than the canvas a drifting picture is kept: every view then makes it smaller,
and nothing turns soft while it zooms in."""
_SWEEP_S: Final = 12.0
"""A slide or zoom takes as long as its scene, but no longer than this; then it goes back.  Slower,
it is not seen."""

_SLIDE: Final = SPARE / 2 - 0.5


def _to_and_fro(moment_s: float, length_s: float) -> float:
    """0 to 1 over the scene; over a long one, smoothly back and forth."""
    if length_s <= _SWEEP_S:
        return moment_s / max(length_s, 1e-6)
    return 0.5 - 0.5 * math.cos(math.pi * moment_s / _SWEEP_S)


def _slide(t: float, length_s: float) -> View:
    return View(SPARE, _SLIDE * (1 - 2 * _to_and_fro(t, length_s)))


def _zoom_in(t: float, length_s: float) -> View:
    return View(1 + (SPARE - 1) * _to_and_fro(t, length_s))


def _zoom_out(t: float, length_s: float) -> View:
    return View(SPARE - (SPARE - 1) * _to_and_fro(t, length_s))


def _wobble(t: float, length_s: float) -> View:
    # a hand-held camera: slow, small, never twice the same because the periods do not divide
    return View(1.07, 0.010 * math.sin(1.9 * t), 0.55 * math.sin(1.3 * t + 0.6))


def _throb(t: float, length_s: float) -> View:
    # a beat every 1.2 s: up in an instant, down like a breath
    beat = math.exp(-4.5 * (t % 1.2)) * min(1.0, (t % 1.2) / 0.08)
    return View(1.01 + 0.06 * beat)


EFFECTS: Final[Mapping[str, Callable[[float, float], View]]] = {
    "slide-left": _slide,
    "zoom-in": _zoom_in,
    "zoom-out": _zoom_out,
    "wobble": _wobble,
    "throb": _throb,
}
"""Every name of `request.EFFECTS`: the view at a moment of a scene of some length, in seconds."""


@dataclass(frozen=True, slots=True)
class Clock:
    """How frames of a scene become seconds of it."""

    fps: Fraction
    frame_count: int

    def moment_s(self, frame_index: int) -> float:
        """When a frame is shown."""
        return float(frame_index / self.fps)

    @property
    def length_s(self) -> float:
        """Length of the scene."""
        return float(self.frame_count / self.fps)


class Drifting:
    """A picture that the camera moves over."""

    moving = True

    def __init__(self, source: Ground, effect: str, clock: Clock, size: tuple[int, int]) -> None:
        self._source = source
        """`SPARE` times as large as the canvas."""
        self._view = EFFECTS[effect]
        self._clock = clock
        self._looking = Looking(size)

    def at(self, frame_index: int) -> YuvFrame:
        """The picture as the camera sees it."""
        clock = self._clock
        view = self._view(clock.moment_s(frame_index), clock.length_s)
        return self._looking.at(self._source.at(frame_index), view)


class Looking:
    """Samples a picture through a view, into one reused buffer."""

    def __init__(self, size: tuple[int, int]) -> None:
        width, height = size
        self._size = size
        half = (height // 2, width // 2)
        self._seen = YuvFrame(
            np.empty((height, width), np.uint8), np.empty(half, np.uint8), np.empty(half, np.uint8)
        )

    def at(self, picture: YuvFrame, view: View) -> YuvFrame:
        """The canvas filled with a part of `picture`; at a zoom of 1 it is the whole."""
        matrix = self._matrix(picture, view)
        _sample(picture.y, matrix, self._seen.y)
        chroma = matrix.copy()
        chroma[:, 2] = (0.5 * (matrix[:, 0] + matrix[:, 1]) + matrix[:, 2] - 0.5) / 2
        _sample(picture.u, chroma, self._seen.u)
        _sample(picture.v, chroma, self._seen.v)
        return self._seen

    def _matrix(self, picture: YuvFrame, view: View) -> NDArray[np.float64]:
        """``(2, 3)``: from a pixel of the canvas to one of the picture."""
        scale = picture.y.shape[1] / self._size[0] / view.zoom
        turn = math.radians(view.turn_deg)
        cos, sin = scale * math.cos(turn), scale * math.sin(turn)
        middle = (np.array(self._size) - 1) / 2 + np.array([view.across * self._size[0], 0])
        target = (np.array(picture.y.shape[::-1]) - 1) / 2
        linear = np.array([[cos, sin], [-sin, cos]])
        return np.hstack([linear, (target - linear @ middle)[:, None]])


def _sample(plane: Plane, matrix: NDArray[np.float64], target: Plane) -> None:
    cv2.warpAffine(
        plane,
        matrix,
        (target.shape[1], target.shape[0]),
        dst=target,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )


class Inset:
    """A picture in a pane of a still one."""

    def __init__(self, base: YuvFrame, inner: Ground, box: Box, mask: Matte | None) -> None:
        self._base = base
        self._picture = copied(base)
        self._inner = inner
        self._box = box
        self._mask = mask
        self.moving = inner.moving

    def at(self, frame_index: int) -> YuvFrame:
        """The base with the inner picture's frame in its pane."""
        inner = self._inner.at(frame_index)
        if self._mask is not None:
            inner = over(inner, self._mask, within(self._base, self._box))
        overwrite(within(self._picture, self._box), inner)
        return self._picture


class Soft:
    """A ground out of focus."""

    def __init__(self, source: Ground, blur: float) -> None:
        self._source = source
        self._blur = blur
        self.moving = source.moving

    def at(self, frame_index: int) -> YuvFrame:
        """The source's frame, blurred."""
        return blurred(self._source.at(frame_index), self._blur)


def soft(frame: Frame, blur: float) -> Still:
    """A still ground of an RGB picture out of focus."""
    return Still(copied(blurred(yuv_of(frame), blur)))


class Blurring:
    """A lens that puts the whole picture out of focus."""

    def __init__(self, blur: float) -> None:
        self._blur = blur

    def seen(self, picture: YuvFrame, frame_index: int) -> YuvFrame:
        """The picture, blurred; what is clear stays clear."""
        return blurred(picture, self._blur)


def _push_in(t: float, length_s: float) -> View:
    return View(1 + 0.07 * _to_and_fro(t, length_s))


def _hand_held(t: float, length_s: float) -> View:
    return View(1.035, 0.006 * math.sin(1.7 * t), 0.35 * math.sin(1.1 * t + 0.6))


LENSES: Final[Mapping[str, Callable[[float, float], View]]] = {
    "push-in": _push_in,
    "hand-held": _hand_held,
}
"""How a layout's camera moves over the finished picture."""


class Roaming:
    """A lens that moves over the picture."""

    def __init__(self, lens: str, clock: Clock, size: tuple[int, int]) -> None:
        self._view = LENSES[lens]
        self._clock = clock
        self._looking = Looking(size)

    def seen(self, picture: YuvFrame, frame_index: int) -> YuvFrame:
        """The picture as the camera sees it."""
        view = self._view(self._clock.moment_s(frame_index), self._clock.length_s)
        return self._looking.at(picture, view)


def blurred(picture: YuvFrame, blur: float) -> YuvFrame:
    """Out of focus: a Gaussian of `blur` times the short side, made on a smaller copy."""
    sigma = blur * min(picture.y.shape)
    y, u, v = (
        _blurred(plane, sigma if plane.shape == picture.y.shape else sigma / 2)
        for plane in picture[:3]
        if plane is not None
    )
    return YuvFrame(y, u, v, picture.alpha)


def _blurred(plane: Plane, sigma: float) -> Plane:
    if sigma < 0.5:
        return plane
    shrink = max(1, int(sigma / 2.5))
    height, width = plane.shape
    small_size = (max(2, width // shrink), max(2, height // shrink))
    small = cv2.resize(plane, small_size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / shrink)
    grown = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(grown, np.uint8)
