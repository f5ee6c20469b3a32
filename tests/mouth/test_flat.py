"""A drawing in flat colours is told from a photo, and gets a mouth that is drawn like it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from mouth_plates import drawn, idle, portrait, shape, shown, unit

from lipwright.avatar import Plate
from lipwright.mouth import WarpMouth, topology
from lipwright.mouth.anatomy import anatomy_of
from lipwright.mouth.flat import is_flat

SKIN, LINE = (205, 160, 140), (20, 16, 18)


def cartoon() -> Plate:
    """The drawn face, four times as large, without grain and lips, its mouth a line."""
    plate = drawn()
    scale = np.array([4, 4, 4], np.float32)
    marks = plate.landmarks * scale
    frame = np.full((1280, 1280, 3), 120, np.uint8)

    def fill(ids: tuple[int, ...], rgb: tuple[int, int, int]) -> None:
        cv2.fillPoly(frame, [marks[list(ids), :2].round().astype(np.int32)], rgb, cv2.LINE_AA)

    fill(topology.FACE_OVAL, SKIN)
    for upper, lower in (
        (topology.LEFT_EYE_UPPER, topology.LEFT_EYE_LOWER),
        (topology.RIGHT_EYE_UPPER, topology.RIGHT_EYE_LOWER),
    ):
        fill((*upper, *lower[::-1]), (240, 240, 240))
    lips = [marks[list(topology.INNER_UPPER), :2].round().astype(np.int32)]
    cv2.polylines(frame, lips, False, LINE, 4, cv2.LINE_AA)
    matte = np.asarray(cv2.resize(plate.matte, (1280, 1280)), np.uint8)
    return replace(plate, frame=frame, matte=matte, landmarks=marks)


def between_the_lips(plate: Plate, **columns: float) -> np.ndarray:
    """A column of pixels through the middle of the mouth."""
    still = np.stack([idle()])
    model = WarpMouth()
    (patch,) = model.patches(plate, np.stack([shape(**columns)]), still, cut_out=False)
    x, y = plate.landmarks[[13, 14], :2].mean(axis=0).round().astype(int)
    reach = round(0.25 * unit(plate))
    return shown(plate, patch)[y - reach : y + reach, x].astype(int)


def test_only_flat_colours_make_a_drawing() -> None:
    for plate, flat in ((cartoon(), True), (drawn(), False), (portrait(), False)):
        assert is_flat(plate.frame, anatomy_of(plate)) is flat


def test_an_open_mouth_is_a_band_of_teeth_over_a_dark_shape() -> None:
    seen = between_the_lips(cartoon(), jaw=0.8)
    bright = np.flatnonzero(seen.min(axis=1) > 190)
    dark = np.flatnonzero(seen.max(axis=1) < 90)
    assert len(bright) > 5
    assert np.all(np.diff(bright) == 1)
    assert dark.min() < bright.min() < bright.max() < dark.max()


def test_closed_lips_are_one_line() -> None:
    for columns in ({}, {"press": 1.0}):
        seen = between_the_lips(cartoon(), **columns)
        skin = np.abs(seen - SKIN).max(axis=1) < 12
        line = np.flatnonzero(~skin)
        assert 1 < len(line) < 0.06 * unit(cartoon())
        assert np.all(np.diff(line) == 1)
