"""Where the 478 points of a face are: attention mesh (Grishchenko et al., 2020)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, Protocol, runtime_checkable

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame, Landmarks
from lipwright.face.detector import Detection, Detector
from lipwright.face.geometry import jaw_opening
from lipwright.face.resampling import halved, halvings
from lipwright.face.weights import MESH, Network

_SIDE = 192
"""Pixels of the mesh network's square input."""

_MARGIN = 1.5
"""The crop's side over the face's longer side; what the network was trained with."""

_MIN_PRESENCE = 0.5
_MAX_FACES = 8
_SAME_FACE = 0.5
"""Two boxes overlapping more than this are one face seen twice."""

_SURE: Final = 0.75
"""Detections of faces score 0.79 or more, also dark, blurred, turned or squeezed (290 pictures of
14 people); noise, gravel and foliage reach 0.7.  Below, mesh and detector must agree, and three
looks of the mesh: it sees a face in nearly anything that it is shown."""
_EYES_APART: Final = 0.15
_LOOKS_APART: Final = 0.03
"""Of the eye distance: how far eyes of mesh and detector, and looks, may lie from each other.
Faces have up to 0.10 and 0.03; of 17 that were none but had eyes in place, none kept still in both
further looks."""
_DOUBTS: Final = ((0.03, -0.03, 1.06, 0.05), (-0.04, 0.03, 0.94, -0.06))
"""Further looks of these, as `_GLANCES`, but farther away."""

_GLANCES = (
    (0.030, 0.020, 1.0, 0.0),
    (-0.025, 0.030, 1.08, 0.0),
    (0.015, -0.030, 0.93, 0.08),
    (-0.020, -0.015, 1.04, -0.08),
)
"""Further looks at a face: its crop moved (of its side), enlarged and turned (radians), so that
what the network gets wrong is another wrong each time.  Half as far apart, looks share more of it:
of a smooth mouth in a flat drawing 0.23 % of the eye distance stay, instead of 0.12."""
LOOKS_MOST = 1 + len(_GLANCES)
_CROP_FOLLOWS = 0.2
"""Of the way to the face, in each picture: a crop laid anew around each face jumps with its
outline, and what the network gets wrong jumps with it, in all looks together."""
_CROP_BEHIND_MOST = 0.05
"""Of the crop's side: a head may move faster than that."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face in a frame."""

    landmarks: Landmarks
    score: float
    """0 .. 1: how sure the mesh is that a face is there."""
    jaw_open: float
    """0 closed .. 1 wide open, from the gap between the lips."""
    looks: tuple[Landmarks, ...] = ()
    """Where several looks saw it, each a little elsewhere: their mean is `landmarks`."""

    @property
    def box(self) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) of the landmarks, in pixels."""
        left, top = self.landmarks[:, :2].min(axis=0)
        right, bottom = self.landmarks[:, :2].max(axis=0)
        return float(left), float(top), float(right), float(bottom)


@runtime_checkable
class Landmarker(Protocol):
    """Finds faces and their landmarks."""

    def faces(self, frame: Frame) -> tuple[Face, ...]:
        """The faces of one picture, largest first; none is an empty tuple."""
        ...

    def track(
        self,
        frames: Iterable[Frame],
        *,
        near: tuple[float, float] | None = None,
        after: Face | None = None,
        looks: int = 1,
    ) -> Iterator[Face | None]:
        """One face through a clip; None where it is not in sight.

        Args:
            frames: In order, without a cut.
            near: (x, y) in pixels: the face there, or nearest to it; None is the largest.
            after: The face in the picture before the first, which is followed on.
            looks: Each face is the mean of so many, up to `LOOKS_MOST`, and costs as many times:
                for measuring, where the landmarker's own noise must not count.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Region:
    """A turned square around a face; pixel edges (not centres) are whole numbers."""

    x: float
    y: float
    side: float
    angle: float

    def beside(self, right: float, down: float, larger: float, turned: float) -> _Region:
        """Moved by shares of the side, enlarged, and turned by radians."""
        x, y = self.x + right * self.side, self.y + down * self.side
        return _Region(x, y, larger * self.side, self.angle + turned)

    def towards(self, other: _Region) -> _Region:
        """A step to another region; all the way where that is far."""
        way = math.hypot(other.x - self.x, other.y - self.y) / other.side
        step = 1.0 if (1 - _CROP_FOLLOWS) * way > _CROP_BEHIND_MOST else _CROP_FOLLOWS
        mine, its = (np.array([r.x, r.y, r.side, r.angle]) for r in (self, other))
        return _Region(*(float(number) for number in mine + step * (its - mine)))


class OnnxLandmarker:
    """The real landmarker: detector and attention mesh on one core."""

    def __init__(self) -> None:
        self._detector = Detector()
        self._mesh = Network(MESH)

    def faces(self, frame: Frame) -> tuple[Face, ...]:
        """Each detected face, its mesh fitted twice: the second crop sits on the first fit."""
        found = [self._fitted(frame, d) for d in self._detector.detections(frame)[:_MAX_FACES]]
        sure = [face for face in found if face.score >= _MIN_PRESENCE]
        sure.sort(key=lambda face: -_area(face.box))
        kept: list[Face] = []
        for face in sure:
            if all(_overlap(face.box, other.box) < _SAME_FACE for other in kept):
                kept.append(face)
        return tuple(kept)

    def track(
        self,
        frames: Iterable[Frame],
        *,
        near: tuple[float, float] | None = None,
        after: Face | None = None,
        looks: int = 1,
    ) -> Iterator[Face | None]:
        """One mesh pass a frame and look, its crop on the last fit; the detector only when lost."""
        last, crop = after, None
        for frame in frames:
            last = self._next(frame, last, near)
            near = _centre(last) if last is not None else near
            if last is None or looks == 1:
                yield last
            else:
                around = _around_landmarks(last.landmarks)
                crop = around if crop is None else crop.towards(around)
                yield self._looked_at(frame, last, crop, looks)

    def _next(
        self, frame: Frame, last: Face | None, near: tuple[float, float] | None
    ) -> Face | None:
        if last is not None:
            face = self._fit(frame, _around_landmarks(last.landmarks))
            if face.score >= _MIN_PRESENCE:
                return face
        quick = self._detector.detections(frame, thorough=False)
        found = (quick or self._detector.detections(frame))[:_MAX_FACES]
        faces = [self._fitted(frame, detection) for detection in found]
        return _wanted([face for face in faces if face.score >= _MIN_PRESENCE], near)

    def _looked_at(self, frame: Frame, face: Face, crop: _Region, looks: int) -> Face:
        """The mean of the face and of further looks at it."""
        others = [self._fit(frame, crop.beside(*glance)) for glance in _GLANCES[: looks - 1]]
        seen = (face.landmarks, *(other.landmarks for other in others))
        landmarks = np.mean(seen, axis=0)
        return Face(landmarks, face.score, jaw_opening(landmarks), seen)

    def _fitted(self, frame: Frame, detection: Detection) -> Face:
        first = self._fit(frame, _around_detection(detection))
        face = self._fit(frame, _around_landmarks(first.landmarks))
        if detection.score >= _SURE or self._is_face(frame, face, detection):
            return face
        return replace(face, score=0.0)

    def _is_face(self, frame: Frame, face: Face, detection: Detection) -> bool:
        """Whether what was faintly detected is a face to the mesh too, wherever it looks from."""
        points = face.landmarks[:, :2]
        unit = max(1e-6, float(np.linalg.norm(points[263] - points[33])))
        eyes = np.stack([points[[33, 133]].mean(axis=0), points[[362, 263]].mean(axis=0)])
        eyes_apart = float(np.linalg.norm(eyes - detection.eyes, axis=1).mean()) / unit
        if eyes_apart > _EYES_APART:
            return False
        region = _around_landmarks(face.landmarks)
        looks = [self._fit(frame, region.beside(*doubt)) for doubt in _DOUBTS]
        apart = [np.linalg.norm(look.landmarks[:, :2] - points, axis=1).mean() for look in looks]
        return bool(max(apart) < _LOOKS_APART * unit)

    def _fit(self, frame: Frame, region: _Region) -> Face:
        """One mesh pass on one region."""
        outputs = self._mesh(_cropped(frame, region).astype(np.float32) / np.float32(255))
        points = outputs["landmarks"][0]
        scale = region.side / _SIDE
        turned = (points[:, :2] - _SIDE / 2) @ _rotation(region.angle).T * scale
        placed = np.empty_like(points)
        placed[:, :2] = turned + np.array([region.x - 0.5, region.y - 0.5])
        placed[:, 2] = points[:, 2] * scale
        logit = float(np.clip(outputs["presence"][0], -50, 50))
        return Face(placed, 1 / (1 + float(np.exp(-logit))), jaw_opening(placed))


@dataclass(frozen=True, slots=True, eq=False)
class FixedLandmarker:
    """The fake: the same faces in every picture."""

    found: tuple[Face, ...]

    def faces(self, frame: Frame) -> tuple[Face, ...]:
        """What it was made with, largest first."""
        return tuple(sorted(self.found, key=lambda face: -_area(face.box)))

    def track(
        self,
        frames: Iterable[Frame],
        *,
        near: tuple[float, float] | None = None,
        after: Face | None = None,
        looks: int = 1,
    ) -> Iterator[Face | None]:
        """The same one of them in every frame."""
        for _ in frames:
            yield after or _wanted(self.found, near)


@dataclass(frozen=True, slots=True)
class LookingAt:
    """A `Landmarker` that follows the face at one place of the first picture."""

    landmarker: Landmarker
    place: tuple[float, float]
    """(x, y) as shares of width and height."""

    def faces(self, frame: Frame) -> tuple[Face, ...]:
        """All faces, as the landmarker finds them."""
        return self.landmarker.faces(frame)

    def track(
        self,
        frames: Iterable[Frame],
        *,
        near: tuple[float, float] | None = None,
        after: Face | None = None,
        looks: int = 1,
    ) -> Iterator[Face | None]:
        """The face at the place, unless `near` names another."""
        coming = iter(frames)
        for first in coming:
            height, width = first.shape[:2]
            here = near or (self.place[0] * width, self.place[1] * height)
            clip = chain([first], coming)
            yield from self.landmarker.track(clip, near=here, after=after, looks=looks)


def looking_at(landmarker: Landmarker, place: tuple[float, float] | None) -> Landmarker:
    """The landmarker, bound to a place if there is one."""
    return landmarker if place is None else LookingAt(landmarker, place)


def open_landmarker() -> Landmarker:
    """The landmarker that ships with Lipwright.

    Raises:
        ModelUnavailable: A model file is missing or was changed.
    """
    return OnnxLandmarker()


def _wanted(faces: Sequence[Face], near: tuple[float, float] | None) -> Face | None:
    if near is None:
        return max(faces, key=lambda face: _area(face.box), default=None)
    return min(faces, key=lambda face: math.dist(_centre(face), near), default=None)


def _centre(face: Face) -> tuple[float, float]:
    left, top, right, bottom = face.box
    return (left + right) / 2, (top + bottom) / 2


def _around_detection(detection: Detection) -> _Region:
    across = detection.eyes[1] - detection.eyes[0]
    angle = float(np.arctan2(across[1], across[0]))
    side = _MARGIN * float(detection.size.max())
    return _Region(float(detection.centre[0]), float(detection.centre[1]), side, angle)


def _around_landmarks(landmarks: Landmarks) -> _Region:
    """The upright (by the outer eye corners) box of the landmarks, made square and larger."""
    points = landmarks[:, :2]
    across = points[263] - points[33]
    angle = float(np.arctan2(across[1], across[0]))
    upright = points @ _rotation(angle)
    low, high = upright.min(axis=0), upright.max(axis=0)
    x, y = _rotation(angle) @ ((low + high) / 2) + 0.5
    return _Region(float(x), float(y), _MARGIN * float((high - low).max()), angle)


def _rotation(angle: float) -> NDArray[np.float32]:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, -sin], [sin, cos]], np.float32)


def _cropped(frame: Frame, region: _Region) -> Frame:
    """The region as the network's square, halved first so that nothing aliases."""
    reach = region.side * 0.75  # half a turned square's diagonal is 0.71 of its side
    top, bottom = _span(region.y, reach, frame.shape[0])
    left, right = _span(region.x, reach, frame.shape[1])
    scale = 2.0 ** (times := halvings(region.side / _SIDE))
    around = halved(frame[top:bottom, left:right], times)
    # From the crop's pixel centres to those of `around`; warpAffine takes this inverse map.
    linear = _rotation(region.angle) * (region.side / _SIDE) / scale
    centre = (np.array([region.x - left, region.y - top])) / scale - 0.5
    offset = centre - linear @ np.full(2, _SIDE / 2 - 0.5)
    return np.asarray(
        cv2.warpAffine(
            around,
            np.column_stack([linear, offset]),
            (_SIDE, _SIDE),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        ),
        np.uint8,
    )


def _span(centre: float, reach: float, length: int) -> tuple[int, int]:
    """Whole pixels around `centre` inside [0, length), never empty."""
    start = int(np.clip(np.floor(centre - reach), 0, length - 1))
    return start, int(np.clip(np.ceil(centre + reach), start + 1, length))


def _area(box: tuple[float, float, float, float]) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Intersection over the smaller box: a face inside another is the same face."""
    shared = (max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3]))
    smaller = min(_area((a[0], a[1], a[2], a[3])), _area((b[0], b[1], b[2], b[3])))
    return _area(shared) / max(smaller, 1e-9)
