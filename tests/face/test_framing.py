"""The person on every canvas: filled, whole, and the landmarks where the face is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lipwright.avatar import Avatar, Plate
from lipwright.face import Landmarker, framed
from lipwright.face.geometry import CHIN, FOREHEAD

SIZES = [(1920, 1080), (1080, 1080), (1080, 1920), (640, 360), (360, 640)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cut_out", [False, True])
def test_the_landmarks_lie_on_the_face(
    avatar: Avatar, landmarker: Landmarker, size: tuple[int, int], cut_out: bool
) -> None:
    plate = framed(avatar.plate, size, cut_out=cut_out)
    assert plate.frame.shape == (size[1], size[0], 3)
    assert plate.matte.shape == (size[1], size[0])
    (face,) = landmarker.faces(plate.frame)
    scale = float(np.ptp(plate.landmarks[:, 0]) / np.ptp(avatar.plate.landmarks[:, 0]))
    off = np.linalg.norm((face.landmarks - plate.landmarks)[:, :2], axis=1)
    assert off.mean() < 2 * max(scale, 0.5)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cut_out", [False, True])
def test_the_head_is_whole_and_in_the_middle(
    avatar: Avatar, size: tuple[int, int], cut_out: bool
) -> None:
    plate = framed(avatar.plate, size, cut_out=cut_out)
    x = (plate.landmarks[:, 0].min() + plate.landmarks[:, 0].max()) / 2
    assert abs(x / size[0] - 0.5) < 0.1
    hair = plate.matte[0, int(plate.landmarks[:, 0].min()) : int(plate.landmarks[:, 0].max())]
    assert hair.max() < 128
    height = plate.landmarks[CHIN, 1] - plate.landmarks[FOREHEAD, 1]
    assert plate.landmarks[CHIN, 1] + 0.2 * height < size[1]


def test_a_cut_out_stands_on_the_lower_edge(avatar: Avatar) -> None:
    plate = framed(avatar.plate, (1920, 1080), cut_out=True)
    assert (plate.matte[-1] > 200).mean() > 0.2
    assert plate.matte[:, 0].max() < 30


def test_a_cut_out_has_none_of_the_old_background_in_its_edge(avatar: Avatar) -> None:
    """Where the matte is half clear, the colour is nearer to the hair than to the wall."""
    plate = framed(avatar.plate, (1080, 1080), cut_out=True)
    rows = slice(int(plate.landmarks[FOREHEAD, 1]), int(plate.landmarks[1, 1]))
    head, matte = plate.frame[rows], plate.matte[rows]
    edge = (matte > 20) & (matte < 128)
    assert edge.any()
    original = framed(avatar.plate, (1080, 1080)).frame
    wall = np.median(original[50:200, 720:760].reshape(-1, 3), axis=0)
    hair = np.median(head[matte > 250].reshape(-1, 3), axis=0)
    colour = np.median(head[edge], axis=0)
    assert np.abs(colour - hair).sum() < np.abs(colour - wall).sum()


def test_the_same_size_gives_the_same_pixels(avatar: Avatar) -> None:
    plate = framed(avatar.plate, (512, 512))
    assert np.array_equal(plate.frame, avatar.plate.frame)
    assert np.allclose(plate.landmarks, avatar.plate.landmarks, atol=1e-3)


def test_framing_twice_gives_the_same_frame(avatar: Avatar) -> None:
    first, second = (framed(avatar.plate, (1080, 1920)) for _ in range(2))
    assert np.array_equal(first.frame, second.frame)
    assert np.array_equal(first.matte, second.matte)


def close_up(plate: Plate, margin: float) -> Plate:
    """The plate cropped around the face, `margin` face heights on each side."""
    points = plate.landmarks
    reach = margin * float(points[CHIN, 1] - points[FOREHEAD, 1])
    low = np.maximum(points[:, :2].min(axis=0) - reach, 0).astype(int)
    high = np.minimum(points[:, :2].max(axis=0) + reach, 511).astype(int)
    window = np.s_[low[1] : high[1], low[0] : high[0]]
    moved = points - np.array([*low, 0], np.float32)
    return replace(plate, frame=plate.frame[window], matte=plate.matte[window], landmarks=moved)


@pytest.mark.parametrize("margin", [0.05, 0.3, 0.6])
@pytest.mark.parametrize("size", SIZES[:3])
def test_a_close_up_keeps_mouth_and_chin(
    avatar: Avatar, margin: float, size: tuple[int, int]
) -> None:
    plate = framed(close_up(avatar.plate, margin), size)
    assert plate.landmarks[CHIN, 1] < size[1]
    assert plate.landmarks[13, 1] > 0
    assert 0 < plate.landmarks[61, 0] < plate.landmarks[291, 0] < size[0]


def test_a_close_up_leaves_no_black_bars(avatar: Avatar) -> None:
    plate = framed(close_up(avatar.plate, 0.6), (1920, 1080))
    assert plate.frame[:, :40].mean() > 20
    assert plate.frame[:, -40:].mean() > 20


@settings(max_examples=25, deadline=None)
@given(
    rows=st.integers(60, 400),
    columns=st.integers(60, 400),
    size=st.tuples(st.integers(36, 200), st.integers(36, 200)),
    cut_out=st.booleans(),
    seed=st.integers(0, 9),
)
def test_any_picture_fits_any_canvas(
    rows: int, columns: int, size: tuple[int, int], cut_out: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    corner = rng.uniform(0, 0.5, 2)
    spread = rng.uniform(0.1, 0.5, (478, 2))
    points = ((corner + spread) * (columns, rows)).astype(np.float32)
    plate = Plate(
        rng.integers(0, 255, (rows, columns, 3), dtype=np.uint8),
        rng.integers(0, 255, (rows, columns), dtype=np.uint8),
        np.column_stack([points, np.zeros(478, np.float32)]),
        0.0,
    )
    canvas = framed(plate, size, cut_out=cut_out)
    assert canvas.frame.shape == (size[1], size[0], 3)
    assert canvas.frame.dtype == canvas.matte.dtype == np.uint8
    assert canvas.matte.shape == (size[1], size[0])
    assert np.isfinite(canvas.landmarks).all()
