"""Measure a finished video from the file alone, as a viewer would get it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from lipwright.arrays import MouthShapes, Samples
from lipwright.loudness import GAIN_MAX_DB, integrated_lufs
from lipwright.quality.lips import Landmarker
from lipwright.quality.probe import probe
from lipwright.quality.report import Report
from lipwright.quality.sound import heard
from lipwright.quality.sync import Delay, LipTrack, closures, picture_delay, rest_movement
from lipwright.quality.watching import watched
from lipwright.request import Output
from lipwright.timeline import FrameGrid

_UNWATCHED: Final = (
    LipTrack(np.zeros(0), np.zeros(0)),
    None,
    Delay(note="The lips were not watched."),
)


def measure(
    video: Path,
    *,
    shapes: MouthShapes,
    grid: FrameGrid,
    output: Output,
    landmarker: Landmarker | None,
    speech: Samples | None = None,
) -> Report:
    """Measure format, loudness and lip-sync of a finished file.

    Args:
        video: The file.
        shapes: The mouth that was meant, one row for each frame of `grid`.
        grid: The frame clock it was rendered with.
        output: What was ordered.
        landmarker: Finds the face in the pictures; None leaves the lips unwatched.
        speech: The sound before mixing.  With it, the offset covers misplaced sound too.

    Raises:
        UnreadableMedia: The file cannot be read or lacks picture or sound.
    """
    file, sound = probe(video), heard(video, speech)
    track, steadiness, delay = _followed(video, grid, shapes, landmarker)
    return Report(
        file=file,
        meant=output,
        expected_frame_count=grid.frame_count,
        lufs=sound.lufs,
        quietest_lufs=_quietest_lufs(output, speech),
        true_peak_dbtp=sound.true_peak_dbtp,
        av_offset_ms=_offset_ms(delay, grid, sound.delay_s),
        av_offset_note=delay.note,
        sync_correlation=delay.correlation,
        closure_count=(closed := closures(track, shapes))[0],
        closure_rate=closed[1],
        rest_movement=rest_movement(track, shapes),
        lip_jitter=steadiness,
        measured_frames=len(track.times),
    )


def _offset_ms(picture: Delay, grid: FrameGrid, sound_delay_s: float) -> float | None:
    if picture.frames is None:
        return None
    return 1000 * (picture.frames / float(grid.fps) - sound_delay_s)


def _quietest_lufs(output: Output, speech: Samples | None) -> float:
    if speech is None:
        return output.lufs
    both = np.broadcast_to(speech, (2, len(speech)))  # a copy of half an hour takes 690 MB
    return min(output.lufs, integrated_lufs(both) + GAIN_MAX_DB)


def _followed(
    video: Path, grid: FrameGrid, shapes: MouthShapes, landmarker: Landmarker | None
) -> tuple[LipTrack, float | None, Delay]:
    """The lips, how steady they are, and how late."""
    if landmarker is None:
        return _UNWATCHED
    track, steadiness = watched(video, grid, landmarker)
    return track, steadiness, picture_delay(track, shapes, float(grid.fps))
