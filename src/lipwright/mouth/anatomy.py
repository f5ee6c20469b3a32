"""The face in its own units: axes, rest lip line, and how far the picture is from rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Landmarks
from lipwright.avatar import Plate
from lipwright.mouth import topology
from lipwright.mouth.lipline import cavity_share, with_lips_on_line

Points: TypeAlias = NDArray[np.float64]
"""``(N, 2)`` or ``(N, 3)`` float64: canvas pixels, or local units where said."""

_LEAST_UNIT_PX = 8.0
"""Below this eye distance nothing of a mouth can be seen; it keeps divisions finite."""

_PARTED = 0.012  # lips further apart than this (of the eye distance) show the inside
_TEETH_OVER_LIP = 0.024  # upper incisors end this far below the line where lips meet


@dataclass(frozen=True, slots=True, eq=False)
class Anatomy:
    """Local units: x along the eyes, y down the face, z away; 1 is the outer-eye distance."""

    marks: Points
    """``(L, 3)``: the landmarks on the canvas, closed lips moved onto the line they make."""
    unit: float
    """Pixels per local unit."""
    axes: Points
    """``(3, 3)``: the local axes as rows, in canvas directions."""
    origin: Points
    """``(3,)``: canvas position of the local origin, between the lips."""
    local: Points
    """``(L, 3)``: the landmarks in local units."""
    seam: Points
    """``(11, 3)``: where the lips meet at rest."""
    gap: float
    """How far the lips are apart in the picture."""
    jaw_drop: float
    """How far the jaw hangs in the picture."""
    smile: float
    """0 neutral .. 1: corners above the middle."""

    @property
    def parted(self) -> bool:
        """Whether the picture shows the inside of the mouth."""
        return self.gap > _PARTED

    @property
    def half_width(self) -> float:
        """Half the rest mouth's width."""
        return float(max(0.05, (self.seam[-1, 0] - self.seam[0, 0]) / 2))

    @property
    def centre(self) -> float:
        """The mouth's middle, local x."""
        return float((self.seam[-1, 0] + self.seam[0, 0]) / 2)

    @property
    def seam_level(self) -> float:
        """Local y of the rest lip line at its middle."""
        return float(self.seam[5, 1])

    @property
    def flat(self) -> Points:
        """``(L, 2)``: the landmarks as `from_canvas` sees them, without their depth."""
        return self.from_canvas(self.marks[:, :2])

    @property
    def chin_level(self) -> float:
        """Flat y of the chin."""
        return float(self.flat[topology.CHIN, 1])

    @property
    def plane(self) -> Points:
        """``(2, 2)``: local (x, y) times this is a canvas offset."""
        return np.asarray(self.axes[:2, :2] * self.unit)

    def on_canvas(self, local: Points) -> Points:
        """Canvas positions of local points; a missing z is 0."""
        depth = self.axes[2, :2] * local[:, 2:3] if local.shape[1] > 2 else 0.0
        return np.asarray(self.origin[:2] + self.unit * (local[:, :2] @ self.axes[:2, :2] + depth))

    def from_canvas(self, points: Points) -> Points:
        """Local (x, y) of canvas points, as if all lay in the plane of the face."""
        return np.asarray((points - self.origin[:2]) @ np.linalg.inv(self.plane))


def anatomy_of(plate: Plate) -> Anatomy:
    """Measure the face of a plate."""
    unit, axes = _axes(plate.landmarks)
    down = axes[1, :2] / np.linalg.norm(axes[1, :2])
    marks = with_lips_on_line(plate.frame, plate.landmarks.astype(np.float64), unit, down)
    upper, lower = list(topology.INNER_UPPER), list(topology.INNER_LOWER)
    origin = (marks[upper].mean(0) + marks[lower].mean(0)) / 2
    local = (marks - origin) @ axes.T / unit
    gap = max(0.0, float(local[lower[5], 1] - local[upper[5], 1]))
    jaw_drop = _jaw_drop(plate.jaw_open, gap, cavity_share(plate.frame, marks))
    seam = _rest_seam(local[upper], local[lower], jaw_drop)
    return Anatomy(
        marks, unit, axes, origin, local, seam, gap, jaw_drop, _smile(seam, local[upper])
    )


def _axes(landmarks: Landmarks) -> tuple[float, Points]:
    marks = landmarks.astype(np.float64)
    left, right = topology.EYE_CORNERS
    across = marks[right] - marks[left]
    unit = float(np.linalg.norm(across))
    across = across / unit if unit > 1 else np.array([1.0, 0.0, 0.0])
    down = marks[topology.CHIN] - marks[topology.FOREHEAD]
    down = down - down @ across * across
    length = float(np.linalg.norm(down))
    down = down / length if length > 1 else np.array([-across[1], across[0], 0.0])
    axes = np.stack([across, down, np.cross(across, down)])
    # Seen edge-on the plane cannot be inverted; such a face is drawn as if frontal.
    if abs(np.linalg.det(axes[:2, :2])) < 0.2:
        axes = np.eye(3)
    return max(unit, _LEAST_UNIT_PX), axes


def _jaw_drop(jaw_open: float, gap: float, dark: float) -> float:
    if gap <= _PARTED:
        return 0.0
    # 0.30: local drop at a blendshape of 1.  The lips cannot be parted by the jaw for more
    # than what is left when the teeth's own share of the gap is taken off.
    drop = min(float(np.clip(jaw_open, 0, 1)) * 0.30, max(0.0, gap - 0.02) * 0.8)
    # An open mouth shows a third and more of dark; shadows between teeth and corners, a tenth.
    return drop * float(np.clip((dark - 0.12) / 0.25, 0, 1))


def _rest_seam(upper: Points, lower: Points, jaw_drop: float) -> Points:
    raised = lower.copy()
    raised[:, 1] -= jaw_drop * (1 - topology.UPPER_INNER_SHARE**2 * 0.7)
    gap = np.clip(raised[:, 1] - upper[:, 1], 0, None)
    seam = upper.copy()
    seam[:, 0] = (upper[:, 0] + lower[:, 0]) / 2
    seam[:, 1] = raised[:, 1] - np.minimum(_TEETH_OVER_LIP, gap * 0.5)
    seam[[0, -1]] = upper[[0, -1]]
    return seam


def _smile(seam: Points, upper: Points) -> float:
    corners = (upper[0, 1] + upper[-1, 1]) / 2
    return float(np.clip((seam[5, 1] - corners - 0.004) / 0.055, 0, 1))
