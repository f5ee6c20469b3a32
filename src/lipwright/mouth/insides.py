"""What is seen between the lips of real mouths: drawn ones get their colours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame
from lipwright.mouth.anatomy import Points
from lipwright.mouth.curves import Weights, blurred, curve, filled
from lipwright.mouth.topology import LUMA

Ends: TypeAlias = tuple[NDArray[np.float32], NDArray[np.float32]]
"""RGB of the dark and of the light, teeth that is, inside a mouth."""

_DARK, _LIGHT = 12.0, 88.0
"""Percentiles of brightness beyond which pixels are the one or the other."""
_DARK_MOST: Final = 0.3
"""Of the light's brightness: the dark of a mouth is not brighter."""
_LEAST_PX: Final = 150
"""Pixels below which nothing is said of a person's teeth."""
_RIM: Final = 0.012
"""Of the eye distance: so near to the lips, pixels may be theirs."""
_SHUT, _OPEN = 0.01, 0.03
"""Of the eye distance: lips less far apart show nothing, and further all."""
_SOFT: Final = 0.006
_MOST_GAIN: Final = (0.6, 1.6)
"""Contrast may be changed by this: more is another light, or no teeth were seen."""


def ends_of(mouths: Iterable[tuple[Frame, Points, float]]) -> Ends | None:
    """Dark and light inside some mouths together; None where too little is seen.

    Args:
        mouths: Each a picture, the outline of its opening, and the eye distance in it, in pixels.
    """
    found = []
    for picture, outline, unit in mouths:
        rim = max(1, round(_RIM * unit))
        mask = _opening(picture, outline)
        found.append(picture[cv2.erode(mask, np.ones((2 * rim + 1,) * 2)) > 0.9])
    pixels = np.concatenate(found) if found else np.zeros((0, 3), np.uint8)
    if len(pixels) < _LEAST_PX:
        return None
    luma = pixels @ LUMA
    low, high = np.percentile(luma, [_DARK, _LIGHT])
    dark, light = (pixels[part].mean(0) for part in (luma <= low, luma >= high))
    # where only teeth are seen, their shade is not yet what is behind them
    dark *= min(1.0, _DARK_MOST * float(light @ LUMA) / max(1.0, float(dark @ LUMA)))
    return np.asarray(dark, np.float32), np.asarray(light, np.float32)


def recoloured(
    picture: Frame, upper: Points, lower: Points, unit: float, ends: tuple[Ends, Ends]
) -> Frame:
    """A drawn mouth with the dark and the light of real ones between its lips.

    Args:
        picture: The drawn mouth.
        upper: ``(N, 2)`` inner edge of its upper lip, in pixels.
        lower: The same of its lower lip.
        unit: Eye distance in pixels.
        ends: Of drawn mouths, and of real ones.
    """
    drawn, real = ends
    (low, high), (dark, light) = drawn, real
    gain = np.clip((light - dark) / np.maximum(high - low, 8), *_MOST_GAIN)
    # what is brightest is what is looked at: teeth get their colour, the dark what is left
    inside = light + (picture.astype(np.float32) - high) * gain
    gap = float(np.linalg.norm(lower - upper, axis=1).max()) / unit
    # a line between closed lips is a shadow, not a tooth
    shown = float(np.clip((gap - _SHUT) / (_OPEN - _SHUT), 0, 1))
    outline = opening_outline(upper, lower)
    share = shown * blurred(_opening(picture, outline), max(0.6, _SOFT * unit))[..., None]
    mixed = picture + share * (np.clip(inside, 0, 255) - picture)
    return np.asarray(mixed + 0.5, np.uint8)


def _opening(picture: Frame, outline: Points) -> Weights:
    return filled(outline, picture.shape[1], picture.shape[0])


def opening_outline(upper: Points, lower: Points) -> Points:
    """Around what is between two inner lip edges."""
    return np.concatenate([curve(upper), curve(lower)[::-1]])
