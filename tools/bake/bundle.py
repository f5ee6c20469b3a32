"""``python -m tools.bake.bundle PRESENTER.toml BAKED_DIR AVATAR_DIR``: the avatar's bundle.

Runs where Lipwright is installed (Blender is not needed): the product's own landmarker finds the
face, as it would in a photo, and is checked against where the bake knows it to be.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
from PIL import Image
from tools.bake.landmarks import carried
from tools.bake.spec import read_spec

from lipwright.arrays import Landmarks
from lipwright.avatar import Atlas, Avatar, AvatarCard, Plate
from lipwright.face import Face, load_avatar, open_landmarker, write_avatar
from lipwright.face.bundle import EYES, MOUTHS, PLATE_FILE, SMALL_PLATE_FILE

_LICENCE = "Apache-2.0; geometry of ICT-FaceKit (MIT) and MakeHuman (CC0), see assets/NOTICE"
_WEBP_QUALITY = 97
"""Skin keeps its pores; a plate of five megapixels is still under 1 MB."""

_FRONT_CM = 2.0
"""The ears are further back."""

_WORST_SHARE = 0.05
"""Of the distance between the eyes' outer corners: a point further off is a wrong point."""

# Points of the 68-point annotation, and the same places in the landmarker's mesh.
_SAME_POINTS = {
    8: 152, 30: 4, 36: 33, 39: 133, 42: 362, 45: 263,
    48: 61, 54: 291, 51: 0, 57: 17, 62: 13, 66: 14,
}  # fmt: skip


def main() -> None:
    """Write the bundle of one baked presenter."""
    parser = argparse.ArgumentParser(prog="python -m tools.bake.bundle", description=__doc__)
    for name in ("presenter", "baked", "avatar"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    plate, face = _plate(options.baked)
    off = misplaced(face, options.baked / "still.json")
    sys.stdout.write(f"landmarks off by {off:.1%} of the eyes' distance at worst\n")
    if off > _WORST_SHARE:
        raise SystemExit("the landmarker does not see this face as it is; change the presenter")
    card = AvatarCard(**asdict(read_spec(options.presenter).card), licence=_LICENCE, consent=None)
    write_avatar(Avatar(card, plate), options.avatar)
    Image.fromarray(plate.frame).save(
        options.avatar / SMALL_PLATE_FILE, quality=_WEBP_QUALITY, method=6
    )
    (options.avatar / PLATE_FILE).unlink()
    load_avatar(options.avatar)


def misplaced(face: Face, truth: Path) -> float:
    """The landmarker's worst error, as a share of the distance between the outer eye corners."""
    exact = np.array(json.loads(truth.read_text())["landmarks"])
    seen = face.landmarks[list(_SAME_POINTS.values()), :2]
    apart = np.linalg.norm(exact[45] - exact[36])
    return float(np.linalg.norm(seen - exact[list(_SAME_POINTS)], axis=1).max() / apart)


def _plate(baked: Path) -> tuple[Plate, Face]:
    frame = np.array(Image.open(baked / "still.png").convert("RGB"))
    matte = np.array(Image.open(baked / "matte.png").convert("RGBA"))[..., 3]
    faces = open_landmarker().faces(frame)
    if len(faces) != 1:
        raise SystemExit(f"{len(faces)} faces found in the still; there must be one")
    face = faces[0]
    mouths, eyes = (_atlas(baked, name, face.landmarks[:, :2]) for name in (MOUTHS, EYES))
    return Plate(frame, matte, face.landmarks, face.jaw_open, mouths, eyes), face


def _atlas(baked: Path, name: str, landmarks: Landmarks) -> Atlas | None:
    track = baked / f"{name}.npz"
    if not track.exists():
        return None
    with np.load(track) as packed:
        # Behind the ears the skin cannot be seen, and its vertices would catch landmarks.
        front = packed["depth"] > _FRONT_CM
        index = np.cumsum(front) - 1
        lips = (index[packed["upper_lip"]], index[packed["lower_lip"]])
        marks = carried(landmarks, packed["still"][front], packed["skin"][:, front], lips)
        corner, states = packed["box"][:2], packed["states"]
    pictures = [
        np.array(Image.open(baked / name / f"{index:02}.png").convert("RGB"))
        for index in range(len(states))
    ]
    return Atlas(np.stack(pictures), np.asarray(marks - corner, np.float32), states)


if __name__ == "__main__":
    main()
