"""What a finished video is measured against: the pictures of its avatars that were filmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright import face, quality
from lipwright.avatar import Film, Moment
from lipwright.staging import Shot, Staged
from lipwright.timeline import FrameGrid


@dataclass(frozen=True, slots=True, eq=False)
class _OfScene:
    """A `Film` by the clock of the whole video."""

    film: Film
    start: int
    """Frame of the video at which the film begins."""

    @property
    def landmarks(self) -> NDArray[np.float32]:
        """Every face, on the canvas."""
        return self.film.landmarks

    def during(self, frames: range, grid: FrameGrid) -> Iterator[Moment]:
        """What is seen during some frames of the video."""
        return self.film.during(range(frames.start - self.start, frames.stop - self.start), grid)


def mouth_sharpness(staged: Staged, video: Path) -> float | None:
    """Detail around the mouth against the footage's own, of the scene that shows it longest.

    None where no scene shows footage alone on the whole canvas.
    """
    shown = [shot for shot in staged.shots if _shows_footage(shot)]
    shot = max(shown, key=lambda shot: len(shot.frames), default=None)
    if shot is None or shot.scene.avatar is None:
        return None
    plate = face.load_avatar(shot.scene.avatar).plate
    film = face.framed(plate, shot.output.size, cut_out=shot.cuts_out).film
    inside = quality.glances(FrameGrid(staged.grid.fps, len(shot.frames)))
    start = shot.frames.start
    spans = [range(start + span.start, start + span.stop) for span in inside]
    if film is None:
        return None
    return quality.sharpness(video, _OfScene(film, start), staged.grid, spans)


def _shows_footage(shot: Shot) -> bool:
    """Whether each pixel of the plate is the same one of the video."""
    usual = shot.layout is None and shot.scene.placement.is_usual
    call = shot.scene.call_to_action
    if not usual or not shot.shows_avatar or (call is not None and call.blur_behind):
        return False
    return shot.scene.avatar is not None and face.is_filmed(shot.scene.avatar)
