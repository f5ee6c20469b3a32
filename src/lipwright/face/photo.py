"""A stranger's picture file -> pixels.  Everything that parses the file is in `decoded`."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageCms, ImageOps
from PIL import WebPImagePlugin as WebPImagePlugin  # or Pillow would look through all it can open

from lipwright.arrays import Frame, Matte
from lipwright.errors import UnreadableMedia

FORMATS: Final = ("JPEG", "PNG", "WEBP")
MAX_PIXELS: Final = 50_000_000
"""150 MB as RGB: what a 50 megapixel camera writes, and what a render may hold in memory."""

MAX_BYTES: Final = 40_000_000
"""A 50 megapixel JPEG at top quality."""

_ALLOWED = "use a JPEG, PNG or WebP of at most 50 megapixels and 40 MB"


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A decoded picture, upright and in sRGB."""

    frame: Frame
    alpha: Matte | None
    """The file's own alpha, where it has one that hides something."""


def decoded(path: Path, *, long_side_px: int | None = None) -> Photo:
    """Read a picture from an untrusted file.

    Stateless and self-contained, so that a service can run it in a limited child process.

    Args:
        path: The file.
        long_side_px: Shrink to at most this.

    Raises:
        UnreadableMedia: It is no JPEG, PNG or WebP, is damaged, or is too large.
    """
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise UnreadableMedia(f"The picture cannot be read: {error.strerror}.") from error
    if size > MAX_BYTES:
        raise UnreadableMedia(f"The picture file has {size / 1e6:.0f} MB; {_ALLOWED}.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's remarks on odd metadata are nobody's concern
        return _decoded(content, long_side_px)


def of_bundle(path: Path) -> Frame:
    """The pixels of an opaque picture that a bundle keeps, as `decoded` gives them.

    Raises:
        UnreadableMedia: As `decoded`.
    """
    try:
        content = path.read_bytes() if path.stat().st_size <= MAX_BYTES else b""
    except OSError:
        content = b""
    frame = _plain_webp(content)
    return decoded(path).frame if frame is None else frame


def _plain_webp(content: bytes) -> Frame | None:
    """A lossy WebP that has no transparency, profile or turn; None of anything else.

    OpenCV decodes it straight into the picture: Pillow, by way of its animations, takes three times
    as long for the same pixels.
    """
    if content[:4] != b"RIFF" or content[8:16] != b"WEBPVP8 ":
        return None
    width, height = (int.from_bytes(content[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    if width * height > MAX_PIXELS:
        return None
    try:
        found = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR_RGB)
    except cv2.error:
        return None
    return None if found is None else np.asarray(found, np.uint8)


def _decoded(content: bytes, long_side_px: int | None) -> Photo:
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UnreadableMedia(
                    f"The picture has {image.width} x {image.height} pixels; {_ALLOWED}."
                )
            return _photo(image, long_side_px)
    except UnreadableMedia:
        raise
    except Image.DecompressionBombError as error:
        raise UnreadableMedia(f"The picture has far too many pixels; {_ALLOWED}.") from error
    # Decoders fed with hostile bytes raise nearly anything: SyntaxError, struct.error, ...
    except Exception as error:
        raise UnreadableMedia(f"The file is no picture, or is damaged; {_ALLOWED}.") from error


def _photo(image: Image.Image, long_side_px: int | None) -> Photo:
    image.load()
    profile = image.info.get("icc_profile")
    ImageOps.exif_transpose(image, in_place=True)
    upright = image
    if upright.mode.startswith("I"):  # 16 bits a pixel, which Pillow would clip, not scale
        wide = np.clip(np.asarray(upright), 0, 65_535)
        upright = Image.fromarray((wide >> 8).astype(np.uint8))
    if long_side_px is not None:
        upright = upright.convert(_plain_mode(upright))
        upright.thumbnail((long_side_px, long_side_px), Image.Resampling.LANCZOS)
    if not upright.has_transparency_data:
        return Photo(_shown(upright.convert("RGB"), upright.mode, profile), None)
    rgba = upright.convert("RGBA")
    alpha = np.asarray(rgba.getchannel("A"))
    # White, as every viewer shows a picture with transparent parts.
    flat = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    hides = bool((alpha < 128).mean() > 0.02)
    return Photo(_shown(flat, upright.mode, profile), alpha.copy() if hides else None)


def _shown(image: Image.Image, mode: str, profile: bytes | None) -> Frame:
    """The pixels of an opaque picture, in sRGB, of a file of this mode."""
    return np.array(_in_srgb(image, profile) if mode.startswith("RGB") else image)


def _plain_mode(image: Image.Image) -> str:
    """A mode that can be resampled and keeps what is there."""
    return "RGBA" if image.has_transparency_data else "RGB"


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Phones write Display P3; shown as sRGB without conversion, skin turns pale."""
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a damaged profile is no reason to refuse the picture
