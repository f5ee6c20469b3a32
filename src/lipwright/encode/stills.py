"""Stills: a picture as a file, and the small one that stands for a video."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image

from lipwright.arrays import Frame
from lipwright.encode.partial import written_beside
from lipwright.errors import UnreadableMedia

_THUMBNAIL_PX: Final = 640
"""Sharp in a list on a high-density screen, and under 60 kB."""

_QUALITY: Final = 85
"""Above this a JPEG of a face grows without looking better."""


def write_thumbnail(video: Path, path: Path) -> None:
    """Write the first frame of `video`, small, as a JPEG; transparency becomes white.

    Raises:
        UnreadableMedia: `video` holds no frame that can be decoded.
    """
    image = _first_picture(video)
    image.thumbnail((_THUMBNAIL_PX, _THUMBNAIL_PX), Image.Resampling.LANCZOS)
    paper = Image.new("RGBA", image.size, "white")
    write_picture(np.asarray(Image.alpha_composite(paper, image).convert("RGB")), path)


def write_picture(frame: Frame, path: Path) -> None:
    """Write a picture as a JPEG of its full size; `path` appears when it is whole."""
    with written_beside(path) as partial:
        Image.fromarray(frame).save(partial, format="JPEG", quality=_QUALITY)


def _first_picture(video: Path) -> Image.Image:
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
