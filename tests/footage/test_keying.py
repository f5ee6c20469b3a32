"""A person on a green screen whose matte is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.arrays import Frame
from lipwright.face import Matter
from lipwright.face.keying import Keyer, Screen, screen_behind

GREEN, BLUE = np.array([40, 165, 80]), np.array([30, 70, 190])


def before(
    colour: NDArray[np.int_], portrait: Frame, matter: Matter, dimmest: float = 0.8
) -> tuple[Frame, Frame]:
    """The portrait before an unevenly lit screen with noise, and its true matte."""
    matte = matter.matte(portrait).astype(np.float64)[..., None] / 255
    light = np.linspace(dimmest, 1.1, portrait.shape[1])[None, :, None]
    noise = np.random.default_rng(5).normal(0, 2, (*portrait.shape[:2], 1))
    scene = colour * light + noise
    mixed = portrait * matte + scene * (1 - matte)
    return np.clip(mixed, 0, 255).astype(np.uint8), (matte[..., 0] * 255).astype(np.uint8)


@pytest.mark.parametrize(("colour", "channel"), [(GREEN, 1), (BLUE, 2)])
def test_a_screen_is_found_and_keyed(
    portrait: Frame, matter: Matter, colour: NDArray[np.int_], channel: int
) -> None:
    frame, truth = before(colour, portrait, matter)
    assert screen_behind([frame, frame]) == Screen(channel)
    keyed = Keyer(Screen(channel), matter).matte(frame)
    clear, opaque = truth < 3, truth > 252
    assert (keyed[clear] < 10).mean() > 0.995
    assert (keyed[opaque] > 245).mean() > 0.97
    assert np.abs(keyed.astype(int) - truth).mean() < 8


def test_the_screens_light_is_gone_from_the_edge(portrait: Frame, matter: Matter) -> None:
    frame, truth = before(GREEN, portrait, matter)
    keyer = Keyer(Screen(1), matter)
    cleaned = keyer.cleaned(frame, keyer.matte(frame)).astype(int)
    edge = (truth > 60) & (truth < 200)
    greener = cleaned[..., 1] - cleaned[..., [0, 2]].max(axis=2)
    assert np.percentile(greener[edge], 90) <= 4
    inside = truth == 255
    assert np.abs(cleaned - frame)[inside].mean() < 3


@pytest.mark.parametrize(("colour", "channel"), [(GREEN, 1), (BLUE, 2)])
def test_a_tie_and_eyes_of_the_screens_colour_are_the_persons_own(
    portrait: Frame, matter: Matter, colour: NDArray[np.int_], channel: int
) -> None:
    dressed = portrait.copy()
    dressed[300:370, 180:210] = colour
    dressed[110:116, 212:218] = iris = colour // 2 + 60
    frame, _ = before(colour, dressed, matter, dimmest=0.5)
    keyer = Keyer(Screen(channel), matter)
    matte = keyer.matte(frame)
    assert matte[300:370, 180:210].min() == 255
    assert matte[105:122, 205:225].min() == 255
    cleaned = keyer.cleaned(frame, matte).astype(int)
    assert np.abs(cleaned[305:365, 185:205] - colour).mean() < 10
    assert np.abs(cleaned[111:115, 213:217] - iris).mean() < 12
    assert matte[20:150, 330:380].max() < 10  # the screen, dim or bright
    assert matte[100:200, 0:60].max() < 10


def test_an_ordinary_room_is_no_screen(portrait: Frame) -> None:
    assert screen_behind([portrait]) is None
    lawn = np.random.default_rng(2).normal([60, 110, 40], 40, (200, 200, 3))
    assert screen_behind([np.clip(lawn, 0, 255).astype(np.uint8)]) is None
