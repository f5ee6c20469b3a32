"""The atlas on disk and at another scale."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lipwright.avatar import Atlas
from lipwright.errors import InvalidAvatar
from lipwright.face.atlas import read_atlas, scaled, write_atlas


@pytest.fixture
def atlas() -> Atlas:
    rows, columns = np.mgrid[:30, :40].astype(np.float32)
    pictures = np.stack([np.stack([rows * k, columns * 3, rows + columns], -1) for k in range(11)])
    landmarks = np.random.default_rng(1).uniform(-20, 60, (11, 478, 2)).astype(np.float32)
    return Atlas(pictures.clip(0, 255).astype(np.uint8), landmarks, np.eye(11, 8, dtype=np.float32))


def test_what_is_written_is_read(atlas: Atlas, tmp_path: Path) -> None:
    write_atlas(atlas, tmp_path, "mouths")
    read = read_atlas(tmp_path, "mouths")
    assert read is not None
    assert read.pictures.shape == atlas.pictures.shape
    assert np.abs(read.pictures.astype(int) - atlas.pictures).mean() < 3
    np.testing.assert_allclose(read.landmarks, atlas.landmarks, atol=0.01)
    np.testing.assert_array_equal(read.states, atlas.states)


def test_a_bundle_without_one_has_none(tmp_path: Path) -> None:
    assert read_atlas(tmp_path, "mouths") is None


def test_half_an_atlas_is_refused(atlas: Atlas, tmp_path: Path) -> None:
    write_atlas(atlas, tmp_path, "eyes")
    (tmp_path / "eyes.npz").unlink()
    with pytest.raises(InvalidAvatar, match=r"eyes\.npz"):
        read_atlas(tmp_path, "eyes")


@pytest.mark.parametrize("suffix", ["npz", "webp"])
def test_a_damaged_atlas_is_refused(atlas: Atlas, tmp_path: Path, suffix: str) -> None:
    write_atlas(atlas, tmp_path, "eyes")
    (tmp_path / f"eyes.{suffix}").write_bytes(b"nothing of the kind")
    with pytest.raises(InvalidAvatar, match="eyes"):
        read_atlas(tmp_path, "eyes")


def test_a_sheet_that_lacks_pictures_is_refused(atlas: Atlas, tmp_path: Path) -> None:
    write_atlas(atlas, tmp_path, "eyes")
    fewer = Atlas(atlas.pictures[:8], atlas.landmarks[:8], atlas.states[:8])
    (tmp_path / "other").mkdir()
    write_atlas(fewer, tmp_path / "other", "eyes")
    (tmp_path / "other" / "eyes.webp").replace(tmp_path / "eyes.webp")
    with pytest.raises(InvalidAvatar, match="11 pictures"):
        read_atlas(tmp_path, "eyes")


def test_landmarks_go_with_the_pictures_scale(atlas: Atlas) -> None:
    half = scaled(atlas, 0.5)
    assert half.pictures.shape == (11, 15, 20, 3)
    np.testing.assert_allclose((half.landmarks + 0.5) * 2, atlas.landmarks + 0.5, atol=1e-4)
