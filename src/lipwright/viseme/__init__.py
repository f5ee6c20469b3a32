"""Phonemes and loudness become mouth shapes and idle motion, frame by frame."""

from lipwright.viseme.idle import idle_motion
from lipwright.viseme.shapes import mouth_shapes

__all__ = ["idle_motion", "mouth_shapes"]
