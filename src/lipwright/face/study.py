"""What a clip offers: where the mouth can be trusted, the picture most at rest, its best mouths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import scipy
from numpy.typing import NDArray

from lipwright.arrays import Mask
from lipwright.errors import NoFaceFound, UnusablePhoto
from lipwright.face.geometry import CHIN, LEFT_EYE_OUTER, RIGHT_EYE_OUTER
from lipwright.face.glimpses import Glimpse
from lipwright.face.track import Track
from lipwright.headpose import poses_from

Floats = NDArray[np.float64]

LIPS: Final = (
    *(61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 146, 91, 181, 84, 17, 314, 405, 321, 375),
    *(78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 95, 88, 178, 87, 14, 317, 402, 318, 324),
)
_CORNERS, _INSIDE = (61, 291), (13, 14)

_MOST_TURNED: Final = (0.75, 0.95)
"""Radians of yaw or pitch from the clip's usual pose between which trust fades: the far corner
of the mouth is hidden behind the near one."""
_SMALLEST_PX: Final = (16.0, 22.0)
"""Eye distances between which trust fades: nobody sees what a smaller mouth does."""
_COMPARED: Final = 200
_STRANGE: Final = 3.0
"""Times the clip's usual distance from its nearest tenth; speaking and turning stay below 2."""
_STRANGE_LEAST: Final = 9.0
"""Grey levels, so that noise in a still clip is not strange."""
_HIDDEN_AROUND_S: Final = 0.13
"""A hand blurs before it is noticed: trust is gone this long before and after."""
_FADE_S: Final = 0.20
_LEAST_FACES: Final = 5

MOUTHS: Final = 48
"""Pictures of the mouth: beyond, each further one is nearly one of the others."""
_CANDIDATES: Final = 1500
_POSE_WEIGHT: Final = 0.35
"""A turn of 1 radian counts as much as lips this far apart, of the eye distance."""
_BLURRED: Final = 0.72
"""Pictures with less than this share of the clip's usual sharpness are smeared by motion."""


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """A clip that was looked at from beginning to end."""

    track: Track
    trust: NDArray[np.float32]
    """``(F,)``: 1 the mouth is in full sight .. 0 hidden, turned away or without a face."""
    rest: int
    """The picture with the mouth most at rest, looking as the clip usually does."""
    mouths: tuple[int, ...]
    """Pictures whose mouths differ from each other and are sharp, in the order of the clip."""
    smalls: NDArray[np.uint8]
    """``(F, 27, 48)``: every picture, small and grey."""


def studied(track: Track, glimpses: Sequence[Glimpse]) -> Study:
    """Choose from what was seen.

    Raises:
        NoFaceFound: Hardly a picture shows a face.
        UnusablePhoto: The mouth is never in sight.
    """
    seen = np.flatnonzero(track.seen)
    if len(seen) < _LEAST_FACES:
        raise NoFaceFound("No face was found in the footage; film one person from the front.")
    shape = _shapes(track, seen)
    trust = _trust(track, glimpses, seen, shape)
    usable = np.flatnonzero(trust[seen] > 0.9)
    if not len(usable):
        raise UnusablePhoto("The mouth is turned away or hidden all the time; film from the front.")
    sharp = np.array([g.sharpness for g in glimpses])[seen]
    rest = int(usable[_restlessness(shape, sharp, usable)[usable].argmin()])
    mouths = _different(shape, sharp, usable, rest)
    smalls = np.stack([g.small for g in glimpses])
    return Study(track, trust, int(seen[rest]), tuple(int(seen[k]) for k in mouths), smalls)


@dataclass(frozen=True, slots=True, eq=False)
class _Shapes:
    """Faces as if they looked straight, and how they turned; rows are the pictures with a face."""

    lips: Floats
    """``(S, 40, 3)`` of the eye distance."""
    chin: Floats
    """``(S,)`` how far below the nose."""
    angles: Floats
    """``(S, 3)`` radians from the usual pose."""
    unit_px: Floats
    """``(S,)`` eye distance."""


def _shapes(track: Track, seen: NDArray[np.intp]) -> _Shapes:
    faces = track.landmarks[seen]
    across = np.linalg.norm(faces[:, RIGHT_EYE_OUTER] - faces[:, LEFT_EYE_OUTER], axis=-1)
    first = faces[len(faces) // 2].astype(np.float64)
    first = (first - first.mean(0)) / across[len(faces) // 2]
    poses = poses_from(first, faces)
    angles = np.stack([pose.angles for pose in poses])
    straight = np.stack(
        [
            pose.undone(face[[*LIPS, CHIN, 1]].astype(np.float64))
            for pose, face in zip(poses, faces, strict=True)
        ]
    )
    chin = straight[:, -2, 1] - straight[:, -1, 1]
    return _Shapes(straight[:, :-2], chin, angles - np.median(angles, axis=0), across)


def _trust(
    track: Track, glimpses: Sequence[Glimpse], seen: NDArray[np.intp], shape: _Shapes
) -> NDArray[np.float32]:
    near, far = _MOST_TURNED
    turned = np.abs(shape.angles[:, :2]).max(axis=1)
    seen_trust = np.clip((far - turned) / (far - near), 0, 1)
    least, enough = _SMALLEST_PX
    seen_trust *= np.clip((shape.unit_px - least) / (enough - least), 0, 1)
    looks = np.stack([glimpses[index].look for index in seen])
    seen_trust[_strange(looks)] = 0
    trust = np.zeros(len(track.shown_us))
    trust[seen] = seen_trust
    return _faded(trust, track)


def _strange(looks: NDArray[np.uint8]) -> Mask:
    """``(S,)``: pictures in which something else is seen where mouth and chin should be.

    What is seen in a tenth of the clip is usual: closed lips as well as a grin.
    """
    even = looks.reshape(len(looks), -1).astype(np.float32)
    even -= np.median(even, axis=1, keepdims=True)  # light that changes everywhere is not strange
    some = even[:: max(1, len(even) // _COMPARED)]
    nearest = max(1, len(some) // 10)
    levels = np.array(
        [np.partition(np.abs(some - one).mean(axis=1), nearest)[nearest] for one in even]
    )
    return np.asarray(levels > max(_STRANGE_LEAST, _STRANGE * float(np.median(levels))))


def _faded(trust: Floats, track: Track) -> NDArray[np.float32]:
    """Without steps inside a shot, and gone for good wherever it is doubted."""
    spacing_s = max(1e-3, float(np.median(np.diff(track.shown_us, append=[33_000]))) / 1e6)
    around, fade = (max(1, round(s / spacing_s)) for s in (_HIDDEN_AROUND_S, _FADE_S))
    faded = trust.copy()
    edges = [*np.flatnonzero(track.cuts).tolist(), len(trust)]
    for start, end in pairwise(edges):
        part = trust[start:end]
        lowest = part.copy()
        for step in range(1, around + fade // 2 + 1):
            lowest[step:] = np.minimum(lowest[step:], part[:-step])
            lowest[:-step] = np.minimum(lowest[:-step], part[step:])
        soft = lowest
        if end - start >= fade:
            soft = scipy.ndimage.uniform_filter1d(lowest, fade, mode="nearest")
        faded[start:end] = np.minimum(soft, part)
    return faded.astype(np.float32)


def _restlessness(shape: _Shapes, sharp: Floats, usable: NDArray[np.intp]) -> Floats:
    """Low for closed, relaxed lips in a sharp picture of the usual pose."""
    lips = shape.lips
    gap = np.linalg.norm(lips[:, LIPS.index(14)] - lips[:, LIPS.index(13)], axis=-1)
    closed = usable[gap[usable] <= max(0.02, float(np.percentile(gap[usable], 15)))]
    unlike = np.linalg.norm(lips - np.median(lips[closed], axis=0), axis=-1).mean(axis=1)
    dropped = np.abs(shape.chin - np.median(shape.chin[closed]))
    turned = np.abs(shape.angles).sum(axis=1)
    blur = np.clip(np.median(sharp[usable]) / np.maximum(sharp, 1e-6) - 1, 0, 3)
    parted = np.maximum(gap - 0.008, 0)
    own = 3 * parted + 3 * unlike + dropped + _lopsided(lips) + 0.3 * turned + 0.1 * blur
    return np.asarray(own)


def _lopsided(lips: Floats) -> Floats:
    """How much higher one corner is than the other, and how far the lips are to one side."""
    left, right = lips[:, LIPS.index(61)], lips[:, LIPS.index(291)]
    middle = lips[:, [LIPS.index(13), LIPS.index(14)]].mean(axis=1)
    aside = np.abs((left + right) / 2 - middle)[:, 0]
    return np.asarray(np.abs(left[:, 1] - right[:, 1]) + aside)


def _different(
    shape: _Shapes, sharp: Floats, usable: NDArray[np.intp], rest: int
) -> NDArray[np.intp]:
    """Each next one the most unlike those chosen before (Gonzalez 1985), the rest first."""
    clear = usable[sharp[usable] >= _BLURRED * np.median(sharp[usable])]
    step = max(1, len(clear) // _CANDIDATES)
    pool = np.unique(np.r_[clear[::step], rest])
    lips = shape.lips[pool].reshape(len(pool), -1) / np.sqrt(len(LIPS))
    place = np.c_[lips, _POSE_WEIGHT * shape.angles[pool]]
    chosen = [int(np.flatnonzero(pool == rest)[0])]
    away = np.linalg.norm(place - place[chosen[0]], axis=1)
    while len(chosen) < min(MOUTHS, len(pool)):
        farthest = int(away.argmax())
        if away[farthest] < 1e-3:
            break
        chosen.append(farthest)
        away = np.minimum(away, np.linalg.norm(place - place[farthest], axis=1))
    return np.sort(pool[chosen])
