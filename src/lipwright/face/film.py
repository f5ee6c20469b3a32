"""The user's clip as a film, kept to the bit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright.avatar import Moment
from lipwright.face.reel import Reel, upright_planes
from lipwright.face.track import Track
from lipwright.request import SyncMode
from lipwright.timeline import FrameGrid


@dataclass(frozen=True, slots=True, eq=False)
class ClipFilm:
    """A `Film` of a clip as it was filmed, in the order that a sync mode asks for."""

    path: Path
    track: Track
    trust: NDArray[np.float32]
    """``(F,)``: as in `Study`."""
    mode: SyncMode = SyncMode.CUT_OFF

    @property
    def landmarks(self) -> NDArray[np.float32]:
        """Every face of the clip."""
        return self.track.landmarks

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the canvas: as filmed, but for an odd last column or row."""
        return self.track.width // 2 * 2, self.track.height // 2 * 2

    def during(self, frames: range, grid: FrameGrid) -> Iterator[Moment]:
        """What is seen during some frames of the output."""
        track, trust = self.track, self.trust
        indices = [shown_at(track.shown_us, frame / grid.fps, self.mode) for frame in frames]
        with Reel(self.path, track.shown_us) as reel:
            for index, decoded in zip(indices, reel.play(indices), strict=True):
                canvas, face = upright_planes(decoded), track.landmarks[index]
                yield Moment(canvas, face, float(trust[index]))


def clip_fps(shown_us: NDArray[np.int64]) -> Fraction:
    """The frame rate at which a clip loses nothing: its own, or for an uneven one the usual.

    >>> clip_fps(np.array([0, 33_367, 66_733, 100_100]))
    Fraction(30000, 1001)
    """
    if len(shown_us) < 2:
        return Fraction(25)
    steps = np.diff(shown_us)
    mean_us = float(shown_us[-1] - shown_us[0]) / len(steps)
    even = bool(np.abs(steps - np.median(steps)).max() < 0.1 * np.median(steps))
    fps = 1e6 / (mean_us if even else float(np.median(steps)))
    usual = [Fraction(n) for n in (24, 25, 30, 48, 50, 60)]
    if even:
        usual += [Fraction(n * 1000, 1001) for n in (24, 30, 60)]
    nearest = min(usual, key=lambda each: abs(float(each) - fps))
    if abs(float(nearest) / fps - 1) < (0.0004 if even else 0.08):
        return nearest
    return min(Fraction(60), max(Fraction(1), Fraction(round(fps * 100), 100)))


def frames_of(track: Track, speech_s: Fraction, fps: Fraction, mode: SyncMode) -> int:
    """How many frames the revoiced clip has."""
    said, shown = max(1, -int(-speech_s * fps // 1)), clip_frames(track.shown_us, fps)
    if mode is SyncMode.CUT_OFF:
        return min(said, shown)
    return shown if mode is SyncMode.SILENCE else said


def clip_frames(shown_us: NDArray[np.int64], fps: Fraction) -> int:
    """How many frames of this rate the whole clip fills; its last picture lasts one of them."""
    return round(float(shown_us[-1]) * float(fps) / 1e6) + 1


def shown_at(shown_us: NDArray[np.int64], moment_s: Fraction, mode: SyncMode) -> int:
    """Place of the picture that is on screen at a moment of the output."""
    # The last picture stays on screen as long as the others do.
    usual_us = float(np.median(np.diff(shown_us))) if len(shown_us) > 1 else 40_000.0
    length_us = float(shown_us[-1]) + usual_us
    at_us = float(moment_s) * 1e6
    turn, at_us = int(at_us // length_us), at_us % length_us
    backwards = mode is SyncMode.BOUNCE and turn % 2 == 1
    if mode in (SyncMode.CUT_OFF, SyncMode.SILENCE) and turn:
        return len(shown_us) - 1
    # A quarter of a picture's time: clocks of files are rounded.
    index = int(np.searchsorted(shown_us, at_us + usual_us / 4, side="right")) - 1
    return len(shown_us) - 1 - max(0, index) if backwards else max(0, index)
