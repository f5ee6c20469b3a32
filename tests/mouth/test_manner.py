"""A filmed person talks as the footage shows; drawn mouths have the colours of real ones."""

from __future__ import annotations

import numpy as np
import pytest
from mouth_plates import drawn, shape
from numpy.typing import NDArray

from lipwright.arrays import Frame
from lipwright.mouth.anatomy import Anatomy, Points, anatomy_of
from lipwright.mouth.insides import ends_of, recoloured
from lipwright.mouth.manner import Manner
from lipwright.mouth.pose import LipRig, Targets, pose_of
from lipwright.mouth.resting import CONTOURS, Resting

CORNER = 0.2
"""Of the opening: this person's corners rise so far, where a rig's go down."""


def opened(anatomy: Anatomy, most: float) -> NDArray[np.float64]:
    """Faces from closed lips to this opening, of somebody whose corners rise."""
    rig, faces = LipRig(anatomy), []
    for jaw in np.linspace(0, 1, 60):
        targets = rig.targets(pose_of(shape(jaw=jaw)))
        if gap_of(targets) > most:
            break
        face = anatomy.marks.copy()
        for name, ids in CONTOURS.items():
            local = getattr(targets, name).copy()
            if name != "skin":
                local[[0, -1], 1] -= CORNER * gap_of(targets)
            face[list(ids)] = anatomy.origin + anatomy.unit * (local @ anatomy.axes)
        faces.append(face)
    return np.stack(faces)


def gap_of(targets: Targets) -> float:
    return float(targets.inner_lower[5, 1] - targets.inner_upper[5, 1])


def manner_of(anatomy: Anatomy, most: float) -> Manner:
    faces = opened(anatomy, most)
    resting = Resting(anatomy.marks.astype(np.float32), faces.astype(np.float32))
    return Manner(anatomy, LipRig(anatomy), resting, faces)


@pytest.fixture(scope="module")
def anatomy() -> Anatomy:
    return anatomy_of(drawn())


def test_nobody_opens_the_mouth_further_than_the_footage_shows(anatomy: Anatomy) -> None:
    manner, rig = manner_of(anatomy, 0.08), LipRig(anatomy)
    gaps = []
    for jaw in np.linspace(0, 1, 50):
        asked = shape(jaw=jaw)
        given = manner.within_reach(asked, rig.targets(pose_of(asked)))
        gaps.append(gap_of(rig.targets(pose_of(given))))
        if gap_of(rig.targets(pose_of(asked))) < 0.04:
            assert (given == asked).all()
    assert 0.07 < max(gaps) < 0.1
    assert (np.diff(gaps) > -1e-4).all()


def test_where_nobody_speaks_nothing_is_known_of_it(anatomy: Anatomy) -> None:
    manner, wide = manner_of(anatomy, 0.02), shape(jaw=0.9)
    targets = LipRig(anatomy).targets(pose_of(wide))
    assert manner.within_reach(wide, targets) is wide
    assert manner.spoken(targets, 0.0) is targets


def test_corners_go_as_the_persons_own_do(anatomy: Anatomy) -> None:
    manner, rig = manner_of(anatomy, 0.12), LipRig(anatomy)
    asked = rig.targets(pose_of(shape(jaw=0.5)))
    said = manner.spoken(asked, 0.0)
    rise = asked.outer_upper[0, 1] - said.outer_upper[0, 1]
    assert 0.4 < rise / (CORNER * gap_of(asked)) < 1
    assert gap_of(said) == pytest.approx(gap_of(asked), rel=0.15)
    assert manner.spoken(asked, 1.0) is asked


def mouth(dark: int, light: int, gap: int = 10) -> tuple[Frame, Points, Points]:
    """An opening with teeth above and dark below, in skin; its upper and lower edge."""
    picture = np.full((60, 100, 3), (200, 150, 130), np.uint8)
    picture[20:25, 20:80], picture[25 : 20 + gap, 20:80] = light, dark
    x = np.linspace(20, 80, 11)
    edges = [np.c_[x, np.full(11, float(y))] for y in (20, 20 + gap)]
    return picture, edges[0], edges[1]


def test_a_drawn_mouth_takes_the_colours_of_real_ones() -> None:
    outline = np.array([[20.0, 20], [80, 20], [80, 30], [20, 30]])
    real = ends_of([(mouth(40, 180)[0], outline, 40.0)])
    own = ends_of([(mouth(20, 220)[0], outline, 40.0)])
    assert real is not None
    assert own is not None
    picture, upper, lower = mouth(20, 220)
    made = recoloured(picture, upper, lower, 40.0, (own, real))
    assert abs(int(made[22, 50, 0]) - 180) < 12
    assert abs(int(made[28, 50, 0]) - 40) < 12
    assert (made[:10] == picture[:10]).all()


def test_a_closed_mouth_keeps_the_line_between_its_lips() -> None:
    picture, upper, lower = mouth(20, 20, gap=1)
    lower[:, 1] = 20.2
    ends = (np.zeros(3, np.float32), np.full(3, 120, np.float32))
    assert (recoloured(picture, upper, lower, 40.0, (ends, ends)) == picture).all()


def test_too_little_to_see_says_nothing() -> None:
    outline = np.array([[20.0, 20], [24, 20], [24, 22], [20, 22]])
    assert ends_of([(mouth(40, 180)[0], outline, 40.0)]) is None
