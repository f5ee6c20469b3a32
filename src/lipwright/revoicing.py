"""A clip says something else: its picture and head motion stay, the mouth is replaced.

    footage -> face (look, plate) ; speech -> viseme -> mouth -> encode -> quality

`pipeline.revoice` is the way in; this module stands beside it and knows all stages, as it does.
The service does the same in steps (`steps`), as the command does in processes of its own: the
`Take` that the first one leaves in a folder is what every later one draws.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from lipwright import encode, face, mouth, quality, speech, viseme
from lipwright.arrays import IDLE, RIG, MouthShapes, Samples, YuvFrame
from lipwright.avatar import Excerpt, Plate
from lipwright.errors import UnreadableMedia
from lipwright.memory import give_back
from lipwright.narration import Narration, told_of
from lipwright.pipeline import Progress, one_thread
from lipwright.request import FootageOutput, RevoiceRequest
from lipwright.side_by_side import side_by_side
from lipwright.speech import Speech
from lipwright.staging import Stages
from lipwright.timeline import SAMPLE_RATE, FrameGrid

_DEFAULT_VOICE: Final = "af_heart"
_FADE: Final = SAMPLE_RATE * 30 // 1000
"""Speech that is cut off fades, so that it does not click."""
_SHAPES: Final = "shapes.npy"
_TAKE: Final = "take"
_APART_FRAMES: Final = 180
"""6 s; of less, a second process would take longer to begin than it saves."""
_FORMAT: Final = 1
"""Raised whenever a take's files change: a run stopped in an earlier version begins anew."""


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """Everything that is decided before the first frame is drawn."""

    plate: Plate
    narration: Narration
    """Cut to the grid."""
    shapes: MouthShapes
    output: FootageOutput

    @property
    def grid(self) -> FrameGrid:
        """The frame clock."""
        return self.narration.grid

    @property
    def samples(self) -> Samples:
        """What is heard."""
        return self.narration.speech.samples

    def write(self, folder: Path) -> None:
        """Write all of it into a folder, except the clip."""
        self.narration.write(folder)
        face.write_plate(self.plate, folder)
        np.save(folder / _SHAPES, self.shapes)

    @classmethod
    def read(cls, request: RevoiceRequest, folder: Path) -> Take:
        """Read what `write` wrote for the same request: the same pictures are drawn of it.

        Raises:
            UnreadableMedia: A file is missing, damaged or not ours.
        """
        narration = Narration.read(folder)
        plate = face.read_plate(folder, request.footage, request.sync_mode)
        try:
            shapes = np.load(folder / _SHAPES, allow_pickle=False)
        except (OSError, ValueError) as error:
            raise UnreadableMedia(f"{folder} does not hold a take: {error}.") from error
        return cls(plate, narration, shapes, _output(request, plate, narration.fps))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run leaves its files."""

    output: Path
    notes: Path | None
    """Keeps what an interrupted run has done."""

    @contextmanager
    def under_way(self, key: str) -> Iterator[Path]:
        """Where take and segments lie: among the notes, until all went well."""
        if self.notes is None:
            with TemporaryDirectory(
                prefix=".lipwright-", dir=self.output.absolute().parent
            ) as name:
                yield Path(name)
            return
        folder = self.notes / f"take-{key}"
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        shutil.rmtree(folder)


def revoiced(
    request: RevoiceRequest, place: Place, stages: Stages, processes: int, progress: Progress
) -> quality.Report:
    """See `pipeline.revoice`."""
    told = _Told(progress, face.picture_count(request.footage))
    with place.under_way(_key(request, stages.mouth)) as folder:
        take = _kept(request, folder, stages, place.notes, told)
        told.draws(take.grid.frame_count)
        segments = _drawn(take, request, folder, stages, processes, told)
        landmarker = face.looking_at(stages.open_landmarker(), request.face)
        return finish(take, segments, place.output, landmarker)


def _key(request: RevoiceRequest, model: mouth.MouthModel) -> str:
    """Tells one request from another, by what its files hold and who draws."""
    heard = face.fingerprint(request.recording, None) if request.recording else None
    clip = face.fingerprint(request.footage, request.face)
    others = astuple(replace(request, footage=Path(clip), recording=None))
    drawn = f"{type(model).__qualname__} {getattr(model, 'path', None)}"
    # a take of another rig cannot be drawn
    told = f"{_FORMAT} {RIG} {others} {heard} {drawn}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _kept(
    request: RevoiceRequest, folder: Path, stages: Stages, notes: Path | None, told: _Told
) -> Take:
    """The take of an earlier run, or a new one that a later run will find."""
    place = folder / _TAKE
    if not place.exists():
        partial_ = folder / f".{_TAKE}.{os.getpid()}"
        partial_.mkdir(exist_ok=True)
        # without a name: it is gone before it is read, and not there twice
        staged(request, stages, notes, told.looked).write(partial_)
        partial_.rename(place)
    return Take.read(request, place)


def _drawn(
    take: Take,
    request: RevoiceRequest,
    folder: Path,
    stages: Stages,
    processes: int,
    told: _Told,
) -> list[Path]:
    """The segments, those of an earlier run among them."""
    parts = _parts(take.grid)
    paths = [folder / f"{frames.start:06}.{take.output.container}" for frames in parts]
    missing = [each for each in zip(parts, paths, strict=True) if not each[1].exists()]
    told.drew(take.grid.frame_count - sum(len(frames) for frames, _ in missing))
    if processes > 1 and len(missing) > 1:
        work = partial(_draw_kept, request, folder / _TAKE, stages.mouth)
        side_by_side(work, missing, processes, told.drawing())
        return paths
    for frames, path in missing:
        draw(take, frames, path, stages.mouth, told.drawing())
    return paths


def _parts(grid: FrameGrid) -> list[range]:
    count = grid.frame_count
    return encode.paired_segments(grid) if count >= _APART_FRAMES else [range(count)]


def _draw_kept(
    request: RevoiceRequest,
    folder: Path,
    model: mouth.MouthModel,
    item: tuple[range, Path],
    progress: Callable[[int], None],
) -> None:
    draw(Take.read(request, folder), *item, model, progress)


# --- the same steps, each on its own ---------------------------------------------------------


def speak(request: RevoiceRequest, folder: Path, notes: Path | None, progress: Progress) -> Take:
    """Look and speak, and keep the take in `folder`; told of pictures looked at, of how many."""
    count = face.picture_count(request.footage)
    take = staged(request, Stages(), notes, lambda done: progress(done, max(done, count)))
    take.write(folder)
    return take


def render_segment(
    request: RevoiceRequest,
    folder: Path,
    frames: range,
    path: Path,
    progress: Callable[[int], None],
    stages: Stages,
) -> None:
    """Draw and encode some frames of a kept take."""
    draw(Take.read(request, folder), frames, path, stages.mouth, progress)


def assemble(
    request: RevoiceRequest, folder: Path, segments: Sequence[Path], output: Path
) -> quality.Report:
    """Join the segments of a kept take with its sound, and measure."""
    landmarker = face.looking_at(face.open_landmarker(), request.face)
    return finish(Take.read(request, folder), segments, output, landmarker)


def staged(
    request: RevoiceRequest,
    stages: Stages,
    notes: Path | None,
    progress: Callable[[int], None] | None = None,
) -> Take:
    """Look at the clip, say the script or listen to the recording, and decide every mouth."""
    study = face.looked_at(
        request.footage, stages.open_landmarker(), near=request.face, notes=notes, progress=progress
    )
    said = _said(request, stages)
    give_back()  # before pictures are drawn
    plate = face.plate_of(request.footage, study, request.sync_mode)
    fps = face.clip_fps(study.track.shown_us)
    length_s = Fraction(len(said.samples), SAMPLE_RATE)
    grid = FrameGrid(fps, face.frames_of(study.track, length_s, fps, request.sync_mode))
    shapes = viseme.mouth_shapes(said.phonemes, said.samples, grid)
    narration = Narration(_cut(said, grid), (grid.frame_count,), fps)
    return Take(plate, narration, shapes, _output(request, plate, fps))


def _output(request: RevoiceRequest, plate: Plate, fps: Fraction) -> FootageOutput:
    size = (plate.frame.shape[1], plate.frame.shape[0])
    return FootageOutput(fps=fps, lufs=request.lufs, crf=request.crf, frame_size=size)


def draw(
    take: Take,
    frames: range,
    path: Path,
    model: mouth.MouthModel,
    progress: Callable[[int], None],
) -> None:
    """Draw and encode some of the frames, without sound."""
    with one_thread():
        drawn = _counted(pictures(take, frames, model), progress)
        encode.write_video(drawn, take.grid, take.output, path)


def pictures(take: Take, frames: range, model: mouth.MouthModel) -> Iterator[YuvFrame]:
    """Some of the finished pictures, each valid until the next."""
    idle = np.zeros((len(frames), len(IDLE)), np.float32)
    excerpt = Excerpt(frames, take.grid, take.samples)
    shapes = take.shapes[frames.start : frames.stop]
    patches = model.patches(take.plate, shapes, idle, cut_out=False, excerpt=excerpt)
    return (patch.pixels for patch in patches)


def finish(
    take: Take, segments: Sequence[Path], output: Path, landmarker: quality.Landmarker
) -> quality.Report:
    """Add the sound, and measure what came out."""
    sound = encode.mastered(take.samples, take.grid, take.output, music=None)
    encode.join(segments, sound, take.grid, take.output, output)
    report = quality.measure(
        output,
        shapes=take.shapes,
        grid=take.grid,
        output=take.output,
        landmarker=landmarker,
        speech=take.samples,
    )
    film = take.plate.film
    if film is not None:
        spans = quality.glances(take.grid)
        sharp = quality.sharpness(output, film, take.grid, spans)
        report = replace(report, mouth_sharpness=sharp)
    return quality.check(replace(report, **told_of(take.narration.speech.findings)))


def _said(request: RevoiceRequest, stages: Stages) -> Speech:
    if request.recording is not None:
        return speech.speak_recording(request.recording, request.script)
    return stages.open_voice(request.voice or _DEFAULT_VOICE).speak(request.script or "")


def _cut(said: Speech, grid: FrameGrid) -> Speech:
    """The speech, no longer than the picture."""
    end = grid.sample_count
    if len(said.samples) <= end:
        return said
    kept = said.samples[:end].copy()
    length = min(_FADE, len(kept))
    kept[len(kept) - length :] *= np.linspace(1, 0, length, dtype=np.float32)
    words = tuple(replace(w, end=min(w.end, end)) for w in said.words if w.start < end)
    phonemes = tuple(replace(p, end=min(p.end, end)) for p in said.phonemes if p.start < end)
    return replace(said, samples=kept, words=words, phonemes=phonemes)


class _Told:
    """Looking and drawing as one progress."""

    def __init__(self, progress: Progress, pictures: int) -> None:
        self._progress, self._pictures = progress, max(1, pictures)
        self._seen, self._frames, self._drawn = 0, self._pictures, 0

    def looked(self, done: int) -> None:
        self._seen = done
        self._pictures = max(self._pictures, done)
        self._progress(done, self._pictures + self._frames)

    def draws(self, frames: int) -> None:
        self._pictures, self._frames = self._seen, frames

    def drew(self, frames: int) -> None:
        self._drawn += frames
        self._progress(self._pictures + self._drawn, self._pictures + self._frames)

    def drawing(self) -> Callable[[int], None]:
        """Takes how much of what is drawn now is done."""
        before = self._drawn

        def told(done: int) -> None:
            self._drawn = before + done
            self.drew(0)

        return told


def _counted(items: Iterator[YuvFrame], progress: Callable[[int], None]) -> Iterator[YuvFrame]:
    for done, item in enumerate(items, start=1):
        yield item
        progress(done)
