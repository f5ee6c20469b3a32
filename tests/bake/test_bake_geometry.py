"""The bake's geometry: what must hold whatever the presenter.  Blender is not needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.bake.eyes import cornea, eyeball, fitted_sphere
from tools.bake.spec import read_spec
from tools.bake.surface import quad_edges, scattered, subdivided, vertex_normals

CUBE = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
CORNERS = np.array([(x, y, z) for x in (-1.0, 1) for y in (-1.0, 1) for z in (-1.0, 1)])
PRESENTERS = sorted((Path(__file__).parents[2] / "tools" / "bake" / "presenters").glob("*.toml"))


@pytest.mark.parametrize("levels", [0, 1, 2])
def test_a_subdivided_surface_is_a_weighted_mean_of_its_cage(levels: int) -> None:
    fine = subdivided(CUBE, 8, levels)
    weights = fine.matrix.toarray()
    assert np.allclose(weights.sum(1), 1)
    assert len(fine.quads) == 6 * 4**levels
    assert set(fine.source) == set(range(6))


def test_a_closed_cage_stays_closed_and_shrinks_toward_a_ball() -> None:
    fine = subdivided(CUBE, 8, 2)
    points = fine.matrix @ CORNERS
    assert len(quad_edges(fine.quads)[1]) == 0
    radii = np.linalg.norm(points, axis=1)
    assert radii.max() / radii.min() < 1.25
    assert ((vertex_normals(points, fine.quads) * points).sum(1) > 0).all()


def test_an_open_sheet_keeps_its_corners_on_its_border() -> None:
    fine = subdivided([(0, 1, 2, 3)], 4, 1)
    sheet = np.array([(0.0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)])
    _, border = quad_edges(fine.quads)
    assert len(border) == 8
    assert (fine.matrix @ sheet)[:, 2].max() == 0


@given(st.integers(0, 2**32 - 1))
def test_roots_stay_on_the_surface_however_it_moves(seed: int) -> None:
    rng = np.random.default_rng(seed)
    quads = np.array(CUBE)
    roots = scattered(CORNERS, quads, np.ones(8), 50, rng)
    moved = CORNERS * [1, 2, 3] + 5
    assert np.allclose(np.abs(roots.on(CORNERS)).max(1), 1)
    assert np.allclose(roots.on(moved), roots.on(CORNERS) * [1, 2, 3] + 5)


@given(st.floats(0.5, 3), st.integers(0, 99))
def test_the_sphere_through_points_of_a_sphere_is_that_sphere(radius: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    directions = rng.normal(size=(30, 3))
    centre = rng.normal(size=3)
    points = centre + radius * directions / np.linalg.norm(directions, axis=1, keepdims=True)
    found, size = fitted_sphere(points)
    assert np.allclose(found, centre)
    assert size == pytest.approx(radius)


def test_the_cornea_lies_outside_the_eye_and_bulges_over_the_iris() -> None:
    outer = np.linalg.norm(cornea(1.2, 0.6).points, axis=1)
    inner = np.linalg.norm(eyeball(1.2, 0.6).points, axis=1)
    assert outer.min() > inner.max()
    assert outer.max() > 1.2 * 1.02


@pytest.mark.parametrize("path", PRESENTERS, ids=[path.stem for path in PRESENTERS])
def test_every_parameter_file_is_read(path: Path) -> None:
    assert read_spec(path).card.name.lower() == path.stem


def test_an_unknown_parameter_is_refused_by_name(tmp_path: Path) -> None:
    text = PRESENTERS[0].read_text().replace("[hair]", "[hair]\nlengthh_cm = 3")
    (tmp_path / "wrong.toml").write_text(text)
    with pytest.raises(ValueError, match="Hair has no lengthh_cm"):
        read_spec(tmp_path / "wrong.toml")
