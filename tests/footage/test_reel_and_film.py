"""Pictures in any order, and the order that a sync mode asks for."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from clips import filmed, swaying, turned_flag

from lipwright.arrays import Frame
from lipwright.errors import UnreadableMedia
from lipwright.face.film import clip_fps, shown_at
from lipwright.face.footage import pictures
from lipwright.face.reel import Reel, upright_planes
from lipwright.request import SyncMode


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory, portrait: Frame) -> Path:
    return filmed(tmp_path_factory.mktemp("clip") / "clip.mp4", swaying(portrait, 40), tagged=True)


@pytest.fixture(scope="module")
def shown_us(clip: Path) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([picture.shown_us for picture in pictures(clip)], np.int64)


@pytest.mark.parametrize(
    "indices",
    [
        [0, 1, 2, 3],
        [20, 20, 21, 39],
        [39, 38, 37, 36, 35, 34, 33],
        [0, 1, 2, 1, 0, 1],
        [38, 39, 0, 1],
        [],
    ],
)
def test_any_order_gives_the_pictures_of_those_places(
    clip: Path, shown_us: np.ndarray[tuple[int], np.dtype[np.int64]], indices: list[int]
) -> None:
    with av.open(str(clip)) as container:
        stored = [frame.to_ndarray() for frame in container.decode(video=0)]
    with Reel(clip, shown_us) as reel:
        for index, frame in zip(indices, reel.play(indices), strict=True):
            planes = upright_planes(frame)
            assert (planes.y == stored[index][:512]).all()
            planes.y[...] = 0  # whoever gets a picture may draw on it


def test_a_turned_clip_gives_upright_planes(tmp_path: Path, portrait: Frame) -> None:
    path = filmed(tmp_path / "clip.mp4", [np.ascontiguousarray(portrait[:384])] * 3, tagged=True)
    turned_flag(path)
    shown = np.array([picture.shown_us for picture in pictures(path)], np.int64)
    with Reel(path, shown) as reel:
        planes = upright_planes(next(reel.play([1])))
    assert planes.y.shape == (512, 384)
    assert planes.u.shape == (256, 192)


def test_a_clip_that_was_cut_off_since_is_refused(
    clip: Path, shown_us: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> None:
    longer = np.append(shown_us, shown_us[-1] + 40_000)
    with Reel(clip, longer) as reel, pytest.raises(UnreadableMedia, match="earlier"):
        list(reel.play([len(shown_us)]))


@pytest.mark.parametrize(
    "fps", [24, 25, 30, 50, 60, Fraction(30_000, 1001), Fraction(60_000, 1001)]
)
def test_a_clip_keeps_its_rate(fps: Fraction) -> None:
    exact = np.array([round(1_000_000 * n / Fraction(fps)) for n in range(300)], np.int64)
    assert clip_fps(exact) == fps
    rounded = np.round(exact / 1000).astype(np.int64) * 1000  # as WebM keeps its clock
    assert clip_fps(rounded) == fps


def test_an_uneven_clip_gets_the_usual_rate() -> None:
    rng = np.random.default_rng(3)
    steps = 33_333 + rng.integers(-9_000, 9_000, 200)
    assert clip_fps(np.cumsum(steps) - steps[0]) == 30


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [
        (SyncMode.CUT_OFF, [0, 1, 2, 3, 3, 3, 3, 3, 3]),
        (SyncMode.SILENCE, [0, 1, 2, 3, 3, 3, 3, 3, 3]),
        (SyncMode.LOOP, [0, 1, 2, 3, 0, 1, 2, 3, 0]),
        (SyncMode.BOUNCE, [0, 1, 2, 3, 3, 2, 1, 0, 0]),
    ],
)
def test_footage_that_ends_before_the_speech(mode: SyncMode, wanted: list[int]) -> None:
    shown = np.arange(4, dtype=np.int64) * 40_000
    assert [shown_at(shown, Fraction(n, 25), mode) for n in range(9)] == wanted
