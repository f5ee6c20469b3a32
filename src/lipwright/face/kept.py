"""What drawing on a clip needs, as files: the next process need not look at the clip again."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from lipwright.avatar import Atlas, Plate
from lipwright.errors import UnreadableMedia
from lipwright.face.film import ClipFilm
from lipwright.face.track import read_track, write_track
from lipwright.request import SyncMode

_TRACK: Final = "track.npz"
_PLATE: Final = "plate.npz"
_MOUTHS: Final = "mouths.npy"
"""Apart, so that a process maps what it shows into memory and reads no more."""


def write_plate(plate: Plate, folder: Path) -> None:
    """Write the plate of a clip into a folder, without the clip itself.

    Raises:
        ValueError: It is no clip's plate.
    """
    film, mouths = plate.film, plate.mouths
    if not isinstance(film, ClipFilm) or mouths is None:
        raise ValueError("this plate is not of a clip")
    write_track(film.track, folder / _TRACK)
    np.save(folder / _MOUTHS, mouths.pictures)
    np.savez(
        folder / _PLATE,
        frame=plate.frame,
        landmarks=plate.landmarks,
        jaw_open=np.float64(plate.jaw_open),
        trust=film.trust,
        mouths=mouths.landmarks,
        states=mouths.states,
    )


def read_plate(folder: Path, clip: Path, mode: SyncMode) -> Plate:
    """The plate that `write_plate` wrote.

    Args:
        folder: Where it was written.
        clip: The same clip.
        mode: In which order the clip is played.

    Raises:
        UnreadableMedia: A file is missing, damaged or not ours.
    """
    track = read_track(folder / _TRACK)
    try:
        pictures = np.load(folder / _MOUTHS, mmap_mode="r", allow_pickle=False)
        with np.load(folder / _PLATE, allow_pickle=False) as kept:
            film = ClipFilm(clip, track, kept["trust"], mode)
            frame = kept["frame"]
            return Plate(
                frame,
                np.full(frame.shape[:2], 255, np.uint8),
                kept["landmarks"],
                float(kept["jaw_open"]),
                mouths=Atlas(pictures, kept["mouths"], kept["states"]),
                film=film,
            )
    except (OSError, ValueError, KeyError) as error:
        raise UnreadableMedia(f"{folder} does not hold the plate of a clip: {error}.") from error
