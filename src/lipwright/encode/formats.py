"""What each kind of output file holds, and the streams for it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, cast

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream

from lipwright.errors import EncoderFailed
from lipwright.request import Container, Output
from lipwright.timeline import SAMPLE_RATE

GOP_S: Final = 2
"""A key frame every two seconds: players seek well, and segments can be cut anywhere on it."""

_X264_THREADS: Final = 1
"""The slicing of a picture among threads changes its bits, so the number is fixed; and
segments run side by side, one process a core, so a second thread would only get in the way."""


_HELD_PIXELS: Final = 2560 * 1440
"""x264 looks at 13 pictures together: 660 MB of 4K.  Beyond this size at 3, none of them
coded out of order: 260 MB in all."""


@dataclass(frozen=True, slots=True)
class Format:
    """Names of muxer, codecs and pixel format, as FFmpeg spells them."""

    muxer: str
    video_codec: str
    pixel_format: str
    audio_codec: str
    audio_bit_rate: int
    audio_options: dict[str, str]
    audio_frame_samples: int


FORMATS: Final = {
    # The default coder takes 2.7 times as long; with intensity stereo the noise is 5 dB higher.
    Container.MP4: Format(
        "mp4", "libx264", "yuv420p", "aac", 192_000, {"aac_coder": "fast", "aac_is": "0"}, 1024
    ),
    # Opus is as transparent at 128 kb/s as AAC at 192 (public listening tests of 2014).
    Container.WEBM_ALPHA: Format("webm", "libvpx-vp9", "yuva420p", "libopus", 128_000, {}, 960),
    Container.MOV_ALPHA: Format(
        "mov", "prores_ks", "yuva444p10le", "pcm_s24le", 48_000 * 2 * 24, {}, 1024
    ),
}


def gop_frames(fps: Fraction) -> int:
    """Frames from one key frame to the next."""
    return -int(-GOP_S * fps // 1)


def video_options(output: Output) -> dict[str, str]:
    """Codec options, as FFmpeg spells them."""
    gop = str(gop_frames(output.fps))
    if output.container is Container.MOV_ALPHA:
        # 8 bits of alpha are all that the matte has; editors know the vendor
        return {"profile": "4444", "alpha_bits": "8", "vendor": "apl0"}
    if output.container is Container.WEBM_ALPHA:
        return {
            "deadline": "realtime",
            "cpu-used": "8",
            "row-mt": "1",
            "tile-columns": "1",
            "crf": str(output.crf + 10),  # VP9's scale reaches to 63, x264's to 51
            "b": "0",
            "auto-alt-ref": "0",  # libvpx cannot have hidden frames together with alpha
            "lag-in-frames": "0",
            "g": gop,
        }
    # stitchable: headers do not depend on the picture, so segments can share one header.
    # scenecut off: a talking head has no cuts, and key frames stay where segments need them.
    x264 = "stitchable=1:open-gop=0:scenecut=0"
    width, height = output.size
    if width * height > _HELD_PIXELS:
        x264 += ":rc-lookahead=2:bframes=0"
    return {
        "preset": "veryfast",
        "profile": "high",
        "crf": str(output.crf),
        "g": gop,
        "keyint_min": gop,
        "x264-params": x264,
    }


def muxer_options(output: Output, *, final: bool) -> dict[str, str]:
    """Container options; `final` for the file that is handed over."""
    exact = {"fflags": "+bitexact"}  # no random ids in the file
    if output.container is Container.WEBM_ALPHA:
        return exact
    # The movie clock rounds the length of both tracks; in samples it does not.
    clocks = {
        "video_track_timescale": str(_timescale(output.fps)),
        "movie_timescale": str(SAMPLE_RATE),
    }
    return exact | clocks | ({"movflags": "+faststart"} if final else {})


def _timescale(fps: Fraction) -> int:
    """Ticks per second: a frame is a whole number of ticks of at most 0.1 ms."""
    return fps.numerator * max(1, -(-10_000 // fps.numerator))


def add_video(container: OutputContainer, output: Output) -> VideoStream:
    """An encoder for frames of the output's size, all colour tags set to BT.709 limited."""
    fmt = FORMATS[output.container]
    stream = cast(VideoStream, container.add_stream(fmt.video_codec, rate=output.fps))
    stream.width, stream.height = output.size
    stream.pix_fmt = fmt.pixel_format
    context = stream.codec_context
    context.time_base = 1 / output.fps
    context.thread_count = _X264_THREADS
    context.color_range = ColorRange.MPEG
    context.colorspace = Colorspace.ITU709
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709
    stream.options = {**video_options(output)}
    mark_alpha(stream, output)
    return stream


def mark_alpha(stream: VideoStream, output: Output) -> None:
    """Say that a video has an alpha plane; players ignore the plane otherwise."""
    if output.container is Container.WEBM_ALPHA:
        stream.metadata["alpha_mode"] = "1"
    if output.container is Container.MOV_ALPHA:
        stream.codec_context.codec_tag = "ap4h"  # a copied stream would be called ProRes HQ


def add_audio(container: OutputContainer, output: Output) -> AudioStream:
    """An encoder for stereo at `SAMPLE_RATE`."""
    fmt = FORMATS[output.container]
    stream = cast(AudioStream, container.add_stream(fmt.audio_codec, rate=SAMPLE_RATE))
    stream.codec_context.layout = av.AudioLayout("stereo")
    stream.bit_rate = fmt.audio_bit_rate
    stream.options = {**fmt.audio_options}
    return stream


def check_encoders() -> tuple[str, ...]:
    """Names of the encoders that the outputs need.

    Raises:
        EncoderFailed: One is missing from this build of FFmpeg.
    """
    names = [name for fmt in FORMATS.values() for name in (fmt.video_codec, fmt.audio_codec)]
    for name in names:
        try:
            av.Codec(name, "w")
        except ValueError as error:  # PyAV's UnknownCodecError is one
            raise EncoderFailed(f"FFmpeg has no encoder {name}; install av again.") from error
    return tuple(names)
