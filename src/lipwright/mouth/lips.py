"""The mouth of one plate: two warps that meet at the lip line, and the inside between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import MouthShape
from lipwright.avatar import Plate
from lipwright.mouth import topology
from lipwright.mouth.anatomy import Anatomy, Points
from lipwright.mouth.boxes import Box, even_box
from lipwright.mouth.curves import Weights, below, blurred, curve, filled, step, strokes
from lipwright.mouth.field import Grid, Lattice, SplinePair
from lipwright.mouth.head import HeadMotion
from lipwright.mouth.interior import Interior, Opening, frame_points, local_placement
from lipwright.mouth.likeness import Likeness
from lipwright.mouth.pose import SKIN_POINTS, LipRig, Pose, Targets, pose_of
from lipwright.mouth.source import SCALE, Source
from lipwright.mouth.tones import tones_of

Plane = NDArray[np.float32]

_CELL = 0.045  # of the eye distance: half a lip
_WINDOW = 0.12  # the warp dies over this distance inside its box
_CORE = (-0.90, -0.42, 0.90, 0.55)  # left, top, right, and under the chin
_TRAVEL = 0.14  # the furthest that head motion takes the mouth
_BAND = 0.12  # rows above and below the lips in which both warps are drawn
_LINE_DEPTH = np.array([0.42, 0.56, 0.54], np.float32)  # the line between lips is dark red
_LAID_BEYOND = 0.032  # a real mouth is laid this far over the skin around its lips, and fades
_TEETH_RIM = 0.007  # parted lips are sampled this far inside their edge: no teeth on the lips


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """The lips of one frame on the canvas."""

    upper: Points
    lower: Points

    @property
    def seam(self) -> Points:
        return (self.upper + self.lower) / 2


class Lips:
    """Draws one plate's mouth in any pose, under any head motion."""

    def __init__(self, plate: Plate, anatomy: Anatomy, head: HeadMotion) -> None:
        marks = anatomy.marks
        self._anatomy, self._head = anatomy, head
        self._rig = LipRig(anatomy)
        self._likeness = Likeness(plate.mouths, anatomy) if plate.mouths else None
        self._interior = Interior(plate.frame, anatomy, tones_of(plate.frame, anatomy))
        self._still = np.r_[marks[list(topology.STILL), :2], still_ring(anatomy)]
        self._original = np.r_[self._still, _original_lips(anatomy)]
        self._splines = _pair(len(self._still))
        canvas = plate.frame.shape
        self._core = _core_box(anatomy, canvas)
        travel = _TRAVEL * anatomy.unit
        self.box = even_box(
            np.array([self._core.left, self._core.top]) - travel,
            np.array([self._core.right, self._core.bottom]) + travel,
            canvas,
        )
        self._lattice = Lattice.with_cells(self.box, _CELL * anatomy.unit)
        self._nodes = self._lattice.nodes()

    def draw(
        self,
        rgba: NDArray[np.uint8],
        source: Source,
        maps: tuple[Plane, Plane],
        head_offsets: Grid,
        shape: MouthShape,
    ) -> None:
        """Draw the mouth into `rgba`, which shows exactly `box`, in place.

        Args:
            rgba: The picture inside `box`, the head already moved.
            source: The plate.
            maps: Where each pixel of `box` comes from, in doubled plate pixels.
            head_offsets: The head's motion in this frame.
            shape: One rig vector.
        """
        pose = pose_of(shape)
        targets = self._likeness.targets(shape) if self._likeness else self._rig.targets(pose)
        upper, lower = self._fields(targets, head_offsets)
        line = self._line(targets, head_offsets)
        band = self._band(line)
        rows = slice(0, band.bottom)
        source.remap(*self._warp(maps, upper, rows), rgba[rows])
        rows = slice(band.top, self.box.height)
        under = source.remapped(*self._warp(maps, lower, rows))
        rgba[band.bottom :] = under[band.height :]
        self._join(rgba, under[: band.height], line, band)
        if self._likeness:
            chosen = self._likeness.chosen(targets, shape)
            self._lay(self._likeness, chosen, targets, (rgba, maps, source.corner), head_offsets)
        else:
            self._shade_seam(rgba, line, targets)
            self._fill(rgba, line, targets, head_offsets, pose)

    def _lay(
        self,
        likeness: Likeness,
        chosen: Sequence[tuple[int, float]],
        targets: Targets,
        into: tuple[NDArray[np.uint8], tuple[Plane, Plane], NDArray[np.float64]],
        head_offsets: Grid,
    ) -> None:
        """Lay real lips, and all between them, over the warped ones."""
        rgba, maps, corner = into
        unit = self._anatomy.unit
        edges = [
            self._head.moved(self._anatomy.on_canvas(edge), head_offsets)
            - [self.box.left, self.box.top]
            for edge in (targets.outer_upper, targets.outer_lower)
        ]
        outline = np.r_[curve(edges[0]), curve(edges[1])[::-1]]
        part = self._around(outline, 2.6 * _LAID_BEYOND * unit + 2)
        if part.width < 2 or part.height < 2:
            return
        share = _laid_share(outline - [part.left, part.top], part, unit)
        near = self._lattice.nodes_near(part.rows, part.columns)
        nodes = self._nodes[near]
        at = nodes + self._head.lattice.sample(head_offsets, nodes)
        field = np.zeros((self._lattice.rows, self._lattice.columns, 2), np.float32)
        colour = np.zeros((part.height, part.width, 3), np.float32)
        offsets = likeness.offsets([picture for picture, _ in chosen], targets, at)
        for (picture, weight), offset in zip(chosen, offsets, strict=True):
            field.reshape(-1, 2)[near] = offset
            x, y = self._warp(maps, field, part.rows, part.columns)
            colour += likeness.sampled(picture, x, y, corner) * np.float32(weight)
        pixels = rgba[part.rows, part.columns]
        under = pixels[..., :3].astype(np.float32)
        under += (colour - under) * share[..., None]
        pixels[..., :3] = np.clip(under + 0.5, 0, 255).astype(np.uint8)

    def _fields(self, targets: Targets, head_offsets: Grid) -> tuple[Grid, Grid]:
        """Both warps at the nodes; they run on the plate, so the nodes go there first."""
        at = self._nodes + self._head.lattice.sample(head_offsets, self._nodes)
        moved = np.r_[self._still, self._anatomy.on_canvas(_stacked(targets))]
        window = window_of(at, self._core, _WINDOW * self._anatomy.unit)[:, None]
        inside = np.flatnonzero(window)
        fields = np.zeros((2, len(at), 2), np.float32)
        for field, found in zip(
            fields, self._splines.offsets(moved, self._original, at[inside]), strict=True
        ):
            field[inside] = found * window[inside]
        upper, lower = fields.reshape(2, self._lattice.rows, self._lattice.columns, 2)
        return upper, lower

    def edges_in_plate(self, targets: Targets) -> tuple[Points, Points]:
        """Where both warps take the two inner lip edges from, for the head at rest."""
        moved = np.r_[self._still, self._anatomy.on_canvas(_stacked(targets))]
        edges = [self._anatomy.on_canvas(e) for e in (targets.inner_upper, targets.inner_lower)]
        upper, _ = self._splines.offsets(moved, self._original, edges[0])
        _, lower = self._splines.offsets(moved, self._original, edges[1])
        return edges[0] + upper, edges[1] + lower

    def _warp(
        self, maps: tuple[Plane, Plane], field: Grid, rows: slice, columns: slice = slice(None)
    ) -> tuple[Plane, Plane]:
        """Where a part of the box comes from, the mouth's warp added to the head's."""
        doubled = field * np.float32(SCALE)
        x, y = (
            cv2.add(maps[k][rows, columns], self._lattice.enlarged(doubled[..., k], rows, columns))
            for k in (0, 1)
        )
        return np.asarray(x, np.float32), np.asarray(y, np.float32)

    def _line(self, targets: Targets, head_offsets: Grid) -> _Line:
        corner = np.array([self.box.left, self.box.top])
        edges = [
            self._head.moved(self._anatomy.on_canvas(edge), head_offsets) - corner
            for edge in (targets.inner_upper, targets.inner_lower)
        ]
        return _Line(edges[0], edges[1])

    def _band(self, line: _Line) -> Box:
        reach = _BAND * self._anatomy.unit
        y = np.r_[line.upper[:, 1], line.lower[:, 1]]
        top = int(np.clip(y.min() - reach, 0, self.box.height))
        bottom = int(np.clip(y.max() + reach, top, self.box.height))
        return Box(0, top, self.box.width, bottom)

    def _join(
        self, rgba: NDArray[np.uint8], under: NDArray[np.uint8], line: _Line, band: Box
    ) -> None:
        """Blend the lower picture into the upper one, which `rgba` shows, under the lip line."""
        if not band.height:
            return
        unit = self._anatomy.unit
        seam = curve(line.seam - [0, band.top])
        lower = below(seam, band.width, band.height, 0.03 * unit, 0.015 * unit)
        above = np.ascontiguousarray(rgba[band.rows])
        rgba[band.rows] = cv2.blendLinear(above, under, 1 - lower, lower)

    def _shade_seam(self, rgba: NDArray[np.uint8], line: _Line, targets: Targets) -> None:
        """The dark line between closed lips, where the picture has none of its own."""
        gap = float((targets.inner_lower[:, 1] - targets.inner_upper[:, 1]).max())
        strength = float(1 - step(np.array(gap / 0.03)))
        if not self._anatomy.parted or strength <= 0:
            return
        unit = self._anatomy.unit
        part = self._around(np.r_[line.upper, line.lower], 0.05 * unit)
        if part.width < 2 or part.height < 2:
            return
        seam = curve(line.seam)[2:-2] - [part.left, part.top]
        mark = strokes(seam, part.width, part.height, 0.0045 * unit)
        shade = 1 - strength * mark[..., None] * _LINE_DEPTH
        pixels = rgba[part.rows, part.columns]
        pixels[..., :3] = (pixels[..., :3] * shade).astype(np.uint8)

    def _fill(
        self,
        rgba: NDArray[np.uint8],
        line: _Line,
        targets: Targets,
        head_offsets: Grid,
        pose: Pose,
    ) -> None:
        gap = float((targets.inner_lower[:, 1] - targets.inner_upper[:, 1]).max())
        visibility = self._interior.visibility(gap)
        if visibility <= 0:
            return
        unit = self._anatomy.unit
        outline = np.r_[curve(line.upper), curve(line.lower)[::-1]]
        part = self._around(outline, 0.05 * unit + 4)
        if part.width < 2 or part.height < 2:
            return
        mask = filled(outline - [part.left, part.top], part.width, part.height)
        mask = blurred(mask, max(0.6, 0.0045 * unit))
        opening = self._opening(targets, mask, head_offsets, part)
        colour = self._interior.paint(opening, pose)
        share = mask * np.float32(visibility)
        pixels = rgba[part.rows, part.columns]
        under = pixels[..., :3].astype(np.float32)
        under += (colour - under) * share[..., None]
        pixels[..., :3] = np.clip(under + 0.5, 0, 255).astype(np.uint8)

    def _opening(self, targets: Targets, mask: Weights, head_offsets: Grid, part: Box) -> Opening:
        corner = np.array([self.box.left + part.left, self.box.top + part.top])
        moved = self._head.moved(_near(frame_points(self._anatomy)), head_offsets)
        upper, lower = targets.inner_upper, targets.inner_lower
        centre, level = self._anatomy.centre, self._anatomy.seam_level
        return Opening(
            mask,
            local_placement(_far(moved) - corner),
            float(upper[5, 1]) - level,
            float(lower[5, 1]) - level,
            float(upper[0, 0]) - centre,
            float(upper[-1, 0]) - centre,
        )

    def _around(self, points: Points, reach: float) -> Box:
        low = np.floor(points.min(0) - reach).astype(int)
        high = np.ceil(points.max(0) + reach).astype(int) + 1
        whole = Box(0, 0, self.box.width, self.box.height)
        return Box(int(low[0]), int(low[1]), int(high[0]), int(high[1])).intersection(whole)


def _laid_share(outline: Points, part: Box, unit: float) -> Weights:
    """1 on the lips and a little around them, falling to 0."""
    reach = round(2 * _LAID_BEYOND * unit) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    wide = cv2.dilate(filled(outline, part.width, part.height), kernel)
    return blurred(np.asarray(wide, np.float32), 0.5 * _LAID_BEYOND * unit)


def _near(points: Points) -> Points:
    """The middle and two points a tenth of a unit away: where the head's motion is the mouth's."""
    return points[:1] + (points - points[:1]) * 0.1


def _far(points: Points) -> Points:
    return points[:1] + (points - points[:1]) * 10


def still_ring(anatomy: Anatomy) -> Points:
    """Still points around the lower face: beside the jaw, under the chin, across the eyes."""
    chin = anatomy.chin_level
    points = [(x, -0.75) for x in (-0.95, 0.0, 0.95)]
    points += [(side * 1.05, y) for side in (-1, 1) for y in (-0.4, 0.0, 0.35)]
    points += [(x, chin + 0.42) for x in (-0.9, -0.45, 0.0, 0.45, 0.9)]
    points += [(x, chin + 0.62) for x in (-1.0, 0.0, 1.0)]
    middle = anatomy.flat[list(topology.CHEEK_SIDES), 0].mean()
    for index in topology.JAW_CORNERS:
        x, y = anatomy.flat[index]
        outward = 0.17 if index in topology.JAW_CORNERS[:4] else 0.20
        points.append((x + np.sign(x - middle) * outward, y + 0.06))
    return anatomy.on_canvas(np.array(points, np.float64))


def _core_box(anatomy: Anatomy, canvas: tuple[int, ...]) -> Box:
    """All that the mouth moves when the head is still."""
    low, high = np.array(_CORE[:2]), np.array([_CORE[2], anatomy.chin_level + _CORE[3]])
    corners = np.array([low, [high[0], low[1]], high, [low[0], high[1]]])
    on_canvas = anatomy.on_canvas(corners)
    return even_box(on_canvas.min(0), on_canvas.max(0), canvas)


def _original_lips(anatomy: Anatomy) -> Points:
    """Where the moving control points lie in the plate, in the order of `_stacked`."""
    lips = anatomy.marks[:, :2].copy()
    if anatomy.parted:
        rim = anatomy.plane[1] * _TEETH_RIM
        lips[list(topology.INNER_UPPER[1:-1])] -= rim
        lips[list(topology.INNER_LOWER[1:-1])] += rim
    return np.concatenate(
        [
            lips[list(SKIN_POINTS)],
            lips[list(topology.OUTER_UPPER)],
            lips[list(topology.OUTER_LOWER[1:-1])],
            lips[list(topology.INNER_UPPER[1:-1])],
            lips[list(topology.INNER_LOWER[1:-1])],
        ]
    )


def _stacked(targets: Targets) -> Points:
    return np.concatenate(
        [
            targets.skin,
            targets.outer_upper,
            targets.outer_lower[1:-1],
            targets.inner_upper[1:-1],
            targets.inner_lower[1:-1],
        ]
    )


def _pair(still_count: int) -> SplinePair:
    """The upper warp knows all but the lower lip's inner edge, the lower all but the upper's."""
    inner = len(topology.INNER_UPPER) - 2
    common = still_count + len(SKIN_POINTS) + len(topology.OUTER_UPPER) + inner
    shared = np.arange(common)
    upper, lower = np.arange(common, common + inner), np.arange(common + inner, common + 2 * inner)
    return SplinePair(common + 2 * inner, np.r_[shared, upper], np.r_[shared, lower])


def window_of(points: Points, box: Box, fade: float) -> NDArray[np.float32]:
    """1 inside the box, 0 at its edges and outside."""
    low = np.minimum(points[:, 0] - box.left, points[:, 1] - box.top)
    high = np.minimum(box.right - 1 - points[:, 0], box.bottom - 1 - points[:, 1])
    return step(np.minimum(low, high) / fade)
