"""Clothes of the presenters: folds, seams, collars and jacket, on a torso of simple shape."""

from __future__ import annotations

import numpy as np
import pytest
from tools.bake.collar import button, buttons, collar
from tools.bake.folds import Shoulders, folded, seamed
from tools.bake.garment import Flesh, NeckLine, Piece, Sewn, squared
from tools.bake.jacket import Ground, shell, tailored
from tools.bake.spec import Cloth, Garment
from tools.bake.surface import ridge, vertex_normals
from tools.bake.tie import Tie

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


def sewn() -> Sewn:
    cloth = torso()
    return Sewn(cloth, NeckLine.through(cloth.points[:ROUND]), SHOULDERS)


def neck() -> Flesh:
    """A round neck of 5 cm that stands in the torso."""
    turn, height = np.meshgrid(np.linspace(0, 2 * np.pi, 90), np.linspace(-16, -4, 60))
    out = np.stack([np.sin(turn), 0 * turn, np.cos(turn)], -1).reshape(-1, 3)
    return Flesh(out * 5 + np.stack([0 * turn, height, 0 * turn], -1).reshape(-1, 3), out)


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


def dressed(cloth: Piece) -> tuple[Piece, tuple[Piece, ...]]:
    """A jacket's shell over this torso, and its parts."""
    own = Sewn(cloth, NeckLine.through(cloth.points[:ROUND]), SHOULDERS)
    hung = shell(own)
    return hung, tailored(hung, own, [cloth, *collar("crew", own, neck(), 2.0)])


def test_a_jacket_is_open_in_front_and_both_sides_match() -> None:
    _, (body, *trims) = dressed(torso())
    used = body.points[np.unique(body.quads)]
    front = used[(used[:, 2] > 3) & (used[:, 1] < -16)]
    assert np.abs(front[:, 0]).min() > 0.59
    assert (np.abs(front[:, 0]) < 8).any()
    assert len(trims) == 4
    for left, right in zip(trims[:2], trims[2:], strict=True):
        np.testing.assert_allclose(left.points * [-1, 1, 1], right.points, atol=0.4)
        assert np.isfinite(left.points).all()
        assert left.quads.max() < len(left.points)


@pytest.mark.parametrize("bosom_cm", [0.0, 3.0])
def test_lapels_lie_on_the_jacket_also_over_a_bosom(bosom_cm: float) -> None:
    cloth = torso()
    x, y, z = cloth.points.T
    bump = np.exp(-(((np.abs(x) - 7) / 4) ** 2) - ((y + 30) / 5) ** 2) * (z > 0)
    rounded = Piece(cloth.points + bump[:, None] * [0, 0, bosom_cm], cloth.quads, cloth.rest)
    hung, (_, _, lapel, _, _) = dressed(rounded)
    fold = np.interp(lapel.points[:, 1], [-46, -14], [0.6, 6.5])
    height, outward = Ground.of(hung).felt(lapel.points)
    shown = (vertex_normals(lapel.points, lapel.quads) * outward).sum(1) > 0.5
    shown &= lapel.points[:, 0] > fold + 2.5
    assert shown.sum() > 500
    assert height[shown].min() > 0
    assert np.percentile(height[shown], 95) < 0.6


def test_a_tie_lies_before_the_shirt_and_leaves_lie_over_its_knot() -> None:
    own = sewn()
    tie = Tie.on(own, own.cloth, neck())
    knot, blade = tie.pieces()
    assert knot.points[:, 1].max() > blade.points[:, 1].max() - 1
    assert np.abs(knot.points[:, 0]).max() < 2.2
    middle = blade.points[np.abs(blade.points[:, 0]) < 0.5]
    height, _ = Ground.of(own.cloth).felt(middle)
    assert height.min() > 0.1
    _, leaf, _, _ = collar("shirt", own, neck(), 2.0)
    over = tie.over(leaf)
    lifted = over.points[:, 2] - leaf.points[:, 2]
    assert lifted.min() >= 0
    assert 0.1 < lifted.max() < 3
    np.testing.assert_array_equal(over.points[:, :2], leaf.points[:, :2])


def test_a_tie_without_a_shirt_is_refused() -> None:
    cloth = Cloth((0.1, 0.1, 0.1), (0.1, 0.1, 0.1))
    with pytest.raises(ValueError, match="shirt"):
        Garment(cloth, collar="crew", tie=cloth)


def test_shoulders_are_built_out_at_their_corner_only() -> None:
    points = torso().points
    moved = np.linalg.norm(squared(points, SHOULDERS, 0.1) - points, axis=1)
    assert 0.2 < moved.max() < 2
    assert moved[np.abs(points[:, 0]) < 6].max() < 0.2
    assert moved[points[:, 1] < -35].max() < 0.2
    np.testing.assert_array_equal(squared(points, SHOULDERS, 0.0), points)


@pytest.mark.parametrize("kind", ["crew", "roll", "shirt"])
def test_a_collar_stands_around_the_neck(kind: str) -> None:
    for piece in collar(kind, sewn(), neck(), 2.0):
        assert np.isfinite(piece.points).all()
        assert piece.quads.max() < len(piece.points)
        above = piece.points[piece.points[:, 1] > -10.5]
        assert not len(above) or np.hypot(above[:, 0], above[:, 2]).min() > 4.7


def test_the_leaves_of_a_shirt_mirror_each_other_and_lie_on_the_cloth() -> None:
    _, left, right, tape = collar("shirt", sewn(), neck(), 2.0)
    np.testing.assert_allclose(left.points * [-1, 1, 1], right.points, atol=1e-6)
    normals = vertex_normals(sewn().cloth.points, sewn().cloth.quads)
    cloth = Flesh(sewn().cloth.points, normals)
    for piece, most_cm in ((left, 0.5), (tape, 0.5)):
        inside = np.linalg.norm(cloth.cleared(piece.points, 0.0) - piece.points, axis=1)
        assert inside.max() < most_cm
    assert np.abs(tape.points[:, 0]).max() < 1.7


def test_buttons_sit_on_the_tape_and_face_forward() -> None:
    found = buttons(sewn())
    assert len(found) >= 4
    for centre, outward in found:
        assert abs(centre[0]) < 1e-9
        assert outward[2] > 0.8
    points, faces = button()
    assert max(map(max, faces)) < len(points)
