"""The moving plate of an avatar: a short clip in its bundle, played round and round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from lipwright.arrays import Frame, Matte
from lipwright.avatar import Film, Moment
from lipwright.colour import rgb_of, yuv_of
from lipwright.face.film import clip_fps
from lipwright.face.reel import Reel, upright_planes
from lipwright.face.track import Track
from lipwright.timeline import FrameGrid

OnCanvas: TypeAlias = Callable[[Frame, Matte | None], tuple[Frame, Matte]]
"""Puts one picture of the plate, and its matte, on the canvas."""
Faces: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class PlateFilm:
    """A `Film` of the plate clip; every face is in full sight."""

    path: Path
    track: Track
    matte: Path | None = None

    @property
    def landmarks(self) -> Faces:
        """Every face of the clip."""
        return self.track.landmarks

    def during(self, frames: range, grid: FrameGrid) -> Iterator[Moment]:
        """What is seen during some frames of the output."""
        count, fps = len(self.track.shown_us), clip_fps(self.track.shown_us)
        indices = [looped(frame / grid.fps, count, fps) for frame in frames]
        with ExitStack() as stack:
            pictures = self._played(stack, self.path, indices)
            mattes = self._played(stack, self.matte, indices) if self.matte else None
            for index, decoded in zip(indices, pictures, strict=True):
                canvas = upright_planes(decoded)
                matte = _matte_of(next(mattes)) if mattes else None
                yield Moment(canvas._replace(alpha=matte), self.landmarks[index], 1.0)

    def _played(self, stack: ExitStack, path: Path, indices: list[int]) -> Iterator[VideoFrame]:
        return stack.enter_context(Reel(path, self.track.shown_us)).play(indices)


@dataclass(frozen=True, slots=True, eq=False)
class FramedFilm:
    """A `Film` whose pictures are put on a canvas."""

    film: Film
    on_canvas: OnCanvas
    moved: Callable[[Faces], Faces]
    """Takes landmarks to the canvas."""

    @property
    def landmarks(self) -> Faces:
        """Every face, on the canvas."""
        return self.moved(self.film.landmarks)

    def during(self, frames: range, grid: FrameGrid) -> Iterator[Moment]:
        """What is seen during some frames of the output."""
        for moment in self.film.during(frames, grid):
            frame, matte = self.on_canvas(rgb_of(moment.canvas), moment.canvas.alpha)
            canvas = yuv_of(frame)._replace(alpha=matte)
            yield replace(moment, canvas=canvas, landmarks=self.moved(moment.landmarks))


def looped(moment_s: Fraction, count: int, fps: Fraction) -> int:
    """Place of the picture on screen at a moment, the first following on the last."""
    return int(moment_s * fps + Fraction(1, 4)) % count


def _matte_of(decoded: VideoFrame) -> Matte:
    """A matte as it is kept: in the brightness of a clip, from 16 to 235."""
    luma = upright_planes(decoded).y.astype(np.float32)
    return np.asarray(np.clip((luma - 16) * (255 / 219) + 0.5, 0, 255), np.uint8)
