"""Textures of what is inside the mouth, painted once a plate in local units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.mouth.curves import step
from lipwright.mouth.tones import Tones
from lipwright.mouth.topology import LUMA

Texture: TypeAlias = NDArray[np.float32]
"""``(H, W, 4)`` float32 premultiplied RGB and alpha in [0, 1]."""

Plane: TypeAlias = NDArray[np.float32]

HALF_WIDTH = 0.44
HALF_HEIGHT = 0.24
"""Extent of a texture in local units, from its middle."""

# Widths from the midline, seen from the front: 8.5 mm for a central incisor where the outer eye
# corners are 92 mm apart, foreshortened along the arch.
_UPPER_WIDTHS = (0.090, 0.070, 0.064, 0.048, 0.038, 0.030)
_LOWER_WIDTHS = (0.056, 0.060, 0.064, 0.050, 0.040, 0.030)
# Each tooth's edge lies this much higher than the central incisor's (lower arch: deeper).
_UPPER_STEPS = (0.0, 0.007, 0.001, 0.007, 0.010, 0.014)
_LOWER_STEPS = (0.0, 0.001, 0.002, 0.004, 0.007, 0.010)
_CROWN = 0.115  # height of a crown; the gum is above it
_FINE_PX = 500.0
"""Painted so large or larger a local unit, then averaged: antialiasing.  On a large face the soft
edges of teeth are some pixels broad anyway."""


@dataclass(frozen=True, slots=True)
class Grille:
    """The pixel grid of a texture."""

    unit: float
    """Pixels per local unit."""

    @property
    def finer(self) -> int:
        """How many times finer it is painted."""
        return int(np.clip(np.ceil(_FINE_PX / self.unit), 1, 3))

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return max(8, round(2 * HALF_WIDTH * self.unit)), max(8, round(2 * HALF_HEIGHT * self.unit))

    def local(self, finer: int = 1) -> tuple[Plane, Plane]:
        """Local x ``(1, W)`` and y ``(H, 1)`` of the pixels' centres."""
        columns, rows = (side * finer for side in self.size)
        x = ((np.arange(columns) + 0.5) / columns * 2 - 1) * HALF_WIDTH
        y = ((np.arange(rows) + 0.5) / rows * 2 - 1) * HALF_HEIGHT
        return x[None].astype(np.float32), y[:, None].astype(np.float32)

    def to_local(self) -> NDArray[np.float64]:
        """``(3, 3)``: homogeneous pixel position -> local position."""
        columns, rows = self.size
        across, down = 2 * HALF_WIDTH / columns, 2 * HALF_HEIGHT / rows
        return np.array(
            [
                [across, 0, across / 2 - HALF_WIDTH],
                [0, down, down / 2 - HALF_HEIGHT],
                [0, 0, 1],
            ]
        )


def upper_teeth(grille: Grille, tones: Tones, arch: float) -> Texture:
    """Upper arch with the incisors' edge at y 0; `arch` bends it up to the sides."""
    x, y = grille.local(grille.finer)
    return _finished(_arch(x, y, _UPPER_WIDTHS, _UPPER_STEPS, (arch, 1.0)), grille, tones)


def lower_teeth(grille: Grille, tones: Tones) -> Texture:
    """Lower arch with the incisors' edge at y 0, in the shade of the upper one."""
    x, y = grille.local(grille.finer)
    return _finished(_arch(x, -y, _LOWER_WIDTHS, _LOWER_STEPS, (0.25, 0.80)), grille, tones)


def tongue(grille: Grille, tones: Tones) -> Texture:
    """A dome whose top is at y 0, half a texture wide."""
    x, y = grille.local(grille.finer)
    across = np.abs(x) / 0.19
    top = 0.045 * across**2
    alpha = step((y - top) / 0.014 + 0.5) * step((1.12 - across) / 0.25)
    dome = 0.50 + 0.30 * step((y - top) / 0.06) - 0.12 * np.minimum(across, 1) ** 2
    groove = 1 - 0.16 * np.exp(-((x / 0.014) ** 2)) * step((y - top - 0.01) / 0.03)
    shade = (dome * groove)[..., None]
    alpha = np.broadcast_to(alpha, shade.shape[:2])
    return _settled(shade * _tongue_pink(tones), alpha, grille, tones)


def tongue_tip(grille: Grille, tones: Tones) -> Texture:
    """The tip between the teeth: a flat dome whose top is at y 0, rounded towards the light."""
    x, y = grille.local(grille.finer)
    across = np.abs(x) / 0.15
    top = 0.030 * across**2.5
    alpha = step((y - top) / 0.010 + 0.5) * step((1.10 - across) / 0.20)
    # Dark where it goes in under the teeth and where the lip keeps the light from it.
    dome = 0.60 + 0.45 * step((y - top) / 0.018) - 0.40 * step((y - top - 0.022) / 0.03)
    shade = np.asarray(dome - 0.22 * np.minimum(across, 1) ** 2, np.float32)[..., None]
    alpha = np.broadcast_to(alpha, shade.shape[:2])
    return _settled(shade * _tongue_pink(tones), alpha, grille, tones)


def _tongue_pink(tones: Tones) -> Plane:
    """As lit as teeth are, and of the lips' own hue."""
    pink = tones.tinted(0.76, 0.40, 0.40)
    lips = tones.lip * np.float32((pink @ LUMA) / max(1.0, float(tones.lip @ LUMA)))
    return np.asarray(0.6 * pink + 0.4 * lips, np.float32)


def _arch(
    x: Plane,
    y: Plane,
    widths: tuple[float, ...],
    steps: tuple[float, ...],
    look: tuple[float, float],
) -> tuple[Plane, Plane, Plane]:
    """Brightness, gum share and alpha of one arch whose teeth point down (+y)."""
    arch, bright = look
    ends = np.cumsum(widths).astype(np.float32)
    away = np.abs(x)
    tooth = np.minimum(np.searchsorted(ends, away), len(ends) - 1)
    start = np.r_[np.float32(0), ends[:-1]][tooth]
    across = np.clip((away - start) / (ends[tooth] - start), 0, 1)
    rounding = 0.007 * np.abs(2 * across - 1) ** 3.5
    edge = -np.asarray(steps, np.float32)[tooth] - arch * away**2 - rounding
    inside = edge - y
    alpha = step(inside / 0.008 + 0.5) * step((ends[-1] - away) / 0.03)
    to_side = np.minimum(away - start, ends[tooth] - away)
    line = np.exp(-((np.maximum(to_side, 0) / 0.0035) ** 2)) * step(inside / 0.03 + 0.2)
    body = 1 - 0.09 * np.abs(2 * across - 1) ** 2 - 0.20 * line
    tip = 1 - 0.10 * np.exp(-((inside / 0.012) ** 2))
    neck = 1 - 0.12 * step((inside - 0.05) / 0.06)
    corridor = 1 - 0.72 * np.clip(away / ends[-1], 0, 1) ** 1.9
    gum = step((inside + 0.012 * np.abs(2 * across - 1) ** 2 - _CROWN) / 0.010)
    return (bright * body * tip * neck * corridor).astype(np.float32), gum, alpha


def _finished(painted: tuple[Plane, Plane, Plane], grille: Grille, tones: Tones) -> Texture:
    shade, gum, alpha = painted
    colour = tones.white + gum[..., None] * (tones.tinted(0.66, 0.40, 0.38) - tones.white)
    return _settled(tones.shaded(shade) * colour, alpha, grille, tones)


def _settled(colour: Plane, alpha: Plane, grille: Grille, tones: Tones) -> Texture:
    """Premultiplied, averaged down, and as blurred and grainy as the picture is."""
    size = grille.size
    texture = np.dstack([colour * alpha[..., None], alpha]).astype(np.float32)
    texture = np.asarray(cv2.resize(texture, size, interpolation=cv2.INTER_AREA), np.float32)
    texture = np.asarray(cv2.GaussianBlur(texture, (0, 0), tones.blur_px), np.float32)
    return with_grain(texture, tones)


def with_grain(texture: Texture, tones: Tones) -> Texture:
    """Noise like the picture's own, fixed to the texture; the seed keeps renders equal."""
    noise = np.random.default_rng(7).standard_normal(texture.shape[:2]).astype(np.float32)
    noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), 0.6), np.float32)
    noise *= np.float32(tones.grain / max(1e-6, float(noise.std())))
    texture[..., :3] += noise[..., None] * texture[..., 3:]
    return texture


def with_own_teeth(drawn: Texture, picture: Plane, inside: Plane, tones: Tones) -> Texture:
    """Teeth that the picture shows, over drawn ones.

    Args:
        drawn: The drawn arch.
        picture: ``(H, W, 3)`` the plate, laid into the texture's grid.
        inside: 1 well between the lips in the plate.
        tones: For the least brightness of a tooth.
    """
    share = inside * tooth_likeness(picture, inside, tones)
    own = np.dstack([picture, np.ones_like(share)])
    return np.asarray(drawn + share[..., None] * (own - drawn), np.float32)


def tooth_likeness(picture: Plane, inside: Plane, tones: Tones) -> Plane:
    """1 where a pixel is bright and pale enough to be a tooth."""
    luma = picture @ LUMA
    seen = luma[inside > 0.7]
    bright = float(np.percentile(seen, 85)) if len(seen) > 12 else 0.0
    # Dimmer than lips are gums, shade, and the lines of a painting.
    if bright < max(0.38 * float(tones.white @ LUMA), 0.75 * float(tones.lip @ LUMA)):
        return np.zeros_like(luma)
    pale = (100 - (picture.max(-1) - picture.min(-1))) / 30
    likeness = step((luma - 0.42 * bright) / (0.18 * bright)) * step(pale)
    return np.asarray(cv2.GaussianBlur(likeness, (0, 0), 1.0), np.float32)
