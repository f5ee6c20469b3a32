"""The whole render on one screen.  Read this first.

    request -> speech -> viseme -> face -> mouth -> compose -> encode -> quality

`render` does it all in this process.  The service does the same in steps elsewhere and later
(`speak`, `plan`, `render_segment`, `assemble`), all of the speech that the first one leaves.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, TypeVar

import cv2
from threadpoolctl import threadpool_limits

from lipwright import compose, encode, face, quality, speech
from lipwright.avatar import AvatarCard
from lipwright.checking import check, with_letters_checked
from lipwright.encode import MusicBed
from lipwright.errors import LipwrightError
from lipwright.memory import give_back
from lipwright.narration import Narration, music_against, shares_of, silence, told_of
from lipwright.originals import mouth_sharpness
from lipwright.request import (
    PREVIEW_SHORT_SIDE_PX,
    Aspect,
    Output,
    RenderRequest,
    RevoiceRequest,
    Scene,
)
from lipwright.speech import Speech
from lipwright.speech import VoiceCard as VoiceCard
from lipwright.staging import Staged, Stages, drawn
from lipwright.timeline import Timed

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Called with (frames done, frames in all); raise `RenderCancelled` in it to stop."""
_unheard: Progress = lambda done, total: None  # noqa: E731 - a value of that type


def render(
    request: RenderRequest,
    output: Path,
    *,
    stages: Stages | None = None,
    progress: Progress = _unheard,
) -> quality.Report:
    """Render one video.  The same request, avatar and versions give the same frames.

    Raises:
        InvalidRequest: The caller can fix it; nothing was written.
        RenderFailed: The machine or Lipwright failed; nothing was written.
    """
    stages = stages or Stages()
    staged = Staged.of(request, narrated(request, stages))
    with TemporaryDirectory(prefix=".lipwright-", dir=output.absolute().parent) as folder:
        segment = Path(folder) / f"segment.{request.output.container}"
        draw(staged, range(staged.grid.frame_count), segment, stages, progress)
        return finish(staged, [segment], output, stages)


def narrated(request: RenderRequest, stages: Stages, told: Progress = _unheard) -> Narration:
    """Say every scene's script, or listen to its recording: samples (N,), words, phonemes."""
    check(request)
    scenes = request.all_scenes
    said = map(spoken, scenes, repeat(stages), shares_of(scenes, told))
    narration = Narration.of(scenes, said, request.output.fps)
    give_back()
    return narration


def spoken(scene: Scene, stages: Stages, told: Progress = _unheard) -> Speech:
    """Say what is said in one scene."""
    if scene.silence_s is not None:
        return silence(scene.silence_s)
    if scene.recording is not None:
        heard = speech.speak_recording(scene.recording, scene.script)
        return with_letters_checked(heard, scene)
    name = scene.voice or (face.load_card(scene.avatar).default_voice if scene.avatar else "")
    delivery = speech.Delivery(scene.speaking_rate, scene.pronunciations)
    return stages.open_voice(name).speak(scene.script or "", delivery, told)


def draw(
    staged: Staged,
    frames: range,
    path: Path,
    stages: Stages,
    progress: Progress,
    *,
    in_turn: bool = False,
) -> None:
    """Draw and encode some of the frames, without sound; `in_turn` as `encode.write_video`."""
    told = _told(drawn(staged, frames, stages), len(frames), progress)
    with one_thread():
        encode.write_video(told, staged.grid, staged.request.output, path, in_turn=in_turn)


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


def finish(
    staged: Staged,
    segments: Sequence[Path],
    output: Path,
    stages: Stages,
    *,
    watch_lips: bool = True,
) -> quality.Report:
    """Join the segments, add the sound, and measure what came out."""
    request, grid = staged.request, staged.grid
    music = music_against(request.music, request.all_scenes)
    sound = encode.mastered(staged.speech.samples, grid, request.output, music=music)
    encode.join(segments, sound, grid, request.output, output)
    report = quality.measure(
        output,
        shapes=staged.shapes,
        grid=grid,
        output=request.output,
        landmarker=stages.open_landmarker() if watch_lips else None,
        speech=staged.speech.samples,
    )
    sharp = mouth_sharpness(staged, output) if watch_lips else None
    return quality.check(replace(report, mouth_sharpness=sharp, **told_of(staged.speech.findings)))


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


def speak(request: RenderRequest, folder: Path, told: Progress = _unheard) -> Spoken:
    """Say the script and keep sound and timing in `folder`."""
    narration = narrated(request, Stages(), told)
    narration.write(folder)
    Staged.of(request, narration).write_motion(folder)
    return Spoken(narration.speech.words, len(narration.speech.samples))


def say(scene: Scene, path: Path) -> Spoken:
    """Speak a scene into an MP3, without any picture."""
    said = spoken(scene, Stages())
    encode.write_mp3(said.samples, path)
    return Spoken(said.words, len(said.samples))


def respell(speech_folder: Path, words: Sequence[str]) -> tuple[Timed[str], ...]:
    """Show other words than those of a kept speech, at the times of those; see `reworded`.

    Sound and mouth stay as they are; ``speech.json`` is all it takes.
    """
    return speech.respell(speech_folder, words)


def plan(request: RenderRequest | RevoiceRequest, speech_folder: Path) -> list[range]:
    """Frame ranges of the segments: up to about 20 s each, in order, without gaps.

    Their number is even, so that two cores draw to the end.
    """
    return encode.paired_segments(Narration.read(speech_folder).grid)


def render_segment(
    request: RenderRequest,
    speech_folder: Path,
    frames: range,
    path: Path,
    progress: Callable[[int], None],
    stages: Stages | None = None,
) -> None:
    """Draw and encode one of the planned ranges."""
    staged = Staged.read(request, speech_folder)
    draw(staged, frames, path, stages or Stages(), lambda done, _: progress(done), in_turn=True)


def assemble(
    request: RenderRequest,
    speech_folder: Path,
    segments: Sequence[Path],
    output: Path,
    thumbnail: Path,
) -> dict[str, Any]:
    """Join the segments with the sound, draw a thumbnail; the report as JSON values."""
    staged = Staged.read(request, speech_folder)
    is_draft = request.output.short_side_px <= PREVIEW_SHORT_SIDE_PX  # its video is measured
    report = finish(staged, segments, output, Stages(), watch_lips=not is_draft)
    encode.write_thumbnail(output, thumbnail)
    return report.as_json()


# --- avatars, voices, and whether they are all there ---------------------------------------------


def read_card(avatar: Path) -> AvatarCard:
    """Who an avatar is, without loading its pictures."""
    return face.load_card(avatar)


def add_photo_avatar(photo: Path, card: AvatarCard, folder: Path) -> None:
    """Make a bundle from a photo; whole, or not at all."""
    with one_thread():
        face.avatar_from_photo(photo, card, folder, landmarker=face.open_landmarker())


def add_footage_avatar(
    footage: Path,
    card: AvatarCard,
    folder: Path,
    *,
    near: tuple[float, float] | None = None,
    notes: Path | None = None,
    progress: Progress = _unheard,
) -> None:
    """Make a bundle from a clip of a person; whole, or not at all.

    Args:
        footage: 5 s to 5 min, up to 4K.
        card: Who it is, with consent.
        folder: Where the bundle goes.
        near: (x, y) as shares of the first picture: the face there; None is the largest.
        notes: A folder in which an interrupted look at the clip is taken up again.
        progress: Told of pictures looked at and drawn, together.

    Raises:
        InvalidRequest: The footage does not fit; the message says why.
    """
    from lipwright.filming import made_of_footage

    made_of_footage(footage, card, folder, near=near, notes=notes, progress=progress)


def revoice(
    request: RevoiceRequest,
    output: Path,
    *,
    notes: Path | None = None,
    stages: Stages | None = None,
    processes: int = 1,
    progress: Progress = _unheard,
) -> quality.Report:
    """Make a clip say something else; outside the mouth its pictures stay as they are.

    Args:
        request: The clip and what it shall say.
        output: The MP4 to write; appears when it is whole.
        notes: A folder in which an interrupted run is taken up again by the next.
        stages: The replaceable parts.
        processes: How many draw side by side; more than one are new interpreters, which import
            the caller's main module.
        progress: Told of pictures looked at and frames drawn, together.

    Raises:
        InvalidRequest: The caller can fix it; nothing was written.
        RenderFailed: The machine or Lipwright failed; nothing was written.
    """
    from lipwright.revoicing import Place, revoiced

    place = Place(output, notes)
    return revoiced(request, place, stages or Stages(), processes, progress)


def thumbnail(video: Path, picture: Path) -> None:
    """Write a still of a finished video."""
    encode.write_thumbnail(video, picture)


def preview_pictures(avatar: Path, folder: Path) -> None:
    """Write ``16x9.jpg``, ``1x1.jpg`` and ``9x16.jpg`` of an avatar, and its clips beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    plate = face.load_avatar(avatar).plate
    for aspect in Aspect:
        framed = face.framed(plate, Output(aspect, PREVIEW_SHORT_SIDE_PX).size, cut_out=False)
        encode.write_picture(framed.frame, folder / f"{aspect}.jpg")
        if (clip := avatar / f"preview_{aspect}.mp4").exists():
            shutil.copyfile(clip, folder / f"{aspect}.mp4")


def subtitles(words: Sequence[Timed[str]], form: Literal["srt", "vtt"]) -> str:
    """The words as a SubRip or WebVTT file."""
    from lipwright.compose.captions import srt, vtt

    return (srt if form == "srt" else vtt)(words)


def check_pronunciation(word: str, sounds: str) -> None:
    """Whether an entry of a dictionary can be said, whatever the voice.

    Raises:
        InvalidRequest: It cannot; the message says why.
    """
    speech.check_pronunciation(word, sounds)


def voices() -> tuple[VoiceCard, ...]:
    """Every installed voice."""
    return speech.voices()


def voice_card(name: str) -> VoiceCard:
    """The voice of this name.

    Raises:
        UnknownVoice: There is none; the message lists what there is.
    """
    return speech.open_voice(name).card


def add_voice(source: Path, card: VoiceCard, folder: Path) -> VoiceCard:
    """Keep a Piper or Kokoro voice of the user's own in a new folder, with a clip of it.

    Raises:
        InvalidVoice: The files are no voice, or it cannot say a sentence.
    """
    kept = speech.write_own_voice(source, card, folder)
    try:
        said = speech.open_voice(str(folder)).speak(speech.sample_script(kept))
        encode.write_mp3(said.samples, folder / speech.CLIP_FILE)
    except LipwrightError:
        shutil.rmtree(folder)
        raise
    return kept


def read_own_voice(folder: Path) -> VoiceCard:
    """Who a voice of the user's own is."""
    return speech.read_own_card(folder)


def voice_clip(name: str) -> Path | None:
    """A few seconds of a voice, as an MP3; None where it has none.

    Raises:
        UnknownVoice: There is no such voice.
    """
    return speech.voice_clip(name)


def music_beds() -> tuple[MusicBed, ...]:
    """Every bed of music that ships."""
    return encode.music_beds()


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


def check_fonts() -> str:
    """Open the typeface of every caption style; how many there are.

    Raises:
        ModelUnavailable: One is missing.
    """
    return f"{compose.check_fonts()} typefaces"
