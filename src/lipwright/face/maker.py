"""A photo -> an avatar, if the photo is fit for one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lipwright.avatar import Avatar, AvatarCard, Plate
from lipwright.errors import (
    ConsentMissing,
    FaceTooSmall,
    NoFaceFound,
    SeveralFacesFound,
    UnusablePhoto,
)
from lipwright.face.bundle import load_avatar, write_avatar
from lipwright.face.geometry import face_height_px, roll_degrees, yaw_degrees
from lipwright.face.landmarker import Face, Landmarker, open_landmarker
from lipwright.face.matter import Matter, open_matter
from lipwright.face.photo import decoded
from lipwright.face.suitability import GOOD_FACE_HEIGHT_PX, suitability

PLATE_LONG_SIDE_PX = 2160
"""A 4K portrait canvas; more is never shown."""

MIN_FACE_HEIGHT_PX = 96
"""Below, the mouth has fewer than 30 pixels across and no teeth can be drawn into it."""

MAX_YAW_DEGREES = 35.0
"""Beyond, one corner of the mouth is hidden behind the other."""

_MAX_ROLL_DEGREES = 45.0
_OTHER_FACE = 0.35
"""A second face shorter than this share of the first one's is a passer-by."""

_UNDIVIDED = (
    "The person was not told from what is behind, which stays in the picture; "
    "a plain background in another colour lets it be replaced."
)


def avatar_from_photo(
    photo: Path,
    card: AvatarCard,
    folder: Path,
    *,
    landmarker: Landmarker | None = None,
    matter: Matter | None = None,
    stock: bool = False,
) -> Avatar:
    """Make a bundle of one picture.

    Args:
        photo: JPEG, PNG or WebP of one person, from the front.
        card: Who it is; `notes` are extended by what was measured.
        folder: Where the bundle goes; must not exist.  It appears whole or not at all.
        landmarker: None is `open_landmarker`'s.
        matter: None is `open_matter`'s.
        stock: The picture shows nobody, so no consent is needed.

    Raises:
        ConsentMissing: The card has no consent and the avatar is not `stock`.
        UnreadableMedia: The file is no picture, or a damaged or too large one.
        UnusablePhoto: No face, several faces, a small face, or one turned away.
        InvalidRequest: `folder` exists or cannot be written.
    """
    if card.consent is None and not stock:
        raise ConsentMissing
    picture = decoded(photo, long_side_px=PLATE_LONG_SIDE_PX)
    face = the_face((landmarker or open_landmarker()).faces(picture.frame))
    matte = picture.alpha
    if matte is None:
        matte = (matter or open_matter()).still(picture.frame, face.landmarks)
    plate = Plate(picture.frame, matte, face.landmarks, face.jaw_open)
    notes = card.notes + suitability(picture.frame, face)
    if matte.min() == 255:
        notes = (*notes, _UNDIVIDED)
    noted = replace(card, notes=notes)
    write_avatar(Avatar(noted, plate), folder)
    return load_avatar(folder)


def the_face(faces: tuple[Face, ...]) -> Face:
    """The one face of a picture, if it can speak.

    Raises:
        UnusablePhoto: See `avatar_from_photo`.
    """
    if not faces:
        raise NoFaceFound
    face, *others = faces
    height = face_height_px(face.landmarks)
    rivals = [o for o in others if face_height_px(o.landmarks) >= _OTHER_FACE * height]
    if rivals:
        raise SeveralFacesFound(
            f"{len(rivals) + 1} faces were found in the picture; crop it to one person."
        )
    if height < MIN_FACE_HEIGHT_PX:
        raise FaceTooSmall(
            f"The face is {height:.0f} px high, from forehead to chin; it must be at least "
            f"{MIN_FACE_HEIGHT_PX} px, better {GOOD_FACE_HEIGHT_PX}. "
            "Use a closer or larger picture."
        )
    yaw, roll = yaw_degrees(face.landmarks), roll_degrees(face.landmarks)
    if abs(yaw) > MAX_YAW_DEGREES:
        raise UnusablePhoto(
            f"The head is turned away by {abs(yaw):.0f} degrees; it may be at most "
            f"{MAX_YAW_DEGREES:.0f}. Use a picture taken from the front."
        )
    if abs(roll) > _MAX_ROLL_DEGREES:
        raise UnusablePhoto(
            f"The head is tilted by {abs(roll):.0f} degrees; it may be at most "
            f"{_MAX_ROLL_DEGREES:.0f}. Turn the picture upright."
        )
    return face
