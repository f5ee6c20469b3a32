"""Footage -> an avatar: its quiet part as the plate, its own mouths as the atlas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, islice
from pathlib import Path
from typing import Final, Protocol

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from lipwright.arrays import Box, Frame, Matte
from lipwright.avatar import Avatar, AvatarCard, Plate
from lipwright.errors import ConsentMissing, FaceTooSmall, InvalidRequest
from lipwright.face.atlas import scaled
from lipwright.face.bars import inside_bars
from lipwright.face.bundle import FilmFiles, write_avatar
from lipwright.face.clip import looked_at, plate_of
from lipwright.face.film import clip_fps, clip_frames
from lipwright.face.footage import picture_count, upright_rgb
from lipwright.face.geometry import face_height_px
from lipwright.face.keying import Keyer, screen_behind
from lipwright.face.landmarker import Face, Landmarker
from lipwright.face.loop import Loop, chosen_loop
from lipwright.face.maker import MIN_FACE_HEIGHT_PX
from lipwright.face.matter import Matter
from lipwright.face.reel import Reel
from lipwright.face.resampling import resized
from lipwright.face.steadying import steadied
from lipwright.face.study import Study
from lipwright.face.suitability import suitability
from lipwright.face.track import Track
from lipwright.memory import give_back

_SHORTEST_S: Final = 5.0
"""Less shows too few mouths, and a plate that begins anew all the time."""
_SHORT_BY_S: Final = 0.05
"""A clip of 5 s by its clock is forgiven a picture."""
_RUN_UP: Final = 12
PLATE_SIDES_PX: Final = (1920, 1080)
"""Longest and shortest side of a plate clip: what is rendered is hardly ever larger."""


class WriteClip(Protocol):
    """Encodes pictures of one size as a clip; `encode` does it, which this stage cannot know."""

    def __call__(self, frames: Iterator[Frame], fps: Fraction, path: Path) -> None:
        """Write `path`; the frames are used one after the other."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class FootageMaker:
    """What making an avatar of footage needs besides the footage."""

    landmarker: Landmarker
    matter: Matter
    write_clip: WriteClip
    folder: Path
    """For files that are moved into the bundle, on the same disk as it."""
    notes: Path | None = None
    """A folder in which an interrupted look at the footage is taken up again."""
    progress: Callable[[int, int], None] = lambda done, total: None

    def avatar(
        self,
        footage: Path,
        card: AvatarCard,
        folder: Path,
        near: tuple[float, float] | None = None,
    ) -> None:
        """Make the bundle at `folder`; whole, or not at all.

        Raises:
            ConsentMissing: Nobody allowed it.
            UnreadableMedia: The footage cannot be decoded.
            UnusablePhoto: No face, too small a face, or a mouth that is never in sight.
            InvalidRequest: The footage is too short or too long, or `folder` exists.
        """
        if card.consent is None:
            raise ConsentMissing
        told = _Told(self.progress, picture_count(footage))
        chosen = self._chosen(footage, near, told)
        give_back()  # what was looked at takes as much as all that follows
        plate, size = chosen.plate, _size(chosen.plate)
        backdrop = self._backdrop(chosen.played, size)
        give_back()
        files = self._films(chosen, size, backdrop, told)
        matte = backdrop.still(plate.frame, plate.landmarks)
        frame = _cleaned(plate.frame, matte, backdrop)
        noted = replace(card, notes=card.notes + suitability(plate.frame, _face_of(plate)))
        give_back()
        write_avatar(Avatar(noted, replace(plate, frame=frame, matte=matte)), folder, files)

    def _chosen(self, footage: Path, near: tuple[float, float] | None, told: _Told) -> _Chosen:
        study = looked_at(
            footage, self.landmarker, near=near, notes=self.notes, progress=told.looked
        )
        _check_length(study.track)
        _check_size(study)
        give_back()
        track, loop = study.track, chosen_loop(study, clip_fps(study.track.shown_us))
        told.draws(2 * len(loop.first))
        whole = plate_of(footage, study)
        give_back()
        inside = inside_bars(_some(footage, track, loop))
        plate = replace(_fitting(_cropped(whole, inside)), film=None)
        played = _Played(footage, track.shown_us, loop, inside)
        return _Chosen(plate, played, _looped_track(track, played, _size(plate)))

    def _backdrop(self, reel: _Played, size: tuple[int, int]) -> Matter:
        """What tells the person from what is behind: a screen's own colour, if there is one."""
        screen = screen_behind(list(_looped(reel.part(reel.loop.some(5)), size)))
        return self.matter if screen is None else Keyer(screen, self.matter)

    def _films(
        self, chosen: _Chosen, size: tuple[int, int], backdrop: Matter, told: _Told
    ) -> FilmFiles:
        reel = chosen.played
        picture, matte = self.folder / "plate.mp4", self.folder / "matte.mp4"
        frames = _pictures(_looped(reel, size), backdrop)
        self.write_clip(told.drawn(frames), reel.loop.fps, picture)
        give_back()
        # the period begins as steadily as it ends: its first matte follows on the last ones
        end = reel.loop.end(_RUN_UP)
        frames = chain(*(_looped(reel.part(each), size) for each in (end, reel.loop)))
        mattes = islice(_mattes(frames, backdrop), len(end.first), None)
        self.write_clip(told.drawn(mattes), reel.loop.fps, matte)
        return FilmFiles(picture, matte, chosen.track)


@dataclass(frozen=True, slots=True, eq=False)
class _Played:
    """One period of a clip, without its bars."""

    footage: Path
    shown_us: NDArray[np.int64]
    """``(F,)`` of the whole clip."""
    loop: Loop
    inside: Box

    def part(self, loop: Loop) -> _Played:
        """Other pictures of the same clip."""
        return replace(self, loop=loop)

    def shown(self, decoded: VideoFrame, size: tuple[int, int]) -> Frame:
        """One of its pictures, upright, at (width, height)."""
        lying = decoded.width * decoded.height
        if self.inside.width * self.inside.height == lying and size[0] <= self.inside.width:
            return upright_rgb(decoded, size)  # shrunk at once: all of 4K in RGB takes 25 MB, twice
        return resized(_part(upright_rgb(decoded), self.inside), size)


@dataclass(frozen=True, slots=True, eq=False)
class _Chosen:
    """What is kept of a clip once it was looked at."""

    plate: Plate
    played: _Played
    track: Track
    """Of the period."""


def _some(footage: Path, track: Track, loop: Loop) -> Iterator[Frame]:
    """A few pictures of the period, as filmed."""
    with Reel(footage, track.shown_us) as reel:
        for decoded in reel.play(loop.some(5).first.tolist()):
            yield upright_rgb(decoded)


def _cropped(plate: Plate, inside: Box) -> Plate:
    """The plate without bars; its pictures of the mouth are apart, and stay."""
    corner = np.array([inside.left, inside.top, 0], np.float32)
    frame, matte = _part(plate.frame, inside), np.full((inside.height, inside.width), 255, np.uint8)
    return replace(plate, frame=frame, matte=matte, landmarks=plate.landmarks - corner)


def _part(frame: Frame, box: Box) -> Frame:
    return np.ascontiguousarray(frame[box.rows, box.columns])


def _size(plate: Plate) -> tuple[int, int]:
    return plate.frame.shape[1], plate.frame.shape[0]


def _pictures(frames: Iterator[Frame], backdrop: Matter) -> Iterator[Frame]:
    for frame in frames:
        keyed = isinstance(backdrop, Keyer)
        yield _cleaned(frame, backdrop.matte(frame), backdrop) if keyed else frame


def _face_of(plate: Plate) -> Face:
    return Face(plate.landmarks, 1.0, plate.jaw_open)


def _cleaned(frame: Frame, matte: Matte, backdrop: Matter) -> Frame:
    return backdrop.cleaned(frame, matte) if isinstance(backdrop, Keyer) else frame


def _mattes(frames: Iterator[Frame], backdrop: Matter) -> Iterator[Frame]:
    for matte in steadied(frames, backdrop):
        yield np.repeat(matte[..., None], 3, axis=2)


def _check_length(track: Track) -> None:
    length_s = clip_frames(track.shown_us, fps := clip_fps(track.shown_us)) / float(fps)
    if length_s < _SHORTEST_S - _SHORT_BY_S:
        raise InvalidRequest(
            f"The footage is {length_s:.1f} s long; film {_SHORTEST_S:.0f} seconds or more."
        )


def _check_size(study: Study) -> None:
    height = face_height_px(study.track.landmarks[study.rest])
    if height < MIN_FACE_HEIGHT_PX:
        raise FaceTooSmall(
            f"The face is {height:.0f} px high in the footage; it must be at least "
            f"{MIN_FACE_HEIGHT_PX} px. Film from closer, or in a higher resolution."
        )


def _fitting(plate: Plate) -> Plate:
    """The plate no larger than `PLATE_SIDES_PX`, with even sides."""
    height, width = plate.frame.shape[:2]
    longest, shortest = PLATE_SIDES_PX
    scale = min(1.0, longest / max(height, width), shortest / min(height, width))
    size = (round(width * scale / 2) * 2, round(height * scale / 2) * 2)
    factor = np.array([size[0] / width, size[1] / height, scale], np.float32)
    return replace(
        plate,
        frame=resized(plate.frame, size),
        matte=resized(plate.matte, size),
        landmarks=_resized_points(plate.landmarks, factor),
        mouths=plate.mouths and scaled(plate.mouths, scale),
    )


def _resized_points(
    points: NDArray[np.float32], factor: NDArray[np.float32]
) -> NDArray[np.float32]:
    half = np.array([0.5, 0.5, 0], np.float32)
    return np.asarray((points + half) * factor - half, np.float32)


def _looped(played: _Played, size: tuple[int, int]) -> Iterator[Frame]:
    """The pictures of one period."""
    footage, shown_us, loop = played.footage, played.shown_us, played.loop
    fading = loop.second[np.flatnonzero(loop.share)].tolist()
    # first, and shrunk: two decoders of 4K at a time would take 200 MB more
    with Reel(footage, shown_us) as reel:
        seconds = iter([played.shown(each, size) for each in reel.play(fading)])
    with Reel(footage, shown_us) as reel:
        for decoded, share in zip(reel.play(loop.first.tolist()), loop.share, strict=True):
            frame = played.shown(decoded, size)
            if share > 0:
                mixture = cv2.addWeighted(frame, 1 - float(share), next(seconds), float(share), 0)
                frame = np.asarray(mixture, np.uint8)
            yield frame


def _looped_track(track: Track, played: _Played, size: tuple[int, int]) -> Track:
    loop, inside = played.loop, played.inside
    across = size[0] / inside.width
    factor = np.array([across, size[1] / inside.height, across], np.float32)
    share, marks = loop.share[:, None, None], track.landmarks
    faces = marks[loop.first] * (1 - share) + marks[loop.second] * share
    faces = faces - np.array([inside.left, inside.top, 0], np.float32)
    count = len(loop.first)
    shown_us = np.array([round(1_000_000 * n / loop.fps) for n in range(count)], np.int64)
    cuts = np.arange(count) == 0
    return Track(size[0], size[1], shown_us, _resized_points(faces, factor), cuts)


class _Told:
    """Looking and drawing as one progress."""

    def __init__(self, progress: Callable[[int, int], None], pictures: int) -> None:
        self._progress, self._total = progress, max(1, pictures)
        self._done = 0

    def looked(self, done: int) -> None:
        self._done = done
        # Each second of looking is followed by about as much work on the plate.
        self._progress(done, 2 * max(self._total, done))

    def draws(self, frames: int) -> None:
        self._total = self._done + frames

    def drawn(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in frames:
            yield frame
            self._done += 1
            self._progress(self._done, self._total)
