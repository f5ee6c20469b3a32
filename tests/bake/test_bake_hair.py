"""Hair and lines of age as geometry: over a ball for a skull, whatever the presenter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tools.bake.bun import CROWN_CM, bun
from tools.bake.hair import grown
from tools.bake.spec import Hair
from tools.bake.strands import Follicles, Skull, shortened
from tools.bake.surface import Floats, unit
from tools.bake.wrinkles import spots

CENTRE, RADIUS = np.array([0.0, 4.0, -0.5]), 9.0
HAIR = Hair("loose", "drawn", (0.1, 0.1, 0.1), 1500, points=16, guides=200, length_cm=9.0)


def ball() -> Skull:
    way = unit(np.random.default_rng(0).normal(size=(20000, 3)))
    return Skull.over(CENTRE + RADIUS * way, way)


def scalp(inside: float = 1.0) -> Follicles:
    way = unit(np.random.default_rng(1).normal(size=(4000, 3)))
    way = way[way[:, 1] + 0.7 * np.minimum(0.0, -way[:, 2]) > 0.2][:1500]
    at = CENTRE + RADIUS * way
    return Follicles(at, at, way, np.full(len(at), inside))


def lengths(strands: Floats) -> Floats:
    return np.asarray(np.linalg.norm(np.diff(strands, axis=1), axis=2).sum(1))


@pytest.mark.parametrize("style", ["loose", "gathered", "swept", "coils"])
def test_strands_start_in_the_skin_and_stay_outside_of_the_head(style: str) -> None:
    start = scalp()
    strands = grown(start, replace(HAIR, style=style), ball(), np.random.default_rng(2))
    assert np.isfinite(strands).all()
    assert np.linalg.norm(strands[:, 0] - start.at, axis=1).max() < 0.1
    # Below the ears hair hangs where a ball still is and a neck is not.
    above = strands[strands[..., 1] > 2]
    assert np.linalg.norm(above - CENTRE, axis=1).min() > RADIUS - 0.3


def test_loose_hair_falls_to_both_sides_and_never_over_the_face() -> None:
    spec = replace(HAIR, part_cm=-2.0)
    strands = grown(scalp(), spec, ball(), np.random.default_rng(3))
    tips = strands[:, -1]
    assert 0.3 < (tips[:, 0] > 0).mean() < 0.7
    face = (np.abs(strands[..., 0]) < 3.5) & (strands[..., 1] < 5) & (strands[..., 2] > 3)
    assert not face.any()


def test_hair_brushed_back_falls_further_back_than_parted_hair() -> None:
    depths = []
    for sweep in (0.0, 1.0):
        strands = grown(scalp(), replace(HAIR, sweep=sweep), ball(), np.random.default_rng(4))
        depths.append(strands[scalp().at[:, 2] > 4, -1, 2].mean())
    assert depths[1] < depths[0] - 1


def test_hair_of_the_hairline_is_short_and_the_other_is_not() -> None:
    strands = np.zeros((400, 10, 3)) + np.linspace(0, 9, 10)[None, :, None] * [0, 1, 0]
    rng = np.random.default_rng(5)
    assert np.median(lengths(shortened(strands, np.zeros(400), rng))) < 6
    assert lengths(shortened(strands, np.ones(400), rng)).min() > 8


def test_a_bun_is_a_ball_above_the_crown() -> None:
    strands = bun(replace(HAIR, strands=4000), np.random.default_rng(6))
    away = strands.reshape(-1, 3) - CROWN_CM
    assert np.quantile(np.linalg.norm(away, axis=1), 0.99) < 7
    assert np.quantile(away[:, 1], 0.02) > -2.5


def test_age_spots_cover_a_little_of_the_skin() -> None:
    covered = spots(np.random.default_rng(7))
    assert covered.min() >= 0
    assert covered.max() <= 1
    assert 0.0005 < (covered > 0.2).mean() < 0.05
