"""A frame as a JPEG file."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from lipwright.arrays import Frame
from lipwright.encode.partial import written_beside


def write_picture(frame: Frame, path: Path) -> None:
    """Write `frame` as a JPEG; `path` appears when it is whole."""
    with written_beside(path) as partial:
        Image.fromarray(frame).save(partial, format="JPEG", quality=88)
