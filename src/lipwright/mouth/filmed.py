"""The mouth of a film: each picture's own jaw and cheeks warped, a real mouth laid over its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import RIG, Box, MouthShape, MouthShapes, Plane
from lipwright.avatar import Excerpt, Moment, Patch, Plate
from lipwright.colour import copied, within
from lipwright.headpose import HeadPose, pose_between
from lipwright.mouth import topology
from lipwright.mouth.anatomy import Anatomy, Points, anatomy_of
from lipwright.mouth.boxes import even_around, even_box
from lipwright.mouth.curves import curve
from lipwright.mouth.field import Lattice, Maps, Room
from lipwright.mouth.layering import half_of, lay
from lipwright.mouth.laying import LAID_BEYOND, laid_share, light_of, lit, mixed
from lipwright.mouth.manner import Manner
from lipwright.mouth.mouthwarp import still_ring, window_of
from lipwright.mouth.pictures import NOSE, MouthPictures, real_faces
from lipwright.mouth.pose import LipRig, Targets, pose_of, smooth
from lipwright.mouth.resting import CONTOURS, MOVING, Resting
from lipwright.mouth.splines import Offsets, spline_offsets

Contours: TypeAlias = dict[str, Points]
"""``(N, 2)`` pixels by the names in `CONTOURS`."""

_CELL: Final = 0.055  # of the eye distance, as all that follow
_LAID_CELL: Final = 0.040  # with 0.033 pictures are the same to 55 dB
_REACH: Final = (0.90, 0.62, 0.55)  # beside and above the mouth, and under the chin
_FADE: Final = 0.14  # the warp dies over this distance inside its box
_CHIN: Final = 0.75  # of how far a photo's chin and cheeks go: people who are filmed open their
# lips more than their jaw
_SMILES: Final = (1.05, 1.2)
"""Times as wide as it is wanted, from which on and beyond which a mouth is taken for a smile."""
_LEAST_PX: Final = 8
_IN_MOVING: Final = np.array([MOVING.index(i) for ids in CONTOURS.values() for i in ids])
_ENDS: Final = np.cumsum([len(ids) for ids in CONTOURS.values()])[:-1]
_STILL_PX: Final = 0.03  # what moves by less is not sampled anew


class FilmedMouth:
    """Draws any mouth on the pictures of one film."""

    def __init__(self, plate: Plate) -> None:
        if plate.film is None:
            raise ValueError("this plate does not move")
        anatomy = anatomy_of(plate)
        self._still, self._anatomy = plate.landmarks, anatomy
        self._rig = LipRig(anatomy)
        self._tracer = _Tracer()
        self._skin = self._rig.targets(pose_of(np.zeros(len(RIG), np.float32))).skin
        self._resting = Resting(plate.landmarks, plate.film.landmarks)
        self._pictures = MouthPictures(plate, anatomy, self._resting)
        self._manner = Manner(anatomy, self._rig, self._resting, real_faces(plate))
        ring = anatomy.from_canvas(still_ring(anatomy))
        self._ring = _in_space(np.c_[ring, np.zeros(len(ring))], anatomy)

    def draw(self, moment: Moment, shape: MouthShape) -> Box | None:
        """Draw the mouth into the picture; the box (on the canvas) in which it changed."""
        if moment.trust <= 0 or not np.isfinite(moment.landmarks[0, 0]):
            return None
        pose = pose_between(self._still, moment.landmarks)
        face = _Face(moment, pose.scale * self._anatomy.unit)
        if min(face.box.width, face.box.height) < _LEAST_PX:
            return None
        shape, targets = self._spoken(shape)
        chosen = self._pictures.chosen(targets, shape, pose)
        places = self._places(self._pictures.as_seen(targets, chosen, shape), pose)
        wanted = {name: face.near(points) for name, points in places.items()}
        ring = face.near(pose.placed(self._ring)[:, :2])
        face.warp(wanted, ring, self._tracer)
        self._lay(face, wanted, chosen)
        return face.box

    def _spoken(self, shape: MouthShape) -> tuple[MouthShape, Targets]:
        """The shape and its targets as this person would say it."""
        targets = self._rig.targets(pose_of(shape))
        nearer = self._manner.within_reach(shape, targets)
        if nearer is not shape:
            targets = self._rig.targets(pose_of(nearer))
        sealed = float(max(shape[RIG.index("press")], shape[RIG.index("tuck")]))
        skin = self._skin + _CHIN * (targets.skin - self._skin)
        return nearer, self._manner.spoken(replace(targets, skin=skin), sealed)

    def _places(self, targets: Targets, pose: HeadPose) -> Contours:
        """Where lips, jaw and cheeks go on the canvas."""
        local = np.concatenate([getattr(targets, name) for name in CONTOURS])
        still = _in_space(local, self._anatomy) + self._resting.shift(pose)[_IN_MOVING]
        placed = np.split(pose.placed(still)[:, :2], _ENDS)
        return dict(zip(CONTOURS, placed, strict=True))

    def _lay(self, face: _Face, wanted: Contours, chosen: list[tuple[int, float]]) -> None:
        """Lay real lips, and all between them, into the face's picture."""
        outline = np.concatenate([face.above(wanted), curve(wanted["outer_lower"])[::-1]])
        part = face.around(outline, 2.2 * LAID_BEYOND * face.unit)
        share = laid_share(outline - [part.left, part.top], part, face.unit)
        lattice = Lattice.with_cells(part, _LAID_CELL * face.unit)
        moved = np.concatenate([_stacked(wanted), face.marks_at(NOSE)])
        shown = [self._pictures.pictures[index] for index, _ in chosen]
        originals = [np.concatenate([_stacked(each.places), each.nose]) for each in shown]
        fields = spline_offsets(moved, originals, lattice.nodes())
        sources = [self._pictures.source(index) for index, _ in chosen]
        laid = mixed(
            [
                source.remapped(self._tracer.maps(field, lattice, source.scale))
                for source, field in zip(sources, fields, strict=True)
            ],
            [weight for _, weight in chosen],
        )
        own, half = within(face.pixels, part), half_of(share)
        light = light_of(own, laid, half, face.unit)
        for each in (share, half):
            each *= np.float32(face.trust)
        lay(lit(laid, light), share, own, half)


class _Face:
    """The lower face of one moment, in the pixels of its own box."""

    def __init__(self, moment: Moment, unit: float) -> None:
        self.unit, self.trust = unit, moment.trust
        marks = moment.landmarks[:, :2].astype(np.float64)
        height, width = moment.canvas.y.shape
        seen = Box(0, 0, width, height)
        self.box = _box(marks, unit, seen)
        self.pixels = within(moment.canvas, self.box)
        self._marks = self.near(marks)
        self._whole = Box(0, 0, self.box.width, self.box.height)

    def near(self, places: Points) -> Points:
        """Canvas places in the box's own pixels."""
        return np.asarray(places - [self.box.left, self.box.top])

    def around(self, outline: Points, reach: float) -> Box:
        """The part of the box around some of its places; even."""
        return even_around(outline, reach, self._whole)

    def above(self, wanted: Contours) -> Points:
        """Upper edge of what is laid: the lip's, or where a smile goes away up to the nose.

        A smile draws a lip's moustache short and dark; the lip of a calm mouth has another one.
        """
        edge = curve(wanted["outer_upper"])
        left, right = self._marks[list(topology.LIP_CORNERS)]
        wider = np.linalg.norm(right - left) / max(1.0, float(np.linalg.norm(edge[-1] - edge[0])))
        smile = smooth((float(wider) - _SMILES[0]) / (_SMILES[1] - _SMILES[0]))
        nose = self._marks[NOSE[0]] - (edge[0] + edge[-1]) / 2
        room = max(0.0, float(np.linalg.norm(nose)) - LAID_BEYOND * self.unit)
        across = np.linspace(-1, 1, len(edge))[:, None]
        up = nose / max(1e-6, float(np.linalg.norm(nose)))
        height = np.maximum((edge - (edge[0] + edge[-1]) / 2) @ up, 0)[:, None]
        raised = np.maximum(room - height, 0) * (1 - across**4)
        return np.asarray(edge + smile * raised * up)

    def marks_at(self, ids: tuple[int, ...]) -> Points:
        """Where some landmarks are now."""
        return self._marks[list(ids)]

    def warp(self, wanted: Contours, ring: Points, tracer: _Tracer) -> None:
        """Take jaw, cheeks and the outer edge of the lips to where they are wanted."""
        still = np.concatenate([self._marks[list(topology.STILL)], ring])
        goal = np.concatenate([still, _skin_of(wanted)])
        now = {name: self._marks[list(ids)] for name, ids in CONTOURS.items()}
        lattice = Lattice.with_cells(self._whole, _CELL * self.unit)
        nodes = lattice.nodes()
        window = window_of(nodes, self._whole, _FADE * self.unit)[:, None] * self.trust
        (offsets,) = spline_offsets(goal, [np.concatenate([still, _skin_of(now)])], nodes)
        self._sample(offsets * window, nodes, lattice, tracer)

    def _sample(self, offsets: Points, nodes: Points, lattice: Lattice, tracer: _Tracer) -> None:
        """Take the pixels from where they are now."""
        moves = (np.abs(offsets) > _STILL_PX).any(axis=1)
        if not moves.any():
            return
        part = even_around(nodes[moves], 2 * lattice.cell_px, self._whole)
        maps, own = tracer.maps(offsets, lattice), copied(self.pixels)
        half = Box(*(edge // 2 for edge in part))
        _sample(own.y, maps.luma, self.pixels.y, part, cv2.INTER_CUBIC)
        # what is seen of colour is coarse: a linear sample is as good there, at a third of the cost
        _sample(own.u, maps.chroma, self.pixels.u, half, cv2.INTER_LINEAR)
        _sample(own.v, maps.chroma, self.pixels.v, half, cv2.INTER_LINEAR)


def filmed_patches(
    plate: Plate, shapes: MouthShapes, excerpt: Excerpt, *, cut_out: bool
) -> Iterator[Patch]:
    """One patch a frame: the whole canvas, or where that is kept apart, what changed of it."""
    if plate.film is None:
        raise ValueError("this plate does not move")
    mouth = FilmedMouth(plate)
    moments = plate.film.during(excerpt.frames, excerpt.grid)
    for moment, shape in zip(moments, shapes, strict=True):
        mouth.draw(moment, shape)
        yield patch_of(moment, cut_out=cut_out)


def patch_of(moment: Moment, *, cut_out: bool) -> Patch:
    """What a moment that was drawn on puts on the canvas."""
    canvas = moment.canvas if cut_out else moment.canvas._replace(alpha=None)
    return Patch(moment.left, moment.top, canvas)


def _sample(own: Plane, where: NDArray[np.float32], into: Plane, part: Box, how: int) -> None:
    at, seen = where[part.rows, part.columns], into[part.rows, part.columns]
    border = cv2.BORDER_REPLICATE
    cv2.remap(own, at, None, how, dst=seen, borderMode=border)  # type: ignore[call-overload]


def _in_space(local: Points, anatomy: Anatomy) -> Points:
    """Local positions in the pixels of the still, with their depth."""
    return np.asarray(anatomy.origin + anatomy.unit * (local @ anatomy.axes))


def _box(marks: Points, unit: float, seen: Box) -> Box:
    """All that the mouth moves, as far as it is in the picture."""
    beside, above, below = (reach * unit for reach in _REACH)
    mouth = marks[[*topology.INNER_UPPER, *topology.INNER_LOWER]].mean(0)
    chin = marks[topology.CHIN]
    up, down, across = (np.array(way) for way in ((0, above), (0, below), (beside, 0)))
    low = np.minimum(mouth - up, chin) - across
    high = np.maximum(mouth + up, chin + down) + across
    return even_box(low, high, (seen.bottom, seen.right)).intersection(seen)


def _stacked(contours: Contours) -> Points:
    """The points that hold a real mouth in place, each once."""
    inside = ("outer_lower", "inner_upper", "inner_lower")
    ends = [contours[name][1:-1] for name in inside]
    return np.concatenate([contours["outer_upper"], *ends, contours["skin"]])


def _skin_of(contours: Contours) -> Points:
    """The points that hold the skin around the lips, each once."""
    return np.concatenate(
        [contours["skin"], contours["outer_upper"], contours["outer_lower"][1:-1]]
    )


class _Tracer:
    """Says where each pixel is taken from; in memory of its own, as fresh memory costs time."""

    def __init__(self) -> None:
        self._room = Room()
        self._ramps: dict[int, NDArray[np.float32]] = {}

    def maps(self, offsets: Points | Offsets, lattice: Lattice, scale: int = 1) -> Maps:
        """Maps of a lattice's even box, of offsets at its nodes; valid until the next call."""
        box = lattice.box
        grid = np.asarray(offsets, np.float32).reshape(lattice.rows, lattice.columns, 2)
        grid = (grid + np.array([box.left, box.top], np.float32)) * np.float32(scale)
        # curved from node to node at the size of chroma, straight between two of its pixels
        half = self._room.resized(grid, lattice.cell_px // 2, 1, cv2.INTER_CUBIC)
        half = half[: box.height // 2, : box.width // 2]
        half += self._ramp(box.height // 2, box.width // 2, scale)
        luma = self._room.resized(half, 2, 0, cv2.INTER_LINEAR)
        for each in (luma, luma.swapaxes(0, 1)):  # which ends half a pixel beyond all middles
            each[0], each[-1] = 2 * each[1] - each[2], 2 * each[-2] - each[-3]
        # From luma to chroma: s (p - 1 / 2) / 2.
        half -= np.float32(scale / 2)
        half *= np.float32(0.5)
        return Maps(luma, half)

    def _ramp(self, height: int, width: int, scale: int) -> NDArray[np.float32]:
        """``(H, W, 2)``: the middle of each two by two pixels of a box, in large pixels."""
        ramp = self._ramps.get(scale, np.empty((0, 0, 2), np.float32))
        if ramp.shape[0] < height or ramp.shape[1] < width:
            sides = max(ramp.shape[1], width), max(ramp.shape[0], height)
            along = (scale * (2 * np.arange(side, dtype=np.float32) + 0.5) for side in sides)
            ramp = self._ramps[scale] = np.dstack(np.meshgrid(*along))
        return ramp[:height, :width]
