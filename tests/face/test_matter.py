"""What every matter keeps, and that the real one cuts out the person."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.arrays import Frame
from lipwright.face import EverythingMatter, Matter


@pytest.fixture(params=["real", "fake"])
def any_matter(request: pytest.FixtureRequest, matter: Matter) -> Matter:
    return matter if request.param == "real" else EverythingMatter()


class TestEveryMatter:
    def test_is_a_matter(self, any_matter: Matter) -> None:
        assert isinstance(any_matter, Matter)

    @pytest.mark.parametrize("size", [(64, 48), (90, 160), (512, 512), (1, 1), (3, 400)])
    def test_gives_a_matte_of_the_pictures_size(
        self, any_matter: Matter, size: tuple[int, int]
    ) -> None:
        frame = np.random.default_rng(3).integers(0, 255, (*size, 3), dtype=np.uint8)
        matte = any_matter.matte(frame)
        assert matte.shape == size
        assert matte.dtype == np.uint8

    def test_gives_the_same_matte_twice(self, any_matter: Matter, portrait: Frame) -> None:
        assert np.array_equal(any_matter.matte(portrait), any_matter.matte(portrait))

    def test_the_face_is_opaque(self, any_matter: Matter, portrait: Frame) -> None:
        assert any_matter.matte(portrait)[90:160, 200:250].min() > 250


def test_the_background_is_clear(matter: Matter, portrait: Frame) -> None:
    matte = matter.matte(portrait)
    assert matte[20:150, 330:380].max() < 5  # the wall between her and the shuttle
    assert matte[100:200, 0:60].max() < 5  # the flag


def test_a_wide_picture_is_cut_out_too(matter: Matter, portrait: Frame) -> None:
    wide = np.ascontiguousarray(portrait[:288])
    matte = matter.matte(wide)
    assert matte[90:160, 200:250].min() > 250
    assert matte[20:150, 330:380].max() < 5


def test_the_edge_is_soft_and_narrow(matter: Matter, portrait: Frame) -> None:
    matte = matter.matte(portrait)
    soft = (matte > 12) & (matte < 243)
    assert 0.002 < soft.mean() < 0.05
