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

from lipwright import face, pipeline, revoicing, steps
from lipwright.arrays import Frame, MouthShape, YuvFrame
from lipwright.avatar import Moment
from lipwright.bench.figures import Figure, Figures, measured
from lipwright.bench.mouth import SCRIPT
from lipwright.colour import rgb_of
from lipwright.mouth.filmed import FilmedMouth
from lipwright.quality.steadiness import (
    LIPS,
    LOOKS,
    REAL_EYES_PX,
    REAL_JITTER,
    Looks,
    detail,
    inside,
    jitter,
    looks_at,
)
from lipwright.request import RevoiceRequest
from lipwright.staging import Stages

PROSE: Final = (
    "When I was a child, we lived near the harbour. In the evening the boats came in, and my "
    "father used to tell us where they had been. I still think of it."
)
"""Said as people talk, with pauses: the sentence full of contacts moves lips more than they do."""
_JAW: Final = (152, 148, 377, 176, 400, 149, 378, 150, 379, 136, 365)


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What is seen in one run of the pictures."""

    looks: Looks
    """Inside the face, by a landmarker that did not drive the mouth."""
    fps: float
    detail: NDArray[np.float64]
    """``(F,)`` fine detail around the mouth."""


def figures(clip: Path) -> Figures:
    """What becomes of one clip that is made to say something else."""
    with pipeline.one_thread(), TemporaryDirectory(prefix="lipwright-bench-") as name:
        folder, stages = Path(name), Stages()
        landmarker = stages.open_landmarker()  # once, however many pictures there are
        steps.prepare()
        began = time.process_time()
        study = face.looked_at(clip, landmarker, notes=folder)
        looking_ms = 1000 * (time.process_time() - began) / len(study.track.shown_us)
        drawing = _Drawing(revoicing.staged(RevoiceRequest(clip, PROSE), stages, folder))
        own, made = (_seen(drawing, drawn=drawn) for drawn in (False, True))
        request = RevoiceRequest(clip, SCRIPT)
        report = pipeline.revoice(request, folder / "said.mp4", notes=folder)
    return {
        "changed_outside_the_mouth": Figure(drawing.outside, "levels", ceiling=0),
        **_sharpness(own, made),
        **_steadiness(own, made),
        "closures": Figure(measured(report.closure_rate), "share", floor=0.98),
        **_rest(report.rest_movement),
        "av_offset": Figure(abs(measured(report.av_offset_ms)), "ms", ceiling=20),
        "looking": Figure(looking_ms, "ms CPU a picture", ceiling=15),
        "mouth_drawn": Figure(drawing.per_frame_ms, "ms CPU a frame", ceiling=10),
    }


def _rest(movement: float | None) -> Figures:
    """Nothing of a clip that is over before the sentence pauses."""
    if movement is None:
        return {}
    return {"rest_movement": Figure(movement, "of the eye distance", ceiling=0.006)}


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

    @property
    def fps(self) -> float:
        """Pictures a second."""
        return float(self._take.grid.fps)

    @property
    def unit_px(self) -> float:
        """Between the outer corners of the eyes."""
        return face.eye_distance_px(self._take.plate.landmarks[:, :2])

    def canvases(self, *, drawn: bool) -> Iterator[tuple[Moment, YuvFrame]]:
        """Each picture as it was filmed, or with its new mouth."""
        plate, grid = self._take.plate, self._take.grid
        model = FilmedMouth(plate) if drawn else None
        moments = plate.film.during(range(grid.frame_count), grid) if plate.film else iter(())
        for moment, shape in zip(moments, self._take.shapes, strict=True):
            if model is not None:
                self._draw(model, moment, shape)
            yield moment, moment.canvas

    def _draw(self, model: FilmedMouth, moment: Moment, shape: MouthShape) -> None:
        # of this thread: the clip's decoder works on its next pictures in threads of its own
        before, began = moment.canvas.y.copy(), time.thread_time()
        box = model.draw(moment, shape)
        self._seconds += time.thread_time() - began
        self._frames += 1
        apart = cv2.absdiff(moment.canvas.y, before)
        if box is not None:
            apart[box.rows, box.columns] = 0
        self.outside = max(self.outside, float(apart.max()))


def _seen(drawing: _Drawing, *, drawn: bool) -> _Seen:
    scale = min(1.0, REAL_EYES_PX / drawing.unit_px)
    details: list[float] = []

    def small() -> Iterator[Frame]:
        for moment, canvas in drawing.canvases(drawn=drawn):
            details.append(detail(canvas.y, moment.landmarks))
            height, width = canvas.y.shape
            size = (round(width * scale), round(height * scale))
            shrunk = cv2.resize(rgb_of(canvas), size, interpolation=cv2.INTER_AREA)
            yield np.asarray(shrunk, np.uint8)

    faces = face.open_landmarker().track(small(), looks=LOOKS)
    looks = inside(looks_at(found for found in faces if found))
    return _Seen(looks, drawing.fps, np.array(details))


def _sharpness(own: _Seen, made: _Seen) -> Figures:
    """Each picture against itself as it was filmed; the tails also show other mouths."""
    low, middle, high = np.nanpercentile(made.detail / own.detail, [5, 50, 95])
    return {
        "mouth_sharpness": Figure(float(middle), "ratio", floor=0.8, ceiling=1.25),
        "mouth_sharpness_low": Figure(float(low), "ratio"),
        "mouth_sharpness_high": Figure(float(high), "ratio"),
    }


def _steadiness(own: _Seen, made: _Seen) -> Figures:
    """Against the clip's own, but at least a person who talks: in many nobody speaks."""
    parts = {"lip": (LIPS, REAL_JITTER["lips"]), "jaw": (_JAW, REAL_JITTER["jaw"])}
    return {
        f"{name}_jitter_against_real": Figure(
            jitter(made.looks, marks, made.fps) / max(real, jitter(own.looks, marks, own.fps)),
            "ratio",
            ceiling=1.1,
        )
        for name, (marks, real) in parts.items()
    }
