"""Head, brows and breath: one smooth displacement field, a sum of seven fixed ones.

To first order in the angles (at most a few degrees) every idle channel moves the picture by a
fixed field times its value, so a frame costs one small product.
"""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import IDLE, Box, Matte
from lipwright.avatar import Plate
from lipwright.mouth import topology
from lipwright.mouth.anatomy import Anatomy, Points
from lipwright.mouth.boxes import around, even_box
from lipwright.mouth.field import Grid, Lattice

_CHANNELS = ("yaw", "pitch", "roll", "shift_x", "shift_y", "brow", "breath")
_COLUMNS = [IDLE.index(name) for name in _CHANNELS]
_LIMITS = np.array([8.0, 8.0, 6.0, 0.08, 0.08, 1.0, 1.0])
"""Idle motion beyond these (degrees; fractions) would show that the head is a picture."""

_CELL = 0.08  # of the eye distance: finer than anything in these fields
_REACH = (1.95, 3.0, 3.0)  # sideways, up, down: a head with hair, and what moves with it
_FADE = 0.40  # motion dies over this distance before the edge of the canvas or the reach
_FELT_PX = 0.02  # moves by less than this are none: below the sampling's own step
_CALL_PX = 20000  # what asking for one more box takes as long as sampling
_BREATH = 0.016  # of the eye distance: 3 px at 1080p
_BROW_RISE = 0.045  # a little less is not seen at 1080p, more strains the lid below
_BROW_EDGES = (
    *topology.LEFT_BROW,
    *topology.LEFT_BROW_BASE,
    *topology.RIGHT_BROW,
    *topology.RIGHT_BROW_BASE,
)


class HeadMotion:
    """The displacement fields of one plate's head."""

    def __init__(self, plate: Plate, anatomy: Anatomy) -> None:
        lattice = _whole_lattice(anatomy, plate.frame.shape)
        fields = _fields(lattice, anatomy, plate)
        self.box = _moving_box(lattice, fields, anatomy, plate.frame.shape)
        self.lattice = Lattice.with_cells(self.box, _CELL * anatomy.unit)
        nodes = self.lattice.nodes()
        sampled = np.stack([lattice.sample(f, nodes) for f in fields]).astype(np.float32)
        self._fields = sampled.reshape(len(fields), -1)
        most = _most_px(sampled)
        self.reach = _reach(self.box, nodes, most, plate.frame.shape)
        """The part of the plate that the head is sampled from, wherever it is."""
        self.strips = _moving_strips(self.lattice, most.max(axis=-1))
        """Boxes, one under the other, that hold every pixel that may move."""
        self.at_rest: Grid = np.zeros((self.lattice.rows, self.lattice.columns, 2), np.float32)
        """Offsets of a head that does not move."""

    def offsets(self, idle_row: NDArray[np.float32]) -> Grid:
        """Offsets of one frame on `lattice`, from picture to plate."""
        values = np.clip(idle_row[_COLUMNS], -_LIMITS, _LIMITS).astype(np.float32)
        return np.asarray((values @ self._fields).reshape(self.lattice.rows, -1, 2), np.float32)

    @staticmethod
    def moves(first: NDArray[np.float32], second: NDArray[np.float32]) -> bool:
        """Whether the head stands elsewhere in another row of `IdleMotion`."""
        return bool((first[_COLUMNS] != second[_COLUMNS]).any())

    def moved(self, points: Points, offsets: Grid) -> Points:
        """Where canvas points of the plate go: the inverse of `offsets`."""
        there = points - self.lattice.sample(offsets, points)
        return points - self.lattice.sample(offsets, there)


def _whole_lattice(anatomy: Anatomy, canvas: tuple[int, ...]) -> Lattice:
    side, up, down = (reach * anatomy.unit for reach in _REACH)
    origin = anatomy.origin[:2]
    box = even_box(origin - np.array([side, up]), origin + np.array([side, down]), canvas)
    return Lattice.with_cells(box, _CELL * anatomy.unit)


def _fields(lattice: Lattice, anatomy: Anatomy, plate: Plate) -> list[Grid]:
    """One field a channel, for a value of 1, from picture to plate."""
    nodes = lattice.nodes()
    local = anatomy.from_canvas(nodes)
    person = _person(lattice, plate.matte) * _inside(lattice, anatomy, plate.frame.shape)
    chin = anatomy.chin_level
    head = person * _step((chin + 1.0 - local[:, 1]) / 0.95)
    depth = np.zeros(len(head))
    part = np.flatnonzero(head)
    depth[part] = _depth(local[part], anatomy) * head[part]
    # Collar and shoulders rise; what is below them is covered by arms or the frame's edge.
    rising, falling = local[:, 1] - chin - 0.25, chin + 1.45 - local[:, 1]
    body = person * _step(rising / 0.7) * _step(falling / 0.8)
    degree = np.pi / 180
    across, down = anatomy.plane
    pivot = anatomy.on_canvas(np.array([[anatomy.centre, chin + 1.0]]))[0]
    arm = nodes - pivot
    turn = np.stack([-arm[:, 1], arm[:, 0]], axis=-1)
    unit = anatomy.unit
    lift = _BREATH * np.maximum(0.35 * head, body)
    forward = (
        degree * depth[:, None] * across,
        degree * depth[:, None] * down,
        degree * head[:, None] * turn,
        unit * head[:, None] * np.array([1.0, 0.0]),
        unit * head[:, None] * np.array([0.0, 1.0]),
        -_BROW_RISE * _brows(local, anatomy)[:, None] * down,
        -unit * lift[:, None] * np.array([0.0, 1.0]),
    )
    shape = (lattice.rows, lattice.columns, 2)
    return [np.asarray(-field.reshape(shape), np.float32) for field in forward]


def _person(lattice: Lattice, matte: Matte) -> NDArray[np.float64]:
    """1 on the person and a little around, falling to 0 in the background, so that it holds."""
    part = matte[lattice.box.rows, lattice.box.columns]
    size = (lattice.columns, lattice.rows)
    coarse = cv2.resize(part, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    wide = cv2.dilate(np.asarray(coarse), np.ones((3, 3), np.uint8), iterations=2)
    soft = cv2.GaussianBlur(wide, (0, 0), 1.5)
    return np.asarray(soft, np.float64).ravel()


def _inside(lattice: Lattice, anatomy: Anatomy, canvas: tuple[int, ...]) -> NDArray[np.float64]:
    """0 at the edge of the lattice, so that nothing is torn from beyond the canvas."""
    nodes, box = lattice.nodes(), lattice.box
    fade = _FADE * anatomy.unit
    low = np.minimum(nodes[:, 0] - box.left, nodes[:, 1] - box.top)
    high = np.minimum(box.right - 1 - nodes[:, 0], box.bottom - 1 - nodes[:, 1])
    return _step(np.minimum(low, high) / fade)


def _depth(local: Points, anatomy: Anatomy) -> NDArray[np.float64]:
    """How far in front of the ears the face is; 0 at hair, neck and beyond."""
    places, depths = anatomy.flat[:468], anatomy.local[:468, 2]
    ears = depths[list(topology.CHEEK_SIDES)].mean()
    oval = places[list(topology.FACE_OVAL)]
    centre = oval.mean(0)
    beyond = [centre + (oval - centre) * stretch for stretch in (1.45, 2.0)]
    places = np.concatenate([places, *beyond])
    fronts = np.r_[np.clip(ears - depths, 0, 1.2), np.zeros(2 * len(oval))]
    here, there = local.astype(np.float32), places.astype(np.float32)
    squared = (here**2).sum(1)[:, None] + (there**2).sum(1) - 2 * here @ there.T
    np.maximum(squared, 0, out=squared)
    # A narrow kernel follows the nose; a faint wide one answers where no landmark is near.
    weights = np.exp(squared * np.float32(-1 / (2 * 0.11**2)))
    squared += np.float32(0.05)
    weights += np.divide(np.float32(1e-6), squared, out=squared)
    return np.asarray((weights @ fronts) / weights.sum(1), np.float64)


def _brows(local: Points, anatomy: Anatomy) -> NDArray[np.float64]:
    """1 on both brows from edge to edge, which keeps them as thick; 0 at lids and hairline."""
    strength = np.zeros(len(local))
    for mark in anatomy.flat[list(_BROW_EDGES)]:
        away = local - mark
        reach = np.where(away[:, 1] > 0, 0.055, 0.12)  # the lid below is nearer than the hair
        strength = np.maximum(
            strength, np.exp(-0.5 * ((away[:, 0] / 0.09) ** 2 + (away[:, 1] / reach) ** 2))
        )
    return strength


def _moving_box(
    lattice: Lattice, fields: list[Grid], anatomy: Anatomy, canvas: tuple[int, ...]
) -> Box:
    most = _most_px(np.stack(fields)).max(axis=-1)
    rows, columns = np.nonzero(most > _FELT_PX)
    nodes = lattice.nodes().reshape(lattice.rows, lattice.columns, 2)
    if not len(rows):
        return even_box(anatomy.origin[:2] - 2, anatomy.origin[:2] + 2, canvas)
    cell = _CELL * anatomy.unit * 2
    low, high = nodes[rows.min(), columns.min()], nodes[rows.max(), columns.max()]
    return even_box(low - cell, high + cell, canvas)


def _most_px(fields: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far each node can move, at the most, in x and in y."""
    return np.asarray(np.tensordot(_LIMITS.astype(np.float32), np.abs(fields), axes=1), np.float32)


def _reach(box: Box, nodes: Points, most_px: NDArray[np.float32], canvas: tuple[int, ...]) -> Box:
    far = most_px.reshape(-1, 2)
    return around(box, even_box((nodes - far).min(0), (nodes + far).max(0), canvas))


def _moving_strips(lattice: Lattice, most_px: NDArray[np.float32]) -> tuple[Box, ...]:
    felt = (most_px.reshape(lattice.rows, lattice.columns) > _FELT_PX).astype(np.uint8)
    strips: list[Box] = []
    # between two nodes the neighbour counts too
    for row, nodes in enumerate(cv2.dilate(felt, np.ones((3, 3), np.uint8))):
        columns = np.flatnonzero(nodes)
        if len(columns):
            strips.append(lattice.cells(row, int(columns[0]), int(columns[-1]) + 1))
    return tuple(_joined(strips))


def _joined(strips: list[Box]) -> list[Box]:
    """The same pixels and some more, in fewer boxes, as long as that takes less time."""
    while len(strips) > 1:
        more = [
            around(upper, lower).area - upper.area - lower.area for upper, lower in pairwise(strips)
        ]
        best = int(np.argmin(more))
        if more[best] > _CALL_PX:
            break
        strips[best : best + 2] = [around(*strips[best : best + 2])]
    return strips


def _step(x: NDArray[np.float64]) -> NDArray[np.float64]:
    x = np.clip(x, 0, 1)
    return np.asarray(x * x * (3 - 2 * x))
