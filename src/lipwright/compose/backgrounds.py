"""What stands behind the avatar: a colour, a studio, a picture or a video fills the canvas."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageOps

from lipwright.arrays import Frame
from lipwright.compose.footage import Footage, Reel
from lipwright.compose.grounds import SPARE, Clock, Drifting, Ground, Soft, soft
from lipwright.compose.layouts import Pane
from lipwright.compose.studios import studio_wall
from lipwright.errors import UnreadableMedia
from lipwright.request import Background, Fit

_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_PIXELS_MAX: Final = 50_000_000
"""A 50-megapixel picture takes 150 MB while it is decoded; cameras rarely make larger ones."""
_BACKDROP_BLUR: Final = 0.03
"""Of the short side: nothing in it can be read, but its colours are the picture's."""
_KEPT_SHARE: Final = 0.6
"""Of a picture that a pane crops: less, and it is not known what it shows."""
_UNREADABLE: Final = (OSError, ValueError, SyntaxError, Image.DecompressionBombWarning)
"""What Pillow raises on files that are cut short, damaged or made to harm."""


def open_ground(background: Background, size: tuple[int, int], clock: Clock) -> Ground:
    """The background on a canvas of `size` (width, height), both even.

    Raises:
        UnreadableMedia: The file is no picture or video that can be read, or too large.
    """
    if background.effect is not None:
        wide = (_roomy(size[0]), _roomy(size[1]))
        still = replace(background, effect=None)
        return Drifting(open_ground(still, wide, clock), background.effect, clock, size)
    if background.video is not None:
        reel = Reel.of(background.video)
        footage = Footage(reel, size, clock.fps, contain=background.fit is Fit.CONTAIN)
        return Soft(footage, background.blur) if background.blur else footage
    return soft(still_frame(background, size), background.blur)


def seen_whole(background: Background, size: tuple[int, int]) -> Background:
    """The background as a pane of `size` shows it: a product is not cropped beyond recognition.

    What the pane would cut off much of is seen whole, over its own blurred colours.
    """
    return background if _fits(_shape(background), size) else replace(background, fit=Fit.CONTAIN)


def card_for(background: Background, pane: Pane, canvas: tuple[int, int]) -> Pane:
    """The part of a pane that a card with the whole product takes: its shape is the product's.

    A card that lies over something needs no blurred colours beside the product, as a pane does
    that must be filled.
    """
    shape, box = _shape(background), pane.box(canvas)
    if shape is None or pane.round or _fits(shape, box.size):
        return pane
    (across, down), ratio = box.size, shape[0] / shape[1]
    width = min(across, down * ratio) / canvas[0]
    height = min(down, across / ratio) / canvas[1]
    left = pane.left + (pane.width - width) / 2
    return replace(pane, left=left, top=pane.top, width=width, height=height)


def _fits(shape: tuple[int, int] | None, size: tuple[int, int]) -> bool:
    """Whether what has a shape, or any, can fill a pane without losing much."""
    if shape is None:
        return True
    ratios = shape[0] / shape[1], size[0] / size[1]
    return min(ratios) / max(ratios) >= _KEPT_SHARE


def _shape(background: Background) -> tuple[int, int] | None:
    """Width and height of a picture or a video; None of what has any shape."""
    if background.image is not None:
        return read_rgba(background.image).size
    if background.video is not None:
        reel = Reel.of(background.video)
        return reel.width, reel.height
    return None


def _roomy(side: int) -> int:
    return 2 * math.ceil(side * SPARE / 2)


def still_frame(background: Background, size: tuple[int, int]) -> Frame:
    """A background that does not move, on a canvas of `size`."""
    if background.image is not None:
        picture = read_picture(background.image)
        fitted = contained if background.fit is Fit.CONTAIN else covering
        return fitted(picture, size)
    if background.studio is not None:
        return studio_wall(background.studio, size)
    return filled(background.color or "", size)


def filled(color: str, size: tuple[int, int]) -> Frame:
    """A canvas of one colour, ``#RRGGBB``."""
    width, height = size
    return np.full((height, width, 3), list(bytes.fromhex(color.removeprefix("#"))), np.uint8)


def read_picture(path: Path) -> Frame:
    """Pixels as they are meant to be seen: upright, and on white where transparent."""
    upright = read_rgba(path)
    paper = Image.new("RGBA", upright.size, "white")
    return np.asarray(Image.alpha_composite(paper, upright).convert("RGB"))


def read_rgba(path: Path) -> Image.Image:
    """An upright picture with its transparency.

    Raises:
        UnreadableMedia: The file is no JPEG, PNG or WebP picture, damaged, or too large.
    """
    try:
        with Image.open(path, formats=_FORMATS) as image:
            if image.width * image.height > _PIXELS_MAX:
                raise UnreadableMedia(
                    f"{path.name} has {image.width} x {image.height} pixels; "
                    f"use a picture of at most {_PIXELS_MAX // 1_000_000} megapixels."
                )
            return ImageOps.exif_transpose(image).convert("RGBA")
    except Image.DecompressionBombError as error:
        raise UnreadableMedia(
            f"{path.name} has far too many pixels; "
            f"use a picture of at most {_PIXELS_MAX // 1_000_000} megapixels."
        ) from error
    except _UNREADABLE as error:
        raise UnreadableMedia(
            f"{path.name} is not a picture that can be read; use a JPEG, PNG or WebP file."
        ) from error


def covering(picture: Frame, size: tuple[int, int]) -> Frame:
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


def contained(picture: Frame, size: tuple[int, int]) -> Frame:
    """The whole picture in the middle of the canvas, over itself, enlarged and blurred."""
    width, height = size
    scale = min(width / picture.shape[1], height / picture.shape[0])
    inner = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    canvas = _backdrop(picture, size)
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    smooth = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    canvas[top : top + inner[1], left : left + inner[0]] = cv2.resize(
        picture, inner, interpolation=smooth
    )
    return canvas


def _backdrop(picture: Frame, size: tuple[int, int]) -> Frame:
    small = covering(picture, (max(2, size[0] // 8), max(2, size[1] // 8)))
    soft = cv2.GaussianBlur(small, (0, 0), _BACKDROP_BLUR * min(small.shape[:2]))
    return np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_LINEAR), np.uint8)
