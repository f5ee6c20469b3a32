"""The whole way through the library, on a real portrait, measured in the finished file."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from lipwright import Aspect, Background, Captions, Container, Output, RenderRequest, render
from lipwright.errors import InvalidScript, RenderCancelled, UnknownVoice
from lipwright.pipeline import narrated
from lipwright.staging import Staged, Stages, drawn

SCRIPT = "Peter Piper picked a peck of pickled peppers. Mama may buy both of them for $3.50."


@pytest.fixture(scope="module")
def avatar(avatar_folder: Path) -> Path:
    return avatar_folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("aspect", "size"),
    [(Aspect.LANDSCAPE, (1920, 1080)), (Aspect.PORTRAIT, (1080, 1920))],
)
def test_a_script_becomes_a_video_that_measures_as_it_should(
    avatar: Path, tmp_path: Path, aspect: Aspect, size: tuple[int, int]
) -> None:
    request = RenderRequest.single(avatar, SCRIPT, captions=Captions("neo"), output=Output(aspect))
    report = render(request, tmp_path / "out.mp4")
    assert abs(report.av_offset_ms or 0) <= 20
    assert report.closure_rate is not None
    assert report.closure_rate >= 0.98
    assert -14.5 <= report.lufs <= -13.5
    assert report.true_peak_dbtp < -1
    with av.open(str(tmp_path / "out.mp4")) as file:
        video, audio = file.streams.video[0], file.streams.audio[0]
        assert (video.codec_context.name, video.codec_context.profile) == ("h264", "High")
        assert (video.width, video.height) == size
        assert video.average_rate == 30
        assert video.codec_context.pix_fmt == "yuv420p"
        assert (audio.codec_context.name, audio.rate, audio.channels) == ("aac", 48_000, 2)
        assert sum(1 for _ in file.decode(video=0)) == report.file.frame_count
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]


@pytest.mark.slow
def test_a_transparent_video_has_an_alpha_plane_and_no_captions(
    avatar: Path, tmp_path: Path
) -> None:
    output = Output(Aspect.SQUARE, short_side_px=360, container=Container.WEBM_ALPHA)
    report = render(
        RenderRequest.single(avatar, "Hello there.", output=output), tmp_path / "out.webm"
    )
    with av.open(str(tmp_path / "out.webm")) as file:
        assert file.streams.video[0].metadata["ALPHA_MODE"] == "1"
    assert report.file.frame_count == report.expected_frame_count


@pytest.mark.slow
def test_segments_drawn_apart_hold_the_frames_of_the_whole(avatar: Path) -> None:
    stages = Stages()
    request = RenderRequest.single(
        avatar, "Hello there, people.", captions=Captions("neo"), output=Output(short_side_px=360)
    )
    staged = Staged.of(request, narrated(request, stages))
    whole = range(staged.grid.frame_count)
    cuts = (whole, whole[:20], whole[20:])
    first, *parts = [[frame.y.copy() for frame in drawn(staged, frames, stages)] for frames in cuts]
    second = [luma for part in parts for luma in part]
    assert len(first) == len(second) == len(whole)
    assert all((a == b).all() for a, b in zip(first, second, strict=True))


def test_a_cancelled_render_leaves_nothing_behind(avatar: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise RenderCancelled

    request = RenderRequest.single(avatar, "Hello.", output=Output(short_side_px=360))
    with pytest.raises(RenderCancelled):
        render(request, tmp_path / "out.mp4", progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_voice_is_refused_with_the_names_of_those_there_are(
    avatar: Path, tmp_path: Path
) -> None:
    with pytest.raises(UnknownVoice, match="af_heart"):
        render(RenderRequest.single(avatar, "Hello.", voice="nobody"), tmp_path / "out.mp4")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("script", ["😀 🎉", "... !!", "x" * 8001])
def test_a_script_that_cannot_be_said_is_refused(avatar: Path, tmp_path: Path, script: str) -> None:
    with pytest.raises(InvalidScript):
        render(RenderRequest.single(avatar, script), tmp_path / "out.mp4")


@pytest.mark.slow
def test_a_picture_behind_the_person_shows_beside_them(avatar: Path, tmp_path: Path) -> None:
    request = RenderRequest.single(
        avatar,
        "Hello.",
        background=Background(color="#00ff00"),
        output=Output(short_side_px=360),
    )
    render(request, tmp_path / "out.mp4")
    with av.open(str(tmp_path / "out.mp4")) as file:
        corner = next(file.decode(video=0)).to_ndarray(format="rgb24")[8, 8]
    assert corner[1] > 200
    assert corner[0] < 60
