"""The whole render on one screen.  Read this first.

    request -> speech -> viseme -> face -> mouth -> compose -> encode -> quality

`render` does it all in this process.  The service does the same in steps that may run in other
processes and at other times (`speak`, `plan`, `render_segment`, `assemble`); the speech that the
first one leaves in a folder is the speech, and so the mouth, of every later one.
"""

from __future__ import annotations

import math
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import cv2
from threadpoolctl import threadpool_limits

from lipwright import compose, encode, face, mouth, quality, speech, viseme
from lipwright.arrays import Frame, IdleMotion, MouthShapes, YuvFrame
from lipwright.avatar import Avatar, AvatarCard, Patch, Plate
from lipwright.request import (
    PREVIEW_SHORT_SIDE_PX,
    Aspect,
    Container,
    Output,
    RenderRequest,
)
from lipwright.speech import Speech, VoiceCard
from lipwright.timeline import FrameGrid, Timed

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Called with (frames done, frames in all); raise `RenderCancelled` in it to stop."""


@dataclass(frozen=True, slots=True)
class Stages:
    """The replaceable parts."""

    open_voice: Callable[[str], speech.Voice] = speech.open_voice
    open_landmarker: Callable[[], face.Landmarker] = face.open_landmarker
    mouth: mouth.MouthModel = field(default_factory=mouth.WarpMouth)


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """Everything that is decided before the first frame is drawn."""

    request: RenderRequest
    speech: Speech
    grid: FrameGrid
    shapes: MouthShapes
    idle: IdleMotion
    plate: Plate
    background: Frame | None
    captions: compose.CaptionTrack | None


def render(
    request: RenderRequest,
    output: Path,
    *,
    stages: Stages | None = None,
    progress: Progress = lambda done, total: None,
) -> quality.Report:
    """Render one video.  The same request, avatar and versions give the same frames.

    Raises:
        InvalidRequest: The caller can fix it; nothing was written.
        RenderFailed: The machine or Lipwright failed; nothing was written.
    """
    stages = stages or Stages()
    shot = staged(request, spoken(request, stages))
    with TemporaryDirectory(prefix=".lipwright-", dir=output.absolute().parent) as folder:
        segment = Path(folder) / f"segment.{request.output.container}"
        draw(shot, range(shot.grid.frame_count), segment, stages, progress)
        return finish(shot, [segment], output, stages)


def spoken(request: RenderRequest, stages: Stages) -> Speech:
    """Say the script, or listen to the recording: samples (N,), words, phonemes."""
    scene = request.scenes[0]
    if scene.recording is not None:
        return speech.speak_recording(scene.recording, scene.script)
    name = scene.voice or face.load_card(scene.avatar).default_voice
    delivery = speech.Delivery(scene.speaking_rate, scene.pronunciations)
    return stages.open_voice(name).speak(scene.script or "", delivery)


def staged(request: RenderRequest, said: Speech) -> Shot:
    """Decide mouth and head for every frame, and put the avatar on the canvas."""
    size, grid = request.output.size, FrameGrid.covering(len(said.samples), fps=request.output.fps)
    scene = request.scenes[0]
    avatar, captions = face.load_avatar(scene.avatar), scene.captions
    plate = face.framed(avatar.plate, size, cut_out=_is_cut_out(request))
    return Shot(
        request=request,
        speech=said,
        grid=grid,
        shapes=viseme.mouth_shapes(said.phonemes, said.samples, grid),
        idle=viseme.idle_motion(said.phonemes, grid, seed=_seed(avatar, said)),
        plate=compose.without_fringe(plate) if _is_cut_out(request) else plate,
        background=compose.background_frame(scene.background, size),
        captions=compose.CaptionTrack(said.words, captions, size, grid) if captions else None,
    )


def draw(shot: Shot, frames: range, path: Path, stages: Stages, progress: Progress) -> None:
    """Draw and encode some of the frames, without sound."""
    told = _told(drawn(shot, frames, stages), len(frames), progress)
    with one_thread():
        encode.write_video(told, shot.grid, shot.request.output, path)


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep OpenCV and BLAS to one thread: a process a core, and matrices too small to share."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        with threadpool_limits(1):
            yield
    finally:
        cv2.setNumThreads(threads)


def drawn(shot: Shot, frames: range, stages: Stages) -> Iterator[YuvFrame]:
    """The finished pictures, in one reused buffer."""
    patches = patches_of(shot, frames, stages)
    if shot.request.output.container is Container.WEBM_ALPHA:
        return compose.compose_transparent(shot.plate, patches)
    return compose.compose(
        shot.plate, patches, frames, background=shot.background, captions=shot.captions
    )


def patches_of(shot: Shot, frames: range, stages: Stages) -> Iterator[Patch]:
    """The moving part of the picture, one patch for each of the frames."""
    during = slice(frames.start, frames.stop)
    cut_out = _is_cut_out(shot.request)
    shapes, idle = shot.shapes[during], shot.idle[during]
    return stages.mouth.patches(shot.plate, shapes, idle, cut_out=cut_out)


def finish(
    shot: Shot,
    segments: Sequence[Path],
    output: Path,
    stages: Stages,
    *,
    watch_lips: bool = True,
) -> quality.Report:
    """Join the segments, add the sound, and measure what came out."""
    request, grid = shot.request, shot.grid
    sound = encode.mastered(shot.speech.samples, grid, request.output, music=request.music)
    encode.join(segments, sound, grid, request.output, output)
    report = quality.measure(
        output,
        shapes=shot.shapes,
        grid=grid,
        output=request.output,
        landmarker=stages.open_landmarker() if watch_lips else None,
        speech=shot.speech.samples,
    )
    return quality.check(report)


def _is_cut_out(request: RenderRequest) -> bool:
    """Whether the person stands on something else than the plate's own scene."""
    return (
        request.scenes[0].background is not None or request.output.container is Container.WEBM_ALPHA
    )


def _seed(avatar: Avatar, said: Speech) -> int:
    """Blinks and sway differ from script to script, and are the same for the same one."""
    words = " ".join(word.value for word in said.words)
    return zlib.crc32(f"{avatar.card.id} {words} {len(said.samples)}".encode())


def _told(items: Iterator[T], total: int, progress: Progress) -> Iterator[T]:
    for done, item in enumerate(items, start=1):
        yield item
        progress(done, total)


# --- the same steps, each on its own, with the speech kept in a folder ---------------------------


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said, for whoever cannot open a `Speech`."""

    words: tuple[Timed[str], ...]
    sample_count: int


def speak(request: RenderRequest, folder: Path) -> Spoken:
    """Say the script and keep sound and timing in `folder`."""
    said = spoken(request, Stages())
    said.write(folder)
    return Spoken(said.words, len(said.samples))


def say(script: str, voice: str, path: Path) -> Spoken:
    """Speak a script into an MP3, without any picture."""
    said = Stages().open_voice(voice).speak(script)
    encode.write_mp3(said.samples, path)
    return Spoken(said.words, len(said.samples))


def plan(request: RenderRequest, speech_folder: Path) -> list[range]:
    """Frame ranges of the segments: about 20 s each, in order, without gaps.

    A shorter video is cut in two, so that two cores draw it.
    """
    said = Speech.read(speech_folder)
    grid = FrameGrid.covering(len(said.samples), fps=request.output.fps)
    half_s = math.ceil(grid.frame_count / grid.fps / 2)
    return encode.segments(grid, seconds=min(half_s, encode.SEGMENT_S))


def render_segment(
    request: RenderRequest,
    speech_folder: Path,
    frames: range,
    path: Path,
    progress: Callable[[int], None],
) -> None:
    """Draw and encode one of the planned ranges."""
    shot = staged(request, Speech.read(speech_folder))
    draw(shot, frames, path, Stages(), lambda done, total: progress(done))


def assemble(
    request: RenderRequest,
    speech_folder: Path,
    segments: Sequence[Path],
    output: Path,
    thumbnail: Path,
) -> dict[str, Any]:
    """Join the segments with the sound, draw a thumbnail; the report as JSON values."""
    shot = staged(request, Speech.read(speech_folder))
    is_draft = request.output.short_side_px <= PREVIEW_SHORT_SIDE_PX  # its video is measured
    report = finish(shot, segments, output, Stages(), watch_lips=not is_draft)
    encode.write_thumbnail(output, thumbnail)
    return report.as_json()


# --- avatars, voices, and whether they are all there ---------------------------------------------


def read_card(avatar: Path) -> AvatarCard:
    """Who an avatar is, without loading its pictures."""
    return face.load_card(avatar)


def add_photo_avatar(photo: Path, card: AvatarCard, folder: Path) -> None:
    """Make a bundle from a photo; whole, or not at all."""
    face.avatar_from_photo(
        photo, card, folder, landmarker=face.open_landmarker(), matter=face.open_matter()
    )


def preview_pictures(avatar: Path, folder: Path) -> None:
    """Write ``16x9.jpg``, ``1x1.jpg`` and ``9x16.jpg`` of an avatar, and its clips beside them."""
    plate = face.load_avatar(avatar).plate
    folder.mkdir(parents=True, exist_ok=True)
    for aspect in Aspect:
        framed = face.framed(plate, Output(aspect, PREVIEW_SHORT_SIDE_PX).size, cut_out=False)
        encode.write_picture(framed.frame, folder / f"{aspect}.jpg")
        if (clip := avatar / f"preview_{aspect}.mp4").exists():
            shutil.copyfile(clip, folder / f"{aspect}.mp4")


def voices() -> tuple[VoiceCard, ...]:
    """Every installed voice."""
    return speech.voices()


def voice_card(name: str) -> VoiceCard:
    """The voice of this name.

    Raises:
        UnknownVoice: There is none; the message lists what there is.
    """
    return speech.open_voice(name).card


def check_models() -> str:
    """Load every bundled face model and one voice; what was loaded, in words.

    Raises:
        ModelUnavailable: One is missing or was changed.
    """
    face.open_landmarker()
    face.open_matter()
    return f"face, matte and {speech.open_voice(speech.voices()[0].name).card.engine} are whole"


def check_encoders() -> str:
    """Open the encoders that the outputs need; their names.

    Raises:
        EncoderFailed: One is missing.
    """
    return ", ".join(encode.check_encoders())
