"""The typefaces of the captions: where they are, what they cover, and who stands in for whom."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import uharfbuzz as hb
from PIL import ImageFont

from lipwright.errors import ModelUnavailable


@dataclass(frozen=True, slots=True)
class Typeface:
    """One face of one installed font file."""

    package: str
    """Import name of the package that carries the file."""
    file: str
    """Path inside the package."""
    weight: int | None = None
    """Weight on the OpenType scale, for a variable font."""
    index: int = 0
    """Which face of a collection."""


@dataclass(frozen=True, slots=True)
class Family:
    """The faces of a font family; what it lacks is drawn from its regular face."""

    regular: Typeface
    bold: Typeface | None = None
    italic: Typeface | None = None
    bold_italic: Typeface | None = None

    def face(self, *, bold: bool, italic: bool) -> tuple[Typeface, bool, bool]:
        """The nearest face, and whether it must be made bolder, and slanted."""
        if bold and italic and self.bold_italic:
            return self.bold_italic, False, False
        if bold and self.bold:
            return self.bold, False, italic
        if italic and self.italic:
            return self.italic, bold, False
        return self.regular, bold, italic


def _packaged(name: str, file: str, weight: int | None = None) -> Typeface:
    return Typeface(f"fontpkg_{name}", f"files/{file}", weight)


def _bundled(file: str) -> Typeface:
    return Typeface("lipwright", f"assets/fonts/{file}.ttf")


FAMILIES: Final = {
    "Comfortaa": Family(
        _packaged("comfortaa", "Comfortaa[wght].ttf", 600),
        _packaged("comfortaa", "Comfortaa[wght].ttf", 700),
    ),
    "Corben": Family(_bundled("Corben-Regular"), _bundled("Corben-Bold")),
    "Dela Gothic One": Family(_bundled("DelaGothicOne-Regular")),
    "Jockey One": Family(_bundled("JockeyOne-Regular")),
    "Lilita One": Family(_packaged("lilita_one", "LilitaOne-Regular.ttf")),
    "Luckiest Guy": Family(_packaged("luckiest_guy", "LuckiestGuy-Regular.ttf")),
    "McLaren": Family(_bundled("McLaren-Regular")),
    "Montserrat": Family(
        _packaged("montserrat", "Montserrat[wght].ttf", 600),
        _packaged("montserrat", "Montserrat[wght].ttf", 800),
        _packaged("montserrat", "Montserrat-Italic[wght].ttf", 600),
        _packaged("montserrat", "Montserrat-Italic[wght].ttf", 800),
    ),
    "Poppins": Family(
        _packaged("poppins", "Poppins-SemiBold.ttf"),
        _packaged("poppins", "Poppins-ExtraBold.ttf"),
        _packaged("poppins", "Poppins-SemiBoldItalic.ttf"),
        _packaged("poppins", "Poppins-ExtraBoldItalic.ttf"),
    ),
    "Quantico": Family(
        _bundled("Quantico-Regular"),
        _bundled("Quantico-Bold"),
        _bundled("Quantico-Italic"),
        _bundled("Quantico-BoldItalic"),
    ),
}
"""Every name of `request.FONT_FAMILIES`.  Regular is semi-bold where there is a choice: over a
picture that moves, a thinner stroke is lost."""

_NOTO: Final = "manimgx_fonts"
# 800 beside display faces, which are all heavy: a lighter stand-in looks like a mistake.
_NOTO_WEIGHT: Final = 800
_SCRIPTS: Final = (
    "Arabic Hebrew Devanagari Thai Bengali Tamil Telugu Gujarati Gurmukhi Kannada Malayalam Oriya "
    "Sinhala Khmer Lao Myanmar Armenian Georgian Ethiopic Symbols"
)
_CJK_FACES: Final = {"ja": 0, "ko": 1, "zh": 2}


@functools.lru_cache(maxsize=4)
def fallbacks(language: str) -> tuple[Typeface, ...]:
    """Stand-ins for what a style's own face lacks, best first.

    Args:
        language: ``ja``, ``ko`` or ``zh``: whose forms the shared Han characters take.
    """
    noto = [Typeface(_NOTO, "NotoSans[wght].ttf", _NOTO_WEIGHT)]
    noto += [
        Typeface(_NOTO, f"NotoSans{name}[wght].ttf", _NOTO_WEIGHT) for name in _SCRIPTS.split()
    ]
    cjk = Typeface(
        "manimgx_fonts_cjk", "NotoSansCJK-VF.otf.ttc", _NOTO_WEIGHT, _CJK_FACES[language]
    )
    return (*noto, cjk, Typeface(_NOTO, "NotoEmoji[wght].ttf", 700))


def han_language(texts: Iterable[str]) -> str:
    """``ja`` where there is kana, ``ko`` where there is hangul, else ``zh``."""
    for char in (char for text in texts for char in text):
        if "\u3040" <= char <= "\u30ff":
            return "ja"
        if "\uac00" <= char <= "\ud7af" or "\u1100" <= char <= "\u11ff":
            return "ko"
    return "zh"


@functools.lru_cache(maxsize=64)
def path_of(typeface: Typeface) -> Path:
    """The face's file; raises `ModelUnavailable` where its package is not installed."""
    spec = find_spec(typeface.package)
    for folder in spec.submodule_search_locations or () if spec else ():
        if (path := Path(folder, typeface.file)).is_file():
            return path
    raise ModelUnavailable(
        f"The caption font {typeface.file} is missing from the package {typeface.package}; "
        "install Lipwright's dependencies again."
    )


@functools.lru_cache(maxsize=64)
def coverage(typeface: Typeface) -> frozenset[int]:
    """The code points that a face has glyphs for."""
    blob = hb.Blob.from_file_path(str(path_of(typeface)))
    return frozenset(hb.Face(blob, typeface.index).unicodes)


@functools.lru_cache(maxsize=48)
def font(typeface: Typeface, size_px: float) -> ImageFont.FreeTypeFont:
    """A face at a size, at its weight, shaped by Raqm (bidi and complex scripts)."""
    made = ImageFont.truetype(
        str(path_of(typeface)),
        max(size_px, 1.0),  # FreeType knows no smaller size
        index=typeface.index,
        layout_engine=ImageFont.Layout.RAQM,
    )
    if typeface.weight is not None:
        made.set_variation_by_axes(_axes(made, typeface.weight))
        # FreeType varies the advances when it loads the first glyph: the first text that is
        # measured still has the default weight's, and so would every segment's first word.
        made.getlength("H")
    return made


def _axes(made: ImageFont.FreeTypeFont, weight: int) -> list[float]:
    """Weight as asked, optical size for display, every other axis at its default."""
    values = []
    for axis in made.get_variation_axes():
        name = axis["name"] or b""
        label = (name.decode() if isinstance(name, bytes) else name).lower()
        low, high, default = axis["minimum"], axis["maximum"], axis["default"]
        wanted = {"weight": weight, "optical size": high}.get(label, default)
        values.append(float(min(max(wanted or 0, low or 0), high or 0)))
    return values


def check_fonts() -> int:
    """Open the regular face of every family; how many.

    Raises:
        ModelUnavailable: One is missing or cannot be read.
    """
    for name, family in FAMILIES.items():
        try:
            font(family.regular, 20)
        except OSError as error:
            raise ModelUnavailable(f"The font {name} cannot be read.") from error
    return len(FAMILIES)
