"""Whether the installed FFmpeg libraries hold the encoders that the outputs need."""

from __future__ import annotations

import av
from av.codec.codec import UnknownCodecError

from lipwright.encode.formats import FORMATS
from lipwright.errors import EncoderFailed


def check_encoders() -> tuple[str, ...]:
    """Names of the encoders that every output needs.

    Raises:
        EncoderFailed: One of them is missing.
    """
    names = tuple(name for fmt in FORMATS.values() for name in (fmt.video_codec, fmt.audio_codec))
    for name in names:
        try:
            av.Codec(name, "w")
        except UnknownCodecError as error:
            raise EncoderFailed(f"The encoder {name} is missing; install PyAV's wheel.") from error
    return names
