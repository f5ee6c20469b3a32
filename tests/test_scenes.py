"""Several scenes in one video, drawn from one folder of speech, in any segments."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lipwright.errors import InvalidRequest
from lipwright.mouth import PaintedMouth
from lipwright.narration import Narration, silence
from lipwright.request import (
    Aspect,
    Background,
    Captions,
    Container,
    Output,
    Placement,
    RenderRequest,
    Scene,
    Transition,
)
from lipwright.speech import Speech
from lipwright.staging import Staged, Stages, drawn
from lipwright.timeline import Timed

STAGES = Stages(mouth=PaintedMouth())
SMALL = Output(Aspect.SQUARE, 360)


def speech(seconds: float, *words: str) -> Speech:
    each = int(seconds * 48_000 / max(1, len(words)))
    timed = tuple(Timed(i * each, i * each + each - 500, word) for i, word in enumerate(words))
    return replace(silence(seconds), words=timed)


def staged(scenes: tuple[Scene, ...], said: list[Speech], output: Output = SMALL) -> Staged:
    return Staged.of(RenderRequest(scenes, output=output), Narration.of(scenes, said, output.fps))


def lumas(video: Staged, frames: range) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    return [frame.y.copy() for frame in drawn(video, frames, STAGES)]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scenes") / "stripes.png"
    Image.fromarray(np.tile(np.array([[[255] * 3, [30] * 3]], np.uint8), (40, 20, 1))).save(path)
    return path


def test_segments_may_be_cut_anywhere(avatar_folder: Path, image: Path) -> None:
    moving = Background(image=image, effect="zoom-in")
    scenes = (
        Scene(avatar_folder, "Hello there.", captions=Captions("neo"), background=moving),
        Scene(avatar_folder, silence_s=0.5, transition_in=Transition.SWIPE_LEFT),
        Scene(avatar_folder, "Bye.", placement=Placement(0.5, 0.2, circle=True), background=moving),
    )
    video = staged(scenes, [speech(0.7, "Hello", "there."), silence(0.5), speech(0.4, "Bye.")])
    count = video.grid.frame_count
    assert count == 21 + 15 + 12
    whole = lumas(video, range(count))
    assert len(whole) == count
    for cuts in ((0, 10, 21, count), (0, 22, 24, 40, count)):
        parts = [
            luma
            for start, stop in itertools.pairwise(cuts)
            for luma in lumas(video, range(start, stop))
        ]
        assert all((a == b).all() for a, b in zip(parts, whole, strict=True))


def test_a_hidden_avatar_is_not_seen(avatar_folder: Path) -> None:
    green = Background(color="#00ff00")
    hidden = Scene(avatar_folder, silence_s=1, placement=Placement(hidden=True), background=green)
    (luma,) = lumas(staged((hidden,), [silence(1)]), range(1))
    assert luma.min() == luma.max() == 173


def test_a_scene_may_show_nobody() -> None:
    (luma,) = lumas(staged((Scene(silence_s=1),), [silence(1)]), range(1))
    assert luma.std() > 1, "a studio, not black"


def test_a_smaller_avatar_stands_on_the_lower_edge(avatar_folder: Path) -> None:
    black = Background(color="#000000")
    scene = Scene(
        avatar_folder, silence_s=1, placement=Placement(0.5, offset_x=0.25), background=black
    )
    (luma,) = lumas(staged((scene,), [silence(1)]), range(1))
    assert luma[:, :90].max() == 16
    assert luma[:150].max() == 16
    assert luma[350:, 200:].max() > 40


def test_only_the_round_window_is_seen_of_a_transparent_circle(avatar_folder: Path) -> None:
    output = replace(SMALL, container=Container.WEBM_ALPHA)
    scene = Scene(avatar_folder, silence_s=1, placement=Placement(0.5, circle=True))
    frame = next(drawn(staged((scene,), [silence(1)], output), range(1), STAGES))
    assert frame.alpha is not None
    share = (frame.alpha > 128).mean()
    assert share == pytest.approx(np.pi / 16, abs=0.005)


@pytest.mark.parametrize(
    "scenes",
    [
        {},
        {"script": "x", "silence_s": 1},
        {"script": "Nobody has a voice."},
        {"silence_s": 0.1},
        {"silence_s": 1, "volume": 1.5},
        {"silence_s": 1, "volume": float("nan")},
    ],
)
def test_a_scene_says_one_thing(scenes: dict[str, object]) -> None:
    with pytest.raises(InvalidRequest):
        Scene(**scenes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "values", [(0.05, 0, 0), (2.1, 0, 0), (1, 1.5, 0), (1, 0, -2), (float("nan"), 0, 0)]
)
def test_an_avatar_stands_where_it_can_be_seen(values: tuple[float, float, float]) -> None:
    with pytest.raises(InvalidRequest):
        Placement(*values)


def test_motion_is_decided_once_and_kept(avatar_folder: Path, tmp_path: Path) -> None:
    scenes = (Scene(avatar_folder, "Hello.", captions=Captions("neo")), Scene(silence_s=0.5))
    narration = Narration.of(scenes, [speech(0.6, "Hello."), silence(0.5)], SMALL.fps)
    video = Staged.of(RenderRequest(scenes, output=SMALL), narration)
    narration.write(tmp_path)
    video.write_motion(tmp_path)
    again = Staged.read(video.request, tmp_path)
    count = range(video.grid.frame_count)
    pairs = zip(lumas(video, count), lumas(again, count), strict=True)
    assert all((a == b).all() for a, b in pairs)
    (tmp_path / "motion.npz").unlink()
    assert np.array_equal(Staged.read(video.request, tmp_path).shapes, video.shapes)
