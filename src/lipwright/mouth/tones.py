"""What the picture says about its own light: colours, blur and grain around the mouth."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame
from lipwright.mouth import topology
from lipwright.mouth.anatomy import Anatomy, Points
from lipwright.mouth.boxes import even_box
from lipwright.mouth.curves import step
from lipwright.mouth.topology import LUMA

_EYE_WHITE = (80, 95)  # percentiles of the light between the lids; brighter are reflections
_EYE_TINT = np.array([1.05, 0.985, 0.95], np.float32)
"""Of the eye's white in neutral light."""

Colour = NDArray[np.float32]
"""``(3,)`` float32 RGB, 0..255."""


@dataclass(frozen=True, slots=True, eq=False)
class Tones:
    """Measured once a plate; the inside of the mouth is painted with these."""

    lip: Colour
    white: Colour
    """A tooth in full light."""
    light: Colour
    """Tint of the light, luma 1."""
    saturation: float
    """0 for a black-and-white picture .. 1."""
    blur_px: float
    """Standard deviation of the picture's own blur."""
    grain: float
    """Standard deviation of its noise, in levels."""

    def shaded(self, shade: NDArray[np.float32]) -> NDArray[np.float32]:
        """Shares of light left in red, green and blue, in a shade inside the mouth.

        What light there is comes back from gums, tongue and cheeks: shadows are red, not grey.
        """
        return np.stack(self.dimmed(shade), axis=-1)

    def dimmed(self, shade: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """The same, a plane of each."""
        light = np.log(np.maximum(shade, 1e-3))
        warmth = 1 + np.array([-0.18, 0.10, 0.14], np.float32) * np.float32(self.saturation)
        return [np.asarray(np.exp(light * share), np.float32) for share in warmth]

    def tinted(self, red: float, green: float, blue: float) -> Colour:
        """A colour of the mouth under this light, in units of a white tooth's luma."""
        colour = np.array([red, green, blue], np.float32)
        grey = float(colour @ LUMA)
        colour = grey + (colour - grey) * np.float32(self.saturation)
        return np.asarray(colour * self.light * (self.white @ LUMA), np.float32)


def tones_of(frame: Frame, anatomy: Anatomy) -> Tones:
    """Measure the light on a face."""
    marks = anatomy.marks
    unit = anatomy.unit
    skin = np.median(_around(frame, marks, topology.SKIN, unit * 0.03), axis=0)
    lip = np.median(_around(frame, marks, topology.LOWER_LIP, unit * 0.012), axis=0)
    spread = (skin.max() - skin.min()) / max(1.0, float(skin.max()))
    saturation = float(np.clip(spread / 0.30, 0, 1))
    skin_luma = max(1.0, float(skin @ LUMA))
    eyes = _eyes(frame, marks)
    light = _light(eyes, skin, saturation)
    white = _white_luma(eyes, skin_luma, spread) * light * _ivory(saturation)
    low = (
        anatomy.on_canvas(np.array([[-0.6, -0.9]]))[0],
        anatomy.on_canvas(np.array([[0.6, 0.4]]))[0],
    )
    box = even_box(np.minimum(*low), np.maximum(*low), frame.shape)
    grey = frame[box.rows, box.columns].astype(np.float32) @ LUMA
    return Tones(
        np.asarray(lip, np.float32),
        np.asarray(np.clip(white, 0, 250), np.float32),
        light,
        saturation,
        blur_of(grey),
        grain_of(grey),
    )


def _ivory(saturation: float) -> Colour:
    """Teeth are a little warm, also in neutral light."""
    tint = 1 + np.array([0.03, 0.0, -0.07], np.float32) * saturation
    return np.asarray(tint / (tint @ LUMA), np.float32)


def _light(eyes: NDArray[np.float32], skin: Colour, saturation: float) -> Colour:
    """Tint of the light, by the whites of the eyes where they are seen, else a little by the skin.

    Skin has a colour of its own; the eye's white has the light's, and a little warmth.
    """
    skin_luma = max(1.0, float(skin @ LUMA))
    by_skin = 1 + 0.20 * (skin / skin_luma - 1)
    luma = eyes @ LUMA
    low, high = np.percentile(luma, _EYE_WHITE) if len(luma) else (1.0, 0.0)
    seen = eyes[(luma >= low) & (luma <= high)]
    if not len(seen):
        return np.asarray(by_skin / (by_skin @ LUMA), np.float32)
    white = np.median(seen, axis=0)
    white_luma = max(1.0, float(white @ LUMA))
    # Darker than that they are in the shade of lids, or not seen behind glasses.
    share = float(step(np.array((white_luma / skin_luma - 0.55) / 0.25)))
    own = 1 + (_EYE_TINT - 1) * np.float32(saturation)
    light = share * white / white_luma / own + (1 - share) * by_skin
    return np.asarray(light / (light @ LUMA), np.float32)


def _white_luma(eyes: NDArray[np.float32], skin_luma: float, spread: float) -> float:
    """A tooth is about as bright as the white of the eye, and brighter than skin.

    Smiles have shown 1.2 times a light skin's luma and 1.3 times a brown one's; in the shade of
    lips a little less.
    """
    lighter = 1.06 + 0.45 * spread
    eye_white = float(np.percentile(eyes @ LUMA, 80)) if len(eyes) else 200.0
    return float(np.clip(max(eye_white, skin_luma * lighter), 60, 232))


def _eyes(frame: Frame, marks: Points) -> NDArray[np.float32]:
    """``(N, 3)``: all pixels between the lids of both eyes."""
    eyelids = [*topology.LEFT_EYE_UPPER, *topology.LEFT_EYE_LOWER]
    eyelids += [*topology.RIGHT_EYE_UPPER, *topology.RIGHT_EYE_LOWER]
    box = even_box(marks[eyelids, :2].min(0), marks[eyelids, :2].max(0), frame.shape)
    mask = np.zeros((box.height, box.width), np.uint8)
    for upper, lower in (
        (topology.LEFT_EYE_UPPER, topology.LEFT_EYE_LOWER),
        (topology.RIGHT_EYE_UPPER, topology.RIGHT_EYE_LOWER),
    ):
        outline = marks[[*upper, *lower[::-1]], :2].astype(np.int32) - [box.left, box.top]
        cv2.fillPoly(mask, [outline], 1)
    return frame[box.rows, box.columns][mask > 0].astype(np.float32)


def _around(
    frame: Frame, marks: Points, ids: tuple[int, ...], radius: float
) -> NDArray[np.float32]:
    reach = max(1, round(radius))
    height, width = frame.shape[:2]
    pixels = []
    for x, y in marks[list(ids), :2]:
        column, row = int(np.clip(x, 0, width - 1)), int(np.clip(y, 0, height - 1))
        part = frame[
            max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1
        ]
        pixels.append(part.reshape(-1, 3))
    return np.concatenate(pixels).astype(np.float32)


def blur_of(grey: NDArray[np.float32]) -> float:
    """Blur of the sharpest edges, from how much a second blur takes from their slope.

    Zhuo & Sim (2011), "Defocus map estimation from a single image".
    """
    again = 1.5
    slope = _slope(grey)
    strong = slope >= max(4.0, float(np.percentile(slope, 98.5)))
    if not strong.any():
        return 1.0
    softer = _slope(np.asarray(cv2.GaussianBlur(grey, (0, 0), again), np.float32))
    ratio = float(np.median(slope[strong] / np.maximum(softer[strong], 1e-3)))
    return float(np.clip(again / np.sqrt(max(ratio**2 - 1, 0.05)), 0.5, 4.0))


def grain_of(grey: NDArray[np.float32]) -> float:
    """Noise level (Immerkær 1996), of the quieter half of the picture, so edges do not count."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    response = np.abs(cv2.filter2D(grey, -1, kernel))
    # Half the median of |N(0, 6 sigma)| is 0.6745 * 6 sigma.
    return float(np.clip(np.median(response) / (0.6745 * 6), 0, 6))


def _slope(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(
        cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)),
        np.float32,
    )
