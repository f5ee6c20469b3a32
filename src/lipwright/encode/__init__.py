"""Encode: frames and samples become a video file, written beside and renamed."""

from lipwright.encode.joining import join, segments
from lipwright.encode.writer import write_video

__all__ = ["join", "segments", "write_video"]
