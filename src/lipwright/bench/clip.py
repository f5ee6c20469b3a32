"""How a clip of the user's own is revoiced: sharpness, jitter, closures, and what it costs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright import compose, face, pipeline, revoicing
from lipwright.arrays import Frame, YuvFrame
from lipwright.avatar import Moment
from lipwright.bench.figures import Figure, Figures
from lipwright.bench.mouth import LIPS, REAL_EYES_PX, SCRIPT, STABLE, jitter
from lipwright.face.film import rgb_of
from lipwright.mouth.filmed import FilmedMouth, patch_of
from lipwright.request import RevoiceRequest

_MOUTH: Final = (0.62, 0.30, 0.50)
"""Half width, and height above and below the lips, of the mouth region, in outer-eye distances."""
_JAW: Final = (152, 148, 377, 176, 400, 149, 378, 150, 379, 136, 365)


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What is seen in one run of the pictures."""

    track: NDArray[np.float64]
    """``(F, L, 2)``, by a landmarker that did not drive the mouth."""
    detail: NDArray[np.float64]
    """``(F,)`` fine detail around the mouth."""


def figures(clip: Path) -> Figures:
    """What becomes of one clip that says one sentence."""
    with pipeline.one_thread(), TemporaryDirectory(prefix="lipwright-bench-") as folder:
        began, stages = time.process_time(), pipeline.Stages()
        study = face.looked_at(clip, stages.open_landmarker(), notes=Path(folder))
        looking_ms = 1000 * (time.process_time() - began) / len(study.track.shown_us)
        request = RevoiceRequest(clip, SCRIPT)
        take = revoicing.staged(request, stages, Path(folder))
        drawing = _Drawing(take)
        own, made = (_seen(drawing.canvases(drawn=drawn), take) for drawn in (False, True))
        report = pipeline.revoice(request, Path(folder) / "said.mp4", notes=Path(folder))
    ratios = made.detail / own.detail
    return {
        "changed_outside_the_mouth": Figure(drawing.outside, "levels", ceiling=0),
        "mouth_sharpness": Figure(float(np.median(ratios)), "ratio", floor=0.8, ceiling=1.25),
        "mouth_sharpness_low": Figure(float(np.percentile(ratios, 5)), "ratio"),
        "mouth_sharpness_high": Figure(float(np.percentile(ratios, 95)), "ratio"),
        **_steadiness(own, made),
        "closures": Figure(report.closure_rate or 0.0, "share", floor=0.98),
        "rest_movement": Figure(report.rest_movement or 0.0, "of the eye distance", ceiling=0.006),
        "av_offset": Figure(abs(report.av_offset_ms or 0.0), "ms", ceiling=20),
        "looking": Figure(looking_ms, "ms CPU a picture", ceiling=15),
        "mouth_drawn": Figure(drawing.per_frame_ms, "ms CPU a frame", ceiling=10),
    }


class _Drawing:
    """Draws a take, and notes what that costs and what it changes."""

    def __init__(self, take: revoicing.Take) -> None:
        self._take, self._seconds, self._frames = take, 0.0, 0
        self.outside = 0.0
        """Largest step of a pixel outside the mouth's box, in levels."""

    @property
    def per_frame_ms(self) -> float:
        """CPU time of one mouth."""
        return 1000 * self._seconds / max(1, self._frames)

    def canvases(self, *, drawn: bool) -> Iterator[tuple[Moment, YuvFrame]]:
        """Each picture as it was filmed, or with its new mouth."""
        take = self._take
        film, count = take.plate.film, take.grid.frame_count
        assert film is not None
        model = FilmedMouth(take.plate) if drawn else None
        for moment, shape in zip(film.during(range(count), take.grid), take.shapes, strict=True):
            assert moment.canvas is not None
            if model is None:
                yield moment, moment.canvas
                continue
            before, began = compose.copied(moment.canvas), time.process_time()
            patch = patch_of(moment, model.draw(moment, shape), cut_out=False)
            self._seconds += time.process_time() - began
            self._frames += 1
            canvas = next(compose.compose_on_footage(iter([patch])))
            height, width = patch.rgb.shape[:2]
            apart = cv2.absdiff(canvas.y, before.y)
            apart[patch.top : patch.top + height, patch.left : patch.left + width] = 0
            self.outside = max(self.outside, float(apart.max()))
            yield moment, canvas


def _seen(pictures: Iterator[tuple[Moment, YuvFrame]], take: revoicing.Take) -> _Seen:
    marks = take.plate.landmarks
    unit = float(np.linalg.norm(marks[263, :2] - marks[33, :2]))
    scale, details = min(1.0, REAL_EYES_PX / unit), []

    def small() -> Iterator[Frame]:
        for moment, canvas in pictures:
            details.append(_detail(canvas, moment, unit))
            height, width = canvas.y.shape
            rgb = rgb_of(canvas, slice(0, height), slice(0, width))
            size = (round(width * scale), round(height * scale))
            yield np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)

    track = [found.landmarks for found in face.open_landmarker().track(small()) if found]
    return _Seen(np.array(track, np.float64)[..., :2], np.array(details))


def _detail(canvas: YuvFrame, moment: Moment, unit: float) -> float:
    """RMS of the Laplacian around the mouth."""
    beside, above, below = (round(share * unit) for share in _MOUTH)
    x, y = np.round(moment.landmarks[[13, 14], :2].mean(axis=0)).astype(int)
    part = canvas.y[max(0, y - above) : y + below, max(0, x - beside) : x + beside]
    return float(np.sqrt(np.mean(np.square(cv2.Laplacian(part.astype(np.float32), cv2.CV_32F)))))


def _steadiness(own: _Seen, made: _Seen) -> Figures:
    parts = {"face": STABLE, "lip": LIPS, "jaw": _JAW}
    return {
        f"{name}_jitter_against_the_clip": Figure(
            jitter(made.track, marks) / jitter(own.track, marks), "ratio", ceiling=1.1
        )
        for name, marks in parts.items()
    }
