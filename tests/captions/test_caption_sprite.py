"""A sprite lies on a frame as premultiplied blending says, and never off it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lipwright.compose.captions.sprite import sprite_from_rgba


def premultiplied(seed: int, height: int, width: int) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    alpha = rng.integers(0, 256, (height, width, 1))
    color = rng.integers(0, 256, (height, width, 3)) * alpha // 255
    return np.concatenate([color, alpha], axis=2).astype(np.uint8)


@given(
    left=st.integers(-30, 70),
    top=st.integers(-30, 70),
    height=st.integers(1, 40),
    width=st.integers(1, 40),
)
@settings(max_examples=150, deadline=None)
def test_a_sprite_lies_inside_the_canvas_on_even_edges(
    left: int, top: int, height: int, width: int
) -> None:
    sprite = sprite_from_rgba(premultiplied(1, height, width), left, top, (64, 48))
    visible = left < 64 and top < 48 and left + width > 0 and top + height > 0
    assert (sprite is not None) == visible
    if sprite is None:
        return
    rows, columns = sprite.y.shape
    assert sprite.left % 2 == sprite.top % 2 == rows % 2 == columns % 2 == 0
    assert sprite.left >= 0
    assert sprite.top >= 0
    assert sprite.left + columns <= 64
    assert sprite.top + rows <= 48
    assert sprite.u.shape == sprite.v.shape == sprite.inverse_chroma.shape
    assert sprite.u.shape == (rows // 2, columns // 2)
    assert np.array_equal(sprite.alpha, 255 - sprite.inverse)


def test_blending_mixes_luma_by_alpha() -> None:
    pixels = premultiplied(2, 20, 20)
    planes = [np.full((20, 20), 90, np.uint8), *np.full((2, 10, 10), 128, np.uint8)]
    sprite = sprite_from_rgba(pixels, 0, 0, (20, 20))
    assert sprite is not None
    sprite.blend(planes[0], planes[1], planes[2])
    alpha = pixels[..., 3] / 255
    luma = pixels[..., :3] @ np.array([0.2126, 0.7152, 0.0722]) * 219 / 255 + 16 * alpha
    assert np.abs(planes[0] - (luma + 90 * (1 - alpha))).max() <= 1.5


def test_opaque_white_and_black_are_the_ends_of_the_limited_range() -> None:
    for value, luma in ((255, 235), (0, 16)):
        pixels = np.full((4, 4, 4), value, np.uint8)
        pixels[..., 3] = 255
        sprite = sprite_from_rgba(pixels, 0, 0, (4, 4))
        assert sprite is not None
        assert set(sprite.y.ravel()) == {luma}
        assert set(sprite.u.ravel()) == set(sprite.v.ravel()) == {128}


def test_a_transparent_sprite_changes_nothing() -> None:
    sprite = sprite_from_rgba(np.zeros((6, 6, 4), np.uint8), 2, 2, (16, 16))
    assert sprite is not None
    y = np.random.default_rng(0).integers(16, 236, (16, 16)).astype(np.uint8)
    u, v = (np.full((8, 8), 99, np.uint8) for _ in range(2))
    before = y.copy()
    sprite.blend(y, u, v)
    assert np.array_equal(y, before)
    assert set(u.ravel()) == set(v.ravel()) == {99}
