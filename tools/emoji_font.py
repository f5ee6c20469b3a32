"""Make the bundled colour emoji font: Noto Color Emoji without its SVG copy of every picture.

    npm pack @expo-google-fonts/noto-color-emoji@0.4.6 && tar xzf expo-google-fonts-*.tgz
    pip install fonttools
    python tools/emoji_font.py package/400Regular/NotoColorEmoji_400Regular.ttf

The COLRv1 tables stay as they are.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from fontTools.ttLib import TTFont

TARGET = Path(__file__).parents[1] / "src/lipwright/assets/fonts/NotoColorEmoji-COLRv1.ttf"


def main(source: str) -> None:
    """Write the font and print its hash, for `emoji.py` and the notice."""
    font = TTFont(source, recalcTimestamp=False)
    del font["SVG "]
    font.save(TARGET)
    print(hashlib.sha256(TARGET.read_bytes()).hexdigest())


if __name__ == "__main__":
    main(sys.argv[1])
