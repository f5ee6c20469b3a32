from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numbered_video import SMALL, SMALL_WEBM, grid_of
from PIL import Image

from lipwright.arrays import YuvFrame
from lipwright.encode import check_encoders, write_picture, write_thumbnail, write_video
from lipwright.errors import UnreadableMedia
from lipwright.request import Output


def red(output: Output, alpha: int | None = None) -> YuvFrame:
    width, height = output.size
    whole, half = (height, width), (height // 2, width // 2)
    return YuvFrame(
        np.full(whole, 63, np.uint8),
        np.full(half, 102, np.uint8),
        np.full(half, 240, np.uint8),
        None if alpha is None else np.full(whole, alpha, np.uint8),
    )


def thumbnail(folder: Path, output: Output, frame: YuvFrame) -> Image.Image:
    video = folder / f"v.{output.container}"
    write_video(iter([frame]), grid_of(1), output, video)
    write_thumbnail(video, folder / "t.jpg")
    with Image.open(folder / "t.jpg") as image:
        assert image.format == "JPEG"
        return image.convert("RGB")


def test_a_thumbnail_has_the_colours_of_the_video(tmp_path: Path) -> None:
    mean = np.asarray(thumbnail(tmp_path, SMALL, red(SMALL))).mean(axis=(0, 1))
    assert np.abs(mean - (255, 0, 0)).max() < 5


def test_a_thumbnail_keeps_the_shape_and_is_small(tmp_path: Path) -> None:
    output = Output(short_side_px=720)
    assert thumbnail(tmp_path, output, red(output)).size == (640, 360)


def test_what_is_transparent_is_white_in_a_thumbnail(tmp_path: Path) -> None:
    mean = np.asarray(thumbnail(tmp_path, SMALL_WEBM, red(SMALL_WEBM, alpha=0))).mean(axis=(0, 1))
    assert mean.min() > 250


def test_a_file_that_is_no_video_has_no_thumbnail(tmp_path: Path) -> None:
    (tmp_path / "v.mp4").write_bytes(b"nothing")
    with pytest.raises(UnreadableMedia):
        write_thumbnail(tmp_path / "v.mp4", tmp_path / "t.jpg")
    assert not (tmp_path / "t.jpg").exists()


def test_a_picture_keeps_its_size_and_colours(tmp_path: Path) -> None:
    write_picture(np.full((90, 160, 3), (10, 200, 90), np.uint8), tmp_path / "p.jpg")
    with Image.open(tmp_path / "p.jpg") as image:
        assert image.size == (160, 90)
        assert np.abs(np.asarray(image).mean(axis=(0, 1)) - (10, 200, 90)).max() < 3
    assert len(list(tmp_path.iterdir())) == 1


def test_every_encoder_is_there() -> None:
    assert check_encoders() == ("libx264", "aac", "libvpx-vp9", "libopus", "prores_ks", "pcm_s24le")
