"""Black bars are found and left out, and a dark picture keeps all of itself."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.arrays import Box, Frame
from lipwright.face.bars import inside_bars


def barred(left: int = 0, top: int = 0, right: int = 0, bottom: int = 0) -> Frame:
    """A bright noisy picture of 200 x 120 with a compression's noise in its bars."""
    noise = np.random.default_rng(1)
    frame = noise.integers(0, 12, (120, 200, 3), dtype=np.uint8)
    picture = noise.integers(60, 220, (120 - top - bottom, 200 - left - right, 3), dtype=np.uint8)
    frame[top : 120 - bottom, left : 200 - right] = picture
    return frame


@pytest.mark.parametrize(
    ("bars", "inside"),
    [
        ({}, Box(0, 0, 200, 120)),
        ({"top": 15, "bottom": 15}, Box(0, 16, 200, 104)),
        ({"left": 40, "right": 40}, Box(40, 0, 160, 120)),
        ({"left": 1}, Box(0, 0, 200, 120)),
    ],
)
def test_bars_are_left_out_up_to_an_even_edge(bars: dict[str, int], inside: Box) -> None:
    found = inside_bars([barred(**bars), barred(**bars)])
    assert np.abs(np.subtract(found, inside)).max() <= 2
    assert all(edge % 2 == 0 for edge in found)
    cut = barred(**bars)[found.rows, found.columns]
    assert cut.shape == (found.height, found.width, 3)
    assert found == Box(0, 0, 200, 120) or min(cut[0].min(), cut[:, 0].min()) >= 60


def test_what_is_dark_in_one_picture_only_is_no_bar() -> None:
    assert inside_bars([barred(top=30), barred()]) == Box(0, 0, 200, 120)


def test_a_black_clip_keeps_all_of_itself() -> None:
    assert inside_bars([np.zeros((120, 200, 3), np.uint8)]) == Box(0, 0, 200, 120)
