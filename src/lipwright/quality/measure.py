"""Measure a finished video from the file alone, as a viewer would get it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame

from lipwright.arrays import Frame, MouthShapes, Samples
from lipwright.loudness import GAIN_MAX_DB, integrated_lufs
from lipwright.quality.lips import Landmarker, TrackedFace, lip_gap
from lipwright.quality.probe import probe
from lipwright.quality.report import Report
from lipwright.quality.sound import heard
from lipwright.quality.steadiness import LOOKS, lip_jitter
from lipwright.quality.sync import Delay, LipTrack, closures, picture_delay, rest_movement
from lipwright.request import WATCHED_S, Output
from lipwright.timeline import FrameGrid

_WINDOWS: Final = 4
"""Parts that a longer video is sampled in, from its first second to its last: drift shows."""
_WATCHED_SHORT_SIDE_PX: Final = 540
"""The landmarker shrinks the face to 256 px anyway."""

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
    track, steadiness = _watched(video, grid, landmarker)
    return track, steadiness, picture_delay(track, shapes, float(grid.fps))


def _watched(video: Path, grid: FrameGrid, landmarker: Landmarker) -> tuple[LipTrack, float | None]:
    """The lips in some frames, and how steady they are in the steadily watched ones."""
    times: list[float] = []
    seen: list[TrackedFace | None] = []
    looked: list[int] = []
    with av.open(str(video)) as container:
        for start, end, looks in _windows(grid):
            pictures = _shrunk(_decoded(container, start, end), grid, times)
            faces = landmarker.track(pictures, looks=looks)
            seen += faces
            looked += [looks] * (len(seen) - len(looked))
    gaps = np.array([lip_gap(face.landmarks) if face else np.nan for face in seen], float)
    steadily = {
        time: face
        for time, face, looks in zip(times, seen, looked, strict=True)
        if face is not None and looks > 1
    }
    track = LipTrack(np.array(times, float)[np.isfinite(gaps)], gaps[np.isfinite(gaps)])
    moments = np.array(list(steadily), float)
    return track, lip_jitter(moments, list(steadily.values()), float(grid.fps))


def _shrunk(
    shown: Iterable[tuple[Fraction, VideoFrame]], grid: FrameGrid, times: list[float]
) -> Iterator[Frame]:
    """Pictures for the landmarker; notes in `times` when each is shown, in frames."""
    for shown_s, frame in shown:
        times.append(float(shown_s * grid.fps))
        yield _small(frame)


def _windows(grid: FrameGrid) -> list[tuple[Fraction, Fraction, int]]:
    """Spans to watch, in seconds of the video's clock, in order and apart, and with how many looks.

    One of them, near the middle, is watched steadily.
    """
    length, each = grid.frame_count / grid.fps, Fraction(WATCHED_S, _WINDOWS)
    if length <= WATCHED_S:
        start = max(Fraction(0), length - each) / 2
        edges = [Fraction(0), start, start + each, length + 1]
        spans = list(pairwise(edges))
    else:
        apart = (length - each) / (_WINDOWS - 1)
        spans = [(k * apart, k * apart + each) for k in range(_WINDOWS)]
    return [(*span, LOOKS if k == 1 else 1) for k, span in enumerate(spans) if span[1] > span[0]]


def glances(grid: FrameGrid) -> list[range]:
    """Frames whose sharpness is compared: half a second in each of the windows."""
    starts = [int(start * grid.fps) for start, _, _ in _windows(grid)]
    length = max(1, int(grid.fps / 2))
    return [range(start, min(start + length, grid.frame_count)) for start in starts]


def _decoded(
    container: InputContainer, start: Fraction, end: Fraction
) -> Iterator[tuple[Fraction, VideoFrame]]:
    """Frames shown in ``[start, end)``, each with its time."""
    stream = container.streams.video[0]
    tick = stream.time_base or Fraction(1, av.time_base)
    container.seek(int(start / tick), stream=stream)
    for frame in container.decode(stream):
        shown_s = (frame.pts or 0) * tick
        if shown_s >= end:
            return
        if shown_s >= start:
            yield shown_s, frame


def _small(frame: VideoFrame) -> Frame:
    scale = min(1.0, _WATCHED_SHORT_SIDE_PX / min(frame.width, frame.height))
    width, height = (round(side * scale / 2) * 2 for side in (frame.width, frame.height))
    shrunk = frame.reformat(
        width=width, height=height, format="rgb24", interpolation="FAST_BILINEAR"
    )
    return shrunk.to_ndarray().astype(np.uint8, copy=False)
