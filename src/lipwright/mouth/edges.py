"""The lips of one frame, as seen in the picture that is being drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lipwright.mouth.anatomy import Anatomy, Points
from lipwright.mouth.curves import curve
from lipwright.mouth.mouthwarp import MouthWarp
from lipwright.mouth.pose import Targets


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """``(N, 2)`` pixels from the corner of the mouth's box."""

    outer_upper: Points
    outer_lower: Points
    inner_upper: Points
    inner_lower: Points

    @classmethod
    def of(cls, targets: Targets, anatomy: Anatomy, warp: MouthWarp) -> Edges:
        """The edges of these lips, where the head is."""
        local = (
            targets.outer_upper,
            targets.outer_lower,
            targets.inner_upper,
            targets.inner_lower,
        )
        placed = warp.in_box(anatomy.on_canvas(np.concatenate(local)))
        return cls(*np.split(placed, np.cumsum([len(edge) for edge in local[:-1]])))

    @property
    def seam(self) -> Points:
        """Where the lips meet."""
        return (self.inner_upper + self.inner_lower) / 2

    @property
    def opening(self) -> Points:
        """Outline of what is between the lips."""
        return np.concatenate([curve(self.inner_upper), curve(self.inner_lower)[::-1]])

    @property
    def lips(self) -> Points:
        """Outline of both lips together."""
        return np.concatenate([curve(self.outer_upper), curve(self.outer_lower)[::-1]])
