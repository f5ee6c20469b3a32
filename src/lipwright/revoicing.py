"""A clip says something else: its picture and head motion stay, the mouth is replaced.

    footage -> face (look, plate) ; speech -> viseme -> mouth -> compose -> encode -> quality

`pipeline.revoice` is the way in; this module stands beside it and knows all stages, as it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

import numpy as np

from lipwright import compose, encode, face, quality, speech, viseme
from lipwright.arrays import IDLE, MouthShapes, Samples
from lipwright.avatar import Excerpt, Plate
from lipwright.pipeline import Progress, one_thread, told_of
from lipwright.request import FootageOutput, RevoiceRequest
from lipwright.speech import Findings, Speech
from lipwright.staging import Stages
from lipwright.timeline import SAMPLE_RATE, FrameGrid

T = TypeVar("T")

_DEFAULT_VOICE: Final = "af_heart"
_FADE: Final = SAMPLE_RATE * 30 // 1000
"""Speech that is cut off fades, so that it does not click."""


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """Everything that is decided before the first frame is drawn."""

    plate: Plate
    samples: Samples
    """Cut to the grid."""
    grid: FrameGrid
    shapes: MouthShapes
    output: FootageOutput
    findings: Findings
    """What was found out about the speech."""


def revoiced(
    request: RevoiceRequest,
    output: Path,
    *,
    notes: Path | None,
    stages: Stages,
    progress: Progress,
) -> quality.Report:
    """See `pipeline.revoice`."""
    told = _Told(progress, face.picture_count(request.footage))
    take = staged(request, stages, notes, told.looked)
    told.draws(take.grid.frame_count)
    with TemporaryDirectory(prefix=".lipwright-", dir=output.absolute().parent) as folder:
        segment = Path(folder) / f"segment.{take.output.container}"
        draw(take, segment, stages, told.drew)
        return finish(
            take, [segment], output, face.looking_at(stages.open_landmarker(), request.face)
        )


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
    speech.give_back()  # before pictures are drawn
    plate = face.plate_of(request.footage, study, request.sync_mode)
    fps = face.clip_fps(study.track.shown_us)
    length_s = Fraction(len(said.samples), SAMPLE_RATE)
    grid = FrameGrid(fps, face.frames_of(study, length_s, fps, request.sync_mode))
    size = (plate.frame.shape[1], plate.frame.shape[0])
    return Take(
        plate=plate,
        samples=_cut(said.samples, grid),
        grid=grid,
        shapes=viseme.mouth_shapes(said.phonemes, said.samples, grid),
        output=FootageOutput(fps=fps, lufs=request.lufs, crf=request.crf, frame_size=size),
        findings=said.findings,
    )


def draw(take: Take, path: Path, stages: Stages, progress: Callable[[int], None]) -> None:
    """Draw and encode all frames, without sound."""
    grid = take.grid
    idle = np.zeros((grid.frame_count, len(IDLE)), np.float32)
    excerpt = Excerpt(range(grid.frame_count), grid, take.samples)
    with one_thread():
        patches = stages.mouth.patches(
            take.plate, take.shapes, idle, cut_out=False, excerpt=excerpt
        )
        frames = _counted(compose.compose_on_footage(patches), progress)
        encode.write_video(frames, grid, take.output, path)


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
    return quality.check(replace(report, **told_of(take.findings)))


def _said(request: RevoiceRequest, stages: Stages) -> Speech:
    if request.recording is not None:
        return speech.speak_recording(request.recording, request.script)
    return stages.open_voice(request.voice or _DEFAULT_VOICE).speak(request.script or "")


def _cut(samples: Samples, grid: FrameGrid) -> Samples:
    if len(samples) <= grid.sample_count:
        return samples
    kept = samples[: grid.sample_count].copy()
    length = min(_FADE, len(kept))
    kept[len(kept) - length :] *= np.linspace(1, 0, length, dtype=np.float32)
    return kept


class _Told:
    """Looking and drawing as one progress."""

    def __init__(self, progress: Progress, pictures: int) -> None:
        self._progress, self._pictures = progress, max(1, pictures)
        self._seen, self._frames = 0, self._pictures

    def looked(self, done: int) -> None:
        self._seen = done
        self._pictures = max(self._pictures, done)
        self._progress(done, self._pictures + self._frames)

    def draws(self, frames: int) -> None:
        self._pictures, self._frames = self._seen, frames

    def drew(self, done: int) -> None:
        self._progress(self._pictures + done, self._pictures + self._frames)


def _counted(items: Iterator[T], progress: Callable[[int], None]) -> Iterator[T]:
    for done, item in enumerate(items, start=1):
        yield item
        progress(done)
