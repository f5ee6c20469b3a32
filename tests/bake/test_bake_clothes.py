"""Clothes of the presenters: folds, seams and the open jacket, on a torso of simple shape."""

from __future__ import annotations

import numpy as np
from tools.bake.folds import Shoulders, folded, seamed
from tools.bake.garment import NeckLine, Piece
from tools.bake.jacket import jacket
from tools.bake.surface import ridge, vertex_normals

ROUND, TALL = 96, 64
SHOULDERS = Shoulders(19.0, -12.0)


def torso() -> Piece:
    """An elliptic tube from the neck down, flaring like shoulders do."""
    down = np.linspace(-11, -48, TALL)[:, None]
    turn = np.linspace(0, 2 * np.pi, ROUND, endpoint=False)[None]
    wide = 6 + 13 * np.clip((-11 - down) / 6, 0, 1) ** 0.6
    deep = 6 + 4 * np.clip((-11 - down) / 6, 0, 1) ** 0.6
    points = np.stack([wide * np.sin(turn), down + 0 * turn, deep * np.cos(turn)], -1)
    index = np.arange(TALL * ROUND).reshape(TALL, ROUND)
    beside = np.roll(index, -1, axis=1)
    corners = [index[1:], beside[1:], beside[:-1], index[:-1]]
    quads = np.stack([corner.ravel() for corner in corners], 1)
    flat = points.reshape(-1, 3)
    return Piece(flat, quads, flat * 1.0)


def test_a_ridge_follows_its_curve_and_ends_with_it() -> None:
    knots = np.array([(0.0, 0.0), (5.0, 0.0), (10.0, 0.0)])
    along = np.array([(x, 0.0) for x in (-6, 0, 2, 5, 8, 10, 16)])
    height = ridge(along, knots, 1.0)
    assert height[3] == height.max() > 0.7
    assert height[0] == height[-1] == 0
    across = ridge(np.array([(5.0, y) for y in (-1.4, 0.0, 1.4, 5.0)]), knots, 1.0)
    assert across[[0, 2]].min() < -0.1
    assert abs(across[3]) < 1e-6


def test_folds_are_on_the_front_and_no_deeper_than_cloth() -> None:
    cloth = torso()
    moved = folded(cloth.points, cloth.quads, SHOULDERS, 1.4, np.random.default_rng(3))
    depth = np.linalg.norm(moved - cloth.points, axis=1)
    normals = vertex_normals(cloth.points, cloth.quads)
    assert 0.2 < depth.max() < 2.5
    assert depth[normals[:, 2] < -0.3].max() == 0
    again = folded(cloth.points, cloth.quads, SHOULDERS, 1.4, np.random.default_rng(3))
    np.testing.assert_array_equal(moved, again)


def test_a_seam_is_a_groove_where_sleeves_are_set_in() -> None:
    cloth = torso()
    moved = seamed(cloth.points, cloth.quads, cloth.rest, 12.0)
    depth = np.linalg.norm(moved - cloth.points, axis=1)
    off = np.abs(np.abs(cloth.rest[:, 0]) - 12.0)
    assert depth[off < 0.1].min() > 0.05
    assert depth[off > 1.5].max() < 1e-6


def test_a_jacket_is_open_in_front_and_both_sides_match() -> None:
    cloth = torso()
    neck = cloth.points[:ROUND]
    body, *trims = jacket(cloth, NeckLine.through(neck))
    used = body.points[np.unique(body.quads)]
    front = used[(used[:, 2] > 3) & (used[:, 1] < -14)]
    assert np.abs(front[:, 0]).min() > 0.59
    assert (np.abs(front[:, 0]) < 8).any()
    assert len(trims) == 4
    for left, right in zip(trims[:2], trims[2:], strict=True):
        np.testing.assert_allclose(left.points * [-1, 1, 1], right.points, atol=0.4)
        assert np.isfinite(left.points).all()
        assert left.quads.max() < len(left.points)
