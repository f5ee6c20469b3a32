"""The presenters that ship, and the small form of a bundle that they use."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lipwright.avatar import Avatar, AvatarCard, Plate
from lipwright.errors import InvalidAvatar
from lipwright.face import framed, load_avatar, open_landmarker, write_avatar
from lipwright.face.bundle import PLATE_FILE, SMALL_PLATE_FILE
from lipwright.face.geometry import face_height_px

STOCK = sorted((Path(str(files("lipwright"))) / "assets" / "avatars").glob("*/avatar.json"))
CARD = AvatarCard("40c006c3-d413-55b2-ae84-6ad5d02d2ea9", "Test", "f", "af_heart", "CC0-1.0", None)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    rng = np.random.default_rng(3)
    frame = np.kron(rng.integers(0, 256, (8, 8, 3), np.uint8), np.ones((8, 8, 1), np.uint8))
    points = rng.uniform(10, 50, (478, 3)).astype(np.float32)
    plate = Plate(frame, np.full((64, 64), 255, np.uint8), points, 0.0)
    write_avatar(Avatar(CARD, plate), tmp_path / "avatar")
    return tmp_path / "avatar"


def made_small(bundle: Path) -> None:
    with Image.open(bundle / PLATE_FILE) as picture:
        picture.save(bundle / SMALL_PLATE_FILE, quality=95)
    (bundle / PLATE_FILE).unlink()


def test_a_webp_plate_loads_like_the_png_it_stands_for(bundle: Path) -> None:
    exact = load_avatar(bundle)
    made_small(bundle)
    small = load_avatar(bundle)
    assert small.card == exact.card
    difference = np.abs(small.plate.frame.astype(int) - exact.plate.frame)
    assert difference.mean() < 12


def test_a_damaged_webp_plate_is_named_in_the_error(bundle: Path) -> None:
    made_small(bundle)
    (bundle / SMALL_PLATE_FILE).write_bytes(b"RIFF")
    with pytest.raises(InvalidAvatar, match=r"plate\.webp"):
        load_avatar(bundle)


@pytest.mark.parametrize("card_path", STOCK, ids=[path.parent.name for path in STOCK])
def test_a_stock_presenter_shows_nobody_is_silent_and_small(card_path: Path) -> None:
    avatar = load_avatar(card_path.parent)
    assert avatar.card == replace(avatar.card, consent=None, style="presenter")
    assert sum(path.stat().st_size for path in card_path.parent.iterdir()) <= 4_000_000
    (face,) = open_landmarker().faces(avatar.plate.frame)
    assert face.jaw_open < 0.08


@pytest.mark.parametrize("card_path", STOCK, ids=[path.parent.name for path in STOCK])
@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1080, 1080)])
@pytest.mark.parametrize("cut_out", [False, True])
def test_a_stock_presenter_is_never_enlarged_at_1080p(
    card_path: Path, size: tuple[int, int], cut_out: bool
) -> None:
    plate = load_avatar(card_path.parent).plate
    shown = framed(plate, size, cut_out=cut_out)
    assert face_height_px(shown.landmarks) <= face_height_px(plate.landmarks) * 1.001
