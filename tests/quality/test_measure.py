"""Known faults, put into small real files, are measured as what they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from scipy.signal import butter, sosfilt

from lipwright.arrays import RIG, Frame, Landmarks, MouthShapes, Samples
from lipwright.errors import OutputRejected, UnreadableMedia
from lipwright.loudness import integrated_lufs
from lipwright.quality import Landmarker, Report, check, measure
from lipwright.quality.lips import meant_gap
from lipwright.request import Container, Output
from lipwright.timeline import SAMPLE_RATE, FrameGrid

FPS = Fraction(30)
OUTPUT = Output(short_side_px=360, fps=FPS, lufs=-20.0)
WIDTH, HEIGHT = OUTPUT.size
EYES_PX = 200
JAW, PRESS = RIG.index("jaw"), RIG.index("press")


@dataclass(frozen=True)
class PaintedFace:
    landmarks: Landmarks
    looks: tuple[Landmarks, ...] = ()


class PaintReader:
    """Reads the lip gap back from pictures made by `painted`."""

    def track(self, frames: Iterable[Frame], *, looks: int = 1) -> Iterator[PaintedFace | None]:
        return map(self._face, frames)

    def _face(self, frame: Frame) -> PaintedFace | None:
        dark = 1 - frame[:, WIDTH // 2, 1].astype(float) / 255
        if dark.sum() < 1:
            return None  # no face painted
        gap = dark.sum() - 4  # the seam is painted 4 px high
        points = np.zeros((478, 3), np.float32)
        points[33, :2], points[263, :2] = (100, 50), (100 + EYES_PX, 50)
        points[[82, 13, 312], 1], points[[87, 14, 317], 1] = 100, 100 + gap
        return PaintedFace(points)


def painted(gap: float) -> Frame:
    """A white picture with a dark bar, `gap` eye distances and 4 px high."""
    rows = np.clip(gap * EYES_PX + 4 - np.abs(np.arange(HEIGHT) - HEIGHT // 2 + 0.5) * 2, 0, 2) / 2
    column = np.rint(255 * (1 - rows)).astype(np.uint8)
    frame = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    frame[:, WIDTH // 2 - 40 : WIDTH // 2 + 40] = column[:, None, None]
    return frame


PAINT_READER = PaintReader()


def talking(seconds: int = 6) -> MouthShapes:
    """Syllables, a closure every half second, and one second of rest in the middle."""
    count = int(seconds * FPS)
    time = np.arange(count) / float(FPS)
    shapes = np.zeros((count, len(RIG)), np.float32)
    shapes[:, JAW] = 0.35 + 0.25 * np.sin(2 * np.pi * 2.3 * time) * np.sin(2 * np.pi * 0.7 * time)
    shapes[np.arange(count) % 15 < 2, PRESS] = 1
    middle = abs(time - seconds / 2) < 0.5
    shapes[middle] = 0
    return shapes


def voice(seconds: float, seed: int = 1) -> Samples:
    noise = np.random.default_rng(seed).normal(0, 0.1, round(seconds * SAMPLE_RATE))
    noise = sosfilt(butter(4, [200, 5_000], "bandpass", fs=SAMPLE_RATE, output="sos"), noise)
    beat = np.sin(2 * np.pi * 1.7 * np.arange(len(noise)) / SAMPLE_RATE) ** 2
    return np.asarray(noise * beat, np.float32)


def at_lufs(samples: Samples, lufs: float) -> Samples:
    gain = 10 ** ((lufs - integrated_lufs(np.stack([samples, samples]))) / 20)
    return np.asarray(samples * gain, np.float32)


def write(path: Path, gaps: np.ndarray[Any, Any], samples: Samples, **options: Any) -> Path:
    """An H.264 + AAC file showing these lip gaps over this sound."""
    movflags = {"movflags": "+faststart"} if options.get("faststart", True) else {}
    with av.open(str(path), "w", options=movflags) as container:
        video = container.add_stream("libx264", rate=FPS)
        video.width, video.height = WIDTH, HEIGHT
        video.pix_fmt = options.get("pixel_format", "yuv420p")
        context = video.codec_context
        context.color_range, context.colorspace = ColorRange.MPEG, Colorspace.ITU709
        context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        video.options = {"preset": "veryfast", "crf": "12", "g": "60"}
        audio = container.add_stream("aac", rate=SAMPLE_RATE)
        audio.codec_context.layout = av.AudioLayout("stereo")
        audio.bit_rate = 192_000
        audio.options = {"aac_coder": "fast"}
        for index, gap in enumerate(gaps):
            frame = av.VideoFrame.from_ndarray(painted(gap), "rgb24").reformat(
                format=video.pix_fmt, dst_colorspace=Colorspace.ITU709
            )
            frame.pts, frame.time_base = index, 1 / FPS
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        stereo = np.ascontiguousarray(np.stack([samples, samples]))
        for start in range(0, stereo.shape[1], 1024):
            block = np.ascontiguousarray(stereo[:, start : start + 1024])
            sound = av.AudioFrame.from_ndarray(block, "fltp", "stereo")
            sound.sample_rate, sound.pts = SAMPLE_RATE, start
            sound.time_base = Fraction(1, SAMPLE_RATE)
            container.mux(audio.encode(sound))
        container.mux(audio.encode(None))
    return path


Maker = Callable[..., Report]


@pytest.fixture
def made(tmp_path: Path) -> Maker:
    """Write a file and measure it against `talking`."""

    def make(
        gaps: np.ndarray[Any, Any] | None = None,
        samples: Samples | None = None,
        speech: Samples | None = None,
        landmarker: Landmarker | None = PAINT_READER,
        **options: Any,
    ) -> Report:
        shapes = talking()
        said = at_lufs(voice(6), -20)
        path = write(
            tmp_path / "video.mp4",
            meant_gap(shapes) if gaps is None else gaps,
            said if samples is None else samples,
            **options,
        )
        return measure(
            path,
            shapes=shapes,
            grid=FrameGrid(FPS, len(shapes)),
            output=OUTPUT,
            landmarker=landmarker,
            speech=said if speech is None else speech,
        )

    return make


def test_a_faithful_file_is_measured_as_faithful(made: Maker) -> None:
    report = made()
    check(report)
    file = report.file
    assert (file.frame_count, file.width, file.height, file.fps) == (180, 640, 360, FPS)
    assert (file.video_codec, file.profile, file.pixel_format) == ("h264", "High", "yuv420p")
    assert (file.audio_codec, file.sample_rate, file.channels) == ("aac", 48_000, 2)
    assert file.colours == "tv, bt709/bt709/bt709"
    assert file.faststart is True
    assert file.duration_s == pytest.approx(6, abs=0.05)
    assert report.lufs == pytest.approx(-20, abs=0.3)
    assert report.av_offset_ms == pytest.approx(0, abs=2)
    assert report.av_offset_note is None
    assert report.sync_correlation is not None
    assert report.sync_correlation > 0.98
    assert report.closure_rate == 1
    assert report.closure_count == 11
    assert report.rest_movement == pytest.approx(0, abs=0.001)
    assert report.measured_frames == 180


@pytest.mark.parametrize("frames", [-6, -1, 2])
def test_a_late_picture_is_early_sound_and_counts_as_positive(made: Maker, frames: int) -> None:
    report = made(np.roll(meant_gap(talking()), frames))
    assert report.av_offset_ms == pytest.approx(frames * 1000 / 30, abs=3)


def test_an_offset_of_half_a_frame_is_seen(made: Maker) -> None:
    gaps = meant_gap(talking())
    report = made((gaps + np.roll(gaps, 1)) / 2)
    assert report.av_offset_ms == pytest.approx(500 / 30, abs=4)


@pytest.mark.parametrize("shift_ms", [-120, 40])
def test_sound_put_in_the_wrong_place_is_seen(made: Maker, shift_ms: int) -> None:
    late = np.roll(at_lufs(voice(6), -20), shift_ms * SAMPLE_RATE // 1000)
    report = made(samples=late)
    assert report.av_offset_ms == pytest.approx(-shift_ms, abs=3)


def test_speech_is_found_under_music(made: Maker) -> None:
    music = at_lufs(voice(6, seed=9), -26)
    report = made(samples=np.roll(at_lufs(voice(6), -20), 4_800) + music)
    assert report.av_offset_ms == pytest.approx(-100, abs=3)


def test_a_mouth_that_never_closes_has_no_closures(made: Maker) -> None:
    report = made(np.maximum(meant_gap(talking()), 0.04))
    assert report.closure_rate == 0


def test_missed_closures_are_counted(made: Maker) -> None:
    shapes = talking()
    half = shapes.copy()
    half[: len(half) // 2, PRESS] = 0
    report = made(meant_gap(half))
    assert report.closure_rate is not None
    assert 0.4 < report.closure_rate < 0.65


def test_a_mouth_that_moves_in_silence_is_caught(made: Maker) -> None:
    gaps = meant_gap(talking())
    gaps = np.maximum(gaps, 0.02 + 0.02 * np.sin(np.arange(len(gaps))))
    report = made(gaps)
    assert report.rest_movement is not None
    assert report.rest_movement > 0.01


def test_a_dead_mouth_has_no_offset(made: Maker) -> None:
    report = made(np.full(180, 0.001))
    assert report.av_offset_ms is None
    assert report.av_offset_note is not None


@pytest.mark.parametrize("seed", range(2))
def test_lips_that_say_something_else_have_no_offset(made: Maker, seed: int) -> None:
    """In six seconds chance correlates by up to 0.4."""
    order = np.random.default_rng(seed).permutation(180 // 6)
    report = made(meant_gap(talking()).reshape(-1, 6)[order].ravel())
    assert report.sync_correlation is not None
    assert report.sync_correlation < 0.41
    assert report.av_offset_ms is None
    assert report.av_offset_note is not None
    assert f"{report.sync_correlation:.2f} of 1" in report.av_offset_note


def test_a_file_without_a_face_is_still_measured(made: Maker) -> None:
    report = made(np.full(180, -0.1))
    assert report.measured_frames == 0
    assert report.av_offset_ms is None
    assert report.av_offset_note == "Lips were seen in 0 pictures; 20 are needed."
    assert report.closure_rate is None
    assert report.rest_movement is None
    check(report)


def test_without_a_landmarker_the_lips_are_left_out_of_the_report(made: Maker) -> None:
    report = made(landmarker=None)
    assert (report.measured_frames, report.closure_count) == (0, 0)
    assert report.av_offset_note == "The lips were not watched."
    assert report.lufs == pytest.approx(-20, abs=0.5)
    check(report)


@pytest.mark.slow
def test_a_long_video_is_sampled_to_its_end(tmp_path: Path) -> None:
    shapes = talking(60)
    gaps = meant_gap(shapes)
    gaps[1500:] = np.roll(gaps[1500:], 3)  # drifted away by the end
    said = at_lufs(voice(60), -20)
    path = write(tmp_path / "long.mp4", gaps, said)
    report = measure(
        path,
        shapes=shapes,
        grid=FrameGrid(FPS, len(shapes)),
        output=OUTPUT,
        landmarker=PaintReader(),
    )
    assert report.measured_frames == 240
    assert report.sync_correlation is not None
    assert report.sync_correlation < 0.98


def test_a_report_is_plain_json(made: Maker) -> None:
    plain = json.loads(json.dumps(made().as_json(), allow_nan=False))
    assert plain["file"]["fps"] == "30"
    assert plain["expected_frame_count"] == 180
    assert plain["expected_size"] == [640, 360]


def test_every_fault_is_named(made: Maker) -> None:
    quiet = at_lufs(voice(5), -26)
    report = made(meant_gap(talking())[:-3], quiet, faststart=False)
    with pytest.raises(OutputRejected) as rejected:
        check(report)
    for fault in ("frames: 177, expected 180", "faststart: False", "loudness: -26", "sound: 5."):
        assert fault in str(rejected.value)


def test_a_voice_too_quiet_to_be_raised_is_no_fault(made: Maker) -> None:
    whisper = at_lufs(voice(6), -45)
    check(made(samples=at_lufs(voice(6), -25), speech=whisper))
    with pytest.raises(OutputRejected, match="loudness"):
        check(made(samples=at_lufs(voice(6), -28), speech=whisper))


def test_another_pixel_format_is_refused(made: Maker) -> None:
    report = made(pixel_format="yuv444p")
    with pytest.raises(OutputRejected, match="pixel format: yuv444p, expected yuv420p"):
        check(report)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (replace(OUTPUT, short_side_px=720), "size"),
        (replace(OUTPUT, fps=Fraction(25)), "frames per second: 30.000, expected 25.000"),
        (replace(OUTPUT, container=Container.WEBM_ALPHA), "video codec: h264, expected vp9"),
        (replace(OUTPUT, lufs=-26.0), "loudness"),
    ],
)
def test_what_was_ordered_decides(made: Maker, change: Output, fault: str) -> None:
    with pytest.raises(OutputRejected, match=fault):
        check(replace(made(), meant=change))


def test_a_file_that_is_no_video_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(b"not a video" * 100)
    grid = FrameGrid(FPS, 1)
    with pytest.raises(UnreadableMedia, match=r"video\.mp4"):
        measure(path, shapes=talking(1), grid=grid, output=OUTPUT, landmarker=PaintReader())
