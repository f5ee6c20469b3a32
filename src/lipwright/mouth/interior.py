"""Teeth, tongue and cavity, laid between the lips of one frame."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame
from lipwright.mouth import teeth, topology
from lipwright.mouth.anatomy import Anatomy, Points
from lipwright.mouth.curves import Weights, blurred, curve, filled, step
from lipwright.mouth.pose import Pose, smooth
from lipwright.mouth.teeth import Grille, Plane, Texture
from lipwright.mouth.tones import Tones
from lipwright.mouth.topology import LUMA

_INCISOR_EDGE = 0.026  # below the rest lip line
JAW_SHARE = 0.84  # lower incisors are nearer to the joint than the chin, and drop less
OVERBITE = 0.012  # lower incisors' edge at rest, behind the upper ones and above their edge
_OWN_TEETH_GAP = 0.03  # lips further apart than this show usable teeth
_IN_SHADE = 0.75  # of a tooth's light: darker ones are in a shade that goes when the lips close
_FAINTEST = 0.003  # lips less apart than this show no inside, and from _FULL on all of it
_FULL = 0.024
_TIP_HIDDEN = 0.012  # so far below the lower lip's edge is a tip that is not out
_TIP_OVER_TEETH = 0.008  # between the teeth it hides the edge of the upper ones
_TEETH_ABOVE_TIP = 0.40  # of the gap: what it leaves of them at least
_GRADIENT_ROWS = 32
_SHADE_DRAWN = 0.54  # what the lips take of the light at the rim of the opening
_SHADE_OWN = 0.20  # the picture's own teeth have their shade already


Planes: TypeAlias = list[Plane]
"""Red, green and blue, and of a texture its alpha as well."""


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """The hole between the lips in one frame."""

    mask: Weights
    """1 between the lips, in the pixels of the part being painted."""
    placed: NDArray[np.float64]
    """``(2, 3)``: local (x from the mouth's middle, y from the rest lip line) -> pixels."""
    top: float
    """Local y of the upper lip's edge from the rest line, in the middle."""
    bottom: float
    left: float
    """Local x of the left inner corner, from the mouth's middle."""
    right: float


class Interior:
    """The inside of one plate's mouth."""

    def __init__(self, frame: Frame, anatomy: Anatomy, tones: Tones) -> None:
        self._unit = anatomy.unit
        self._grille = Grille(anatomy.unit)
        tones, upper = _upper_teeth(self._grille, frame, anatomy, tones)
        self._tones = tones
        self._upper = upper
        self._shade = _SHADE_OWN if anatomy.gap > _OWN_TEETH_GAP else _SHADE_DRAWN
        self._lower = teeth.lower_teeth(self._grille, tones)
        self._tongue = teeth.tongue(self._grille, tones)
        self._tip = teeth.tongue_tip(self._grille, tones)
        self._cavity, self._cheeks = _cavity(), _cheeks()
        dark, floor = tones.tinted(0.115, 0.055, 0.050), tones.tinted(0.30, 0.14, 0.13)
        self._cavity_tones = list(zip(dark, floor - dark, strict=True))
        """Under the palate, and how much lighter the floor of the mouth is, for each colour."""

    def visibility(self, gap: float) -> float:
        """How much of the inside lips this far apart show, 0 to 1, without a jump."""
        return smooth((gap - _FAINTEST) / (_FULL - _FAINTEST))

    def paint(self, opening: Opening, pose: Pose) -> Plane:
        """``(H, W, 3)`` colours of the inside over the whole mask."""
        size = opening.mask.shape[1], opening.mask.shape[0]
        gap = max(1e-3, opening.bottom - opening.top)
        width = max(1e-3, opening.right - opening.left)
        middle = (opening.right + opening.left) / 2
        cavity = _stretched(1.0, gap, 0.0, opening.top, self._cavity)
        # Planes, as numpy is slow where four numbers at a time lie side by side.
        (low,) = _laid(self._cavity, opening.placed @ cavity, size, replicate=True)
        colour = [dark + low * lighter for dark, lighter in self._cavity_tones]
        for texture, placing in (
            (self._tongue, self._tongue_placing(opening, pose, gap)),
            (self._lower, _moved(0.0, _INCISOR_EDGE - OVERBITE + JAW_SHARE * pose.jaw)),
            (self._upper, _moved(0.0, _INCISOR_EDGE)),
        ):
            matrix = opening.placed @ placing @ self._grille.to_local()
            layer = _laid(texture, matrix, size)
            if texture is not self._tongue:
                layer = self._behind_rounded_lips(layer, pose.pucker)
            _lay_over(layer, colour)
        if pose.tongue_out > 0:
            matrix = opening.placed @ _tip_placing(opening, pose, gap) @ self._grille.to_local()
            _lay_over(_laid(self._tip, matrix, size), colour)
        cheeks = _stretched(width, 1.0, middle - width / 2, 0.0, self._cheeks)
        (alpha,) = _laid(self._cheeks, opening.placed @ cheeks, size, replicate=True)
        _lay_over([*(alpha * light for light in self._tones.lip * np.float32(0.36)), alpha], colour)
        # A slit lets in little light: without this it is a pale band, not a dark line.  Teeth
        # that stand on the lower lip are in front of the dark.
        narrow = 0.45 + 0.55 * max(smooth(gap / 0.05), 0.85 * pose.tuck, 0.7 * pose.tongue_out)
        lit = self._shadow(opening) * np.float32(narrow)
        shaded = [plane * left for plane, left in zip(colour, self._tones.dimmed(lit), strict=True)]
        return np.asarray(cv2.merge(shaded), np.float32)

    def _behind_rounded_lips(self, layer: Planes, pucker: float) -> Planes:
        """Teeth shaded, and at last hidden, by lips that reach out in front of them."""
        if pucker <= 0:
            return layer
        shade = self._tones.shaded(np.full(1, 1 - 0.60 * pucker, np.float32))[0]
        opacity = np.float32(1 - 0.92 * pucker)
        shares = np.append(shade * opacity, opacity)
        return [plane * share for plane, share in zip(layer, shares, strict=True)]

    def _tongue_placing(self, opening: Opening, pose: Pose, gap: float) -> NDArray[np.float64]:
        # At rest in an open mouth the tongue fills the lower 45 %, behind the lower teeth; its
        # tip rises to just under the upper incisors' edge.
        low = opening.bottom - 0.012 - 0.45 * max(0.0, gap - 0.03)
        high = min(low, max(opening.top + 0.2 * gap, _INCISOR_EDGE - 0.004))
        top = low + (high - low) * pose.tongue
        narrow = 1 - 0.35 * pose.pucker
        return np.array([[narrow, 0, 0], [0, 1.0, top], [0, 0, 1]])

    def _shadow(self, opening: Opening) -> Plane:
        """The lips' shade: dark at all edges, deepest under the upper lip."""
        height, width = opening.mask.shape
        # So soft that half the size will do.
        half = cv2.resize(opening.mask, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        soft = blurred(np.asarray(half, np.float32), 0.010 * self._unit)
        down = opening.placed[:, 1] * 0.010
        shift = np.array([[1, 0, down[0]], [0, 1, down[1]]])
        lit = cv2.warpAffine(soft, shift, (soft.shape[1], soft.shape[0]))
        shade = 1 - step(np.asarray(lit, np.float32) / 0.85)
        left = np.asarray(1 - self._shade * shade, np.float32)
        return np.asarray(cv2.resize(left, (width, height)), np.float32)


def _tip_placing(opening: Opening, pose: Pose, gap: float) -> NDArray[np.float64]:
    """Up from behind the lower lip to over the upper teeth's edge, of which most is still seen."""
    low = opening.bottom + _TIP_HIDDEN
    high = min(low, max(opening.top + _TEETH_ABOVE_TIP * gap, _INCISOR_EDGE - _TIP_OVER_TEETH))
    return _moved(0.0, low + (high - low) * smooth(pose.tongue_out))


def _upper_teeth(
    grille: Grille, frame: Frame, anatomy: Anatomy, tones: Tones
) -> tuple[Tones, Texture]:
    """The upper arch, with the picture's own teeth where it shows them, and their white."""
    arch = 0.22 + 0.25 * anatomy.smile
    if anatomy.gap <= _OWN_TEETH_GAP:
        return tones, teeth.upper_teeth(grille, tones, arch)
    picture, inside = _seen_inside(grille, frame, anatomy)
    share = teeth.own_teeth(picture, inside, tones, grille.unit)
    own = picture[share > 0.8]
    if len(own) > 12:
        white = _full_light(own)
        if white @ LUMA < _IN_SHADE * (tones.white @ LUMA):
            return tones, teeth.upper_teeth(grille, tones, arch)
        tones = replace(tones, white=white)
    drawn = teeth.upper_teeth(grille, tones, arch, teeth.own_edge(share, grille))
    return tones, teeth.with_own_teeth(drawn, picture, share)


def _full_light(own: Plane) -> Plane:
    luma = own @ LUMA
    return np.asarray(np.median(own[luma >= np.percentile(luma, 55)], axis=0), np.float32)


def _seen_inside(grille: Grille, frame: Frame, anatomy: Anatomy) -> tuple[Plane, Plane]:
    """The plate laid into the upper arch's grid, and 1 where it shows the inside."""
    placing = (
        local_placement(frame_points(anatomy)) @ _moved(0.0, _INCISOR_EDGE) @ grille.to_local()
    )
    columns, rows = grille.size
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    picture = cv2.warpAffine(
        frame, placing, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    outline = np.r_[
        curve(anatomy.marks[list(topology.INNER_UPPER), :2]),
        curve(anatomy.marks[list(topology.INNER_LOWER), :2])[::-1],
    ]
    back = np.linalg.inv(np.r_[placing, [[0, 0, 1]]])
    mask = filled(outline @ back[:2, :2].T + back[:2, 2], columns, rows)
    rim = max(3, round(anatomy.unit * 0.020)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (rim, rim))
    mask = np.asarray(cv2.erode(mask, kernel), np.float32)
    return np.asarray(picture, np.float32), blurred(mask, max(0.7, anatomy.unit * 0.008))


def local_placement(frame_points: Points) -> NDArray[np.float64]:
    """``(2, 3)``: local (x from the middle, y from the rest line) -> where `frame_points` went."""
    corner, right, below = frame_points
    return np.stack([right - corner, below - corner, corner], axis=1)


def frame_points(anatomy: Anatomy) -> Points:
    """Canvas positions of the mouth's middle, one unit to its right, one unit below."""
    depth = float(anatomy.seam[5, 2])
    x, y = anatomy.centre, anatomy.seam_level
    return anatomy.on_canvas(np.array([[x, y, depth], [x + 1, y, depth], [x, y + 1, depth]]))


def _moved(x: float, y: float) -> NDArray[np.float64]:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1.0]])


def _stretched(
    width: float, height: float, x: float, y: float, texture: Texture
) -> NDArray[np.float64]:
    """Texture pixels -> a local rectangle that they fill."""
    rows, columns = texture.shape[:2]
    return np.array(
        [
            [width / columns, 0, x + width / columns / 2],
            [0, height / rows, y + height / rows / 2],
            [0, 0, 1],
        ]
    )


def _laid(
    texture: Texture, matrix: NDArray[np.float64], size: tuple[int, int], *, replicate: bool = False
) -> Planes:
    border = cv2.BORDER_REPLICATE if replicate else cv2.BORDER_CONSTANT
    laid = cv2.warpAffine(texture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=border)
    return [np.asarray(plane, np.float32) for plane in cv2.split(laid)]


def _lay_over(layer: Planes, colour: Planes) -> None:
    """Lay a texture over red, green and blue."""
    *over, alpha = layer
    kept = 1 - alpha
    for plane, light in zip(colour, over, strict=True):
        plane *= kept
        plane += light


def _cavity() -> Plane:
    """From 0 in the dark under the palate to 1 at the floor of the mouth, which has some light."""
    t = np.linspace(0, 1, _GRADIENT_ROWS, dtype=np.float32)[:, None] ** 1.5
    return np.ascontiguousarray(np.broadcast_to(t, (_GRADIENT_ROWS, 4)))


def _cheeks() -> Plane:
    """Alpha of the inside of the corners of the mouth: what the eye reads as its depth."""
    t = np.abs(np.linspace(-1, 1, 64, dtype=np.float32))
    return np.ascontiguousarray(np.broadcast_to(0.72 * step((t - 0.66) / 0.34), (4, 64)))
