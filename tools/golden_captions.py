"""Draw the reference picture of every caption style into tests/captions/golden.

    python tools/golden_captions.py

Look at the pictures before committing them: the test only holds them as they are.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.compose.captions import CaptionTrack
from lipwright.request import CAPTION_STYLES, Captions
from lipwright.timeline import FrameGrid, Timed

FOLDER = Path(__file__).parents[1] / "tests" / "captions" / "golden"
SIZE = (540, 540)
ROWS = slice(170, 370)
FRAME = 45  # in the middle of the second word, when all motion is over
WORDS = [
    Timed(0, 48_000, "Say"),
    Timed(48_000, 96_000, "goût,"),
    Timed(96_000, 144_000, "again 🎉"),
]


def picture(style: str) -> NDArray[np.uint8]:
    """``(200, 540, 3)`` RGB: the style over light and dark."""
    grid = FrameGrid.covering(192_000, fps=Fraction(30))
    track = CaptionTrack(WORDS, Captions(style, 0.0, 0.0), SIZE, grid)
    planes = [np.full((540, 540), 210, np.uint8)]
    planes += [np.full((270, 270), 128, np.uint8) for _ in range(2)]
    planes[0][:, 270:] = 40
    for sprite in track.sprites(FRAME):
        sprite.blend(*planes)
    return _rgb(planes)[ROWS]


def _rgb(planes: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """BT.709 limited range to RGB (ITU-R BT.709-6, 2015)."""
    y, u, v = planes
    luma = (y.astype(np.float32) - 16) * (255 / 219)
    blue, red = (
        (np.repeat(np.repeat(plane, 2, 0), 2, 1).astype(np.float32) - 128) * (255 / 224)
        for plane in (u, v)
    )
    rgb = np.dstack(
        [luma + 1.5748 * red, luma - 0.1873 * blue - 0.4681 * red, luma + 1.8556 * blue]
    )
    return np.clip(np.rint(rgb), 0, 255).astype(np.uint8)


def main() -> None:
    """Write every picture."""
    FOLDER.mkdir(exist_ok=True)
    for style in CAPTION_STYLES:
        bgr = cv2.cvtColor(picture(style), cv2.COLOR_RGB2BGR)
        cv2.imwrite(str(FOLDER / f"{style}.png"), bgr, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        print(style, file=sys.stderr)


if __name__ == "__main__":
    main()
