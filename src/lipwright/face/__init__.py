"""Photo or bundle -> `Avatar`: find the face, cut out the person, frame both on a canvas."""

from lipwright.face.bundle import is_filmed, load_avatar, load_card, write_avatar
from lipwright.face.clip import fingerprint, looked_at, plate_of
from lipwright.face.film import ClipFilm, clip_fps, frames_of
from lipwright.face.footage import picture_count
from lipwright.face.footage_maker import FootageMaker
from lipwright.face.framing import framed
from lipwright.face.geometry import eye_distance_px
from lipwright.face.kept import read_plate, write_plate
from lipwright.face.landmarker import (
    Face,
    FixedLandmarker,
    Landmarker,
    OnnxLandmarker,
    looking_at,
    open_landmarker,
)
from lipwright.face.maker import avatar_from_photo
from lipwright.face.matter import EverythingMatter, Matter, SelfieMatter, open_matter

__all__ = [
    "ClipFilm",
    "EverythingMatter",
    "Face",
    "FixedLandmarker",
    "FootageMaker",
    "Landmarker",
    "Matter",
    "OnnxLandmarker",
    "SelfieMatter",
    "avatar_from_photo",
    "clip_fps",
    "eye_distance_px",
    "fingerprint",
    "framed",
    "frames_of",
    "is_filmed",
    "load_avatar",
    "load_card",
    "looked_at",
    "looking_at",
    "open_landmarker",
    "open_matter",
    "picture_count",
    "plate_of",
    "read_plate",
    "write_avatar",
    "write_plate",
]
