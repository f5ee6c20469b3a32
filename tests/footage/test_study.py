"""Looking at a clip: hands, two people, an interrupted look, and the loop of its quiet part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from clips import FPS, filmed, swaying

from lipwright.arrays import Frame
from lipwright.errors import NoFaceFound, RenderCancelled
from lipwright.face import Face, Landmarker, looked_at, plate_of
from lipwright.face.glimpses import Notes
from lipwright.face.loop import chosen_loop
from lipwright.face.study import Study
from lipwright.face.track import tracked


@pytest.fixture(scope="module")
def frames(portrait: Frame) -> list[Frame]:
    return swaying(portrait, 60)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory, frames: list[Frame]) -> Path:
    return filmed(tmp_path_factory.mktemp("clip") / "clip.mp4", frames)


@pytest.fixture(scope="module")
def study(clip: Path, landmarker: Landmarker) -> Study:
    return looked_at(clip, landmarker)


def test_a_clip_of_one_face_is_trusted_throughout(study: Study) -> None:
    assert study.trust.min() == 1
    assert study.rest in range(60)
    assert 1 < len(study.mouths) <= 48


def test_a_hand_before_the_mouth_takes_the_trust_away(
    tmp_path: Path, frames: list[Frame], landmarker: Landmarker
) -> None:
    hidden = [frame.copy() for frame in frames]
    for index in range(30, 35):
        cv2.ellipse(hidden[index], (224, 172), (46, 30), 20, 0, 360, (196, 150, 128), -1)
    study = looked_at(filmed(tmp_path / "clip.mp4", hidden), landmarker)
    assert study.trust[30:35].max() == 0
    assert study.trust[:22].min() == 1
    assert study.trust[44:].min() == 1
    assert not set(study.mouths) & set(range(30, 35))
    assert np.abs(np.diff(study.trust)).max() < 0.5  # it fades


def test_the_user_picks_one_of_two_people(
    tmp_path: Path, portrait: Frame, landmarker: Landmarker
) -> None:
    scene = np.full((512, 900, 3), 200, np.uint8)
    scene[:, :512] = portrait
    scene[128:512, 516:900] = cv2.resize(portrait, (384, 384), interpolation=cv2.INTER_AREA)
    clip = filmed(tmp_path / "clip.mp4", [scene] * 8)
    largest = looked_at(clip, landmarker).track.landmarks[:, 1, 0]
    chosen = looked_at(clip, landmarker, near=(0.75, 0.5)).track.landmarks[:, 1, 0]
    assert (largest < 400).all()
    assert (chosen > 516).all()


class _Counting:
    """A landmarker that counts the pictures it was shown."""

    def __init__(self, landmarker: Landmarker) -> None:
        self._landmarker = landmarker
        self.count = 0

    def faces(self, frame: Frame) -> tuple[Face, ...]:
        return self._landmarker.faces(frame)

    def track(
        self,
        frames: Iterable[Frame],
        *,
        near: tuple[float, float] | None = None,
        after: Face | None = None,
        looks: int = 1,
    ) -> Iterator[Face | None]:
        for face in self._landmarker.track(frames, near=near, after=after, looks=looks):
            self.count += 1
            yield face


def test_an_interrupted_look_is_taken_up_where_it_stopped(
    tmp_path: Path, portrait: Frame, landmarker: Landmarker
) -> None:
    clip = filmed(tmp_path / "clip.mp4", swaying(portrait, 26))

    def stop(done: int) -> None:
        if done == 23:
            raise RenderCancelled

    with pytest.raises(RenderCancelled):
        tracked(clip, landmarker, stop, notes=Notes(tmp_path / "notes", 20))
    counting = _Counting(landmarker)
    resumed = tracked(clip, counting, notes=Notes(tmp_path / "notes", 20))
    assert counting.count == 6
    np.testing.assert_array_equal(resumed.landmarks, tracked(clip, landmarker).landmarks)


def test_footage_without_a_face_is_refused(tmp_path: Path, landmarker: Landmarker) -> None:
    empty = np.full((128, 128, 3), 90, np.uint8)
    with pytest.raises(NoFaceFound, match="footage"):
        looked_at(filmed(tmp_path / "clip.mp4", [empty] * 6), landmarker)


def test_the_loop_has_no_jump(study: Study) -> None:
    loop = chosen_loop(study, Fraction(FPS))
    share = loop.share[:, None]
    nose = study.track.landmarks[:, 1, :2]
    shown = nose[loop.first] * (1 - share) + nose[loop.second] * share
    steps = np.linalg.norm(np.diff(np.r_[shown, shown[:1]], axis=0), axis=1)
    usual = np.linalg.norm(np.diff(nose, axis=0), axis=1)
    assert len(shown) >= FPS
    assert steps.max() <= usual.max() + 0.5


def test_mouths_are_cut_at_the_scale_of_the_still(clip: Path, study: Study) -> None:
    plate = plate_of(clip, study)
    assert plate.mouths is not None
    rest = sorted({study.rest, *study.mouths}).index(study.rest)
    marks = plate.mouths.landmarks[rest]
    corner = plate.landmarks[1, :2] - marks[1, :2]
    left, top = corner.round().astype(int)
    height, width = plate.mouths.pictures.shape[1:3]
    there = plate.frame[top : top + height, left : left + width].astype(int)
    assert np.abs(plate.mouths.pictures[rest] - there).mean() < 1.5
