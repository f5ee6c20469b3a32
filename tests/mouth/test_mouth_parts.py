"""Poses, fields, the lip line, and what is measured from the picture."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mouth_plates import drawn, portrait, shape

from lipwright.arrays import Box, YuvFrame
from lipwright.avatar import Plate
from lipwright.mouth import topology
from lipwright.mouth.anatomy import anatomy_of
from lipwright.mouth.boxes import even_box
from lipwright.mouth.field import Lattice, Zone
from lipwright.mouth.head import HeadMotion
from lipwright.mouth.mouthwarp import MouthWarp
from lipwright.mouth.pose import LipRig, pose_of
from lipwright.mouth.source import SCALE, Source, enlarged
from lipwright.mouth.splines import Anchor, AnchoredSpline, SplinePair, spline_offsets
from lipwright.mouth.tones import blur_of, grain_of


@lru_cache(maxsize=1)
def _drawn() -> Plate:
    return drawn()


def test_at_rest_the_lips_of_a_smile_meet_along_their_whole_length() -> None:
    anatomy = anatomy_of(portrait())
    assert anatomy.parted
    assert anatomy.smile > 0.5
    targets = LipRig(anatomy).targets(pose_of(shape()))
    assert np.abs(targets.inner_upper - targets.inner_lower)[:, 1].max() < 1e-9


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_pressed_lips_meet_whatever_else_is_asked(jaw: float, upper: float, lower: float) -> None:
    row = shape(jaw=jaw, upper_lip=upper, lower_lip=lower, press=1)
    targets = LipRig(anatomy_of(_drawn())).targets(pose_of(row))
    assert np.abs(targets.inner_upper - targets.inner_lower)[:, 1].max() < 1e-9


@given(st.floats(0, 1), st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_lips_never_cross(
    jaw: float, width: float, pucker: float, upper: float, press: float
) -> None:
    row = shape(jaw=jaw, width=width, pucker=pucker, upper_lip=upper, press=press)
    targets = LipRig(anatomy_of(_drawn())).targets(pose_of(row))
    assert (targets.inner_lower - targets.inner_upper)[:, 1].min() > -1e-9


def test_wider_lips_are_wider_and_rounded_ones_narrower() -> None:
    rig = LipRig(anatomy_of(_drawn()))
    spans = [
        float(np.ptp(rig.targets(pose_of(shape(width=width))).outer_upper[:, 0]))
        for width in (-1, 0, 1)
    ]
    assert spans == sorted(spans)
    assert spans[0] < 0.9 * spans[1]


def test_both_fields_bring_their_lip_edge_exactly_from_the_plate() -> None:
    plate = portrait()
    anatomy = anatomy_of(plate)
    rig = LipRig(anatomy)
    lips = MouthWarp(anatomy, HeadMotion(plate, anatomy), plate.frame.shape)
    targets = rig.targets(pose_of(shape(jaw=0.7, upper_lip=0.5)))
    upper, lower = lips.edges_in_plate(targets)
    rim = anatomy.plane[1] * 0.007
    for found, ids, sign in ((upper, topology.INNER_UPPER, -1), (lower, topology.INNER_LOWER, 1)):
        wanted = anatomy.marks[list(ids[1:-1]), :2] + sign * rim
        assert np.abs(found[1:-1] - wanted).max() < 0.15


def test_splines_pass_through_their_points_and_leave_others_out() -> None:
    still = np.array([(x, y) for x in (-50.0, 50.0, 150.0) for y in (-50.0, 150.0)])
    moved = np.random.default_rng(0).uniform(0, 100, (12, 2))
    original = moved + np.random.default_rng(1).normal(0, 3, (12, 2))
    steps, anchor = original - moved, Anchor(still)
    pair = SplinePair(anchor, common=8, own=2)
    first, second = pair.offsets(moved, original, moved)
    assert np.abs(first[:10] - steps[:10]).max() < 0.05
    assert np.abs(first[10:] - steps[10:]).max() > 0.5
    assert np.abs(np.r_[second[:8], second[10:]] - np.r_[steps[:8], steps[10:]]).max() < 0.05
    assert np.abs(second[8:10] - steps[8:10]).max() > 0.5
    assert max(np.abs(offsets).max() for offsets in pair.offsets(moved, original, still)) < 0.05


def test_an_anchored_spline_is_that_of_all_points_together() -> None:
    random = np.random.default_rng(2)
    still, moved = random.uniform(-100, 200, (9, 2)), random.uniform(0, 100, (12, 2))
    original, at = moved + random.normal(0, 3, (12, 2)), random.uniform(0, 100, (50, 2))
    (whole,) = spline_offsets(np.r_[still, moved], [np.r_[still, original]], at)
    anchored = AnchoredSpline(Anchor(still)).offsets(moved, original, at)
    assert np.abs(anchored - whole).max() < 0.05


def test_a_lattice_samples_what_was_put_on_its_nodes() -> None:
    lattice = Lattice.with_cells(Box(10, 20, 110, 90), 9.0)
    nodes = lattice.nodes()
    plane = (nodes * [0.5, -0.25] + 3).reshape(lattice.rows, lattice.columns, 2)
    inside = np.array([[50.0, 50.0], [33.3, 61.7]])
    found = lattice.sample(plane.astype(np.float32), inside)
    # cv2.remap looks positions up in steps of 1/32 of a cell.
    assert np.abs(found - (inside * [0.5, -0.25] + 3)).max() < 0.5 * 9 / 32


def test_enlarging_keeps_every_original_pixel() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (31, 40)).astype(np.uint8)
    assert np.array_equal(enlarged(pixels)[::SCALE, ::SCALE], pixels)
    assert (enlarged(np.full((9, 9), 77, np.uint8)) == 77).all()


@pytest.mark.parametrize("smooth", [False, True])
def test_maps_of_a_part_are_those_of_the_whole(smooth: bool) -> None:
    box, part = Box(10, 20, 110, 90), Box(30, 14, 60, 40)
    lattice = Lattice.with_cells(box, 9.0)
    offsets = np.random.default_rng(0).normal(0, 2, (lattice.rows, lattice.columns, 2))
    zone = Zone(lattice, box, smooth=smooth)
    corner = np.array([4.0, 8.0])
    picture = YuvFrame(*(np.zeros(side, np.uint8) for side in ((90, 120), (45, 60), (45, 60))))
    source = Source(picture, corner)
    whole = zone.maps(offsets.astype(np.float32), source)
    luma, chroma = whole.luma.copy(), whole.chroma.copy()
    found = zone.maps(offsets.astype(np.float32), source, part)
    assert np.abs(found.luma - luma[14:40, 30:60]).max() < 0.01
    assert np.abs(found.chroma - chroma[7:20, 15:30]).max() < 0.01
    blocks = zone.blocks(offsets.astype(np.float32), source, part)
    assert np.array_equal(blocks, found.chroma)
    still = zone.maps(np.zeros_like(offsets, np.float32), source)
    assert np.abs(still.luma[3, 5] / SCALE - (np.array([15, 23]) - corner)).max() < 0.01
    # a chroma pixel lies between four of luma: its own place, from the corner, is half theirs
    assert (
        np.abs(still.chroma[3, 5] / SCALE - ((np.array([10, 20]) - corner) / 2 + [5, 3])).max()
        < 0.01
    )


@pytest.mark.parametrize("off_px", [-1.5, 0.0, 1.5])
def test_the_lip_line_is_found_where_it_was_drawn(off_px: float) -> None:
    plate = drawn()
    drawn_at = plate.landmarks[list(topology.INNER_UPPER[2:-2]), 1].copy()
    plate.landmarks[list(topology.INNER_UPPER), 1] += off_px - 0.5
    plate.landmarks[list(topology.INNER_LOWER), 1] += off_px + 0.5
    anatomy = anatomy_of(plate)
    assert not anatomy.parted
    found = anatomy.marks[list(topology.INNER_UPPER[2:-2]), 1]
    assert np.abs(found - drawn_at).max() < 1.0


@given(st.floats(-50, 400), st.floats(-50, 400), st.floats(-50, 400), st.floats(-50, 400))
def test_boxes_are_even_and_on_the_canvas(x0: float, y0: float, x1: float, y1: float) -> None:
    low, high = np.minimum((x0, y0), (x1, y1)), np.maximum((x0, y0), (x1, y1))
    box = even_box(low, high, (241, 321))
    assert all(edge % 2 == 0 for edge in box)
    assert 0 <= box.left < box.right <= 321
    assert 0 <= box.top < box.bottom <= 241


def test_blur_and_grain_are_measured() -> None:
    grey = np.zeros((80, 80), np.float32)
    grey[:, 40:] = 200
    blurs = [blur_of(np.asarray(cv2.GaussianBlur(grey, (0, 0), s), np.float32)) for s in (1, 2, 3)]
    assert blurs == sorted(blurs)
    assert blurs[0] == pytest.approx(1, abs=0.4)
    noisy = np.random.default_rng(0).normal(100, 3, (80, 80)).astype(np.float32)
    assert grain_of(noisy) == pytest.approx(3, abs=0.4)
