"""Backgrounds that move: drifting pictures, footage, blur."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from lipwright.arrays import YuvFrame
from lipwright.colour import copied, yuv_of
from lipwright.compose import Clock, open_ground
from lipwright.compose.footage import Reel
from lipwright.compose.grounds import EFFECTS, SPARE, Looking, View, blurred
from lipwright.errors import UnreadableMedia
from lipwright.request import EFFECTS as EFFECT_NAMES
from lipwright.request import Background, Fit

SIZE = (320, 180)
CLOCK = Clock(Fraction(30), 90)


def video(path: Path, levels: list[int], size: tuple[int, int] = (160, 90), fps: int = 10) -> Path:
    """A clip whose frames are flat, each of its own brightness."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"crf": "1", "g": "4"})
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for level in levels:
            frame = av.VideoFrame(*size, "yuv420p")
            for plane, value in zip(frame.planes, (level, 128, 128), strict=True):
                plane.update(bytes([value]) * plane.buffer_size)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def luma(picture: YuvFrame) -> int:
    return int(picture.y[90, 160])


def test_footage_is_repeated_and_keeps_its_own_time(tmp_path: Path) -> None:
    levels = [40, 80, 120, 160, 200]
    clip = Background(video=video(tmp_path / "clip.mp4", levels))
    ground = open_ground(clip, SIZE, CLOCK)
    seen = [luma(ground.at(index)) for index in range(40)]
    meant = [levels[index // 3 % 5] for index in range(40)]
    assert np.abs(np.subtract(seen, meant)).max() <= 2


def test_footage_that_starts_in_the_middle_shows_the_same(tmp_path: Path) -> None:
    clip = Background(video=video(tmp_path / "clip.mp4", list(range(30, 220, 8))))
    whole = open_ground(clip, SIZE, CLOCK)
    meant = [luma(whole.at(index)) for index in range(90)]
    for start in (1, 33, 71, 75):
        assert luma(open_ground(clip, SIZE, CLOCK).at(start)) == meant[start]
    backwards = open_ground(clip, SIZE, CLOCK)
    assert [luma(backwards.at(index)) for index in (80, 20, 5)] == [meant[i] for i in (80, 20, 5)]


@pytest.mark.parametrize("fit", Fit)
def test_footage_of_another_shape_fills_the_canvas(tmp_path: Path, fit: Fit) -> None:
    clip = Background(video=video(tmp_path / "tall.mp4", [180] * 5, size=(90, 160)), fit=fit)
    picture = open_ground(clip, SIZE, CLOCK).at(3)
    assert picture.y.shape == (180, 320)
    assert np.abs(picture.y.astype(int) - 180).max() <= 2


@pytest.mark.parametrize("content", [b"", b"<svg/>", bytes(5000), b"#EXTM3U\nhttp://x/y.ts\n"])
def test_a_file_that_is_no_video_is_unreadable(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "v.mp4"
    path.write_bytes(content)
    with pytest.raises(UnreadableMedia, match=r"v\.mp4 is not a video"):
        Reel.of(path)


def test_a_sound_file_is_no_video(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=48_000)
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 4800), np.float32), "fltp", "mono")
        sound.sample_rate = 48_000
        container.mux(stream.encode(sound))
        container.mux(stream.encode(None))
    with pytest.raises(UnreadableMedia, match="not a video"):
        Reel.of(tmp_path / "a.mp4")


def test_footage_that_breaks_off_stays_on_what_was_decoded(tmp_path: Path) -> None:
    path = video(tmp_path / "clip.mp4", [100] * 40)
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + len(data) // 3
    data[start : start + len(data) // 3] = bytes(len(data) // 3)
    path.write_bytes(data)
    try:
        ground = open_ground(Background(video=path), SIZE, CLOCK)
    except UnreadableMedia:
        return
    assert all(ground.at(index).y.shape == (180, 320) for index in range(0, 90, 7))


@pytest.mark.parametrize("effect", EFFECT_NAMES)
def test_an_effect_moves_and_never_shows_an_edge(tmp_path: Path, effect: str) -> None:
    noise = np.random.default_rng(3).integers(120, 220, (90, 160, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "b.png")
    ground = open_ground(Background(image=tmp_path / "b.png", effect=effect), SIZE, CLOCK)
    first = copied(ground.at(0))
    moved = [np.abs(ground.at(index).y.astype(int) - first.y).mean() for index in (7, 44, 89)]
    assert max(moved) > 1.5
    assert first.y.min() > 60, "nothing black comes in from outside"


def test_effects_stay_inside_the_spare_picture() -> None:
    for view_at in EFFECTS.values():
        for moment in np.linspace(0, 40, 400):
            view = view_at(float(moment), 40.0)
            spare = (view.zoom - 1) / 2
            lean = np.sin(np.radians(abs(view.turn_deg))) * 0.9
            assert abs(view.across) + lean <= spare + 1e-6
            assert view.zoom <= SPARE + 1e-6


def test_looking_at_the_whole_picture_changes_nothing() -> None:
    rng = np.random.default_rng(1)
    picture = yuv_of(rng.integers(0, 255, (180, 320, 3), np.uint8))
    seen = Looking(SIZE).at(picture, View())
    assert all(np.array_equal(a, b) for a, b in zip(seen[:3], picture[:3], strict=True))


def test_blur_takes_detail_away_and_keeps_brightness() -> None:
    picture = yuv_of(np.random.default_rng(1).integers(0, 255, (180, 320, 3), np.uint8))
    soft = blurred(picture, 0.05)
    assert soft.y.std() < picture.y.std() / 5
    assert abs(float(soft.y.mean()) - float(picture.y.mean())) < 1.5
