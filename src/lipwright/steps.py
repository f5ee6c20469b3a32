"""A video in steps, which may run in other processes and at other times.

An avatar that speaks (`pipeline`) and a clip that says something else (`revoicing`) take the same
ones: what `speak` leaves in a folder is what the later steps draw, join and measure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lipwright import encode, pipeline, revoicing
from lipwright.mouth import OnnxMouth
from lipwright.pipeline import Progress, Spoken
from lipwright.request import RenderRequest, RevoiceRequest
from lipwright.staging import Stages

VideoRequest = RenderRequest | RevoiceRequest


def stages_with(mouth_model: Path | None) -> Stages:
    """The replaceable parts, with a mouth model of the user's own.

    Raises:
        InvalidRequest: The file is no such model; the message says what it must be.
    """
    return Stages() if mouth_model is None else Stages(mouth=OnnxMouth(mouth_model))


def prepare() -> None:
    """Import what the steps would import when they need it: a second of a core."""
    import scipy.io.wavfile
    import scipy.ndimage
    import scipy.signal  # noqa: F401 - scipy itself imports its parts when they are used


def speak(request: VideoRequest, folder: Path, notes: Path | None, progress: Progress) -> Spoken:
    """Decide everything that is drawn later, and keep it in `folder`.

    Args:
        request: What to make.
        folder: Where sound, timing and mouth go, and what was seen of a clip.
        notes: A folder in which an interrupted look at a clip is taken up again.
        progress: Told of the pictures of a clip looked at or of the letters said, and of how many
            there are.
    """
    if isinstance(request, RenderRequest):
        return pipeline.speak(request, folder, progress)
    take = revoicing.speak(request, folder, notes, progress)
    return Spoken(take.narration.speech.words, take.grid.sample_count)


def plan(request: VideoRequest, folder: Path) -> list[range]:
    """Frame ranges of the segments: up to about 20 s each, in order, without gaps."""
    return pipeline.plan(request, folder)


def render_segment(
    request: VideoRequest,
    folder: Path,
    frames: range,
    path: Path,
    progress: Callable[[int], None],
    stages: Stages,
) -> None:
    """Draw and encode one of the planned ranges, without sound."""
    if isinstance(request, RenderRequest):
        pipeline.render_segment(request, folder, frames, path, progress, stages)
    else:
        revoicing.render_segment(request, folder, frames, path, progress, stages)


def assemble(
    request: VideoRequest, folder: Path, segments: Sequence[Path], output: Path, thumbnail: Path
) -> dict[str, Any]:
    """Join the segments with the sound, draw a thumbnail; the report as JSON values."""
    if isinstance(request, RenderRequest):
        return pipeline.assemble(request, folder, segments, output, thumbnail)
    report = revoicing.assemble(request, folder, segments, output)
    encode.write_thumbnail(output, thumbnail)
    return report.as_json()
