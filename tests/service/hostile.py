"""Files that are small and want to be huge, and others that lie about what they are."""

from __future__ import annotations

import io
import struct
import zlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream
from PIL import Image

SIDE_PX = 60_000
"""Squared and in three colours: 10.8 GB."""


def _chunk(kind: bytes, data: bytes) -> bytes:
    checked = kind + data
    return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))


def png_bomb() -> bytes:
    """A header that promises too many pixels, and a few that are there."""
    header = struct.pack(">IIBBBBB", SIDE_PX, SIDE_PX, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    parts = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def webp_bomb() -> bytes:
    """The same in an extended WebP."""
    small = io.BytesIO()
    Image.new("RGB", (16, 16)).save(small, "WEBP", lossless=True)
    side = (SIDE_PX - 1).to_bytes(3, "little")
    extended = b"VP8X" + struct.pack("<I", 10) + bytes(4) + side + side
    body = b"WEBP" + extended + small.getvalue()[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif_bomb() -> bytes:
    """The same as the screen of a GIF."""
    small = io.BytesIO()
    Image.new("P", (16, 16)).save(small, "GIF")
    raw = bytearray(small.getvalue())
    raw[6:10] = struct.pack("<HH", SIDE_PX, SIDE_PX)
    return bytes(raw)


def _resized(raw: bytes) -> bytes:
    """Every JPEG in these bytes, with another size in its header."""
    changed, at = bytearray(raw), 0
    while (at := changed.find(b"\xff\xc0", at + 1)) > 0:
        changed[at + 5 : at + 9] = struct.pack(">HH", SIDE_PX, SIDE_PX)
    return bytes(changed)


def jpeg_bomb() -> bytes:
    """The same in the frame header of a JPEG."""
    small = io.BytesIO()
    Image.new("RGB", (64, 64)).save(small, "JPEG")
    return _resized(small.getvalue())


def clip(codec: str, *, end_s: int | None = None) -> bytes:
    """Three small pictures; the last one at `end_s`, if that is given."""
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as container:
        stream = container.add_stream(codec, rate=25)
        assert isinstance(stream, VideoStream)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        packets = []
        for index in range(3):
            shade = np.full((64, 64, 3), 80 * index, np.uint8)
            frame = av.VideoFrame.from_ndarray(shade, "rgb24")
            frame.pts, frame.time_base = index, Fraction(1, 25)
            packets += stream.encode(frame)
        packets += stream.encode(None)
        if end_s is not None:
            packets[-1].pts = packets[-1].dts = 25 * end_s
        container.mux(packets)
    return out.getvalue()


def clip_of_bombs() -> bytes:
    """A clip whose pictures promise too many pixels."""
    return _resized(clip("mjpeg"))


def silence(minutes: int) -> bytes:
    """So much of nothing, in a few hundred kilobytes."""
    out = io.BytesIO()
    with av.open(out, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=8000)
        stream.layout = "mono"
        resampler = av.AudioResampler("s16", "mono", 8000, frame_size=4608)
        nothing = np.zeros((1, 8000 * 60), np.int16)
        for minute in range(minutes):
            frame = av.AudioFrame.from_ndarray(nothing, "s16", "mono")
            frame.sample_rate, frame.pts = 8000, minute * 480_000
            for piece in resampler.resample(frame):
                container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return out.getvalue()


PLAYLIST = b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
SVG = (
    b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    b'<image href="file:///etc/passwd"/><text>&x;</text><script>alert(1)</script></svg>'
)


def photo_with_place(portrait: Path, orientation: int = 6) -> bytes:
    """A portrait that lies on its side, as a phone writes it: with where and with what."""
    with Image.open(portrait) as picture:
        upright = picture.convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRETPHONE"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 29.5), 3: "E", 4: (2.0, 17.0, 40.2)})
    out = io.BytesIO()
    lying = upright.transpose(Image.Transpose.ROTATE_90)
    lying.save(out, "JPEG", quality=95, exif=exif, comment=b"SECRETNOTE")
    return out.getvalue()
