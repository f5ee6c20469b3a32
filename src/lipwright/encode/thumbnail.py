"""A small still of a finished video."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image

from lipwright.encode.partial import written_beside
from lipwright.errors import UnreadableMedia

LONG_SIDE_PX: Final = 640
"""Sharp in a list on a high-density screen, and under 60 kB."""


def write_thumbnail(video: Path, path: Path) -> None:
    """Write the first frame of `video` as a JPEG; transparency becomes white.

    Raises:
        UnreadableMedia: `video` holds no frame that can be decoded.
    """
    image = first_picture(video)
    image.thumbnail((LONG_SIDE_PX, LONG_SIDE_PX), Image.Resampling.LANCZOS)
    paper = Image.new("RGBA", image.size, "white")
    flat = Image.alpha_composite(paper, image).convert("RGB")
    with written_beside(path) as partial:
        flat.save(partial, format="JPEG", quality=85)


def first_picture(video: Path) -> Image.Image:
    """The first frame of a video as an RGBA image.

    Raises:
        UnreadableMedia: It holds no frame that can be decoded.
    """
    try:
        frame = _first_frame(video)
    except (av.FFmpegError, OSError, IndexError, StopIteration) as error:
        raise UnreadableMedia(f"{video.name} holds no picture that can be decoded.") from error
    rgba = frame.reformat(
        format="rgba",
        src_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
    )
    return Image.fromarray(np.asarray(rgba.to_ndarray(), np.uint8))


def _first_frame(video: Path) -> av.VideoFrame:
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        if stream.codec_context.name != "vp9":
            return next(container.decode(stream))
        # FFmpeg's own VP9 decoder leaves out the alpha plane; libvpx gives it.
        decoder = av.CodecContext.create("libvpx-vp9", "r")
        assert isinstance(decoder, VideoCodecContext)  # noqa: S101
        return next(frame for packet in container.demux(stream) for frame in decoder.decode(packet))
