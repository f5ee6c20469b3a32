"""Green and blue screens: a matte from the screen's own colour, the person without its light."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame, Landmarks, Matte
from lipwright.face.division import disc
from lipwright.face.matter import Matter
from lipwright.face.resampling import fitting, resized

Floats = NDArray[np.float32]

GREEN, BLUE = 1, 2
"""Channels of RGB."""
_BORDER: Final = 0.04
"""Of the picture: what lies along its top and sides is screen, if there is one."""
_SHARE: Final = 0.55
"""Of the border that must be one strong green or blue; shoulders and bars may take the rest."""
_STRENGTH: Final = 26.0
"""Levels by which a screen's channel stands above the other two; a lawn or a wall stays below."""
_SPREAD: Final = 22.0
"""Levels by which the colours of a screen's border may differ; leaves differ by more."""
_SMALL: Final = 96
"""Side of the small picture in which the screen's light is measured."""
_ROUGH: Final = 320
"""Longer side of the picture in which the person is looked for."""
_FLOOR, _CEILING = 0.12, 0.82
"""Shares of the screen's strength taken as none and all: its light on skin, and its noise where it
is lit by half only."""
_OWN_SHARE, _OWN_SPARE, _HIGHEST_FLOOR = 90.0, 0.04, 0.4
"""Percentile of the shares deep inside the person, and what their noise adds: a shirt of a pale
blue raises the floor, half way to the screen's own blue at most."""
_CARRIED: Final = 0.003
"""Of the longer side: 3 pixels at 1080p, more than a block of colour in a clip."""
_SEEN_AROUND: Final = 0.06
"""Of the longer side: what is farther from the person is no person, whatever its colour."""
_DEEP: Final = 0.03
"""Of the longer side: what lies farther inside the person is no screen, whatever its colour."""
_SPILL_SHARE: Final = 60.0
"""Percentile of what is too much of the screen's colour deep inside: most of a person is neither a
green tie nor a blue eye, so this much is the screen's light, and the rest is their own colour."""
_SPILL_SPARE: Final = 4.0
"""Levels: noise of the above."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen of one colour."""

    channel: int
    """`GREEN` or `BLUE`."""

    def strength(self, picture: Floats) -> Floats:
        """``(H, W)`` how far the screen's channel stands above the others, in levels."""
        others = [picture[..., k] for k in range(3) if k != self.channel]
        return np.asarray(picture[..., self.channel] - np.maximum(*others), np.float32)


def screen_behind(frames: Sequence[Frame]) -> Screen | None:
    """The screen that some pictures of a clip were filmed in front of; None without one."""
    border = np.concatenate([_border(frame) for frame in frames]).astype(np.float32)
    for channel in (GREEN, BLUE):
        strength = Screen(channel).strength(border)
        strong = border[strength > _STRENGTH]
        if len(strong) < _SHARE * len(border):
            continue
        if float(np.abs(strong - np.median(strong, axis=0)).mean()) < _SPREAD:
            return Screen(channel)
    return None


def _border(frame: Frame) -> NDArray[np.uint8]:
    height, width = frame.shape[:2]
    band = max(1, round(_BORDER * min(height, width)))
    sides = frame[: height * 2 // 3]
    parts = (frame[:band], sides[:, :band], sides[:, -band:])
    return np.concatenate([part[::2, ::2].reshape(-1, 3) for part in parts])


@dataclass(frozen=True, slots=True)
class Keyer:
    """A `Matter` for pictures in front of a screen."""

    screen: Screen
    person: Matter
    """Says roughly where the person is: bars and stands beside a screen are not."""

    def matte(self, frame: Frame) -> Matte:
        """Opaque where nothing of the screen is seen."""
        picture = frame.astype(np.float32)
        share = self._screen_share(picture)
        near, deep = self._person(frame)
        own = share[deep > 0.9]
        usual = float(np.percentile(own, _OWN_SHARE)) + _OWN_SPARE if own.size else 0.0
        floor = float(np.clip(usual, _FLOOR, _HIGHEST_FLOOR))
        opaque = 1 - np.clip((share - floor) / (_CEILING - floor), 0, 1)
        return np.asarray(np.maximum(opaque * near, deep) * 255 + 0.5, np.uint8)

    def still(self, frame: Frame, face: Landmarks) -> Matte:
        """As any picture: the screen says all."""
        return self.matte(frame)

    def around(self, frame: Frame) -> Matte:
        """Everywhere: the screen says all."""
        return np.full(frame.shape[:2], 255, np.uint8)

    def cleaned(self, frame: Frame, matte: Matte) -> Frame:
        """The picture with the person's own colour wherever there is something of the person.

        What shines through soft edges is taken off (the matting equation solved for the person),
        then the screen's light on skin, hair and cloth: its channel is held to the others', as far
        as that is usual deep inside the person, where ties and eyes may have its colour.
        """
        picture = frame.astype(np.float32)
        alpha = matte.astype(np.float32)[..., None] / 255
        screen = self._screen_light(picture)
        person = (picture - (1 - alpha) * screen) / np.maximum(alpha, 0.08)
        person = np.clip(person, 0, 255)
        spill = self._spill(np.asarray(person, np.float32), matte)
        person[..., self.screen.channel] -= spill
        person += (spill * np.float32(0.3))[..., None]  # its light is gone, but not all brightness
        around, near = _spread(
            np.asarray(np.clip(person, 0, 255), np.float32), np.asarray(alpha, np.float32)
        )
        kept = np.where(matte[..., None] > 0, person, picture + (around - picture) * near)
        return np.asarray(np.clip(kept + 0.5, 0, 255), np.uint8)

    def _spill(self, person: Floats, matte: Matte) -> Floats:
        """Levels of the screen's light on the person."""
        red = person[..., 0]
        if self.screen.channel == GREEN:
            blue = person[..., 2]
            limit = 0.6 * np.maximum(red, blue) + 0.2 * (red + blue)
        else:
            limit = 0.85 * person[..., 1] + 0.15 * red  # of skin and hair, blue is the least
        excess = np.maximum(person[..., self.screen.channel] - limit, 0)
        inside = _eroded(matte, _DEEP)
        deep = excess[inside > 0.9]
        usual = float(np.percentile(deep, _SPILL_SHARE)) + _SPILL_SPARE if deep.size else 0.0
        return np.asarray(excess - inside * np.maximum(excess - usual, 0), np.float32)

    def _screen_share(self, picture: Floats) -> Floats:
        light = self.screen.strength(self._screen_light(picture))
        return np.asarray(self.screen.strength(picture) / np.maximum(light, _STRENGTH), np.float32)

    def _screen_light(self, picture: Floats) -> Floats:
        """``(H, W, 3)`` the screen as it would be seen with nobody before it.

        Its light falls off smoothly: a quadratic in x and y, fitted where the screen is bare.
        """
        height, width = picture.shape[:2]
        scale = _SMALL / max(height, width)
        size = (max(8, round(width * scale)), max(8, round(height * scale)))
        small = resized(picture, size)
        terms = _terms(size)
        strength = self.screen.strength(small).ravel()
        bare = strength > max(_STRENGTH, 0.75 * float(np.percentile(strength, 90)))
        seen, colours = terms[bare], small.reshape(-1, 3)[bare]
        ridge = 1e-3 * len(seen) * np.diag([0.0, 1, 1, 4, 4, 4])
        fit = np.linalg.solve(seen.T @ seen + ridge + 1e-6 * np.eye(6), seen.T @ colours)
        light = (terms @ fit).reshape(size[1], size[0], 3).astype(np.float32)
        return np.asarray(cv2.resize(light, (width, height)), np.float32)

    def _person(self, frame: Frame) -> tuple[Floats, Floats]:
        """Where the person may be, and where nothing else can be."""
        height, width = frame.shape[:2]
        size = fitting(frame, _ROUGH, least=2)
        rough = resized(self.person.matte(resized(frame, size)), size)
        near = cv2.dilate(rough, _disc(max(size), _SEEN_AROUND)).astype(np.float32) / 255
        grown = np.asarray(cv2.resize(near, (width, height)), np.float32)
        return grown, np.asarray(cv2.resize(_eroded(rough, _DEEP), (width, height)), np.float32)


def _eroded(matte: Matte, reach: float) -> Floats:
    """1 farther inside than `reach` of the longer side, softly 0 nearer to the edge."""
    height, width = matte.shape
    size = fitting(matte, _ROUGH, least=2)
    inner = cv2.erode(resized(matte, size), _disc(max(size), reach)).astype(np.float32) / 255
    # what is cut off by the picture's own border is as deep as it was
    soft = cv2.GaussianBlur(inner, (0, 0), reach * max(size) / 4)
    certain = np.clip(2 * soft - 1, 0, 1)
    return np.asarray(cv2.resize(certain, (width, height)), np.float32)


def _disc(longer_side: int, reach: float) -> NDArray[np.uint8]:
    return disc(max(1, round(reach * longer_side)))


def _spread(person: Floats, alpha: Floats) -> tuple[Floats, Floats]:
    """The person's colour carried a little beyond the edge, and how near the edge is.

    A clip keeps colour at half its size: the screen's would come back into the edge.
    """
    sigma = max(1.5, _CARRIED * max(person.shape[:2]))
    amount = cv2.GaussianBlur(alpha, (0, 0), sigma)[..., None]
    around = cv2.GaussianBlur(person * alpha, (0, 0), sigma) / np.maximum(amount, 1e-3)
    return np.asarray(around, np.float32), np.asarray(np.clip(amount * 12, 0, 1), np.float32)


def _terms(size: tuple[int, int]) -> NDArray[np.float64]:
    grid = np.meshgrid(np.linspace(-1, 1, size[0]), np.linspace(-1, 1, size[1]))
    x, y = (axis.ravel() for axis in grid)
    return np.stack([np.ones_like(x), x, y, x * y, x**2, y**2], axis=1)
