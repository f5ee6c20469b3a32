"""The mouth of a film: each picture's own jaw and cheeks warped, a real mouth laid over its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame, MouthShape, MouthShapes
from lipwright.avatar import Excerpt, Moment, Patch, Plate
from lipwright.headpose import HeadPose, pose_between
from lipwright.mouth import topology
from lipwright.mouth.anatomy import Anatomy, Points, anatomy_of
from lipwright.mouth.boxes import Box, even_box
from lipwright.mouth.curves import Weights, curve
from lipwright.mouth.field import Lattice
from lipwright.mouth.mouthwarp import still_ring, window_of
from lipwright.mouth.pictures import NOSE, MouthPictures, sampled
from lipwright.mouth.pose import LipRig, Targets, pose_of
from lipwright.mouth.resting import CONTOURS, MOVING, Resting
from lipwright.mouth.splines import Offsets, spline_offsets

Plane: TypeAlias = NDArray[np.float32]
Contours: TypeAlias = dict[str, Points]
"""``(N, 2)`` pixels by the names in `CONTOURS`."""

_CELL: Final = 0.055  # of the eye distance, as all that follow
_REACH: Final = (0.90, 0.62, 0.55)  # beside and above the mouth, and under the chin
_FADE: Final = 0.14  # the warp dies over this distance inside its box
_LAID_BEYOND: Final = 0.10  # a real mouth is laid this far over the skin around its lips: with
# less, the stubble and folds of a grin are left around lips that no longer grin
_RIM: Final = 0.10  # the light of the surroundings is carried this far into the mouth
_MOST_LIGHT: Final = 28.0  # levels; a larger difference is not light but another surface
_LEAST_PX: Final = 8
_STILL_PX: Final = 0.03  # what moves by less is not sampled anew
_FINE_PX: Final = 0.9
"""Detail finer than this Gaussian is what sampling and mixing take away."""
_SAMPLED: Final = 0.5
_MIXED: Final = 0.8
"""How much of it is given back for the one and for the other: three clips have then the detail
around the mouth that they had before."""


class FilmedMouth:
    """Draws any mouth on the pictures of one film."""

    def __init__(self, plate: Plate) -> None:
        if plate.film is None:
            raise ValueError("this plate does not move")
        anatomy = anatomy_of(plate)
        self._still, self._anatomy = plate.landmarks, anatomy
        self._rig = LipRig(anatomy)
        self._resting = Resting(plate.landmarks, plate.film.landmarks)
        self._pictures = MouthPictures(plate, anatomy, self._resting)
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
        targets = self._rig.targets(pose_of(shape))
        chosen = self._pictures.chosen(targets, shape, pose)
        places = self._places(self._pictures.as_seen(targets, chosen, shape), pose)
        wanted = {name: face.near(points) for name, points in places.items()}
        picture = face.warped(wanted, face.near(pose.placed(self._ring)[:, :2]))
        self._lay(picture, face, wanted, chosen)
        face.pixels[...] = picture
        return face.box

    def _places(self, targets: Targets, pose: HeadPose) -> Contours:
        """Where lips, jaw and cheeks go on the canvas."""
        shift = self._resting.shift(pose)
        places = {}
        for name, ids in CONTOURS.items():
            still = _in_space(getattr(targets, name), self._anatomy)
            still += shift[[MOVING.index(i) for i in ids]]
            places[name] = pose.placed(still)[:, :2]
        return places

    def _lay(
        self, picture: Frame, face: _Face, wanted: Contours, chosen: list[tuple[int, float]]
    ) -> None:
        """Lay real lips, and all between them, into the face's picture."""
        outline = np.r_[curve(wanted["outer_upper"]), curve(wanted["outer_lower"])[::-1]]
        part = face.around(outline, 2.5 * _LAID_BEYOND * face.unit)
        share = _laid_share(outline - [part.left, part.top], part, face.unit)
        lattice = Lattice.with_cells(part, 0.6 * _CELL * face.unit)
        moved, nodes = np.r_[_stacked(wanted), face.marks_at(NOSE)], lattice.nodes()
        shown = [self._pictures.pictures[index] for index, _ in chosen]
        originals = [np.r_[_stacked(each.places), each.nose] for each in shown]
        fields = spline_offsets(moved, originals, nodes)
        laid = _mixed(
            [
                sampled(each.rgb, *_maps(field, lattice))
                for each, field in zip(shown, fields, strict=True)
            ],
            [weight for _, weight in chosen],
        )
        own = picture[part.rows, part.columns]
        light = _light(own, laid, share, face.unit)
        lit = np.asarray(cv2.add(laid, light, dtype=cv2.CV_8U), np.uint8)
        share *= np.float32(face.trust)
        own[...] = cv2.blendLinear(lit, np.ascontiguousarray(own), share, 1 - share)


class _Face:
    """The lower face of one moment, in the pixels of its own box."""

    def __init__(self, moment: Moment, unit: float) -> None:
        self.unit, self.trust = unit, moment.trust
        marks = moment.landmarks[:, :2].astype(np.float64)
        height, width = moment.frame.shape[:2]
        seen = Box(moment.left, moment.top, moment.left + width, moment.top + height)
        self.box = _box(marks, unit, seen)
        part = self.box.within(seen)
        self.pixels = moment.frame[part.rows, part.columns]
        self._marks = self.near(marks)
        self._whole = Box(0, 0, self.box.width, self.box.height)

    def near(self, places: Points) -> Points:
        """Canvas places in the box's own pixels."""
        return np.asarray(places - [self.box.left, self.box.top])

    def around(self, outline: Points, reach: float) -> Box:
        """The part of the box around some of its places."""
        low = np.floor(outline.min(0) - reach).astype(int)
        high = np.ceil(outline.max(0) + reach).astype(int) + 1
        return Box(int(low[0]), int(low[1]), int(high[0]), int(high[1])).intersection(self._whole)

    def marks_at(self, ids: tuple[int, ...]) -> Points:
        """Where some landmarks are now."""
        return self._marks[list(ids)]

    def warped(self, wanted: Contours, ring: Points) -> Frame:
        """Jaw, cheeks and the outer edge of the lips taken to where they are wanted."""
        still = np.r_[self._marks[list(topology.STILL)], ring]
        goal = np.r_[still, _skin_of(wanted)]
        now = {name: self._marks[list(ids)] for name, ids in CONTOURS.items()}
        lattice = Lattice.with_cells(self._whole, _CELL * self.unit)
        nodes = lattice.nodes()
        window = window_of(nodes, self._whole, _FADE * self.unit)[:, None] * self.trust
        (offsets,) = spline_offsets(goal, [np.r_[still, _skin_of(now)]], nodes)
        return self._sampled(offsets * window, lattice)

    def _sampled(self, offsets: Points, lattice: Lattice) -> Frame:
        """The pixels from where they are taken; most of the box does not move."""
        picture = self.pixels.copy()
        moves = (np.abs(offsets) > _STILL_PX).any(axis=1)
        if not moves.any():
            return picture
        nodes, cell = lattice.nodes()[moves], lattice.cell_px
        low, high = np.floor(nodes.min(0) - 2 * cell), np.ceil(nodes.max(0) + 2 * cell)
        corners = (int(v) for v in (*low, *high))
        part = Box(*corners).intersection(self._whole)
        x, y = (plane[part.rows, part.columns] for plane in _maps(offsets, lattice))
        picture[part.rows, part.columns] = cv2.remap(
            self.pixels, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        return picture


def filmed_patches(
    plate: Plate, shapes: MouthShapes, excerpt: Excerpt, *, cut_out: bool
) -> Iterator[Patch]:
    """One patch a frame: the whole canvas, or where that is kept apart, what changed of it."""
    if plate.film is None:
        raise ValueError("this plate does not move")
    mouth = FilmedMouth(plate)
    moments = plate.film.during(excerpt.frames, excerpt.grid)
    for moment, shape in zip(moments, shapes, strict=True):
        yield patch_of(moment, mouth.draw(moment, shape), cut_out=cut_out)


def patch_of(moment: Moment, changed: Box | None, *, cut_out: bool) -> Patch:
    """What a moment, drawn on inside a box, puts on the canvas."""
    if moment.canvas is None:
        return Patch.of_rgb(0, 0, moment.frame, moment.matte if cut_out else None)
    box = changed or Box(moment.left, moment.top, moment.left, moment.top)
    part = box.within(Box(moment.left, moment.top, 0, 0))
    rgb = np.ascontiguousarray(moment.frame[part.rows, part.columns])
    return Patch.of_rgb(box.left, box.top, rgb, canvas=moment.canvas)


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


def _maps(offsets: Points | Offsets, lattice: Lattice) -> tuple[Plane, Plane]:
    """Where each pixel of a lattice's box is taken from, of offsets at its nodes."""
    box = lattice.box
    grid = offsets.reshape(lattice.rows, lattice.columns, 2).astype(np.float32)
    rows = slice(0, box.height)
    x, y = (lattice.enlarged(np.ascontiguousarray(grid[..., k]), rows) for k in (0, 1))
    columns = np.arange(box.left, box.right, dtype=np.float32)
    return x + columns, y + np.arange(box.top, box.bottom, dtype=np.float32)[:, None]


def _laid_share(outline: Points, part: Box, unit: float) -> Weights:
    """1 on the lips and a little around them, falling to 0: soft, so a small one is enlarged."""
    shrink = max(1, round(0.4 * _LAID_BEYOND * unit / 2))
    size = (-(-part.width // shrink), -(-part.height // shrink))
    mask = np.zeros(size[::-1], np.uint8)
    line = np.round(((outline + 0.5) / shrink - 0.5) * 16).astype(np.int32)
    reach = max(1, round(2 * _LAID_BEYOND * unit / shrink))
    cv2.fillPoly(mask, [line], 255, cv2.LINE_8, 4)
    cv2.polylines(mask, [line], True, 255, reach, cv2.LINE_8, 4)
    soft = cv2.GaussianBlur(mask * np.float32(1 / 255), (0, 0), 0.5 * _LAID_BEYOND * unit / shrink)
    whole = (size[0] * shrink, size[1] * shrink)
    large = cv2.resize(soft, whole, interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(large[: part.height, : part.width], np.float32)


def _mixed(pictures: list[Frame], shares: list[float]) -> Frame:
    """Pictures laid over each other, as sharp as one of them.

    Sampling between pixels costs fine detail, and so does a mean: of n pictures whose grain and
    stubble do not match, their root of n-th part is left.
    """
    mean = pictures[0]
    if len(pictures) > 1:
        total = np.zeros(mean.shape, np.float32)
        for picture, share in zip(pictures, shares, strict=True):
            total += picture * np.float32(share)
        mean = np.asarray(cv2.convertScaleAbs(total), np.uint8)
    kept = float(np.sqrt(np.square(shares).sum()))
    gain = _SAMPLED + _MIXED * (1 / max(kept, 0.3) - 1)
    soft = cv2.GaussianBlur(mean, (0, 0), _FINE_PX)
    return np.asarray(cv2.addWeighted(mean, 1 + gain, soft, -gain, 0), np.uint8)


def _light(own: Frame, laid: Frame, share: Weights, unit: float) -> Plane:
    """What the picture's surroundings are brighter than the laid mouth's, smoothly all over it.

    A Gaussian mean of the differences along the rim, normalised by how much rim is near
    (Knutsson and Westin 1993).
    """
    shrink = max(1, round(0.02 * unit))
    size = (max(2, share.shape[1] // shrink), max(2, share.shape[0] // shrink))
    small, under, over = (
        cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (share, own, laid)
    )
    rim = np.asarray((small > 0.04) & (small < 0.6), np.float32)
    apart = np.clip(under.astype(np.float32) - over, -_MOST_LIGHT, _MOST_LIGHT) * rim[..., None]
    soft = cv2.GaussianBlur(np.dstack([apart, rim]), (0, 0), max(0.8, _RIM * unit / shrink))
    light = soft[..., :3] / (soft[..., 3:] + 1e-3)
    return np.asarray(cv2.resize(light, share.shape[::-1]), np.float32)
