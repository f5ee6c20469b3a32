"""What stands behind the avatar: a colour, a studio, or a picture that fills the canvas."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageOps

from lipwright.arrays import Frame
from lipwright.compose.studios import studio_wall
from lipwright.errors import UnreadableMedia
from lipwright.request import Background

_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_PIXELS_MAX: Final = 50_000_000
"""A 50-megapixel picture takes 150 MB while it is decoded; cameras rarely make larger ones."""
_UNREADABLE: Final = (
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""What Pillow raises on files that are cut short, damaged or made to harm."""


def background_frame(background: Background | None, size: tuple[int, int]) -> Frame | None:
    """The background on a canvas of `size` (width, height); None keeps the avatar's own scene.

    Raises:
        UnreadableMedia: The file is no JPEG, PNG or WebP picture, damaged, or too large.
    """
    if background is None:
        return None
    if background.image is not None:
        return _covering(_picture(background.image), size)
    if background.studio is not None:
        return studio_wall(background.studio, size)
    return _filled(background.color or "", size)


def _filled(color: str, size: tuple[int, int]) -> Frame:
    width, height = size
    return np.full((height, width, 3), list(bytes.fromhex(color.removeprefix("#"))), np.uint8)


def _picture(path: Path) -> Frame:
    """Pixels as they are meant to be seen: upright, and on white where transparent."""
    try:
        with Image.open(path, formats=_FORMATS) as image:
            if image.width * image.height > _PIXELS_MAX:
                raise UnreadableMedia(
                    f"{path.name} has {image.width} x {image.height} pixels; "
                    f"use a picture of at most {_PIXELS_MAX // 1_000_000} megapixels."
                )
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except _UNREADABLE as error:
        raise UnreadableMedia(
            f"{path.name} is not a picture that can be read; use a JPEG, PNG or WebP file."
        ) from error
    paper = Image.new("RGBA", upright.size, "white")
    return np.asarray(Image.alpha_composite(paper, upright).convert("RGB"))


def _covering(picture: Frame, size: tuple[int, int]) -> Frame:
    """Scaled to cover the canvas, the overhang cut off evenly on both sides."""
    width, height = size
    scale = max(width / picture.shape[1], height / picture.shape[0])
    crop_width = min(picture.shape[1], round(width / scale))
    crop_height = min(picture.shape[0], round(height / scale))
    left = (picture.shape[1] - crop_width) // 2
    top = (picture.shape[0] - crop_height) // 2
    crop = picture[top : top + crop_height, left : left + crop_width]
    smooth = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(crop, size, interpolation=smooth), np.uint8)
