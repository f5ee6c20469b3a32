"""Everything that is said in a video: the speech of its scenes, one after the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate, pairwise
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final, TypeVar

import numpy as np

from lipwright.arrays import Samples
from lipwright.errors import UnreadableMedia
from lipwright.loudness import GAIN_MAX_DB, integrated_lufs
from lipwright.request import Music, Scene
from lipwright.speech import Findings, Speech
from lipwright.timeline import SAMPLE_RATE, FrameGrid, Timed

T = TypeVar("T")

_JSON: Final = "scenes.json"
_COMMON_LUFS: Final = -18.0
"""Every scene's voice is brought here first, so that no scene is louder than another unless its
volume says so; mastering then sets the whole."""
_NO_SOUND: Final = np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Narration:
    """The speech of a whole video, and how many frames each scene has."""

    speech: Speech
    """All scenes; a scene begins on the first sample of its first frame."""
    frame_counts: tuple[int, ...]
    """One for each scene."""
    fps: Fraction

    @classmethod
    def of(cls, scenes: Sequence[Scene], said: Iterable[Speech], fps: Fraction) -> Narration:
        """Put the speech of each scene after that of the one before it.

        Where there are several, their sound goes into a file that has no name as they come, and
        is read from there: half an hour of it is 345 MB, and is never in memory together.
        """
        if len(scenes) == 1:
            (only,) = said
            whole = only if scenes[0].volume else _muted(only)
            return cls(whole, (_frame_count(only, fps),), fps)
        with TemporaryFile() as file:
            parts, counts = _written_to(file, scenes, said, fps)
            samples = np.memmap(file, np.float32, mode="r")
        starts = _starts(counts, fps)
        whole = Speech(
            samples,
            words=_later([each.words for each in parts], starts),
            phonemes=_later([each.phonemes for each in parts], starts),
            findings=Findings.of_all([each.findings for each in parts]),
        )
        return cls(whole, tuple(counts), fps)

    @property
    def grid(self) -> FrameGrid:
        """The frame clock of the whole video."""
        return FrameGrid(self.fps, sum(self.frame_counts))

    @property
    def frames(self) -> tuple[range, ...]:
        """The frames of each scene."""
        ends = [0, *accumulate(self.frame_counts)]
        return tuple(range(start, end) for start, end in pairwise(ends))

    def of_scene(self, number: int) -> Speech:
        """What is said in one scene, in time from its start."""
        if len(self.frame_counts) == 1:
            return self.speech
        start, end = _starts(self.frame_counts, self.fps)[number : number + 2]
        return replace(
            self.speech,
            samples=self.speech.samples[start:end],
            words=_during(self.speech.words, start, end),
            phonemes=_during(self.speech.phonemes, start, end),
        )

    def write(self, folder: Path) -> None:
        """Write the speech, and ``scenes.json`` beside it."""
        self.speech.write(folder)
        values = {"frame_counts": self.frame_counts, "fps": str(self.fps)}
        (folder / _JSON).write_text(json.dumps(values), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Narration:
        """Read what `write` wrote.

        Raises:
            UnreadableMedia: A file is missing, damaged or not ours.
        """
        speech = Speech.read(folder)
        try:
            values = json.loads((folder / _JSON).read_text(encoding="utf-8"))
            counts, fps = tuple(map(int, values["frame_counts"])), Fraction(values["fps"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnreadableMedia(f"{folder} does not hold a narration: {error}.") from error
        return cls(speech, counts, fps)


def silence(seconds: float) -> Speech:
    """Nothing, for some time."""
    return Speech(np.zeros(round(seconds * SAMPLE_RATE), np.float32), (), ())


def shares_of(
    scenes: Sequence[Scene], told: Callable[[int, int], None]
) -> list[Callable[[int, int], None]]:
    """For each of several scenes that are said in turn, whom to tell how far it is.

    Args:
        scenes: Each takes as long as its script; what is only heard is not counted.
        told: Called with (said, in all), in letters of all scripts together.
    """
    lengths = [len(scene.script or "") for scene in scenes]

    def share(before: int, length: int) -> Callable[[int, int], None]:
        return lambda done, total: told(before + length * done // max(1, total), sum(lengths))

    return [share(sum(lengths[:at]), length) for at, length in enumerate(lengths)]


def music_against(music: Music | None, scenes: Sequence[Scene]) -> Music | None:
    """The music as loud against the voices as their volumes say.

    Mastering makes the whole as loud as asked, so a voice that is turned down everywhere is heard
    as music that comes forward.
    """
    loudest = max(scene.volume for scene in scenes)
    if music is None or loudest in (0, 1):
        return music
    return replace(music, volume=min(1.0, music.volume / loudest))


def _written_to(
    file: IO[bytes], scenes: Sequence[Scene], said: Iterable[Speech], fps: Fraction
) -> tuple[list[Speech], list[int]]:
    """Every scene without its sound, which goes to the file, and how many frames it has."""
    parts: list[Speech] = []
    counts: list[int] = []
    for scene, each in zip(scenes, said, strict=True):
        counts.append(_frame_count(each, fps))
        start, end = _starts(counts, fps)[-2:]
        sound = np.zeros(end - start, np.float32)
        np.multiply(each.samples, _gain(each.samples, scene.volume), out=sound[: len(each.samples)])
        file.write(sound.data)
        parts.append(replace(each, samples=_NO_SOUND))
    file.flush()
    return parts, counts


def _frame_count(said: Speech, fps: Fraction) -> int:
    return max(1, FrameGrid.covering(len(said.samples), fps=fps).frame_count)


def _muted(said: Speech) -> Speech:
    return replace(said, samples=np.zeros_like(said.samples))


def _starts(counts: Sequence[int], fps: Fraction) -> list[int]:
    """The first sample of each scene, and the end of the last one."""
    grid = FrameGrid(fps, sum(counts))
    return [grid.samples_during(frame).start for frame in (0, *accumulate(counts))]


def _gain(samples: Samples, volume: float) -> np.float32:
    if not samples.any():
        return np.float32(1)
    short_db = _COMMON_LUFS - integrated_lufs(np.broadcast_to(samples, (2, len(samples))))
    return np.float32(volume * 10 ** (min(short_db, GAIN_MAX_DB) / 20))


def _later(parts: Sequence[Sequence[Timed[T]]], starts: Sequence[int]) -> tuple[Timed[T], ...]:
    return tuple(
        Timed(each.start + start, each.end + start, each.value)
        for part, start in zip(parts, starts, strict=False)
        for each in part
    )


def _during(parts: Sequence[Timed[T]], start: int, end: int) -> tuple[Timed[T], ...]:
    return tuple(
        Timed(each.start - start, min(each.end, end) - start, each.value)
        for each in parts
        if start <= each.start < end
    )


def told_of(findings: Findings) -> dict[str, Any]:
    """What was found out about the speech, as the report names it."""
    return {
        "speech_source": findings.source,
        "language": findings.language,
        "transcript_match": findings.transcript_match,
        "warnings": findings.warnings,
    }
