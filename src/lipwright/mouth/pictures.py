"""Real mouths of a person, seen in different poses: which are near to a wanted one."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import IDLE, RIG, Frame, MouthShape
from lipwright.avatar import Atlas, Plate
from lipwright.colour import yuv_of
from lipwright.headpose import HeadPose, pose_between
from lipwright.mouth import topology
from lipwright.mouth.anatomy import Anatomy, Points, anatomy_of
from lipwright.mouth.insides import ends_of, opening_outline, recoloured
from lipwright.mouth.interior import JAW_SHARE, OVERBITE
from lipwright.mouth.lipline import cavity_share
from lipwright.mouth.manner import PARTED
from lipwright.mouth.pose import SKIN_POINTS, LipRig, Targets, pose_of
from lipwright.mouth.resting import CONTOURS, MOVING, Resting
from lipwright.mouth.source import Source, of_even_size
from lipwright.mouth.warp import WarpMouth

NOSE: Final = (2, 98, 327, 205, 425, 36, 266)
"""Base of the nose and the cheeks beside it: there a laid mouth ends in the picture's own skin."""

_LIPS: Final = tuple(list(CONTOURS)[:4])
_NEAR: Final = 0.012
"""Contours this far apart (mean, of the eye distance; 2 px at 1080p) count as 1."""
_TURNED_NEAR: Final = 0.14
"""So do heads turned apart by this many radians: light and perspective of the lips change."""
_STRETCH: Final = 0.45
"""So does this ratio of openings (its logarithm): teeth of another gap are drawn out."""
_CHIN_NEAR: Final = 0.04
"""So do chins this far apart: teeth of a smile are not those of an open jaw."""
_DARK_NEAR: Final = 0.16
"""So do openings of which another share, by this, is dark: teeth that bite, drawn out to the
height of an open jaw, are the first thing seen."""
_DARKER, _DARKEST = 1.25, 0.65
"""Corners and shaded teeth are dark as well; not more is, in mouths that are wide open."""
_CHIN: Final = SKIN_POINTS.index(topology.CHIN)
_SHUT: Final = 0.006
"""Added to both openings: between nearly closed lips nothing is seen that could be drawn out."""
_UNSEEN: Final = {"tongue": 0.35, "tuck": 0.80}
"""Steps of what contours cannot tell, and only drawn pictures know."""
_UNKNOWN: Final = 0.6
"""What a real picture, which may show a tongue or not, counts of those steps: a drawn mouth that
comes for two frames of an l is seen sooner than a tongue that does not."""
_DRAWN: Final = 2.0
"""A drawn picture must be nearer than a real one by this."""
_OPEN: Final = 0.03
"""Of the eye distance: lips this far apart show what is between them."""
_OWN_SHAPE: Final = 0.3
_BLEND: Final = 1.1
"""Pictures further away than the nearest one by this take no part: more would blur teeth.  With
0.45 the upper lip trembled twice as much as a person's, one picture giving way to the next."""
_MIXED: Final = 6
"""Pictures that are mixed, at most: each takes time, and a mean of more is soft."""
_UNSEEN_SHARE: Final = 0.08
"""Of the nearest one's: a picture that shows by less is not worth sampling; every share loses as
much, without a jump."""

_DRAWN_SHAPES: Final[tuple[dict[str, float], ...]] = (
    {},
    {"press": 1.0},
    {"press": 1.0, "width": -0.6, "pucker": 0.6},
    {"jaw": 0.12},
    {"jaw": 0.25, "lower_lip": 0.3},
    {"jaw": 0.25, "width": 0.6, "upper_lip": 0.3},
    {"jaw": 0.25, "width": -0.5, "pucker": 0.4},
    {"jaw": 0.15, "width": -0.9, "pucker": 0.9},
    {"jaw": 0.35, "width": -0.7, "pucker": 0.7},
    {"jaw": 0.45},
    {"jaw": 0.45, "width": 0.5, "upper_lip": 0.4},
    {"jaw": 0.45, "width": -0.5, "pucker": 0.4},
    {"jaw": 0.7, "upper_lip": 0.3},
    {"jaw": 0.7, "width": 0.5, "upper_lip": 0.5},
    {"jaw": 0.7, "width": -0.4, "pucker": 0.3},
    {"jaw": 1.0, "upper_lip": 0.4, "lower_lip": 0.3},
    {"jaw": 0.1, "tuck": 1.0, "upper_lip": 0.3},
    {"jaw": 0.2, "tongue": 1.0, "upper_lip": 0.2},
    {"jaw": 0.4, "tongue": 1.0, "upper_lip": 0.3},
)
"""Drawn where the footage shows no such mouth: closed lips, vowels by jaw and corners, f, l."""

_BOX: Final = (0.62, 0.42, 0.62)
"""What a picture shows beside, above and below the lips, of the eye distance."""


_DRAWN_UNIT_PX: Final = 400.0
"""Eye distance beyond which mouths are drawn smaller than they are seen."""
_DRAWN_FROM: Final = 1.4
"""Eyes, chin and neck lie within this of the mouth, of the eye distance."""
_HELD_BYTES: Final = 50_000_000
"""Of pictures that are ready to be sampled: all of a face at 1080p, eight where it fills 4K."""
_READY: Final = 7.5
"""Bytes a pixel of such a picture: its planes, and the same enlarged by two."""


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    rgb: Frame
    places: dict[str, Points]
    """``(N, 2)`` contours in its own pixels."""
    nose: Points
    """``(N, 2)``: the landmarks `NOSE`."""
    unit: float
    """Eye distance in its own pixels."""

    @property
    def opening(self) -> Points:
        """Outline of what is between the lips."""
        return opening_outline(self.places["inner_upper"], self.places["inner_lower"])


class MouthPictures:
    """All mouths of one person: the footage's own, and drawn ones for what it lacks."""

    def __init__(self, plate: Plate, anatomy: Anatomy, resting: Resting) -> None:
        self._anatomy = anatomy
        drawn = _drawn_atlas(plate, anatomy)
        atlases = [(plate.mouths, False)] if plate.mouths is not None else []
        atlases.append((drawn, True))
        self.pictures: list[_Picture] = []
        self._rows: list[Points] = []
        shown: list[dict[str, Points]] = []
        dark: list[float] = []
        for atlas, is_drawn in atlases:
            for rgb, marks, state in zip(
                atlas.pictures, atlas.landmarks, atlas.states, strict=True
            ):
                pose = pose_between(plate.landmarks, _in_space(marks, plate))
                shown.append(self._straight(_in_space(marks, plate), pose, resting))
                places = {
                    name: marks[list(ids), :2].astype(np.float64) for name, ids in CONTOURS.items()
                }
                dark.append(cavity_share(rgb, marks))
                nose = marks[list(NOSE), :2].astype(np.float64)
                self.pictures.append(_Picture(rgb, places, nose, pose.scale * anatomy.unit))
                unseen = [state[RIG.index(name)] if is_drawn else 0.0 for name in _UNSEEN]
                self._rows.append(np.r_[pose.angles[:2], float(is_drawn), unseen])
        self._shown = {name: np.stack([one[name] for one in shown]) for name in CONTOURS}
        self._lips = np.concatenate([self._shown[name] for name in _LIPS], axis=1)
        self._known, self._dark = np.stack(self._rows), np.array(dark)
        self._ready: OrderedDict[int, Source] = OrderedDict()
        self._recolour()

    def _recolour(self) -> None:
        """Give the drawn mouths the colours that are seen between the person's own lips."""
        open_ = _opening(self._shown["inner_upper"], self._shown["inner_lower"]) > _OPEN
        is_drawn = self._known[:, 2] > 0
        ends = [
            ends_of(
                (self.pictures[k].rgb, self.pictures[k].opening, self.pictures[k].unit)
                for k in np.flatnonzero(open_ & of_kind)
            )
            for of_kind in (~is_drawn, is_drawn)
        ]
        real, drawn = ends
        if real is None or drawn is None:
            return
        for k in np.flatnonzero(is_drawn):
            one = self.pictures[k]
            edges = one.places["inner_upper"], one.places["inner_lower"]
            rgb = recoloured(one.rgb, *edges, one.unit, (drawn, real))
            self.pictures[k] = replace(one, rgb=rgb)

    def source(self, index: int) -> Source:
        """A picture in planes; those that were asked for lately are kept."""
        source = self._ready.pop(index, None)
        if source is None:
            rgb = self.pictures[index].rgb
            source = Source(yuv_of(of_even_size(rgb)), np.zeros(2), small=True)
            most = max(4, int(_HELD_BYTES / _READY * 3 / rgb.size))
            while len(self._ready) >= most:
                self._ready.popitem(last=False)
        self._ready[index] = source
        return source

    def _straight(self, marks: Points, pose: HeadPose, resting: Resting) -> dict[str, Points]:
        """Contours as if the head looked as in the still, in local units."""
        still = pose.undone(marks[list(MOVING)]) - resting.shift(pose)
        anatomy = self._anatomy
        local = (still - anatomy.origin) @ anatomy.axes.T / anatomy.unit
        return {name: local[[MOVING.index(i) for i in ids], :2] for name, ids in CONTOURS.items()}

    def chosen(
        self, targets: Targets, shape: MouthShape, pose: HeadPose
    ) -> list[tuple[int, float]]:
        """Pictures that show nearly this, and their shares, which change without a jump."""
        apart = self._lips - np.concatenate([getattr(targets, name)[:, :2] for name in _LIPS])
        squared = np.einsum("pnk,pnk->p", apart, apart) / (apart.shape[1] * _NEAR**2)
        shown = _opening(self._shown["inner_upper"], self._shown["inner_lower"])
        wanted = _opening(targets.inner_upper, targets.inner_lower)
        squared += (np.log((shown + _SHUT) / (wanted + _SHUT)) / _STRETCH) ** 2
        low = self._shown["skin"][:, _CHIN, 1] - targets.skin[_CHIN, 1]
        squared += (low / _CHIN_NEAR) ** 2
        surely = float(np.clip((wanted - PARTED) / PARTED, 0, 1))
        squared += surely * ((self._dark - _dark(shape, float(wanted))) / _DARK_NEAR) ** 2
        squared += (((self._known[:, :2] - pose.angles[:2]) / _TURNED_NEAR) ** 2).sum(1)
        doubt = np.where(self._known[:, 2] > 0, 1.0, _UNKNOWN)
        for column, (name, step) in enumerate(_UNSEEN.items(), start=3):
            unseen = (self._known[:, column] - float(shape[RIG.index(name)])) / step
            squared += (unseen * doubt) ** 2
        distance = np.sqrt(squared) + _DRAWN * self._known[:, 2]
        nearest = np.partition(distance, (0, _MIXED))
        # the first one too many has no share: so none comes or goes at once
        reach = min(_BLEND, float(nearest[_MIXED] - nearest[0]) + 1e-6)
        share = np.clip(1 - (distance - nearest[0]) / reach, 0, 1) ** 2
        share = np.maximum(share - _UNSEEN_SHARE, 0)
        share /= share.sum()
        return [(int(index), float(share[index])) for index in np.flatnonzero(share)]

    def as_seen(
        self, targets: Targets, chosen: list[tuple[int, float]], shape: MouthShape
    ) -> Targets:
        """The targets, drawn towards what the chosen real pictures really show.

        People differ in how they open their mouths; a picture that keeps some of its own shape
        is stretched less.  Closed lips stay closed.
        """
        real = [(index, weight) for index, weight in chosen if not self._known[index, 2]]
        total = sum(weight for _, weight in real)
        sealed = float(max(shape[RIG.index("press")], shape[RIG.index("tuck")]))
        gap = _opening(targets.inner_upper, targets.inner_lower)
        share = _OWN_SHAPE * total * (1 - sealed) * float(np.clip(gap / PARTED, 0, 1))
        if share <= 0:
            return targets
        seen = {}
        for name in _LIPS:
            place = getattr(targets, name).copy()
            shown = sum(weight * self._shown[name][index] for index, weight in real) / total
            place[:, :2] += share * (shown - place[:, :2])
            seen[name] = place
        return replace(targets, **seen)


def real_faces(plate: Plate) -> NDArray[np.float64]:
    """``(P, L, 3)``: the faces of the footage's own pictures of the mouth, none where it has none.

    In the pixels of the pictures.
    """
    if plate.mouths is None:
        return np.zeros((0, *plate.landmarks.shape))
    return np.stack([_in_space(marks, plate) for marks in plate.mouths.landmarks])


def _opening(upper: Points, lower: Points) -> NDArray[np.float64]:
    middle = upper.shape[-2] // 2
    return np.asarray(np.maximum(lower[..., middle, 1] - upper[..., middle, 1], 0))


def _dark(shape: MouthShape, opening: float) -> float:
    """The share of an opening that is between the teeth, and dark."""
    pose = pose_of(shape)
    apart = JAW_SHARE * pose.jaw - OVERBITE
    return float(np.clip(_DARKER * apart / max(opening, 1e-3), 0, _DARKEST))


def _in_space(marks: NDArray[np.float32], plate: Plate) -> Points:
    """Landmarks with a depth; those without are of a face that looks as the still does."""
    if marks.shape[1] == 3:
        return np.asarray(marks, np.float64)
    return np.asarray(np.c_[marks, plate.landmarks[:, 2]], np.float64)


def _drawn_atlas(plate: Plate, anatomy: Anatomy) -> Atlas:
    """Mouths drawn on the still, as on a photo."""
    plate, anatomy = _small(plate, anatomy)
    shapes = np.zeros((len(_DRAWN_SHAPES), len(RIG)), np.float32)
    for row, values in zip(shapes, _DRAWN_SHAPES, strict=True):
        for name, value in values.items():
            row[RIG.index(name)] = value
    rig, unit = LipRig(anatomy), anatomy.unit
    beside, above, below = (reach * unit for reach in _BOX)
    left, top = np.maximum(np.round(anatomy.origin[:2] - [beside, above]), 0).astype(int)
    right, bottom = np.round(anatomy.origin[:2] + np.array([beside, below])).astype(int)
    still, corner = _around_face(plate, anatomy)
    idle = np.zeros((len(shapes), len(IDLE)), np.float32)
    pictures, landmarks = [], []
    for shape, patch in zip(
        shapes, WarpMouth().patches(still, shapes, idle, cut_out=False), strict=True
    ):
        canvas = plate.frame.copy()
        height, width = patch.rgb.shape[:2]
        rows, columns = patch.top + corner[1], patch.left + corner[0]
        canvas[rows : rows + height, columns : columns + width] = patch.rgb
        pictures.append(np.ascontiguousarray(canvas[top:bottom, left:right]))
        marks = anatomy.marks.copy()
        targets = rig.targets(pose_of(shape))
        for name, ids in CONTOURS.items():
            marks[list(ids)] = anatomy.origin + unit * (getattr(targets, name) @ anatomy.axes)
        landmarks.append(marks - [left, top, 0])
    return Atlas(np.stack(pictures), np.stack(landmarks).astype(np.float32), shapes)


def _small(plate: Plate, anatomy: Anatomy) -> tuple[Plate, Anatomy]:
    """The still no larger than drawn mouths are kept: a face that fills 4K would take 150 MB."""
    scale = _DRAWN_UNIT_PX / anatomy.unit
    if scale >= 1:
        return plate, anatomy
    height, width = plate.frame.shape[:2]
    size = (round(width * scale), round(height * scale))
    frame, matte = (
        np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), np.uint8)
        for whole in (plate.frame, plate.matte)
    )
    half = np.array([0.5, 0.5, 0], np.float32)
    factor = np.array([size[0] / width, size[1] / height, scale], np.float32)
    marks = np.asarray((plate.landmarks + half) * factor - half, np.float32)
    small = Plate(frame, matte, marks, plate.jaw_open)
    return small, anatomy_of(small)


def _around_face(plate: Plate, anatomy: Anatomy) -> tuple[Plate, tuple[int, int]]:
    """The part of the still that mouths are drawn from, and its corner: 4K has no room for more."""
    height, width = plate.frame.shape[:2]
    low = np.clip(anatomy.origin[:2] - _DRAWN_FROM * anatomy.unit, 0, None)
    left, top = (int(v) for v in low // 2 * 2)
    right, bottom = (int(v) for v in anatomy.origin[:2] + _DRAWN_FROM * anatomy.unit)
    part = np.s_[top : min(bottom, height), left : min(right, width)]
    marks = plate.landmarks - np.array([left, top, 0], np.float32)
    frame, matte = (np.ascontiguousarray(whole[part]) for whole in (plate.frame, plate.matte))
    return Plate(frame, matte, marks, plate.jaw_open), (left, top)
