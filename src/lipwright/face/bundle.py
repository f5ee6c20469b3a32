"""The avatar's folder: written whole or not at all, read with every doubt checked."""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import numpy as np
from PIL import Image

from lipwright.arrays import RIG, Landmarks, Matte
from lipwright.avatar import (
    AgeRange,
    Atlas,
    Avatar,
    AvatarCard,
    Consent,
    Gender,
    Location,
    Plate,
    Style,
)
from lipwright.errors import InvalidAvatar, InvalidRequest, UnreadableMedia
from lipwright.face.atlas import read_atlas, write_atlas
from lipwright.face.photo import MAX_PIXELS, of_bundle
from lipwright.face.plate_film import PlateFilm
from lipwright.face.track import Track, read_track, write_track

CARD_FILE, FACE_FILE = "avatar.json", "face.json"
PLATE_FILE, MATTE_FILE = "plate.png", "matte.png"
SMALL_PLATE_FILE = "plate.webp"
"""Stands for `PLATE_FILE` in bundles that must be small, as those that ship."""

PLATE_FILM, MATTE_FILM, TRACK_FILE = "plate.mp4", "matte.mp4", "track.npz"
"""The moving plate of an avatar from footage, who is in front in it, and where the face is."""

MOUTHS, EYES = "mouths", "eyes"
"""Names of the two atlases, each a sheet and a table, which a bundle may have."""

_LANDMARK_COUNT = 478
_EYE_STATES = 3
_MAX_JSON_BYTES = 1_000_000

_COMPRESSION = 2
"""A third of the time of zlib's default for a sixth more bytes, on a 2160-pixel portrait."""


@dataclass(frozen=True, slots=True, eq=False)
class FilmFiles:
    """A moving plate that was just encoded."""

    plate: Path
    matte: Path
    track: Track


def write_avatar(avatar: Avatar, folder: Path, film: FilmFiles | None = None) -> None:
    """Write the bundle at `folder`, which must not exist yet.

    Args:
        avatar: What is written.
        folder: Where it goes; whole, or not at all.
        film: The clips of a plate that moves, which are moved into the bundle.

    Raises:
        InvalidRequest: Something is at `folder` already, or nothing can be written there.
    """
    if folder.exists():
        raise InvalidRequest(f"{folder} exists already; choose a new folder for the avatar.")
    try:
        with _beside(folder) as partial:
            _write_into(partial, avatar)
            if film is not None:
                _move_film(film, partial)
    except OSError as error:
        raise InvalidRequest(
            f"The avatar cannot be written at {folder}: {error.strerror}."
        ) from error


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A folder that becomes `folder` when all went well, and is gone when not."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        partial.chmod(0o755)
        yield partial
        os.rename(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _write_into(folder: Path, avatar: Avatar) -> None:
    plate = avatar.plate
    for image, name in ((plate.frame, PLATE_FILE), (plate.matte, MATTE_FILE)):
        Image.fromarray(image).save(folder / name, compress_level=_COMPRESSION)
    for atlas, name in ((plate.mouths, MOUTHS), (plate.eyes, EYES)):
        if atlas is not None:
            write_atlas(atlas, folder, name)
    face = {
        "landmarks": [[round(float(x), 3) for x in point] for point in plate.landmarks],
        "jaw_open": round(plate.jaw_open, 4),
    }
    (folder / FACE_FILE).write_text(json.dumps(face), encoding="utf-8")
    card = json.dumps({"format": 1, **asdict(avatar.card)}, indent=2, ensure_ascii=False)
    (folder / CARD_FILE).write_text(card + "\n", encoding="utf-8")


def _move_film(film: FilmFiles, folder: Path) -> None:
    shutil.move(film.plate, folder / PLATE_FILM)
    shutil.move(film.matte, folder / MATTE_FILM)
    write_track(film.track, folder / TRACK_FILE)


def _film(folder: Path) -> PlateFilm | None:
    """The moving plate; None if the avatar is a still.

    Raises:
        InvalidAvatar: Its track is missing or damaged.
    """
    path, matte = folder / PLATE_FILM, folder / MATTE_FILM
    if not is_filmed(folder):
        return None
    try:
        track = read_track(folder / TRACK_FILE)
    except UnreadableMedia as error:
        raise InvalidAvatar(f"{TRACK_FILE} is missing or damaged.") from error
    if not track.seen.all():
        raise InvalidAvatar(f"{TRACK_FILE} must have a face in every picture.")
    return PlateFilm(path, track, matte if matte.exists() else None)


def load_avatar(folder: Path) -> Avatar:
    """Read a bundle.

    Raises:
        InvalidAvatar: A file is missing or damaged, or a value is not what it should be.
    """
    if not folder.is_dir():
        raise InvalidAvatar(f"There is no avatar at {folder}; it is a folder with {CARD_FILE}.")
    card = load_card(folder)
    return Avatar(card, _plate(folder))


def is_filmed(folder: Path) -> bool:
    """Whether the avatar's plate moves; asks for no picture."""
    return (folder / PLATE_FILM).exists()


def load_card(folder: Path) -> AvatarCard:
    """Read only what is known of the avatar, without its pictures.

    Raises:
        InvalidAvatar: As `load_avatar`.
    """
    return _card(_json(folder, CARD_FILE))


def _json(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    try:
        if path.stat().st_size > _MAX_JSON_BYTES:
            raise InvalidAvatar(f"{name} is far too large.")
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidAvatar(f"The avatar at {folder} has no readable {name}.") from error
    except (ValueError, RecursionError) as error:
        raise InvalidAvatar(f"{name} is not JSON.") from error
    if not isinstance(value, dict):
        raise InvalidAvatar(f"{name} must hold one JSON object.")
    return value


def _card(values: dict[str, Any]) -> AvatarCard:
    if values.get("format") != 1:
        raise InvalidAvatar(f"{CARD_FILE} must have format 1; it has {values.get('format')!r}.")
    return AvatarCard(
        id=_uuid(values),
        name=_text(values, "name"),
        gender=_one_of(values, "gender", Gender),
        default_voice=_text(values, "default_voice"),
        licence=_text(values, "licence"),
        consent=_consent(values.get("consent")),
        age_range=_one_of(values, "age_range", AgeRange, optional=True),
        style=_one_of(values, "style", Style, optional=True),
        location=_one_of(values, "location", Location, optional=True),
        notes=_notes(values.get("notes", [])),
    )


def _uuid(values: dict[str, Any]) -> str:
    text = _text(values, "id")
    try:
        return str(UUID(text))
    except ValueError as error:
        raise InvalidAvatar(f"{CARD_FILE}: id must be a UUID; it is {text!r}.") from error


def _text(values: dict[str, Any], key: str) -> str:
    value = values.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InvalidAvatar(f"{CARD_FILE}: {key} must be a text; it is {value!r}.")
    return value


def _one_of(values: dict[str, Any], key: str, choices: object, *, optional: bool = False) -> Any:  # noqa: ANN401
    value = values.get(key)
    if not (value is None and optional) and value not in get_args(choices):
        allowed = ", ".join(get_args(choices))
        raise InvalidAvatar(f"{CARD_FILE}: {key} must be one of {allowed}; it is {value!r}.")
    return value


def _consent(value: object) -> Consent | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise InvalidAvatar(f"{CARD_FILE}: consent must be an object or null.")
    return Consent(*(_text(value, key) for key in ("statement", "given_by", "recorded_at")))


def _notes(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(note, str) for note in value):
        raise InvalidAvatar(f"{CARD_FILE}: notes must be a list of texts.")
    return tuple(value)


def _plate(folder: Path) -> Plate:
    face = _json(folder, FACE_FILE)
    small = folder / SMALL_PLATE_FILE
    picture = small if small.exists() else folder / PLATE_FILE
    try:
        frame = of_bundle(picture)
    except UnreadableMedia as error:
        raise InvalidAvatar(f"{picture.name}: {error}") from error
    matte = _matte(folder / MATTE_FILE)
    if matte.shape != frame.shape[:2]:
        raise InvalidAvatar(f"{MATTE_FILE} must have the size of {picture.name}.")
    landmarks = _landmarks(face.get("landmarks"), frame.shape[:2])
    jaw_open = _share(face.get("jaw_open"))
    mouths, eyes = _atlas(folder, MOUTHS, len(RIG)), _atlas(folder, EYES, _EYE_STATES)
    return Plate(frame, matte, landmarks, jaw_open, mouths, eyes, _film(folder))


def _atlas(folder: Path, name: str, columns: int) -> Atlas | None:
    atlas = read_atlas(folder, name)
    if atlas is None:
        return None
    points = atlas.landmarks.shape[1:]
    if name == MOUTHS and atlas.states.shape[1] == columns - 1:
        # Written before the rig had its last column: there no tongue is out.
        still = np.zeros((len(atlas.states), 1), np.float32)
        atlas = replace(atlas, states=np.hstack([atlas.states, still]))
    if atlas.states.shape[1] != columns or points not in ((_LANDMARK_COUNT, n) for n in (2, 3)):
        raise InvalidAvatar(f"{name}.npz must have {columns} states and 478 landmarks a picture.")
    return atlas


def _share(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    raise InvalidAvatar(f"{FACE_FILE}: jaw_open must be from 0 to 1; it is {value!r}.")


def _matte(path: Path) -> Matte:
    try:
        with Image.open(path, formats=("PNG",)) as image:
            if image.mode != "L" or image.width * image.height > MAX_PIXELS:
                raise InvalidAvatar(f"{MATTE_FILE} must be an 8-bit grey PNG.")
            return np.array(image)
    except InvalidAvatar:
        raise
    # As in `photo`: a damaged file makes the decoder raise nearly anything.
    except Exception as error:
        raise InvalidAvatar(f"{MATTE_FILE} is missing or damaged.") from error


def _landmarks(value: object, shape: tuple[int, ...]) -> Landmarks:
    try:
        points = np.array(value, np.float32)
    except (TypeError, ValueError) as error:
        raise InvalidAvatar(f"{FACE_FILE}: landmarks must be numbers.") from error
    if points.shape != (_LANDMARK_COUNT, 3) or not np.isfinite(points).all():
        raise InvalidAvatar(f"{FACE_FILE}: landmarks must be 478 points of three numbers.")
    centre = points[:, :2].mean(axis=0)
    if not (0 <= centre[0] < shape[1] and 0 <= centre[1] < shape[0]):
        raise InvalidAvatar(f"{FACE_FILE}: the landmarks lie outside the picture.")
    if math.isclose(float(np.ptp(points[:, 0])), 0):
        raise InvalidAvatar(f"{FACE_FILE}: the landmarks are all in one place.")
    return points
