"""Array aliases and column orders.  Each alias states shape, dtype, range and axis order.

Letters used in shapes: F frames, N audio samples, R rig parameters, K idle channels,
L landmarks, H rows, W columns.
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float32]
"""``(N,)`` float32 mono audio in [-1, 1]; the sample rate travels beside it, in Hz."""

Stereo: TypeAlias = NDArray[np.float32]
"""``(2, N)`` float32 audio in [-1, 1], left then right."""

Frame: TypeAlias = NDArray[np.uint8]
"""``(H, W, 3)`` uint8 RGB, full range, sRGB/BT.709 transfer.  BGR only inside a cv2 line."""

Matte: TypeAlias = NDArray[np.uint8]
"""``(H, W)`` uint8, 255 is opaque foreground.  Soft; not premultiplied."""

Mask: TypeAlias = NDArray[np.bool_]
"""``(H, W)`` bool."""

Landmarks: TypeAlias = NDArray[np.float32]
"""``(L, 3)`` float32 (x, y, z) in pixels, MediaPipe's 478-point order; z grows away from the
camera, in the same scale as x.  Origin at the top-left pixel's centre."""

RIG: Final = (
    "jaw",  # 0 closed .. 1 widest open vowel
    "width",  # -1 narrowest .. 0 rest .. 1 widest spread (signed)
    "pucker",  # 0 .. 1 lips pushed forward and rounded, as in "oo"
    "upper_lip",  # 0 .. 1 upper lip raised, upper teeth shown
    "lower_lip",  # 0 .. 1 lower lip lowered, lower teeth shown
    "press",  # 0 .. 1 lips sealed; 1 is a closure (p b m), whatever the jaw does
    "tuck",  # 0 .. 1 lower lip under the upper teeth (f v)
    "tongue",  # 0 .. 1 tongue tip raised to the upper teeth (l n t d th)
    "tongue_out",  # 0 .. 1 tongue tip between the teeth (th)
)
"""Column order of `MouthShapes`.  All 0 is the mouth at rest: lips together, relaxed."""

MouthShapes: TypeAlias = NDArray[np.float32]
"""``(F, R)`` float32; columns are `RIG`, each in [0, 1] except ``width`` in [-1, 1]."""

MouthShape: TypeAlias = NDArray[np.float32]
"""``(R,)`` float32: one row of `MouthShapes`."""

IDLE: Final = (
    "blink",  # 0 eyes open .. 1 lids closed
    "yaw",  # head turn in degrees, + to the viewer's right
    "pitch",  # head nod in degrees, + downwards
    "roll",  # head tilt in degrees, + clockwise for the viewer
    "shift_x",  # head position, fraction of the outer-eye distance, + right
    "shift_y",  # same, + down
    "brow",  # 0 .. 1 brows raised
    "breath",  # 0 .. 1 chest and shoulders raised
    "gaze_x",  # -1 .. 1 eyes turned by up to GAZE_DEG, + to the viewer's right
    "gaze_y",  # same, + down
)
"""Column order of `IdleMotion`."""

GAZE_DEG: Final = 6.0
"""Eye turn at a gaze of 1.  Further, a presenter no longer seems to look at the viewer."""

IdleMotion: TypeAlias = NDArray[np.float32]
"""``(F, K)`` float32; columns are `IDLE`.  All 0 is the plate as it was taken."""

Plane: TypeAlias = NDArray[np.uint8]
"""``(H, W)`` uint8: one plane of a picture that is stored in planes."""


class YuvFrame(NamedTuple):
    """A 4:2:0 picture in planes: BT.709, limited range, H and W even."""

    y: Plane
    """``(H, W)``, 16 .. 235."""
    u: Plane
    """``(H // 2, W // 2)``, 16 .. 240, 128 is grey."""
    v: Plane
    """As `u`."""
    alpha: Plane | None = None
    """``(H, W)``, 0 .. 255; None is opaque.  The colour is not premultiplied."""


class Box(NamedTuple):
    """A half-open box of pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.width, self.height

    @property
    def is_empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.width <= 0 or self.height <= 0

    @property
    def rows(self) -> slice:
        """Index of the rows in a canvas."""
        return slice(self.top, self.bottom)

    @property
    def columns(self) -> slice:
        """Index of the columns in a canvas."""
        return slice(self.left, self.right)

    @property
    def area(self) -> int:
        """Pixels."""
        return self.width * self.height

    def grown(self, margin_px: int) -> Box:
        """The box with a margin on all sides, on the canvas or not; even as the box is."""
        margin_px += margin_px % 2
        left, top, right, bottom = self
        return Box(left - margin_px, top - margin_px, right + margin_px, bottom + margin_px)

    def within(self, outer: Box) -> Box:
        """The same pixels, counted from the corner of `outer`."""
        return Box(
            self.left - outer.left,
            self.top - outer.top,
            self.right - outer.left,
            self.bottom - outer.top,
        )

    def intersection(self, other: Box) -> Box:
        """The pixels in both; empty boxes have no width or no height."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        return Box(
            left,
            top,
            max(left, min(self.right, other.right)),
            max(top, min(self.bottom, other.bottom)),
        )

    def contains(self, other: Box) -> bool:
        """Whether every pixel of `other` lies in this box."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )

    def moved(self, across: int, down: int) -> Box:
        """The same box elsewhere."""
        return Box(self.left + across, self.top + down, self.right + across, self.bottom + down)
