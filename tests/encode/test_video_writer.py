from __future__ import annotations

import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numbered_video import (
    SMALL,
    SMALL_WEBM,
    decoded,
    decoded_with_alpha,
    grid_of,
    luma,
    moment,
    number_of,
    numbered,
    plane,
)

from lipwright.arrays import YuvFrame
from lipwright.encode import write_video
from lipwright.errors import EncoderFailed, RenderCancelled
from lipwright.request import Output


def left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.mark.parametrize("in_turn", [False, True])
def test_every_frame_arrives_once_and_in_order(tmp_path: Path, in_turn: bool) -> None:
    path = tmp_path / "v.mp4"
    write_video(numbered(range(75)), grid_of(75), SMALL, path, in_turn=in_turn)
    frames = decoded(path)
    assert [number_of(frame) for frame in frames] == list(range(75))
    assert [moment(frame) for frame in frames] == [Fraction(i, 30) for i in range(75)]
    assert left_over(tmp_path) == ["v.mp4"]


def test_the_file_says_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "v.mp4"
    write_video(numbered(range(5)), grid_of(5), SMALL, path)
    with av.open(str(path)) as container:
        (video,) = container.streams
        assert isinstance(video, av.VideoStream)
        context = video.codec_context
        assert (context.name, context.profile) == ("h264", "High")
        assert (video.width, video.height, video.format.name) == (360, 360, "yuv420p")
        assert video.average_rate == 30
        assert (context.colorspace, context.color_primaries, context.color_trc) == (1, 1, 1)
        assert context.color_range == 1
        assert video.frames == 5


def test_a_key_frame_opens_every_two_seconds(tmp_path: Path) -> None:
    path = tmp_path / "v.mp4"
    cuts = (f for i in range(130) for f in numbered(range(i % 2 * 511, i % 2 * 511 + 1)))
    write_video(cuts, grid_of(130), SMALL, path)
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
    assert [i for i, packet in enumerate(packets) if packet.is_keyframe] == [0, 60, 120]


def test_the_same_frames_give_the_same_pictures(tmp_path: Path) -> None:
    # not the same bytes: x264 codes rows below the picture's edge, which nobody sees, at random
    paths = [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    for path in paths:
        write_video(numbered(range(40)), grid_of(40), SMALL, path)
    first, second = (decoded(path) for path in paths)
    assert len(first) == len(second) == 40
    for a, b in zip(first, second, strict=True):
        assert np.array_equal(a.to_ndarray(), b.to_ndarray())


@pytest.mark.parametrize("fps", [Fraction(30_000, 1_001), Fraction(25), Fraction(1), Fraction(60)])
def test_frame_times_are_exact_at_any_rate(tmp_path: Path, fps: Fraction) -> None:
    path = tmp_path / "v.mp4"
    output = Output(short_side_px=360, aspect=SMALL.aspect, fps=fps)
    write_video(numbered(range(20)), grid_of(20, fps), output, path)
    assert [moment(frame) for frame in decoded(path)] == [i / fps for i in range(20)]


@pytest.mark.parametrize("in_turn", [False, True])
def test_a_transparent_video_keeps_its_alpha(tmp_path: Path, in_turn: bool) -> None:
    path = tmp_path / "v.webm"
    write_video(numbered(range(20), SMALL_WEBM), grid_of(20), SMALL_WEBM, path, in_turn=in_turn)
    frames = decoded_with_alpha(path)
    assert [number_of(frame) for frame in frames] == list(range(20))
    assert [abs(plane(frame, 3).mean() - 3 * i) < 1.5 for i, frame in enumerate(frames)] == [
        True
    ] * 20


@pytest.mark.parametrize("in_turn", [False, True])
def test_a_cancelled_render_leaves_no_file_and_no_thread(tmp_path: Path, in_turn: bool) -> None:
    def cancelled() -> Iterator[YuvFrame]:
        yield from numbered(range(10))
        raise RenderCancelled

    before = threading.active_count()
    with pytest.raises(RenderCancelled):
        write_video(cancelled(), grid_of(20), SMALL, tmp_path / "v.mp4", in_turn=in_turn)
    assert left_over(tmp_path) == []
    assert threading.active_count() == before


@pytest.mark.parametrize("in_turn", [False, True])
def test_a_failed_render_leaves_the_file_of_the_one_before(tmp_path: Path, in_turn: bool) -> None:
    path = tmp_path / "v.mp4"
    path.write_bytes(b"before")
    with pytest.raises(EncoderFailed, match="does not fit a video of 3 planes"):
        write_video(numbered(range(3), SMALL_WEBM), grid_of(3), SMALL, path, in_turn=in_turn)
    assert path.read_bytes() == b"before"
    assert left_over(tmp_path) == ["v.mp4"]


@pytest.mark.parametrize("in_turn", [False, True])
@pytest.mark.parametrize("count", [200, 2])
def test_a_disk_that_refuses_is_an_encoder_failure(
    tmp_path: Path, count: int, in_turn: bool
) -> None:
    path = tmp_path / "none" / "v.mp4"
    with pytest.raises(EncoderFailed):
        write_video(numbered(range(count)), grid_of(count), SMALL, path, in_turn=in_turn)


def test_in_turn_or_in_a_thread_gives_the_same_pictures(tmp_path: Path) -> None:
    paths = [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    for path, in_turn in zip(paths, (False, True), strict=True):
        write_video(numbered(range(21)), grid_of(21), SMALL, path, in_turn=in_turn)
    for a, b in zip(*(decoded(path) for path in paths), strict=True):
        assert np.array_equal(a.to_ndarray(), b.to_ndarray())


def test_the_picture_survives_encoding(tmp_path: Path) -> None:
    path = tmp_path / "v.mp4"
    write_video(numbered(range(3)), grid_of(3), SMALL, path)
    for frame, drawn in zip(decoded(path), numbered(range(3)), strict=True):
        assert np.abs(luma(frame).astype(int) - drawn.y).mean() < 1.5
