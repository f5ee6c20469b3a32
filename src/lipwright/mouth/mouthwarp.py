"""The two warps of a mouth: one knows the upper lip's inner edge, one the lower lip's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Box
from lipwright.mouth import topology
from lipwright.mouth.anatomy import Anatomy, Points
from lipwright.mouth.boxes import even_around, even_box
from lipwright.mouth.curves import step
from lipwright.mouth.field import Grid, Lattice, Zone
from lipwright.mouth.head import HeadMotion
from lipwright.mouth.pose import SKIN_POINTS, Targets
from lipwright.mouth.splines import Anchor, AnchoredSpline, SplinePair

_CELL = 0.045  # of the eye distance: half a lip
_REAL_CELL = 0.057  # under real lips, which move as one: a third less work, the same to 65 dB
_WINDOW = 0.12  # the warp dies over this distance inside its box
_CORE = (-0.90, -0.42, 0.90, 0.55)  # left, top, right, and under the chin
_TRAVEL = 0.14  # the furthest that head motion takes the mouth
_TEETH_RIM = 0.007  # parted lips are sampled this far inside their edge: no teeth on the lips


class MouthWarp:
    """Displacement fields of one plate's mouth, wherever the head is."""

    def __init__(
        self, anatomy: Anatomy, head: HeadMotion, canvas: tuple[int, ...], *, real: bool = False
    ) -> None:
        """Prepare the fields; `real` where real lips will be laid over the warped ones."""
        self._anatomy, self._head = anatomy, head
        self._original = _original_lips(anatomy)
        own = len(topology.INNER_UPPER) - 2
        anchor = Anchor(np.r_[anatomy.marks[list(topology.STILL), :2], still_ring(anatomy)])
        self._spline = AnchoredSpline(anchor)
        self._splines = SplinePair(anchor, len(self._original) - 2 * own, own)
        self._core = _core_box(anatomy, canvas)
        travel = _TRAVEL * anatomy.unit
        low = np.array([self._core.left, self._core.top]) - travel
        high = np.array([self._core.right, self._core.bottom]) + travel
        self.box = even_box(low, high, canvas)
        """All that the mouth moves, wherever the head is."""
        self.lattice = lattice = Lattice.with_cells(
            self.box, (_REAL_CELL if real else _CELL) * anatomy.unit
        )
        self.zone = Zone(lattice, self.box, smooth=True)
        self._shape = (lattice.rows, lattice.columns, 2)
        self._nodes = lattice.nodes()
        self.follow(head.at_rest)

    def follow(self, head_offsets: Grid) -> None:
        """Take note of where the head is."""
        self._head_offsets = head_offsets
        moved = self._head.lattice.sample(head_offsets, self._nodes)
        self._moved = np.asarray(moved, np.float32)
        # The warps run on the plate, so the nodes go there first.
        self._at = self._nodes + moved
        window = window_of(self._at, self._core, _WINDOW * self._anatomy.unit)
        self._inside = np.flatnonzero(window)
        self._window = window[self._inside, None]
        self.moving = self._moving(self._nodes[self._inside])
        """What the mouth moves where the head is now, counted from the corner of the box."""
        self._at_inside = self._at[self._inside]

    def _moving(self, nodes: Points) -> Box:
        """All pixels that some of the nodes have a share in."""
        whole = self.box.within(self.box)
        if not len(nodes):
            return whole
        corner = [self.box.left, self.box.top]
        return even_around(nodes - corner, 2 * self.lattice.cell_px, whole)

    def field(self, targets: Targets) -> Grid:
        """Offsets at the zone's nodes, from picture to plate, of a warp that knows no inner edge.

        It is right around the lips, not between them.
        """
        common, field = self._splines.common, self._moved.copy()
        goal, original = self._goal(targets)[:common], self._original[:common]
        offsets = self._spline.offsets(goal, original, self._at_inside)
        field[self._inside] += offsets * self._window
        return np.asarray(field.reshape(self._shape))

    def fields(self, targets: Targets) -> tuple[Grid, Grid]:
        """Offsets of the upper and the lower warp at the zone's nodes, from picture to plate."""
        fields = np.stack([self._moved, self._moved])
        found = self._splines.offsets(self._goal(targets), self._original, self._at_inside)
        for field, offsets in zip(fields, found, strict=True):
            field[self._inside] += offsets * self._window
        upper, lower = fields.reshape(2, *self._shape)
        return upper, lower

    def near(self, part: Box) -> tuple[NDArray[np.intp], Points]:
        """The nodes that a part of the box needs, and where on the plate they are."""
        chosen = self.zone.nodes_around(part)
        return chosen, self._at[chosen]

    def with_offsets(self, chosen: NDArray[np.intp], offsets: NDArray[np.float32]) -> Grid:
        """The head's motion, and more of it at some nodes."""
        field = self._moved.copy()
        field[chosen] += offsets  # a node that is there twice has the same offset twice
        return np.asarray(field.reshape(self._shape))

    def in_box(self, plate_points: Points) -> Points:
        """Where points of the plate are now, counted from the corner of the box."""
        moved = self._head.moved(plate_points, self._head_offsets)
        return np.asarray(moved - [self.box.left, self.box.top])

    def edges_in_plate(self, targets: Targets) -> tuple[Points, Points]:
        """Where both warps take the two inner lip edges from, for the head at rest."""
        moved = self._goal(targets)
        edges = [self._anatomy.on_canvas(e) for e in (targets.inner_upper, targets.inner_lower)]
        upper, _ = self._splines.offsets(moved, self._original, edges[0])
        _, lower = self._splines.offsets(moved, self._original, edges[1])
        return np.add(edges[0], upper), np.add(edges[1], lower)

    def _goal(self, targets: Targets) -> Points:
        return self._anatomy.on_canvas(_stacked(targets))


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


def window_of(points: Points, box: Box, fade: float) -> NDArray[np.float32]:
    """1 inside the box, 0 at its edges and outside."""
    low = np.minimum(points[:, 0] - box.left, points[:, 1] - box.top)
    high = np.minimum(box.right - 1 - points[:, 0], box.bottom - 1 - points[:, 1])
    return step(np.minimum(low, high) / fade)


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
    """The inner edges come last: each belongs to one of the warps only."""
    return np.concatenate(
        [
            targets.skin,
            targets.outer_upper,
            targets.outer_lower[1:-1],
            targets.inner_upper[1:-1],
            targets.inner_lower[1:-1],
        ]
    )
