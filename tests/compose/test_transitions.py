"""Scenes come and go."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest

from lipwright.arrays import YuvFrame
from lipwright.compose import Passage, black_frame, clear_frame, copied, passing, transition_frames
from lipwright.request import Transition

SIZE = (64, 36)


def flat(level: int) -> YuvFrame:
    return black_frame(SIZE)._replace(y=np.full((36, 64), level, np.uint8))


def played(
    kind: Transition, *, coming: bool = False, leaving: bool = False, other: YuvFrame | None = None
) -> list[YuvFrame]:
    def pictures() -> Iterator[YuvFrame]:
        for _ in range(30):
            yield flat(200)

    passage = Passage(kind, other or flat(50))
    spans = (range(10), range(20, 30))
    whole = range(30)
    frames = passing(
        pictures(), whole, spans, passage if coming else None, passage if leaving else None
    )
    return [copied(frame) for frame in frames]


@pytest.mark.parametrize("kind", Transition)
def test_a_scene_comes_over_the_one_before_it(kind: Transition) -> None:
    means = [float(frame.y.mean()) for frame in played(kind, coming=True)]
    assert means[0] < 70
    assert all(a <= b for a, b in itertools.pairwise(means))
    assert set(means[10:]) == {200.0}


@pytest.mark.parametrize("kind", Transition)
def test_a_scene_gives_way_to_the_one_after_it(kind: Transition) -> None:
    means = [float(frame.y.mean()) for frame in played(kind, leaving=True)]
    assert set(means[:20]) == {200.0}
    assert all(a >= b for a, b in itertools.pairwise(means))
    assert means[-1] < 70


def test_a_swipe_goes_where_its_name_says() -> None:
    sides = {
        Transition.SWIPE_LEFT: np.s_[18, -2],
        Transition.SWIPE_RIGHT: np.s_[18, 1],
        Transition.SWIPE_UP: np.s_[-2, 32],
        Transition.SWIPE_DOWN: np.s_[1, 32],
    }
    for kind, side in sides.items():
        frame = played(kind, coming=True)[3]
        assert frame.y[side] == 200, kind
        assert frame.y[tuple(-1 - place for place in side)] == 50, kind


def test_a_transparent_picture_fades_to_nothing_and_keeps_its_colour() -> None:
    half = np.zeros((36, 64), np.uint8)
    half[:, 32:] = 255
    picture, clear = flat(200)._replace(alpha=half), clear_frame(SIZE)
    frames = passing(
        iter([picture] * 4),
        range(4),
        (range(0), range(4)),
        None,
        Passage(Transition.FADE, clear),
    )
    alphas = []
    for frame in frames:
        assert frame.alpha is not None
        assert (frame.y[:, 33:] == 200).all()
        assert (frame.alpha[:, :32] == 0).all()
        alphas.append(int(frame.alpha[10, 50]))
    assert 255 > alphas[0] > alphas[1] > alphas[2] > alphas[3] > 0


@pytest.mark.parametrize("fps", [24, 30, 60])
def test_a_transition_takes_no_more_than_a_third_of_a_short_scene(fps: int) -> None:
    assert transition_frames(Fraction(fps), 10 * fps) == round(0.4 * fps)
    assert transition_frames(Fraction(fps), 15) == 5
    assert transition_frames(Fraction(fps), 1) == 1
