"""How likely each place shows the person, by a network that looks more than once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Box, Frame, Landmarks
from lipwright.face.geometry import CHIN, FOREHEAD, face_height_px
from lipwright.face.resampling import resized
from lipwright.face.weights import SELFIE_SQUARE, SELFIE_WIDE, Network

Floats = NDArray[np.float32]

_WIDE_ASPECT: Final = 1.4
"""Wider pictures go to the 256 x 144 network; between 1:1 and 16:9 the middle is 1.33."""
_LOOKED_AT_PX: Final = 1024
"""Longer side of the picture of which parts are shown to the network: four times its own."""
_ASIDE, _ABOVE, _BELOW = 1.4, 1.35, 1.45
"""A look at the head, in face heights around the face's middle: hats and hair have room."""
_STEP_BACK: Final = 0.2
"""Of each side: a person who fills the picture is known better from farther away."""


class Segmenter:
    """MediaPipe's selfie segmentation, asked several times.

    What it takes for the person by mistake depends on tint, side and size; the person does not.
    The mean of looks at a picture without its tint, mirrored, or from nearer or farther away is
    right where one look is not (a pink hat before a pink wall).
    """

    def __init__(self) -> None:
        self._square = Network(SELFIE_SQUARE)
        self._wide = Network(SELFIE_WIDE)

    def glanced(self, picture: Frame) -> Floats:
        """``(H, W)`` in [0, 1] by three looks, for one of many pictures."""
        looks = (
            self._look(picture, mirrored=False),
            self._look(_balanced(picture), mirrored=True),
            self._look(_grey(picture), mirrored=True),
        )
        return np.asarray(sum(looks) / np.float32(len(looks)), np.float32)

    def studied(self, frame: Frame, face: Landmarks | None, size: tuple[int, int]) -> Floats:
        """``(H, W)`` in [0, 1] at (width, height), by two dozen looks; fewer without a face."""
        scale = min(1.0, _LOOKED_AT_PX / max(frame.shape[:2]))
        height, width = (max(1, round(side * scale)) for side in frame.shape[:2])
        picture = resized(frame, (width, height))
        head = Box(0, 0, 0, 0) if face is None else _around(face * scale, (width, height))
        total, looks = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
        for tint, mirrored in product(_tints(picture), (False, True)):
            total += self._look(tint, mirrored=mirrored)
            total += self._look_from_afar(tint, mirrored=mirrored)
            looks += 2
            if not head.is_empty:
                part = np.ascontiguousarray(tint[head.rows, head.columns])
                total[head.rows, head.columns] += self._look(part, mirrored=mirrored)
                looks[head.rows, head.columns] += 1
        return resized(np.asarray(total / looks, np.float32), size)

    def _look_from_afar(self, picture: Frame, *, mirrored: bool) -> Floats:
        height, width = picture.shape[:2]
        down, across = round(_STEP_BACK * height), round(_STEP_BACK * width)
        far = cv2.copyMakeBorder(picture, down, down, across, across, cv2.BORDER_REPLICATE)
        seen = self._look(np.asarray(far, np.uint8), mirrored=mirrored)
        return seen[down : down + height, across : across + width]

    def _look(self, picture: Frame, *, mirrored: bool) -> Floats:
        wide = picture.shape[1] > _WIDE_ASPECT * picture.shape[0]
        network, size = (self._wide, (256, 144)) if wide else (self._square, (256, 256))
        image = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        image = image[:, ::-1] if mirrored else image
        (output,) = network(np.ascontiguousarray(image) / np.float32(255)).values()
        seen = output.reshape(size[1], size[0])
        seen = np.ascontiguousarray(seen[:, ::-1]) if mirrored else seen
        grown = cv2.resize(seen, picture.shape[1::-1], interpolation=cv2.INTER_CUBIC)
        return np.asarray(np.clip(grown, 0, 1), np.float32)


def _around(face: Landmarks, size: tuple[int, int]) -> Box:
    """The head with what it wears, as far as the picture reaches."""
    x, y = face[[FOREHEAD, CHIN], :2].mean(axis=0)
    height = face_height_px(face)
    left, top = max(0, int(x - _ASIDE * height)), max(0, int(y - _ABOVE * height))
    right, bottom = int(x + _ASIDE * height), int(y + _BELOW * height)
    return Box(left, top, min(size[0], right), min(size[1], bottom))


def _tints(picture: Frame) -> Iterator[Frame]:
    yield picture
    yield _balanced(picture)
    yield _grey(picture)
    yield _contrasted(picture)


def _balanced(picture: Frame) -> Frame:
    """With a grey mean: a light of one colour is taken out."""
    mean = np.array(cv2.mean(picture)[:3])
    gains = mean.mean() / np.maximum(mean, 1)
    levels = np.arange(256)[:, None] * gains
    table = np.clip(levels + 0.5, 0, 255).astype(np.uint8)[None]
    return np.asarray(cv2.LUT(picture, table), np.uint8)


def _grey(picture: Frame) -> Frame:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)


def _contrasted(picture: Frame) -> Frame:
    """With the contrast of each part brought up (Zuiderveld, 1994)."""
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)
    lab[..., 0] = cv2.createCLAHE(2.0, (8, 8)).apply(lab[..., 0])
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), np.uint8)
