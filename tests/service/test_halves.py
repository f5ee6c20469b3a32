"""A short preview is drawn by two processes."""

from __future__ import annotations

import pytest

from lipwright.service.engine import halved


@pytest.mark.parametrize(
    ("segments", "parts"),
    [
        ([[0, 179]], [[0, 179]]),
        ([[0, 180]], [[0, 90], [90, 180]]),
        ([[0, 301]], [[0, 150], [150, 301]]),
        ([[0, 600], [600, 700]], [[0, 600], [600, 700]]),
    ],
)
def test_one_long_segment_becomes_two(segments: list[list[int]], parts: list[list[int]]) -> None:
    assert halved(segments) == parts
