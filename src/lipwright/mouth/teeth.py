"""Textures of what is inside the mouth, painted once a plate in local units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.mouth.curves import step
from lipwright.mouth.lipline import redness
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
# No two teeth are alike: left and right of the midline, how much lighter each is, and how much
# lower its edge.  Canines are a shade yellower and darker in everybody.
_SHADES = ((0.0, -0.035, -0.075, -0.05, -0.08, -0.1), (0.02, -0.05, -0.06, -0.07, -0.08, -0.1))
_LOWER = ((0.0, -0.0015, 0.002, 0.0, 0.001, 0.0), (0.0015, 0.001, -0.0015, 0.001, 0.0, 0.0))
# Each tooth's edge lies this much higher than the central incisor's (lower arch: deeper).
_UPPER_STEPS = (0.0, 0.007, 0.001, 0.007, 0.010, 0.014)
_LOWER_STEPS = (0.0, 0.001, 0.002, 0.004, 0.007, 0.010)
_CROWN = 0.115  # height of a crown; the gum is above it
_SPECK = 0.014  # thinner than this is no tooth, and no gap between two
_LEAST_TOOTH = 0.03  # smaller than this square is none
_LEAST_SEEN = 0.0025  # of a unit square: less is a glint on teeth rather than teeth
_SHADED_RIM = 0.006
_EDGE_OFF = 0.03  # incisors seen in a picture end so far from where drawn ones do, at most
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


def upper_teeth(grille: Grille, tones: Tones, arch: float, edge: float = 0.0) -> Texture:
    """Upper arch with the incisors' edge at y `edge`; `arch` bends it up to the sides."""
    x, y = grille.local(grille.finer)
    y = y - np.float32(edge)
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
    pink = tones.tinted(0.84, 0.42, 0.42)
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
    side = (x > 0).astype(np.intp)
    steps_of = np.asarray(_LOWER, np.float32) - np.asarray(steps, np.float32)
    edge = steps_of[side, tooth] - arch * away**2 - rounding
    inside = edge - y
    alpha = step(inside / 0.008 + 0.5) * step((ends[-1] - away) / 0.03)
    to_side = np.minimum(away - start, ends[tooth] - away)
    line = np.exp(-((np.maximum(to_side, 0) / 0.0035) ** 2)) * step(inside / 0.03 + 0.2)
    lightness = 1 + np.asarray(_SHADES, np.float32)[side, tooth]
    body = lightness * (1 - 0.09 * np.abs(2 * across - 1) ** 2 - 0.20 * line)
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


def with_own_teeth(drawn: Texture, picture: Plane, share: Plane) -> Texture:
    """Teeth that the picture shows, over drawn ones.

    Args:
        drawn: The drawn arch.
        picture: ``(H, W, 3)`` the plate, laid into the texture's grid.
        share: As from `own_teeth`.
    """
    own = np.dstack([picture, np.ones_like(share)])
    return np.asarray(drawn + share[..., None] * (own - drawn), np.float32)


def own_teeth(picture: Plane, inside: Plane, tones: Tones, unit: float) -> Plane:
    """1 where the picture shows upper teeth, with soft edges.

    Args:
        picture: ``(H, W, 3)`` the plate, laid into the texture's grid.
        inside: 1 well between the lips in the plate.
        tones: For the least brightness of a tooth.
        unit: Pixels per local unit.
    """
    seen = _tooth_likeness(picture, inside, tones) * inside > 0.5
    small = max(3, round(_SPECK * unit) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (small, small))
    # Gaps between teeth are dark and part of them; glints on lips are specks.
    whole = cv2.morphologyEx(seen.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    whole = cv2.morphologyEx(whole, cv2.MORPH_OPEN, kernel)
    upper = _upper_ones(np.asarray(whole, np.uint8), unit)
    # Their upper rim is in the shade of the lip, and would be a line across the teeth.
    rim = max(1, round(_SHADED_RIM * unit))
    below = np.ones((2 * rim + 1, 1), np.uint8)
    upper = np.asarray(cv2.erode(upper, below, anchor=(0, 2 * rim), borderValue=0), np.float32)
    if float(upper.sum()) < _LEAST_SEEN * unit**2:
        return np.zeros_like(upper)
    return np.asarray(cv2.GaussianBlur(upper, (0, 0), max(0.7, 0.006 * unit)), np.float32)


def own_edge(share: Plane, grille: Grille) -> float:
    """Local y of the edge of the two incisors in the middle; 0 where they are not seen.

    Where it would be higher, the lower lip hides it.
    """
    x, y = grille.local()
    middle = share[:, np.abs(x[0]) < _UPPER_WIDTHS[0]] > 0.5
    seen = middle.any(axis=0)
    if seen.mean() < 0.5:
        return 0.0
    last = len(middle) - 1 - middle[::-1].argmax(axis=0)
    return float(np.clip(np.median(y[last[seen], 0]), 0.0, _EDGE_OFF))


def _upper_ones(seen: NDArray[np.uint8], unit: float) -> Plane:
    """Without what is small, or begins below the upper teeth's edge: lower teeth, and lips."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(seen)
    kept = np.zeros(count, np.float32)
    edge = seen.shape[0] / 2 + _EDGE_OFF * unit
    for index in range(1, count):
        top, area = stats[index, cv2.CC_STAT_TOP], stats[index, cv2.CC_STAT_AREA]
        kept[index] = area > (_LEAST_TOOTH * unit) ** 2 and top < edge - _LEAST_TOOTH * unit / 2
    return np.asarray(kept[labels], np.float32)


def _tooth_likeness(picture: Plane, inside: Plane, tones: Tones) -> Plane:
    """1 where a pixel is bright and pale enough to be a tooth."""
    luma = picture @ LUMA
    seen = luma[inside > 0.7]
    bright = float(np.percentile(seen, 85)) if len(seen) > 12 else 0.0
    # Dimmer than lips are gums, shade, and the lines of a painting.
    if bright < max(0.38 * float(tones.white @ LUMA), 0.75 * float(tones.lip @ LUMA)):
        return np.zeros_like(luma)
    lip_red = float(redness(tones.lip))
    pale = 1.5 - redness(picture) / max(0.5 * lip_red, 0.05) if lip_red > 0.1 else 1.0
    likeness = step((luma - 0.60 * bright) / (0.16 * bright)) * step(np.asarray(2 * pale))
    return np.asarray(cv2.GaussianBlur(likeness, (0, 0), 1.0), np.float32)
