"""Draw the reference picture of every caption style and script into tests/captions/golden.

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
SCRIPTS = {
    "arabic": "مرحبا بكم جميعا",
    "hebrew": "שלום לכולם היום",
    "hindi": "नमस्ते सभी मित्रों",
    "thai": "สวัสดี ทุกคน ครับ",
    "chinese": "你好 世界 朋友",
    "japanese": "こんにちは 世界 です",
    "korean": "안녕 하세요 여러분",
    "greek": "Καλημέρα σε όλους",
    "cyrillic": "Добрый день всем",
    "emoji": "❤️ 👩🏽‍🚀 🇫🇷",
}
"""Three words of each."""
SCRIPT_STYLE = "normal-red"


def picture(style: str) -> NDArray[np.uint8]:
    """``(200, 540, 3)`` RGB: the style over light and dark."""
    return _drawn(style, WORDS)


def script_picture(script: str) -> NDArray[np.uint8]:
    """``(200, 540, 3)`` RGB: words of a script in one style."""
    words = SCRIPTS[script].split(" ")
    return _drawn(
        SCRIPT_STYLE, [Timed(48_000 * i, 48_000 * (i + 1), word) for i, word in enumerate(words)]
    )


def _drawn(style: str, words: list[Timed[str]]) -> NDArray[np.uint8]:
    grid = FrameGrid.covering(192_000, fps=Fraction(30))
    track = CaptionTrack(words, Captions(style, 0.0, 0.0), SIZE, grid)
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
    pictures = {style: picture(style) for style in CAPTION_STYLES}
    pictures |= {f"script-{script}": script_picture(script) for script in SCRIPTS}
    for name, rgb in pictures.items():
        bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
        cv2.imwrite(str(FOLDER / f"{name}.png"), bgr, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        print(name, file=sys.stderr)


if __name__ == "__main__":
    main()
