"""What was measured in a finished video, and whether that will do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Final

from lipwright.errors import OutputRejected
from lipwright.quality.probe import VideoFile
from lipwright.request import Container, Output
from lipwright.timeline import SAMPLE_RATE

_LOUDNESS_TOLERANCE_LU: Final = 1.0
"""Twice the aim of the mastering; a difference of 1 LU is the least that a listener notices."""

_TRUE_PEAK_MOST_DBTP: Final = 0.0
"""Mastering aims at -1 dB; the lossy codec may use up that margin, but must not clip."""

_SOUND_SLACK_S: Final = 0.1
"""Codecs round the sound's length up to whole packets of 20 or 21 ms and add their delay."""

_MP4: Final = {
    "video_codec": "h264",
    "profile": "High",
    "pixel_format": "yuv420p",
    "colours": "tv, bt709/bt709/bt709",
    "audio_codec": "aac",
    "faststart": True,
}
_EXPECTED: Final[dict[Container, dict[str, object]]] = {
    Container.MP4: _MP4,
    Container.WEBM_ALPHA: {"video_codec": "vp9", "audio_codec": "opus"},
    Container.MOV_ALPHA: {
        "video_codec": "prores",
        "pixel_format": "yuva444p12le",  # decoders give two bits more than are coded
        "audio_codec": "pcm_s24le",
    },
}


@dataclass(frozen=True, slots=True)
class Report:
    """The measurements of one video.  None where there was nothing to measure."""

    file: VideoFile
    meant: Output
    expected_frame_count: int
    lufs: float
    """Integrated loudness, ITU-R BS.1770-4."""
    quietest_lufs: float
    """What a voice as quiet as this one can be raised to; otherwise the loudness ordered."""
    true_peak_dbtp: float
    av_offset_ms: float | None
    """Sound relative to picture.  Positive: sound early (as in ITU-R BT.1359)."""
    av_offset_note: str | None
    """Why there is no offset, where there is none."""
    sync_correlation: float | None
    """How well the measured lips follow the meant ones at the best offset, -1 .. 1."""
    closure_count: int
    """Times that the lips were meant to meet, in the measured part."""
    closure_rate: float | None
    """Share of those in which the measured lips meet."""
    rest_movement: float | None
    """Unwanted movement of the lips in pauses: standard deviation of their gap, as a fraction
    of the outer-eye distance.  A landmarker's own noise is about 0.002."""
    lip_jitter: float | None
    """Noise of the lips inside the face, in per cent of the outer-eye distance, without the
    landmarker's own; of people who talk 0.10 to 0.33, in the middle 0.145."""
    measured_frames: int
    """Frames in which the face was looked at and found."""
    speech_source: str = "script"
    """Where the words come from: script, transcript, recognition, or sound (there are none)."""
    language: str | None = None
    """What a recording was heard to be in."""
    transcript_match: float | None = None
    """How well a recording's transcript fits its sound, 0 .. 1; under 0.6 it is another text."""
    mouth_sharpness: float | None = None
    """Fine detail around the mouth against the same pictures of the clip that was revoiced."""
    warnings: tuple[str, ...] = ()
    """What did not go as meant and was done otherwise: sentences for the user."""

    def as_json(self) -> dict[str, Any]:
        """The same as plain numbers, texts and nested dicts."""
        flat = asdict(self)
        flat["file"]["fps"] = str(self.file.fps)
        del flat["meant"]
        flat["warnings"] = list(self.warnings)
        width, height = self.meant.size
        return flat | {
            "expected_fps": str(self.meant.fps),
            "expected_lufs": self.meant.lufs,
            "expected_size": [width, height],
        }


def check(report: Report) -> Report:
    """The report itself, if the file is what was ordered.

    Raises:
        OutputRejected: It is not; the message names everything that is wrong.
    """
    wrong = [*_wrong_frames(report), *_wrong_format(report), *_wrong_sound(report)]
    if wrong:
        raise OutputRejected("The finished video is not as ordered: " + "; ".join(wrong) + ".")
    return report


def _wrong_frames(report: Report) -> list[str]:
    file, meant = report.file, report.meant
    pairs: list[tuple[str, object, object]] = [
        ("frames", file.frame_count, report.expected_frame_count),
        ("size", (file.width, file.height), meant.size),
        ("frames per second", _spelled(file.fps), _spelled(meant.fps)),
    ]
    return [_differs(*pair) for pair in pairs if pair[1] != pair[2]]


def _wrong_format(report: Report) -> list[str]:
    expected = _EXPECTED[report.meant.container]
    found = asdict(report.file)
    return [
        _differs(name.replace("_", " "), found[name], value)
        for name, value in expected.items()
        if found[name] != value
    ]


def _wrong_sound(report: Report) -> list[str]:
    file, meant = report.file, report.meant
    wrong = []
    if (file.sample_rate, file.channels) != (SAMPLE_RATE, 2):
        wrong.append(_differs("sound", f"{file.channels} x {file.sample_rate} Hz", "2 x 48000 Hz"))
    picture_s = float(report.expected_frame_count / meant.fps)
    if abs(file.sound_s - picture_s) > _SOUND_SLACK_S:
        wrong.append(_differs("seconds of sound", f"{file.sound_s:.2f}", f"{picture_s:.2f}"))
    quietest = report.quietest_lufs - _LOUDNESS_TOLERANCE_LU
    if not quietest <= report.lufs <= meant.lufs + _LOUDNESS_TOLERANCE_LU:
        wrong.append(_differs("loudness", f"{report.lufs:.1f} LUFS", f"{meant.lufs:.1f}"))
    if report.true_peak_dbtp > _TRUE_PEAK_MOST_DBTP:
        wrong.append(_differs("true peak", f"{report.true_peak_dbtp:.1f} dB", "at most 0"))
    return wrong


def _differs(what: str, found: object, expected: object) -> str:
    return f"{what}: {found}, expected {expected}"


def _spelled(fps: Fraction) -> str:
    return f"{float(fps):.3f}"
