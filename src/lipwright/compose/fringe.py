"""The light of the old background is taken out of soft edges before a new one is put in."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.avatar import Plate

_RADII: Final = (1 / 12, 1 / 180)
"""Of the canvas's short side: 90 and 6 pixels at 1080, as in Forte and Pitié (2021).  The wide
one finds a colour everywhere, the narrow one that of the nearest hair or cloth."""

_Light: TypeAlias = NDArray[np.float32]
"""``(H, W, 3)`` or ``(H, W, 1)`` float32 in [0, 1]."""


def without_fringe(plate: Plate) -> Plate:
    """The plate with the person's own colour wherever its matte is not opaque.

    A soft edge is a mixture of person and background.  Left as it is, hair taken before a
    white wall glows on a dark background.  Blur fusion: M. Forte and F. Pitié, "Approximate
    fast foreground colour estimation", ICIP 2021.
    """
    matte = np.asarray(plate.matte[..., None] / 255, np.float32)
    picture = np.asarray(plate.frame / 255, np.float32)
    person, scene = picture, picture
    for fraction in _RADII:
        radius = max(1, round(fraction * min(plate.matte.shape)))
        person, scene = _parted(picture, person, scene, matte, radius)
    opaque = plate.matte[..., None] == 255
    rgb = np.rint(person * 255).astype(np.uint8)
    return replace(plate, frame=np.where(opaque, plate.frame, rgb))


def _parted(
    picture: _Light, person: _Light, scene: _Light, matte: _Light, radius: int
) -> tuple[_Light, _Light]:
    """Better estimates of what person and scene look like alone, everywhere on the canvas."""
    near_person = _blurred(person * matte, radius) / (_blurred(matte, radius) + 1e-5)
    clear = 1 - matte
    near_scene = _blurred(scene * clear, radius) / (_blurred(clear, radius) + 1e-5)
    missing = picture - matte * near_person - clear * near_scene
    return np.clip(near_person + matte * missing, 0, 1), near_scene


def _blurred(light: _Light, radius: int) -> _Light:
    side = 2 * radius + 1
    blurred = cv2.blur(light, (side, side), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(blurred, np.float32).reshape(light.shape)
