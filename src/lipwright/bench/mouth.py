"""How a mouth looks and what it costs: stillness, sharpness, jitter, closures, time a frame."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

import cv2
import numpy as np

from lipwright import compose, face, mouth, pipeline, speech, viseme
from lipwright.arrays import RIG, Frame, MouthShapes
from lipwright.avatar import Patch, Plate
from lipwright.bench.figures import Figure, Figures, measured
from lipwright.colour import rgb_of, yuv_of
from lipwright.quality.steadiness import (
    LIPS,
    LOOKS,
    REAL_EYES_PX,
    REAL_JITTER,
    STABLE,
    inside,
    jitter,
    looks_at,
)
from lipwright.request import Output, RenderRequest
from lipwright.timeline import FrameGrid

T = TypeVar("T")

SCRIPT: Final = "Papa, my five big vans move by. [PAUSE] She sees both of them, people say."
"""Seconds enough for every kind of contact, and a rest in the middle."""
_FPS: Final = Fraction(30)
_CLOSED: Final = 0.95
"""Of the rig's press, from which on the lips are meant to meet."""

_MOUTH: Final = (0.75, 0.55)
"""Half width and half height of the mouth region, in outer-eye distances."""


@dataclass(frozen=True, slots=True, eq=False)
class _Take:
    """One sentence, drawn before anything is encoded."""

    plate: Plate
    shapes: MouthShapes
    patches: list[Patch]
    drawing_s: float
    """CPU."""

    def frame(self, index: int) -> Frame:
        """A whole picture."""
        picture, patch = self.plate.frame.copy(), self.patches[index]
        height, width = patch.pixels.y.shape
        part = np.s_[patch.top : patch.top + height, patch.left : patch.left + width]
        picture[part] = patch.rgb
        return picture


def figures(avatar: Path) -> Figures:
    """What one avatar's mouth does in one sentence."""
    with pipeline.one_thread():
        take = _taken(avatar)
        return {
            "changed_outside_the_patch": Figure(_changed_outside(take), "levels", ceiling=0),
            "mouth_sharpness_low": Figure(_sharpness(take, 5), "ratio", floor=0.8),
            "mouth_sharpness_high": Figure(_sharpness(take, 95), "ratio", ceiling=1.25),
            **_tracked(take),
            "mouth_drawn": Figure(
                1000 * take.drawing_s / len(take.patches), "ms CPU a 1080p frame", ceiling=10
            ),
            **_finished(avatar),
        }


def _taken(avatar: Path) -> _Take:
    loaded = face.load_avatar(avatar)
    said = speech.open_voice(loaded.card.default_voice).speak(SCRIPT)
    grid = FrameGrid.covering(len(said.samples), fps=_FPS)
    shapes = viseme.mouth_shapes(said.phonemes, said.samples, grid)
    idle = viseme.idle_motion(said.phonemes, grid, seed=1)
    plate = face.framed(loaded.plate, Output().size, cut_out=False)
    model = mouth.WarpMouth()
    # Dropped one by one, as a render does; to keep them all takes memory that is new to them.
    _, drawing_s = _timed(lambda: deque(model.patches(plate, shapes, idle, cut_out=False), 0))
    patches = list(model.patches(plate, shapes, idle, cut_out=False))
    return _Take(plate, shapes, patches, drawing_s)


def _changed_outside(take: _Take) -> float:
    """The largest step of any plane's pixel outside the box of the patches."""
    frames = range(len(take.patches))
    still = yuv_of(take.plate.frame)
    box, largest = take.patches[0], 0
    height, width = box.pixels.y.shape
    layers = compose.Layers(compose.Still(still), compose.Figure(take.plate, iter(take.patches)))
    for frame in compose.compose(layers, frames):
        for plane, before, half in ((frame.y, still.y, 1), (frame.u, still.u, 2)):
            apart = cv2.absdiff(plane, before)
            rows = slice(box.top // half, (box.top + height) // half)
            apart[rows, box.left // half : (box.left + width) // half] = 0
            largest = max(largest, int(apart.max()))
    return float(largest)


def _sharpness(take: _Take, percentile: float) -> float:
    """Fine detail around the mouth over the plate's, in the frames with closed lips.

    An open mouth shows other things than the plate does, so it cannot be compared with it.  Both
    are seen in the encoder's planes: rounding to them adds 1 to 3 % of the finest detail to large
    pictures, and 9 to 21 % to enlarged ones, whether anything moves or not.
    """
    closed = np.flatnonzero(take.shapes[:, RIG.index("press")] >= _CLOSED)
    before = _detail(rgb_of(yuv_of(take.plate.frame)), take.plate)
    ratios = [_detail(take.frame(int(index)), take.plate) / before for index in closed]
    return float(np.percentile(ratios, percentile))


def _detail(frame: Frame, plate: Plate) -> float:
    """RMS of the Laplacian below the nose and above the chin."""
    unit = face.eye_distance_px(plate.landmarks)
    across, down = (round(share * unit) for share in _MOUTH)
    x, y = np.round((plate.landmarks[13, :2] + plate.landmarks[14, :2]) / 2).astype(int)
    part = frame[max(0, y - down) : y + down, max(0, x - across) : x + across]
    grey = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return float(np.sqrt(np.mean(np.square(cv2.Laplacian(grey, cv2.CV_32F)))))


def _tracked(take: _Take) -> Figures:
    """Jitter, and what a landmarker costs, on the pictures before encoding."""
    height, width = take.plate.frame.shape[:2]
    scale = REAL_EYES_PX / face.eye_distance_px(take.plate.landmarks)
    size = (round(width * scale), round(height * scale))
    small = [
        np.asarray(cv2.resize(take.frame(k), size, interpolation=cv2.INTER_AREA), np.uint8)
        for k in range(len(take.patches))
    ]
    landmarker = face.open_landmarker()
    _, seconds = _timed(lambda: list(landmarker.track(iter(small))))
    looks = looks_at(f for f in landmarker.track(iter(small), looks=LOOKS) if f)
    return {
        "face_jitter_against_real": Figure(
            jitter(looks, STABLE) / REAL_JITTER["face"], "ratio", ceiling=1.1
        ),
        "lip_jitter_against_real": Figure(
            jitter(inside(looks), LIPS) / REAL_JITTER["lips"], "ratio", ceiling=1.1
        ),
        "landmarks": Figure(1000 * seconds / len(small), "ms CPU a frame", ceiling=15),
    }


def _finished(avatar: Path) -> Figures:
    """What a landmarker that did not drive it sees in the encoded video."""
    with TemporaryDirectory(prefix="lipwright-bench-") as folder:
        request = RenderRequest.single(avatar, SCRIPT)
        report = pipeline.render(request, Path(folder) / "mouth.mp4")
    return {
        "closures": Figure(measured(report.closure_rate), "share", floor=0.98),
        "rest_movement": Figure(
            measured(report.rest_movement), "of the eye distance", ceiling=0.006
        ),
    }


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    """What it gives, and its CPU seconds."""
    began = time.process_time()
    given = work()
    return given, time.process_time() - began
