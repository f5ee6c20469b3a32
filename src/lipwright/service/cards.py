"""A renderer for trials and tests: a tone for every word, a plain card for every frame.

It writes real files of the real sizes in a fraction of the time, and can be told to fail: a
script with ``[invalid]``, ``[fail]`` or ``[crash]`` in it does what it says; one with ``[hog]``
wants more memory than there is, and one with ``[kill]`` takes its worker along.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

import av
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream
from PIL import Image

from lipwright.avatar import AvatarCard
from lipwright.errors import InvalidAvatar, InvalidScript, SynthesisFailed, UnusablePhoto
from lipwright.request import Container, Output, RenderRequest, Scene
from lipwright.service.renderer import Advance, Look, Spoken, VideoRequest
from lipwright.timeline import SAMPLE_RATE, FrameGrid, Timed

SEGMENT_S: Final = 5
"""Shorter than the library's: a trial of several segments should not take long."""
WORD_S: Final = Fraction(3, 10)
_PER_WORD: Final = int(WORD_S * SAMPLE_RATE)
GREY: Final = 128
"""Of every plane: without colour."""


@dataclass(frozen=True, slots=True)
class CardVoice:
    """A tone."""

    name: str
    id: str
    display_name: str
    gender: str
    language: str = "en-US"
    accent_name: str = "Plain"


VOICES: Final = (
    CardVoice("low", "6f6c2b4e-3c62-5b7e-9d61-0d4a0f3b7a01", "Low", "male"),
    CardVoice("high", "6f6c2b4e-3c62-5b7e-9d61-0d4a0f3b7a02", "High", "female"),
)


@dataclass(frozen=True, slots=True)
class CardRenderer:
    """Draws cards."""

    def prepare(self) -> None:
        """Nothing is needed."""

    def avatars(self, own: Path) -> Sequence[tuple[Path, AvatarCard]]:
        """Every folder in `own` that has a card."""
        return [(path.parent, _card(path)) for path in sorted(own.glob("*/avatar.json"))]

    def voices(self, own: Path) -> Sequence[tuple[str, CardVoice]]:
        """Two tones."""
        return tuple((voice.name, voice) for voice in VOICES)

    def voice_clip(self, name: str) -> Path | None:
        """Tones have none."""
        return None

    def pictures(self, avatar: Path, folder: Path) -> None:
        """Three plain pictures."""
        for name, size in (("16x9", (320, 180)), ("1x1", (180, 180)), ("9x16", (180, 320))):
            _write_picture(folder / f"{name}.jpg", size)

    def make_avatar(self, source: Path, card: AvatarCard, folder: Path, look: Look) -> AvatarCard:
        """The card, and the picture as it is."""
        try:
            with Image.open(source) as picture:
                picture.verify()
        except (OSError, SyntaxError) as error:
            raise UnusablePhoto("The file is no picture.") from error
        folder.mkdir()
        shutil.copyfile(source, folder / "plate.png")
        values = {name: getattr(card, name) for name in ("id", "name", "gender", "default_voice")}
        (folder / "avatar.json").write_text(json.dumps({**values, "licence": card.licence}))
        return card

    def introduce(self, avatar: Path) -> None:
        """Cards have no clips."""

    def say(self, scene: Scene, path: Path) -> Spoken:
        """The same tones, as an MP3."""
        samples, spoken = _said(scene.script or "")
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libmp3lame", rate=SAMPLE_RATE, layout="mono")
            frame = av.AudioFrame.from_ndarray(samples.astype(np.float32)[None], "fltp", "mono")
            frame.rate = SAMPLE_RATE
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return spoken

    def speak(self, request: VideoRequest, folder: Path, look: Look) -> Spoken:
        """One tone a word; a recording is one long word."""
        parts = request.scenes if isinstance(request, RenderRequest) else (request,)
        samples, spoken = _said(" ".join(part.script or "recording" for part in parts))
        look.advance(1000)
        _write_wave(folder / "speech.wav", samples)
        (folder / "speech.json").write_text(json.dumps([word.value for word in spoken.words]))
        return spoken

    def respell(self, speech: Path, words: Sequence[str]) -> Sequence[Timed[str]]:
        """The cards show no words; they are kept, and said one after the other."""
        (speech / "speech.json").write_text(json.dumps(list(words)))
        return _timed(words)

    def plan(self, request: VideoRequest, speech: Path) -> list[range]:
        """A segment every few seconds."""
        count, size = _grid(request, speech).frame_count, int(SEGMENT_S * _output(request).fps)
        return [range(start, min(start + size, count)) for start in range(0, count, size)]

    def render_segment(
        self, request: VideoRequest, speech: Path, frames: range, path: Path, advance: Advance
    ) -> None:
        """A grey card; the brightness of its top says which frame it is."""
        width, height = _output(request).size
        planes = np.full((height * 3 // 2, width), GREY, np.uint8)
        with _video(path, request) as (container, stream):
            for done, frame_index in enumerate(frames, start=1):
                planes[: height // 8] = 16 + frame_index % 220
                frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
                frame.pts = done - 1
                for packet in stream.encode(frame):
                    container.mux(packet)
                advance(done)
            for packet in stream.encode(None):
                container.mux(packet)

    def assemble(
        self,
        request: VideoRequest,
        speech: Path,
        segments: Sequence[Path],
        output: Path,
        thumbnail: Path,
    ) -> dict[str, Any]:
        """One picture track out of the segments; the sound is left out."""
        per_segment = int(SEGMENT_S * _output(request).fps)
        with av.open(str(output), "w") as joined:
            _copy_segments(segments, joined, per_segment)
        _write_picture(thumbnail, (320, 180))
        return {"frame_count": _grid(request, speech).frame_count}


def _card(path: Path) -> AvatarCard:
    try:
        values = json.loads(path.read_text())
        return AvatarCard(
            id=values["id"],
            name=values["name"],
            gender=values["gender"],
            default_voice=values["default_voice"],
            licence=values["licence"],
            consent=None,
        )
    except (ValueError, KeyError, OSError) as error:
        raise InvalidAvatar(f"{path} cannot be read.") from error


def _said(script: str) -> tuple[np.ndarray[Any, np.dtype[np.float64]], Spoken]:
    words = script.split()
    _fail_if_told(words)
    samples = np.concatenate([_tone(len(word), _PER_WORD) for word in words])
    return samples, Spoken(_timed(words), len(samples))


def _timed(words: Sequence[str]) -> tuple[Timed[str], ...]:
    return tuple(
        Timed(place * _PER_WORD, (place + 1) * _PER_WORD, word) for place, word in enumerate(words)
    )


def _fail_if_told(words: Sequence[str]) -> None:
    if "[invalid]" in words:
        raise InvalidScript("The script says that it is invalid.")
    if "[fail]" in words:
        raise SynthesisFailed("The script says that it fails.")
    if "[crash]" in words:
        os.abort()
    if "[hog]" in words:
        bytearray(1 << 50)
    if "[kill]" in words:
        os.kill(_worker_pid(), signal.SIGKILL)


def _worker_pid() -> int:
    """The parent of the process that this one branched off."""
    status = Path(f"/proc/{os.getppid()}/status").read_text()
    return int(status.split("PPid:")[1].split()[0])


def _tone(pitch: int, sample_count: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    moments = np.arange(sample_count) / SAMPLE_RATE
    return 0.2 * np.sin(2 * np.pi * (200 + 20 * pitch) * moments)


def _write_wave(path: Path, samples: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())


def _output(request: VideoRequest) -> Output:
    """What was ordered; of a clip, the smallest."""
    return request.output if isinstance(request, RenderRequest) else Output(short_side_px=360)


def _grid(request: VideoRequest, speech: Path) -> FrameGrid:
    with wave.open(str(speech / "speech.wav")) as file:
        return FrameGrid.covering(file.getnframes(), fps=_output(request).fps)


@contextmanager
def _video(path: Path, request: VideoRequest) -> Iterator[tuple[OutputContainer, Any]]:
    is_mp4 = _output(request).container is Container.MP4
    with av.open(str(path), "w") as container:
        options = {"preset": "ultrafast"} if is_mp4 else {"deadline": "realtime", "cpu-used": "8"}
        name = "libx264" if is_mp4 else "libvpx-vp9"
        added = container.add_stream(name, rate=_output(request).fps, options=options)
        stream = cast(VideoStream, added)
        stream.width, stream.height = _output(request).size
        stream.pix_fmt = "yuv420p"
        yield container, stream


def _copy_segments(segments: Sequence[Path], joined: OutputContainer, per_segment: int) -> None:
    stream = None
    for number, path in enumerate(segments):
        with av.open(str(path)) as segment:
            source = segment.streams.video[0]
            stream = stream or joined.add_stream_from_template(source)
            rate, base = source.average_rate or Fraction(30), source.time_base or Fraction(1)
            shift = round(number * per_segment / rate / base)
            for packet in segment.demux(source):
                if packet.dts is not None and packet.pts is not None:
                    packet.dts, packet.pts, packet.stream = (
                        packet.dts + shift,
                        packet.pts + shift,
                        stream,
                    )
                    joined.mux(packet)


def _write_picture(path: Path, size: tuple[int, int]) -> None:
    Image.new("RGB", size, (GREY, GREY, GREY)).save(path)
