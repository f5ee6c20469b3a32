from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lipwright.compose.backgrounds import covering, still_frame
from lipwright.compose.studios import WALLS
from lipwright.errors import UnreadableMedia
from lipwright.request import STUDIOS, Background

SIZE = (160, 90)


def saved(folder: Path, image: Image.Image, name: str = "b.png", **options: object) -> Background:
    path = folder / name
    image.save(path, **options)  # type: ignore[arg-type]
    return Background(image=path)


def test_a_colour_fills_the_canvas() -> None:
    frame = still_frame(Background(color="#1a80FF"), SIZE)
    assert frame.shape == (90, 160, 3)
    assert np.unique(frame.reshape(-1, 3), axis=0).tolist() == [[0x1A, 0x80, 0xFF]]


@given(st.integers(1, 400), st.integers(1, 400))
def test_a_picture_of_any_shape_covers_the_canvas(width: int, height: int) -> None:
    picture = np.full((height, width, 3), 200, np.uint8)
    frame = covering(picture, SIZE)
    assert frame.shape == (90, 160, 3)
    assert (frame == 200).all()


def test_a_tall_picture_keeps_its_middle(tmp_path: Path) -> None:
    image = Image.new("RGB", (160, 270), "red")
    image.paste((0, 0, 255), (0, 90, 160, 180))
    frame = still_frame(saved(tmp_path, image), SIZE)
    assert (frame[2:-2] == (0, 0, 255)).all()


def test_a_picture_lies_as_its_camera_was_held(tmp_path: Path) -> None:
    image = Image.new("RGB", (90, 160), "white")
    image.paste((0, 0, 0), (0, 0, 90, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # the top of the picture is its right edge
    frame = still_frame(saved(tmp_path, image, "b.jpg", exif=exif), SIZE)
    assert frame[45, 155].max() < 30
    assert frame[45, 5].min() > 225


def test_clear_parts_of_a_picture_become_white(tmp_path: Path) -> None:
    frame = still_frame(saved(tmp_path, Image.new("RGBA", (8, 8), (255, 0, 0, 0))), SIZE)
    assert (frame == 255).all()


@pytest.mark.parametrize("content", [b"", b"GIF89a" + bytes(50), b"\x89PNG\r\n\x1a\n" + bytes(99)])
def test_a_file_that_is_no_picture_is_unreadable(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "b.png"
    path.write_bytes(content)
    with pytest.raises(UnreadableMedia, match=r"b\.png is not a picture"):
        still_frame(Background(image=path), SIZE)


def test_a_picture_cut_short_is_unreadable(tmp_path: Path) -> None:
    background = saved(tmp_path, Image.effect_noise((200, 200), 50), "b.png")
    assert background.image is not None
    background.image.write_bytes(background.image.read_bytes()[:9_000])
    with pytest.raises(UnreadableMedia):
        still_frame(background, SIZE)


def test_a_missing_picture_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia):
        still_frame(Background(image=tmp_path / "none.png"), SIZE)


def test_a_huge_picture_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    background = saved(tmp_path, Image.new("1", (10_000, 5_001)))
    with pytest.raises(UnreadableMedia, match="at most 50 megapixels"):
        still_frame(background, SIZE)


@pytest.mark.parametrize("name", STUDIOS)
def test_every_studio_is_lit_where_the_head_is(name: str) -> None:
    frame = still_frame(Background(studio=name), (320, 180))
    assert frame.shape == (180, 320, 3)
    assert frame[50:90, 130:190].mean() > frame[140:, :40].mean() + 8


def test_every_studio_of_a_request_is_drawn() -> None:
    assert set(STUDIOS) == set(WALLS)
