"""Which mouths are baked, and how landmarks ride on the skin."""

from __future__ import annotations

import numpy as np
import pytest
from tools.bake.atlas import EYES, MOUTHS
from tools.bake.landmarks import carried
from tools.bake.poses import GAZE_DEG, eyes_posture, mouth_posture

from lipwright.arrays import GAZE_DEG as ENGINE_GAZE_DEG
from lipwright.arrays import RIG
from lipwright.mouth import topology


def test_every_mouth_is_a_rig_vector_of_its_own() -> None:
    assert len(set(MOUTHS)) == len(MOUTHS)
    rig = np.array(MOUTHS)
    assert rig.shape[1] == len(RIG)
    assert rig.min() >= -1
    assert rig.max() <= 1


def test_rest_comes_first_and_every_contact_is_there() -> None:
    assert not any(MOUTHS[0])
    assert not any(EYES[0])
    for name in ("press", "tuck", "tongue"):
        assert np.array(MOUTHS)[:, RIG.index(name)].max() == 1


def test_the_bake_and_the_engine_mean_the_same_gaze() -> None:
    assert GAZE_DEG == ENGINE_GAZE_DEG
    assert eyes_posture((0.0, 1.0, 0.0)).gaze_deg == (GAZE_DEG, 0.0)


def test_rest_moves_nothing() -> None:
    assert not any(mouth_posture(MOUTHS[0]).shapes.values())


@pytest.mark.parametrize("column", range(len(RIG)))
def test_a_small_step_of_the_rig_is_a_small_step_of_the_face(column: int) -> None:
    for mouth in MOUTHS:
        nudged = list(mouth)
        nudged[column] += 0.01
        before, after = mouth_posture(mouth), mouth_posture(nudged)
        for name, weight in before.shapes.items():
            assert abs(after.shapes[name] - weight) < 0.02


def test_landmarks_go_with_the_skin_and_each_lip_with_its_own() -> None:
    columns, rows = np.meshgrid(np.arange(0, 200, 4.0), np.arange(0, 200, 4.0))
    still = np.stack([columns.ravel(), rows.ravel()], 1).astype(np.float32)
    upper, lower = (np.arange(11) + row * 50 + 18 for row in (25, 26))
    marks = np.full((478, 2), 20, np.float32)
    marks[list(topology.INNER_UPPER)] = marks[list(topology.INNER_LOWER)] = still[upper] + [0, 2]
    opened = still.copy()
    opened[26 * 50 :, 1] += 30
    (there,) = carried(marks, still, opened[None], (upper, lower))
    np.testing.assert_allclose(there[topology.FOREHEAD], [20, 20], atol=1e-3)
    up, down = (there[list(edge), 1] for edge in (topology.INNER_UPPER, topology.INNER_LOWER))
    np.testing.assert_allclose(up[1:-1], 102, atol=1e-3)
    np.testing.assert_allclose(down[1:-1], 132, atol=1e-3)
