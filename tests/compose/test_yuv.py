from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright.arrays import Box
from lipwright.colour import within, yuv_of
from lipwright.compose.yuv import mix


def patch_of(color: tuple[int, int, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((4, 6, 3), color, np.uint8)


@pytest.mark.parametrize(
    ("rgb", "yuv"),
    [
        ((0, 0, 0), (16, 128, 128)),
        ((255, 255, 255), (235, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),
        ((0, 255, 0), (173, 42, 26)),
        ((0, 0, 255), (32, 240, 118)),
    ],
)
def test_the_colour_bars_have_their_values_of_bt_709(
    rgb: tuple[int, int, int], yuv: tuple[int, int, int]
) -> None:
    for plane, value in zip(yuv_of(patch_of(rgb))[:3], yuv, strict=True):
        assert plane is not None
        assert set(plane.ravel().tolist()) == {value}


def test_chroma_is_half_as_large_as_luma() -> None:
    planes = yuv_of(patch_of((1, 2, 3)))
    assert planes.y.shape == (4, 6)
    assert planes.u.shape == planes.v.shape == (2, 3)
    assert planes.alpha is None


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
def test_a_mix_lies_between_its_parts(over: int, under: int, alpha: int) -> None:
    def plane(value: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        return np.full((2, 2), value, np.uint8)

    mixed = int(mix(plane(over), plane(under), plane(alpha))[0, 0])
    assert abs(mixed - (over * alpha + under * (255 - alpha)) / 255) <= 1
    assert min(over, under) - 1 <= mixed <= max(over, under) + 1


def test_what_is_within_a_box_is_a_view() -> None:
    frame = yuv_of(patch_of((9, 9, 9)))
    part = within(frame, Box(2, 0, 6, 2))
    part.y[:] = 200
    part.v[:] = 201
    assert frame.y[0].tolist() == [24, 24, 200, 200, 200, 200]
    assert frame.v[0].tolist() == [128, 201, 201]
