"""Measure a finished video: is it what was meant, in time, and loud enough."""

from lipwright.quality.lips import Landmarker, TrackedFace
from lipwright.quality.measure import measure
from lipwright.quality.report import Report, check
from lipwright.quality.steadiness import sharpness
from lipwright.quality.watching import glances

__all__ = ["Landmarker", "Report", "TrackedFace", "check", "glances", "measure", "sharpness"]
