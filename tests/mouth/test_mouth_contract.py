"""What every mouth model does, the fake included."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from mouth_plates import drawn, idle, portrait, shape, shown, unit

from lipwright.avatar import Plate
from lipwright.mouth import MouthModel, PaintedMouth, WarpMouth

SHAPES = np.stack(
    [shape(), shape(jaw=0.6, upper_lip=0.4), shape(jaw=0.3, press=1), shape(width=-0.8, pucker=1)]
)
IDLES = np.stack(
    [idle(), idle(yaw=2, blink=1), idle(roll=-2, breath=1), idle(pitch=1, shift_x=0.02, brow=1)]
)


@pytest.fixture(params=[PaintedMouth, WarpMouth], ids=["painted", "warp"])
def model(request: pytest.FixtureRequest) -> MouthModel:
    made: MouthModel = request.param()
    return made


@pytest.fixture(params=[drawn, portrait], ids=["drawn", "portrait"])
def plate(request: pytest.FixtureRequest) -> Plate:
    made: Plate = request.param()
    return made


@pytest.mark.parametrize("cut_out", [False, True])
def test_gives_one_patch_a_frame_in_one_even_box_on_the_canvas(
    model: MouthModel, plate: Plate, cut_out: bool
) -> None:
    patches = list(model.patches(plate, SHAPES, IDLES, cut_out=cut_out))
    assert len(patches) == len(SHAPES)
    assert len({(p.left, p.top, p.rgb.shape) for p in patches}) == 1
    height, width = patches[0].rgb.shape[:2]
    assert all(side % 2 == 0 for side in (patches[0].left, patches[0].top, height, width))
    assert patches[0].left >= 0
    assert patches[0].left + width <= plate.frame.shape[1]
    assert patches[0].top >= 0
    assert patches[0].top + height <= plate.frame.shape[0]
    assert all(p.rgb.dtype == np.uint8 for p in patches)


def test_patches_do_not_share_memory(model: MouthModel) -> None:
    patches = list(model.patches(drawn(), SHAPES, IDLES, cut_out=True))
    for first, second in pairwise(patches):
        assert first.pixels.alpha is not None
        assert second.pixels.alpha is not None
        assert not np.shares_memory(first.rgb, second.rgb)
        assert not np.shares_memory(first.pixels.alpha, second.pixels.alpha)


def test_carries_an_alpha_only_where_the_person_is_cut_out(model: MouthModel, plate: Plate) -> None:
    (plain,) = model.patches(plate, SHAPES[:1], IDLES[:1], cut_out=False)
    (cut,) = model.patches(plate, SHAPES[:1], IDLES[:1], cut_out=True)
    assert plain.pixels.alpha is None
    assert cut.pixels.alpha is not None
    assert cut.pixels.alpha.shape == cut.rgb.shape[:2]
    assert np.array_equal(plain.rgb, cut.rgb)


def test_a_part_rendered_alone_equals_the_part_of_the_whole(
    model: MouthModel, plate: Plate
) -> None:
    whole = list(model.patches(plate, SHAPES, IDLES, cut_out=True))
    part = list(model.patches(plate, SHAPES[2:4], IDLES[2:4], cut_out=True))
    for expected, got in zip(whole[2:4], part, strict=True):
        assert (expected.left, expected.top) == (got.left, got.top)
        assert np.array_equal(expected.rgb, got.rgb)
        assert expected.pixels.alpha is not None
        assert got.pixels.alpha is not None
        assert np.array_equal(expected.pixels.alpha, got.pixels.alpha)


def test_leaves_the_plate_as_it_was(model: MouthModel) -> None:
    plate = drawn()
    before = plate.frame.copy(), plate.matte.copy(), plate.landmarks.copy()
    list(model.patches(plate, SHAPES, IDLES, cut_out=True))
    assert np.array_equal(before[0], plate.frame)
    assert np.array_equal(before[1], plate.matte)
    assert np.array_equal(before[2], plate.landmarks)


def test_a_dropped_jaw_darkens_the_mouth_and_pressed_lips_do_not(
    model: MouthModel, plate: Plate
) -> None:
    rows = np.stack([shape(), shape(jaw=1), shape(jaw=1, press=1)])
    patches = model.patches(plate, rows, np.stack([idle()] * 3), cut_out=False)
    rest, wide, pressed = (shown(plate, patch).astype(float).mean(-1) for patch in patches)
    x, y = plate.landmarks[[13, 14], :2].mean(0)
    reach = round(unit(plate) * 0.15)
    part = np.s_[int(y) : int(y) + reach, int(x) - reach // 2 : int(x) + reach // 2]
    assert wide[part].mean() < rest[part].mean() - 15
    assert pressed[part].mean() > wide[part].mean() + 15


def test_refuses_shapes_and_idle_motion_of_different_length(model: MouthModel) -> None:
    with pytest.raises(ValueError, match="one of each a frame"):
        list(model.patches(drawn(), SHAPES, IDLES[:1], cut_out=False))
