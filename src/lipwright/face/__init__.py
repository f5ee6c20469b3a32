"""Photo or bundle -> `Avatar`: find the face, cut out the person, frame both on a canvas."""

from lipwright.face.landmarker import (
    Face,
    FixedLandmarker,
    Landmarker,
    OnnxLandmarker,
    open_landmarker,
)
from lipwright.face.matter import EverythingMatter, Matter, SelfieMatter, open_matter

__all__ = [
    "EverythingMatter",
    "Face",
    "FixedLandmarker",
    "Landmarker",
    "Matter",
    "OnnxLandmarker",
    "SelfieMatter",
    "open_landmarker",
    "open_matter",
]
