"""Which mouths and eyes are rendered of every presenter, and the boxes they are cut by."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tools.bake import head as anatomy
from tools.bake import scene
from tools.bake.poses import Posture, eyes_posture, mouth_posture
from tools.bake.presenter import Presenter
from tools.bake.scene import Edges, Shot
from tools.bake.surface import Floats

# Columns as in lipwright.arrays.RIG: jaw, width, pucker, upper lip, lower lip, press, tuck, tongue
# raised, tongue out.
# Jaw by rounding as speech uses them, every contact, and the tongue wherever it can be seen; a
# frame of speech is never far from one of these, so that the last warp is small.
MOUTHS: tuple[tuple[float, ...], ...] = (
    (0.00, 0.0, 0.00, 0.00, 0.00, 0.0, 0.0, 0.0, 0.0),
    (0.06, 0.0, 0.00, 0.12, 0.10, 0.0, 0.0, 0.0, 0.0),
    (0.14, 0.0, 0.00, 0.30, 0.22, 0.0, 0.0, 0.0, 0.0),
    (0.28, 0.0, 0.00, 0.36, 0.28, 0.0, 0.0, 0.0, 0.0),
    (0.50, 0.0, 0.00, 0.42, 0.34, 0.0, 0.0, 0.0, 0.0),
    (0.80, 0.0, 0.00, 0.48, 0.40, 0.0, 0.0, 0.0, 0.0),
    (0.07, 0.3, 0.00, 0.42, 0.46, 0.0, 0.0, 0.25, 0.0),
    (0.10, 0.5, 0.00, 0.25, 0.20, 0.0, 0.0, 0.0, 0.0),
    (0.20, 0.5, 0.00, 0.42, 0.36, 0.0, 0.0, 0.0, 0.0),
    (0.40, 0.5, 0.00, 0.46, 0.38, 0.0, 0.0, 0.0, 0.0),
    (0.65, 0.3, 0.00, 0.48, 0.40, 0.0, 0.0, 0.0, 0.0),
    (0.08, -0.3, 0.35, 0.18, 0.15, 0.0, 0.0, 0.0, 0.0),
    (0.11, -0.5, 0.60, 0.62, 0.62, 0.0, 0.0, 0.0, 0.0),
    (0.25, -0.3, 0.35, 0.34, 0.30, 0.0, 0.0, 0.0, 0.0),
    (0.50, -0.3, 0.35, 0.38, 0.32, 0.0, 0.0, 0.0, 0.0),
    (0.06, -0.7, 0.80, 0.12, 0.10, 0.0, 0.0, 0.0, 0.0),
    (0.16, -0.7, 0.80, 0.25, 0.22, 0.0, 0.0, 0.0, 0.0),
    (0.32, -0.6, 0.75, 0.30, 0.25, 0.0, 0.0, 0.0, 0.0),
    (0.55, -0.5, 0.65, 0.32, 0.28, 0.0, 0.0, 0.0, 0.0),
    (0.04, 0.0, 0.00, 0.00, 0.00, 1.0, 0.0, 0.0, 0.0),
    (0.04, -0.6, 0.70, 0.00, 0.00, 1.0, 0.0, 0.0, 0.0),
    (0.10, 0.1, 0.00, 0.42, 0.00, 0.0, 1.0, 0.0, 0.0),
    (0.12, -0.4, 0.45, 0.38, 0.00, 0.0, 1.0, 0.0, 0.0),
    (0.08, 0.1, 0.00, 0.26, 0.20, 0.0, 0.0, 0.7, 0.0),
    (0.16, 0.1, 0.00, 0.32, 0.26, 0.0, 0.0, 1.0, 0.0),
    (0.26, 0.2, 0.00, 0.38, 0.30, 0.0, 0.0, 1.0, 0.0),
    (0.42, 0.0, 0.00, 0.40, 0.32, 0.0, 0.0, 1.0, 0.0),
    (0.18, -0.3, 0.35, 0.30, 0.25, 0.0, 0.0, 0.9, 0.0),
    (0.34, -0.5, 0.55, 0.34, 0.30, 0.0, 0.0, 0.9, 0.0),
)

# Columns: blink, gaze_x, gaze_y.  Lids on their way, and where speakers glance: never up.
EYES: tuple[tuple[float, ...], ...] = (
    *((blink, 0.0, 0.0) for blink in (0.0, 0.3, 0.65, 1.0)),
    *((0.0, x, y) for y in (0.0, 1.0) for x in (-1.0, 0.0, 1.0) if x or y),
)

_MOUTH_CM = (8.8, 8.4)
"""Nose base to chin: the widest open lips, and room for a soft edge around them."""
_MOUTH_DROP_CM = 0.7
"""The box reaches further down, as the jaw does."""
_EYES_CM = (12.0, 5.0)
_MOVED_PX = 0.7
"""What moves less looks as it did."""
_MARGIN_CM = 0.55
"""Around what is rendered: the engine lays mouths up to 3 mm beyond the lips and fades them."""


@dataclass(frozen=True, slots=True)
class AtlasJob:
    """One atlas to render: pictures of one size, of which only what changes is rendered."""

    name: str
    states: Sequence[Sequence[float]]
    centre_cm: Floats
    size_cm: tuple[float, float]
    always: Collection[int]
    """Vertices that every picture is rendered around."""
    least_px: float
    """And around those that move more than this."""


def jobs(presenter: Presenter) -> tuple[AtlasJob, AtlasJob]:
    """The mouths and the eyes of one presenter."""
    points = presenter.own[list(anatomy.LANDMARKS)]
    mouth = points[anatomy.LIP_OUTLINE].mean(0) - [0, _MOUTH_DROP_CM, 0]
    between = points[36:48].mean(0)
    lips = np.flatnonzero(anatomy.regions(presenter.model)["lips"])
    return (
        AtlasJob("mouths", MOUTHS, mouth, _MOUTH_CM, lips, np.inf),
        AtlasJob("eyes", EYES, between, _EYES_CM, anatomy.LANDMARKS[36:48], _MOVED_PX),
    )


def bake(presenter: Presenter, job: AtlasJob, shot: Shot, out: Path) -> None:
    """Render what is missing of one atlas, and write where its skin goes in each picture."""
    folder = out / job.name
    folder.mkdir(parents=True, exist_ok=True)
    box = _box(job, shot)
    scene.cut(out / "still.png", box, folder / "rest.png")
    outside = np.unique(np.concatenate(presenter.model.faces[: anatomy.MOUTH_SOCK_FACES[0]]))
    rest = presenter.take(Posture())[outside]
    still = scene.projected(rest, shot.size_px)
    always = np.isin(outside, list(job.always))
    tracks = []
    for index, state in enumerate(job.states):
        posture = mouth_posture(state) if job.name == "mouths" else eyes_posture(state)
        track = scene.projected(presenter.take(posture)[outside], shot.size_px)
        tracks.append(track)
        picture = folder / f"{index:02}.png"
        if not picture.exists():
            changed = always | (np.linalg.norm(track - still, axis=1) > job.least_px)
            part = _around(track[changed], shot, box)
            scene.crop_to(part, shot.size_px)
            scene.render_over(folder / "rest.png", (part[0] - box[0], part[1] - box[1]), picture)
    scene.crop_to((0, 0, *shot.size_px), shot.size_px)
    (folder / "rest.png").unlink()
    paths = [np.searchsorted(outside, presenter.model.lip_path(upper=up)) for up in (True, False)]
    np.savez_compressed(
        out / f"{job.name}.npz",
        box=np.array(box),
        states=np.array(job.states, np.float32),
        skin=np.array(tracks, np.float32),
        still=still.astype(np.float32),
        depth=rest[:, 2].astype(np.float32),
        upper_lip=paths[0],
        lower_lip=paths[1],
    )


def _around(points: Floats, shot: Shot, box: Edges) -> Edges:
    """The part of `box` that holds these points and a margin."""
    margin = _MARGIN_CM * shot.size_px[0] / shot.width_cm
    low = np.maximum((points.min(0) - margin) // 2 * 2, box[:2]).astype(int)
    high = np.minimum((points.max(0) + margin) // 2 * 2, box[2:]).astype(int)
    (left, top), (right, bottom) = low.tolist(), high.tolist()
    return left, top, right, bottom


def _box(job: AtlasJob, shot: Shot) -> Edges:
    """Even edges (left, top, right, bottom)."""
    centre = scene.projected(job.centre_cm[None], shot.size_px)[0]
    half = np.array(job.size_cm) / 2 * shot.size_px[0] / shot.width_cm
    left, top = ((centre - half) // 2 * 2).astype(int).tolist()
    right, bottom = ((centre + half) // 2 * 2).astype(int).tolist()
    return left, top, right, bottom
