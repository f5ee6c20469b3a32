"""Photo or bundle -> `Avatar`: find the face, cut out the person, frame both on a canvas."""

from lipwright.face.bundle import load_avatar, load_card, write_avatar
from lipwright.face.framing import framed
from lipwright.face.landmarker import (
    Face,
    FixedLandmarker,
    Landmarker,
    OnnxLandmarker,
    open_landmarker,
)
from lipwright.face.maker import avatar_from_photo
from lipwright.face.matter import EverythingMatter, Matter, SelfieMatter, open_matter

__all__ = [
    "EverythingMatter",
    "Face",
    "FixedLandmarker",
    "Landmarker",
    "Matter",
    "OnnxLandmarker",
    "SelfieMatter",
    "avatar_from_photo",
    "framed",
    "load_avatar",
    "load_card",
    "open_landmarker",
    "open_matter",
    "write_avatar",
]
