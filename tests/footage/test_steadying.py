"""A matte carried from picture to picture: steady where it should be, new where it must be."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lipwright.arrays import Frame, Landmarks, Matte
from lipwright.face.steadying import steadied


@dataclass
class Doubtful:
    """Says that the left half is the person, give or take some noise of its own."""

    chance: np.random.Generator = field(default_factory=lambda: np.random.default_rng(1))

    def matte(self, frame: Frame) -> Matte:
        """Noise of 20 levels, between 0 and 255, around the picture's own brightness."""
        noise = self.chance.normal(0, 20, frame.shape[:2])
        return np.asarray(np.clip(frame[..., 0] + noise, 0, 255), np.uint8)

    def still(self, frame: Frame, face: Landmarks) -> Matte:
        return self.matte(frame)

    def around(self, frame: Frame) -> Matte:
        return np.full(frame.shape[:2], 255, np.uint8)


def noise_of(mattes: list[Matte], truth: list[Frame]) -> float:
    grey = [
        matte[40:-40, 40:-40].astype(float) - frame[40:-40, 40:-40, 0]
        for matte, frame in zip(mattes, truth, strict=True)
    ]
    return float(np.mean([part.std() for part in grey[-4:]]))


def test_noise_of_a_matte_is_lost_while_the_picture_stands_or_moves(portrait: Frame) -> None:
    soft = np.asarray(portrait // 2 + 60, np.uint8)
    for step in (0, 2):
        frames = [np.roll(soft, step * k, axis=1) for k in range(10)]
        raw = [Doubtful().matte(frame) for frame in frames]
        assert noise_of(raw, frames) > 18
        assert noise_of(list(steadied(iter(frames), Doubtful())), frames) < 9


def test_what_is_new_has_its_own_matte_at_once(portrait: Frame) -> None:
    dark = np.zeros_like(portrait)
    shown = [dark, dark, np.full_like(portrait, 200)]
    last = list(steadied(iter(shown), Doubtful()))[-1]
    assert abs(float(last.mean()) - 200) < 3


@dataclass
class Confused(Doubtful):
    """Takes a patch of the wall for the person in every third picture; a longer look knows."""

    seen: int = 0

    def matte(self, frame: Frame) -> Matte:
        self.seen += 1
        person = np.where(frame[..., 0] > 180, np.uint8(255), np.uint8(0))
        person[20:60, 20:60] |= np.uint8(140 * (self.seen % 3 == 0))
        return person

    def around(self, frame: Frame) -> Matte:
        return np.where(frame[..., 0] > 180, np.uint8(255), np.uint8(0))


def test_a_lump_that_comes_and_goes_is_not_the_person_but_a_raised_hand_is() -> None:
    wall = np.random.default_rng(2).integers(60, 120, (200, 200, 3), dtype=np.uint8)
    wall[120:, 60:140] = 220
    raised = wall.copy()
    raised[20:60, 20:60] = 220
    shown = [wall] * 7 + [raised] * 3
    mattes = list(steadied(iter(shown), Confused()))
    assert max(matte[22:58, 22:58].max() for matte in mattes[:7]) < 5
    assert mattes[7][25:55, 25:55].min() > 200
    assert min(matte[125:195, 65:135].min() for matte in mattes) > 250
