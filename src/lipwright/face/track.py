"""Where the face is in every picture of a clip, measured once and kept in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, pairwise
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame, Mask
from lipwright.errors import UnreadableMedia
from lipwright.face.flow import UNKNOWN, motion_of
from lipwright.face.footage import LONGEST_US, Picture, Since, pictures
from lipwright.face.glimpses import Glimpse, Notes, Sight, glimpse_of
from lipwright.face.landmarker import Face, Landmarker
from lipwright.face.resampling import halved, halvings
from lipwright.face.smoothing import smooth

_VERSION: Final = 1
_POINTS: Final = 478
_ANALYSIS_PX: Final = 1920
"""The mesh sees 192 pixels of a face: more than 1080p adds time, not precision."""

_THUMBNAIL: Final = (48, 27)
_CUT_DIFFERENCE: Final = 24.0
"""Mean grey levels between neighbours across a cut; three clips of talking heads stay below 1.2."""

_JUMP: Final = 0.5
"""Of the face's width in one picture: it is another face, or the same after a jump."""
_MOST_FILE_BYTES: Final = 150_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """The main face of a clip, picture by picture."""

    width: int
    """Of the upright picture as filmed, in pixels."""
    height: int
    shown_us: NDArray[np.int64]
    """``(F,)`` when each picture is shown, in microseconds; the first is at 0."""
    landmarks: NDArray[np.float32]
    """``(F, L, 3)`` in pixels as filmed; NaN where no face is in sight."""
    cuts: Mask
    """``(F,)`` whether a scene starts with this picture; the first always does."""

    @property
    def seen(self) -> Mask:
        """``(F,)`` whether a face is in sight."""
        return np.isfinite(self.landmarks[:, 0, 0])


def tracked(
    path: Path,
    landmarker: Landmarker,
    progress: Callable[[int], None] | None = None,
    *,
    near: tuple[float, float] | None = None,
    notes: Notes | None = None,
) -> Track:
    """Follow one face through a clip, anew after each cut, without the jitter.

    Args:
        path: The clip.
        landmarker: Finds the face in a picture.
        progress: Told how many pictures are done after each one; may raise to stop.
        near: (x, y) as shares of width and height: the face that is nearest to it in the first
            picture, and after a cut nearest to where it was; None is the largest.
        notes: Keeps what was seen, and knows what need not be looked at again.

    Raises:
        UnreadableMedia: No video, damaged, cut off, or larger than 4K.
        InvalidRequest: Longer than 5 minutes, or more than 60 frames a second.
    """
    notes = notes if notes is not None else Notes()
    if notes.whole:
        return track_of(notes.glimpses)
    seen = chain(notes.earlier, _looks(path, landmarker, near, notes.earlier))
    for done, glimpse in enumerate(seen, start=1):
        notes.keep(glimpse)
        if progress is not None:
            progress(done)
    notes.end()
    return track_of(notes.glimpses)


def track_of(glimpses: Sequence[Glimpse]) -> Track:
    """The track of all pictures of a clip, smoothed."""
    shown_us = np.array([g.shown_us for g in glimpses], np.int64)
    cuts = np.diff([g.shot for g in glimpses], prepend=-1) > 0
    landmarks = np.stack([g.landmarks for g in glimpses])
    moved = np.stack([g.moved for g in glimpses])
    spacing_us = max(1.0, float(np.median(np.diff(shown_us, append=shown_us[-1] + 40_000))))
    for start, end in _runs(landmarks, cuts):
        smooth(landmarks[start:end], moved[start:end], spacing_us)
    return Track(glimpses[0].width, glimpses[0].height, shown_us, landmarks, cuts)


def write_track(track: Track, path: Path) -> None:
    """Write the track as one file."""
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            version=np.int32(_VERSION),
            size=np.array([track.width, track.height], np.int32),
            shown_us=track.shown_us,
            landmarks=track.landmarks,
            cuts=track.cuts,
        )


def read_track(path: Path) -> Track:
    """Read what `write_track` wrote.

    Raises:
        UnreadableMedia: Missing, damaged, or of another version; track the clip again.
    """
    try:
        if path.stat().st_size > _MOST_FILE_BYTES:
            raise ValueError("far too large")
        with path.open("rb") as file, np.load(file, allow_pickle=False) as packed:
            return _checked(int(packed["version"]), {name: packed[name] for name in packed})
    # A damaged archive makes its reader raise nearly anything.
    except Exception as error:
        raise UnreadableMedia(f"{path.name} is no track of this version; track again.") from error


def _checked(version: int, packed: dict[str, NDArray[np.generic]]) -> Track:
    shown_us = packed["shown_us"].astype(np.int64)
    landmarks = packed["landmarks"].astype(np.float32)
    cuts = packed["cuts"].astype(np.bool_)
    count = len(shown_us)
    fits = landmarks.shape == (count, _POINTS, 3) and cuts.shape == (count,) and count > 0
    if version != _VERSION or not fits or shown_us[-1] > LONGEST_US:
        raise ValueError("does not fit together")
    width, height = packed["size"].tolist()
    return Track(width, height, shown_us, landmarks, cuts)


def _looks(
    path: Path, landmarker: Landmarker, near: tuple[float, float] | None, earlier: Sequence[Glimpse]
) -> Iterator[Glimpse]:
    """Every picture after those that were seen earlier."""
    last = earlier[-1] if earlier else None
    near = _place(near, earlier)
    since = None if last is None else Since(last.shown_us, len(earlier) - 1)
    clip = pictures(path, longer_side_px=_ANALYSIS_PX, since=since)
    for _, shot in groupby(_in_shots(clip, last), lambda sight: sight.shot):
        for glimpse in _followed(shot, landmarker, near, last):
            near = _place(near, [glimpse])
            yield glimpse
        last = None


def _in_shots(clip: Iterable[Picture], known: Glimpse | None) -> Iterator[Sight]:
    """Each picture with the number of its shot; the first is known, or starts shot 0."""
    last: NDArray[np.float32] | None = None
    shot = known.shot if known is not None else 0
    for picture in clip:
        small = _thumbnail(picture.frame)
        if last is not None and float(np.abs(small - last).mean()) > _CUT_DIFFERENCE:
            shot += 1
        last = small
        yield Sight(picture, shot, np.asarray(small, np.uint8))


def _followed(
    shot: Iterable[Sight],
    landmarker: Landmarker,
    near: tuple[float, float] | None,
    known: Glimpse | None,
) -> Iterator[Glimpse]:
    """What is seen in each picture of a shot, but for the first where that is known already."""
    coming = iter(shot)
    last: Face | None = None
    before: Frame | None = None
    first = next(coming, None)
    if known is not None and first is not None:
        before = first.picture.frame
        last = known.as_face(first.picture) if known.is_face else None
        first = next(coming, None)
    if first is None:
        return
    height, width = first.picture.frame.shape[:2]
    point = (near[0] * width, near[1] * height) if near is not None else None
    seen: list[Sight] = []
    frames = (seen.append(s) or s.picture.frame for s in chain(iter([first]), coming))  # type: ignore[func-returns-value]
    for face in landmarker.track(frames, near=point, after=last):
        sight = seen.pop()
        moved = UNKNOWN
        if before is not None and last is not None and face is not None:
            moved = motion_of(before, last.landmarks, sight.picture.frame)
        yield glimpse_of(face, sight, moved)
        before, last = sight.picture.frame, face


def _place(near: tuple[float, float] | None, seen: Sequence[Glimpse]) -> tuple[float, float] | None:
    """Where the face that was picked is now; None if none was picked."""
    faces = (glimpse for glimpse in reversed(seen) if glimpse.is_face)
    last = next(faces, None) if near is not None else None
    return near if last is None else _place_of(last)


def _place_of(glimpse: Glimpse) -> tuple[float, float]:
    x, y = glimpse.landmarks[:, :2].mean(axis=0)
    return float(x / glimpse.width), float(y / glimpse.height)


def _thumbnail(frame: Frame) -> NDArray[np.float32]:
    factor = max(1.0, min(frame.shape[1] / _THUMBNAIL[0], frame.shape[0] / _THUMBNAIL[1]))
    few = halved(frame, halvings(factor))
    small = cv2.resize(few, _THUMBNAIL, interpolation=cv2.INTER_AREA)
    return np.asarray(small.mean(axis=2), np.float32)


def _runs(landmarks: NDArray[np.float32], cuts: Mask) -> Iterator[tuple[int, int]]:
    """Spans through which one face moves without a break."""
    seen = np.isfinite(landmarks[:, 0, 0])
    width = np.ptp(landmarks[:, :, 0], axis=1)
    moved = np.linalg.norm(np.diff(landmarks[:, 1, :2], axis=0), axis=1)
    # A comparison with NaN is false: a face that comes or goes is a break as well.
    breaks = cuts.copy()
    breaks[1:] |= ~(moved < _JUMP * width[1:])
    edges = [*np.flatnonzero(breaks).tolist(), len(seen)]
    for start, end in pairwise(edges):
        if seen[start]:
            yield start, end
