"""A long video, drawn in segments by processes of their own, as the service does it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import av
import cv2
import numpy as np
import scipy
from numpy.typing import NDArray

from lipwright import pipeline
from lipwright.arrays import Samples
from lipwright.bench.figures import Figure, Figures
from lipwright.bench.pairs import MEMORY_MB
from lipwright.bench.processes import Spent, alone, peak_mb, spent_together
from lipwright.encode.formats import gop_frames
from lipwright.media import pixels, shown
from lipwright.request import Captions, Music, Output, RenderRequest, Scene
from lipwright.staging import Staged, Stages, drawn
from lipwright.timeline import SAMPLE_RATE, FrameGrid

FAST_VOICE: Final = "hibari"
"""What is measured here is mostly what comes after the speech."""
_SENTENCES: Final = (
    "Peter Piper picked a peck of pickled peppers, and my mother may have bought them all.",
    "How fast is this machine? Five or six words a second would be very fine.",
    "Both of my brothers may have been at home, but nobody but me picked up the phone.",
    "Papa, bring me the map of the bay, and we will see how far a boat may move by day.",
)
_SENTENCE_S: Final = 4.7
"""About as long as the voice takes for one, with its pause."""
_SCENE_SENTENCES: Final = 36
"""A script has at most 3,600 characters."""
_CORES: Final = 2
_WINDOW: Final = 4 * SAMPLE_RATE
_AROUND: Final = 15
"""Frames on either side of a border that are compared with the drawing."""
_BORDERS: Final = 4
_UNSEEN_DB: Final = 42.0
"""Two levels of 255: four times enlarged, the difference shows edges and no picture.  Frames beside
each other differ by a decibel or two anyway, so a fall alone says little."""


def figures(
    avatar: Path, minutes: float, short_side_px: int, *, voice: str, kept: Path | None = None
) -> Figures:
    """Exact frames, drift, borders of segments, memory of each step, honesty of the time left.

    Args:
        avatar: Who speaks.
        minutes: About how long the video is.
        short_side_px: Of its picture.
        voice: Says it.
        kept: A folder in which an interrupted run is taken up again, and where the video stays.
    """
    request = _request(avatar, minutes, short_side_px, voice)
    with _folder(kept) as folder:
        speech = folder / "speech"
        speaking = _spoken(request, speech)
        segments = pipeline.plan(request, speech)
        drawing = _drawn(request, speech, segments)
        paths = [_segment_path(speech, frames) for frames in segments]
        joining = alone(partial(_joining, request, speech, paths))
        staged = Staged.read(request, speech)
        video = folder / "done.mp4"
        return {
            "minutes": Figure(float(staged.grid.frame_count / staged.grid.fps) / 60, "min"),
            "segments": Figure(len(segments), ""),
            "frames_missing": Figure(
                abs(joining.given["frame_count"] - staged.grid.frame_count), "frames", ceiling=0
            ),
            **_drift(video, staged),
            **_borders(video, staged, segments),
            "memory_of_speaking": Figure(speaking, "MB", ceiling=MEMORY_MB),
            "memory_of_segments": Figure(_most_mb(paths), "MB", ceiling=MEMORY_MB),
            "memory_of_joining": Figure(joining.peak_mb, "MB", ceiling=MEMORY_MB),
            **_pace(drawing, staged.grid),
        }


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with TemporaryDirectory(prefix="lipwright-bench-") as name:
        yield Path(name)


def _request(avatar: Path, minutes: float, short_side_px: int, voice: str) -> RenderRequest:
    """Scenes of a few minutes each, over music."""
    count = max(1, round(60 * minutes / _SENTENCE_S))
    said = [_SENTENCES[k % len(_SENTENCES)] for k in range(count)]
    scenes = tuple(
        Scene(
            avatar,
            " ".join(said[first : first + _SCENE_SENTENCES]),
            voice=voice,
            captions=Captions("neo"),
        )
        for first in range(0, count, _SCENE_SENTENCES)
    )
    return RenderRequest(scenes, Music(), Output(short_side_px=short_side_px))


def _spoken(request: RenderRequest, speech: Path) -> float:
    """Speak, unless an earlier run did; the most memory it took, in MB."""
    note = speech.parent / "speech.json"
    if not note.exists():
        speech.mkdir(exist_ok=True)
        note.write_text(json.dumps(alone(partial(_speaking, request, speech)).peak_mb))
    return float(json.loads(note.read_text()))


def _speaking(request: RenderRequest, speech: Path) -> Callable[[], int]:
    return lambda: pipeline.speak(request, speech).sample_count


def _segment_path(speech: Path, frames: range) -> Path:
    return speech.parent / f"{frames.start:06}.mp4"


def _drawn(
    request: RenderRequest, speech: Path, segments: Sequence[range]
) -> list[Spent[list[float]]]:
    """Two processes, each with every second segment; when each frame was done.

    What an earlier run drew is left as it is.
    """
    missing = [frames for frames in segments if not _segment_path(speech, frames).exists()]
    shares = [missing[core::_CORES] for core in range(min(_CORES, len(missing)))]
    drawing = [partial(_drawing, request, speech, share) for share in shares]
    return spent_together(drawing) if drawing else []


def _drawing(
    request: RenderRequest, speech: Path, share: Sequence[range]
) -> Callable[[], list[float]]:
    moments: list[float] = []

    def draw() -> list[float]:
        for frames in share:
            path = _segment_path(speech, frames)
            pipeline.render_segment(
                request, speech, frames, path, lambda done: moments.append(time.monotonic())
            )
            path.with_suffix(".json").write_text(json.dumps(peak_mb()))
        return moments

    return draw


def _most_mb(paths: Sequence[Path]) -> float:
    """Of the processes that drew them, one after the other."""
    notes = [path.with_suffix(".json") for path in paths]
    return max(float(json.loads(note.read_text())) for note in notes if note.exists())


def _joining(
    request: RenderRequest, speech: Path, paths: Sequence[Path]
) -> Callable[[], dict[str, Any]]:
    video = speech.parent / "done.mp4"

    def join() -> dict[str, Any]:
        report = pipeline.assemble(request, speech, paths, video, video.with_suffix(".jpg"))
        found: dict[str, Any] = report["file"]
        return found

    return join


def _pace(drawing: Sequence[Spent[list[float]]], grid: FrameGrid) -> Figures:
    """How the drawing went on, where all of it was drawn in this run."""
    moments = np.sort(np.concatenate([[], *(each.given for each in drawing)]))
    if len(moments) < grid.frame_count:
        return {}
    began, ended = min(each.began_s for each in drawing), max(each.ended_s for each in drawing)
    real_time = float(grid.frame_count / grid.fps) / (ended - began)
    return {
        "drawing_left_after_a_tenth": Figure(_misjudged(moments, began), "share", ceiling=0.2),
        "real_time_factor": Figure(real_time, "x"),
    }


def _misjudged(moments: NDArray[np.float64], began_s: float) -> float:
    """The largest error of the whole time, told from how far the drawing is, after a tenth."""
    count, took = len(moments), moments - began_s
    told = took * count / np.arange(1, count + 1)
    return float(np.abs(told[count // 10 :] / took[-1] - 1).max())


def _drift(video: Path, staged: Staged) -> Figures:
    """Sound against the speech that was put there, and pictures against their times."""
    voice, grid = staged.speech.samples, staged.grid
    last = max(0, min(len(voice), grid.sample_count) - 2 * _WINDOW)
    moments = {"start": 0, "middle": last // 2, "end": last}
    offsets = {name: _sound_late_ms(video, voice, at) for name, at in moments.items()}
    return {
        **{
            f"sound_late_at_the_{name}": Figure(abs(offset), "ms", ceiling=1)
            for name, offset in offsets.items()
        },
        "drift": Figure(max(offsets.values()) - min(offsets.values()), "ms", ceiling=10),
        "picture_off_its_time": Figure(_picture_off_ms(video, grid), "ms", ceiling=0.1),
    }


def _sound_late_ms(video: Path, voice: Samples, at: int) -> float:
    """How much later than meant the voice is heard, from a window of four seconds."""
    found, meant = _heard(video, at), voice[at : at + _WINDOW]
    likeness = scipy.signal.correlate(found, meant, mode="full", method="fft")
    near = SAMPLE_RATE // 10
    middle = len(meant) - 1
    best = int(np.argmax(likeness[middle - near : middle + near + 1]))
    return 1000 * (best - near) / SAMPLE_RATE


def _heard(video: Path, at: int) -> Samples:
    """``(_WINDOW,)`` the file's sound from a sample on, both channels together."""
    blocks: list[Samples] = []
    first: int | None = None
    with av.open(str(video)) as file:
        stream = file.streams.audio[0]
        tick = stream.time_base or 1 / SAMPLE_RATE
        file.seek(int(max(0, at - SAMPLE_RATE) / SAMPLE_RATE / tick), stream=stream)
        for frame in file.decode(stream):
            begins = round(float((frame.pts or 0) * tick) * SAMPLE_RATE)
            first = begins if first is None else first
            blocks.append(frame.to_ndarray().mean(axis=0))
            if begins >= at + _WINDOW:
                break
    samples = np.concatenate(blocks)[at - (first or 0) :]
    return np.asarray(samples[:_WINDOW], np.float32)


def _picture_off_ms(video: Path, grid: FrameGrid) -> float:
    with av.open(str(video)) as file:
        stream = file.streams.video[0]
        tick = stream.time_base
        moments = sorted(
            packet.pts * tick for packet in file.demux(stream) if packet.pts is not None and tick
        )
    return 1000 * max(abs(float(at - k / grid.fps)) for k, at in enumerate(moments))


def _borders(video: Path, staged: Staged, segments: Sequence[range]) -> Figures:
    """How far pictures at a border are from the drawing, and fall below those beside them."""
    starts = [frames.start for frames in segments[1:]]
    chosen = starts[:: max(1, len(starts) // _BORDERS)][:_BORDERS]
    if not chosen:
        return {}
    gop = gop_frames(staged.grid.fps)
    at_borders = [_alike_db(video, staged, start) for start in chosen]
    elsewhere = [_alike_db(video, staged, start - gop) for start in chosen]
    falls = [
        _fall_db(here) - _fall_db(there) for here, there in zip(at_borders, elsewhere, strict=True)
    ]
    return {
        "worst_picture_at_a_border": Figure(
            min(map(_worst_db, at_borders)), "dB of PSNR", floor=_UNSEEN_DB
        ),
        "borders_worse_than_key_frames": Figure(max(falls), "dB of PSNR"),
    }


def _fall_db(alike: Sequence[float]) -> float:
    """The median beside a key frame less the worst at it."""
    return float(np.median(alike)) - _worst_db(alike)


def _worst_db(alike: Sequence[float]) -> float:
    return min(alike[_AROUND - 1 : _AROUND + 1])


def _alike_db(video: Path, staged: Staged, start: int) -> list[float]:
    """PSNR of luma of the frames around a key frame."""
    frames = range(start - _AROUND, min(start + _AROUND, staged.grid.frame_count))
    with pipeline.one_thread():
        pictures = drawn(staged, frames, Stages())
        with av.open(str(video)) as file:
            seen = shown(file, frames, staged.grid)
            return [
                cv2.PSNR(each.y, np.ascontiguousarray(pixels(frame.planes[0])))
                for each, frame in zip(pictures, seen, strict=True)
            ]
