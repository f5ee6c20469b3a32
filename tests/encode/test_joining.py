from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numbered_video import (
    SMALL,
    SMALL_MOV,
    SMALL_WEBM,
    decoded,
    decoded_with_alpha,
    grid_of,
    luma,
    moment,
    number_of,
    numbered,
    plane,
    sound_of,
)

from lipwright.arrays import Stereo
from lipwright.encode import join, mastered, segments, write_video
from lipwright.encode.formats import gop_frames
from lipwright.errors import EncoderFailed
from lipwright.request import Music, Output
from lipwright.timeline import SAMPLE_RATE, FrameGrid


def silence(grid: FrameGrid) -> Stereo:
    return np.zeros((2, grid.sample_count), np.float32)


def written(folder: Path, parts: list[range], grid: FrameGrid, output: Output) -> list[Path]:
    paths = []
    for i, part in enumerate(parts):
        paths.append(folder / f"segment-{i}.{output.container}")
        write_video(numbered(part, output), grid, output, paths[-1])
    return paths


RATES = st.sampled_from([Fraction(24), Fraction(25), Fraction(30), Fraction(30_000, 1_001)])


@given(st.integers(1, 100_000), RATES, st.integers(1, 60))
def test_segments_cover_the_grid_in_whole_gops(count: int, fps: Fraction, seconds: int) -> None:
    parts = segments(FrameGrid(fps, count), seconds=seconds)
    assert (parts[0].start, parts[-1].stop) == (0, count)
    assert sum(map(len, parts)) == count
    assert max(map(len, parts)) <= max(seconds, 2) * fps + 2 * gop_frames(fps)
    assert len(parts) == 1 or min(map(len, parts)) >= gop_frames(fps)
    assert all(part.start % gop_frames(fps) == 0 for part in parts)
    assert all(a.stop == b.start for a, b in pairwise(parts))


def test_segments_are_about_as_long_as_each_other() -> None:
    assert segments(grid_of(600)) == [range(600)]
    assert segments(grid_of(601)) == [range(360), range(360, 601)]


@pytest.mark.parametrize("fps", [Fraction(30), Fraction(30_000, 1_001)])
def test_joined_frames_are_the_segments_frames(tmp_path: Path, fps: Fraction) -> None:
    output = Output(short_side_px=360, aspect=SMALL.aspect, fps=fps)
    grid = grid_of(151, fps)
    paths = written(tmp_path, [range(60), range(60, 120), range(120, 151)], grid, output)
    join(paths, [silence(grid)], grid, output, tmp_path / "v.mp4")
    frames = decoded(tmp_path / "v.mp4")
    assert [number_of(frame) for frame in frames] == list(range(151))
    assert [moment(frame) for frame in frames] == [i / fps for i in range(151)]
    alone = [luma(frame) for path in paths for frame in decoded(path)]
    assert all(np.array_equal(luma(f), a) for f, a in zip(frames, alone, strict=True))


def test_the_sound_does_not_know_where_segments_end(tmp_path: Path) -> None:
    grid = grid_of(151)
    moments = np.arange(grid.sample_count) / SAMPLE_RATE
    voice = (0.3 * np.sin(900 * moments) * (np.sin(9 * moments) > 0)).astype(np.float32)
    heard = []
    for parts in ([range(151)], [range(60), range(60, 120), range(120, 151)]):
        sound = mastered(voice, grid, SMALL, music=Music())
        join(written(tmp_path, parts, grid, SMALL), sound, grid, SMALL, tmp_path / "v.mp4")
        heard.append(sound_of(tmp_path / "v.mp4"))
    assert heard[0].any()
    assert np.array_equal(heard[0], heard[1])


def test_packets_of_a_joined_file_are_evenly_spaced(tmp_path: Path) -> None:
    grid = grid_of(125)
    paths = written(tmp_path, [range(60), range(60, 125)], grid, SMALL)
    join(paths, [silence(grid)], grid, SMALL, tmp_path / "v.mp4")
    with av.open(str(tmp_path / "v.mp4")) as container:
        times = [packet.dts for packet in container.demux(video=0) if packet.size]
        assert container.streams.video[0].frames == 125
    steps = {b - a for a, b in pairwise(t for t in times if t is not None)}
    assert len(times) == 125
    assert len(steps) == 1


def test_sound_and_picture_start_and_end_together(tmp_path: Path) -> None:
    grid = grid_of(47)
    paths = written(tmp_path, [range(47)], grid, SMALL)
    join(paths, [silence(grid)], grid, SMALL, tmp_path / "v.mp4")
    with av.open(str(tmp_path / "v.mp4")) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert video.start_time == audio.start_time == 0
        assert video.duration is not None
        assert audio.duration is not None
        assert video.time_base is not None
        assert audio.time_base is not None
        assert video.duration * video.time_base == Fraction(47, 30)
        assert audio.duration * audio.time_base == Fraction(grid.sample_count, SAMPLE_RATE)
        context = audio.codec_context
        assert (context.name, context.sample_rate, context.layout.name) == ("aac", 48_000, "stereo")


def test_the_index_stands_before_the_frames(tmp_path: Path) -> None:
    grid = grid_of(10)
    join(
        written(tmp_path, [range(10)], grid, SMALL), [silence(grid)], grid, SMALL,
        tmp_path / "v.mp4",
    )  # fmt: skip
    content = (tmp_path / "v.mp4").read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")
    assert b"colr" in content


@pytest.mark.parametrize("block", [1_000, 1_024, 50_000])
@pytest.mark.parametrize("output", [SMALL, SMALL_WEBM], ids=["mp4", "webm"])
def test_a_flash_and_its_beep_are_within_a_millisecond(
    tmp_path: Path, output: Output, block: int
) -> None:
    grid = grid_of(90)
    flash = 61
    path = tmp_path / f"part.{output.container}"
    write_video(numbered(range(90), output, flash=flash), grid, output, path)
    sound = silence(grid)
    start = grid.samples_during(flash).start
    sound[:, start : start + 2_000] = 0.5 * np.sin(np.arange(2_000) * 2 * np.pi / 48)
    blocks = (sound[:, i : i + block] for i in range(0, grid.sample_count, block))
    video = tmp_path / f"v.{output.container}"
    join([path], blocks, grid, output, video)

    bright = [f for f in decoded(video) if luma(f)[200:].mean() > 200]
    assert len(bright) == 1
    flashed_s = float(moment(bright[0]))
    beeped_s = np.flatnonzero(np.abs(sound_of(video)[0]) > 0.1)[0] / SAMPLE_RATE
    assert abs(flashed_s - beeped_s) <= 0.001


@pytest.mark.slow
def test_sound_does_not_drift_from_the_picture(tmp_path: Path) -> None:
    fps = Fraction(30_000, 1_001)
    output = Output(short_side_px=360, aspect=SMALL.aspect, fps=fps)
    grid = grid_of(1_798, fps)
    flashes = [5, 700, 1_300, 1_790]
    paths = []
    for i, part in enumerate(segments(grid)):
        paths.append(tmp_path / f"{i}.mp4")
        write_video(numbered(part, output), grid, output, paths[-1])
    sound = silence(grid)
    for flash in flashes:
        start = grid.samples_during(flash).start
        sound[:, start : start + 2_000] = 0.5 * np.sin(np.arange(2_000) * 2 * np.pi / 48)
    join(paths, [sound], grid, output, tmp_path / "v.mp4")

    heard = np.flatnonzero(np.abs(sound_of(tmp_path / "v.mp4")[0]) > 0.1) / SAMPLE_RATE
    onsets = heard[np.flatnonzero(np.diff(heard, prepend=-9) > 1)]
    shown = [float(moment(frame)) for frame in decoded(tmp_path / "v.mp4")]
    assert len(shown) == 1_798
    assert np.abs(onsets - [shown[flash] for flash in flashes]).max() < 0.001
    assert len(paths) == 3


def test_a_joined_transparent_video_keeps_its_alpha(tmp_path: Path) -> None:
    grid = grid_of(70)
    paths = written(tmp_path, [range(60), range(60, 70)], grid, SMALL_WEBM)
    join(paths, [silence(grid)], grid, SMALL_WEBM, tmp_path / "v.webm")
    frames = decoded_with_alpha(tmp_path / "v.webm")
    alone = [frame for path in paths for frame in decoded_with_alpha(path)]
    assert len(frames) == 70
    for joined, single in zip(frames, alone, strict=True):
        assert len(joined.planes) == 4
        assert all(np.array_equal(plane(joined, i), plane(single, i)) for i in range(4))
    with av.open(str(tmp_path / "v.webm")) as container:
        assert container.streams.video[0].metadata["ALPHA_MODE"] == "1"
        assert container.streams.audio[0].codec_context.name == "opus"


@pytest.mark.parametrize("output", [SMALL, SMALL_WEBM], ids=["mp4", "webm"])
def test_the_same_segments_and_sound_give_the_same_bytes(tmp_path: Path, output: Output) -> None:
    grid = grid_of(40)
    sound = np.random.default_rng(1).normal(0, 0.1, (2, grid.sample_count)).astype(np.float32)
    paths = written(tmp_path, [range(40)], grid, output)
    contents = []
    for name in ("a.video", "b.video"):
        join(paths, [sound], grid, output, tmp_path / name)
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]


@pytest.mark.parametrize("count", [61, 62, 121, 125])
def test_a_tail_of_a_few_frames_does_not_stretch_the_video(tmp_path: Path, count: int) -> None:
    grid = grid_of(count)
    parts = segments(grid, seconds=2)
    assert all(len(part) >= 60 for part in parts)
    sound = np.zeros((2, grid.sample_count), np.float32)
    join(written(tmp_path, parts, grid, SMALL), [sound], grid, SMALL, tmp_path / "v.mp4")
    with av.open(str(tmp_path / "v.mp4")) as container:
        assert container.streams.video[0].average_rate == 30


def test_a_missing_segment_is_found_out(tmp_path: Path) -> None:
    grid = grid_of(120)
    paths = written(tmp_path, [range(60)], grid, SMALL)
    with pytest.raises(EncoderFailed, match="60 frames instead of 120"):
        join(paths, [silence(grid)], grid, SMALL, tmp_path / "v.mp4")
    assert not (tmp_path / "v.mp4").exists()
    assert len(list(tmp_path.iterdir())) == 1


def test_segments_of_different_settings_are_found_out(tmp_path: Path) -> None:
    grid = grid_of(20)
    wide = Output(short_side_px=360)
    paths = [*written(tmp_path, [range(10)], grid, SMALL), tmp_path / "wide.mp4"]
    write_video(numbered(range(10, 20), wide), grid, wide, paths[1])
    with pytest.raises(EncoderFailed, match="encoded otherwise"):
        join(paths, [silence(grid)], grid, SMALL, tmp_path / "v.mp4")


def test_a_damaged_segment_is_an_encoder_failure(tmp_path: Path) -> None:
    path = tmp_path / "part.mp4"
    path.write_bytes(b"not a video")
    grid = grid_of(5)
    with pytest.raises(EncoderFailed):
        join([path], [silence(grid)], grid, SMALL, tmp_path / "v.mp4")
    assert [p.name for p in tmp_path.iterdir()] == ["part.mp4"]


def test_prores_keeps_its_name_and_its_alpha(tmp_path: Path) -> None:
    grid = grid_of(70)
    parts = [tmp_path / "0.mov", tmp_path / "1.mov"]
    for frames, part in zip((range(60), range(60, 70)), parts, strict=True):
        write_video(numbered(frames, SMALL_MOV), grid, SMALL_MOV, part)
    join(parts, [silence(grid)], grid, SMALL_MOV, tmp_path / "all.mov")
    with av.open(str(tmp_path / "all.mov")) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.codec_tag, video.codec_context.profile) == ("ap4h", "4444")
        assert (audio.codec_context.name, audio.rate) == ("pcm_s24le", 48_000)
        pictures = [frame.reformat(format="yuva420p") for frame in container.decode(video)]
    assert [number_of(picture) for picture in pictures] == list(range(70))
    alphas = [plane(picture, 3)[90, 90] for picture in pictures]
    assert np.abs(np.subtract(alphas, [3 * i % 200 for i in range(70)], dtype=float)).max() <= 2
