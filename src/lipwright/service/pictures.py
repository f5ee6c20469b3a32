"""What a caller's picture is, before anybody draws with it.  For child processes: it decodes."""

from __future__ import annotations

from math import log
from pathlib import Path

from PIL import Image, ImageOps

from lipwright.request import Aspect, Output


def is_picture(path: Path) -> bool:
    """Whether it is a still; anything else may be a clip."""
    try:
        with Image.open(path) as opened:
            return not getattr(opened, "is_animated", False)
    except Image.DecompressionBombError:
        return True  # and too large, which whoever reads it will say
    except (OSError, ValueError):
        return False


def nearest_aspect(picture: Path) -> Aspect:
    """The canvas that is nearest to a picture's shape; it may be lying on its side."""
    with Image.open(picture) as opened:
        width, height = ImageOps.exif_transpose(opened).size
    return min(Aspect, key=lambda aspect: abs(log(_ratio(aspect) * height / width)))


def _ratio(aspect: Aspect) -> float:
    width, height = Output(aspect).size
    return width / height
