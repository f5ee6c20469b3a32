"""A smile's plate is softened beside the mouth, where closing it presses skin together."""

from __future__ import annotations

import numpy as np
from mouth_plates import drawn, portrait, unit

from lipwright.avatar import Plate
from lipwright.mouth.anatomy import anatomy_of
from lipwright.mouth.head import HeadMotion
from lipwright.mouth.mouthwarp import MouthWarp
from lipwright.mouth.softening import softened


def soft(plate: Plate) -> Plate:
    anatomy = anatomy_of(plate)
    return softened(
        plate, anatomy, MouthWarp(anatomy, HeadMotion(plate, anatomy), plate.frame.shape)
    )


def test_closed_lips_need_no_softening() -> None:
    plate = drawn()
    assert soft(plate) is plate


def test_a_smile_is_softened_around_the_mouth_alone() -> None:
    plate = portrait()
    changed = (soft(plate).frame != plate.frame).any(axis=-1)
    rows, columns = np.nonzero(changed)
    away = np.hypot(columns - plate.landmarks[13, 0], rows - plate.landmarks[13, 1])
    assert changed.any()
    assert away.max() < 1.2 * unit(plate)


def test_softening_takes_detail_and_keeps_light() -> None:
    plate = portrait()
    before, after = plate.frame.astype(float), soft(plate).frame.astype(float)
    changed = (before != after).any(axis=-1)
    assert abs(before[changed].mean() - after[changed].mean()) < 1
    assert np.abs(np.diff(after, axis=1)).sum() < np.abs(np.diff(before, axis=1)).sum()
