"""How far the lips are apart: measured in a picture, and meant by a mouth shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import RIG, Frame, Landmarks, MouthShapes

_INNER_UPPER: Final = [82, 13, 312]
_INNER_LOWER: Final = [87, 14, 317]
"""Middle thirds of the inner lip edges, MediaPipe's numbering."""
_OUTER_EYE_CORNERS: Final = (33, 263)


class TrackedFace(Protocol):
    """One face found in a picture."""

    @property
    def landmarks(self) -> Landmarks:
        """In pixels, 478 points."""
        ...

    @property
    def looks(self) -> tuple[Landmarks, ...]:
        """Those whose mean the landmarks are, where there were several."""
        ...


class Landmarker(Protocol):
    """Follows a face."""

    def track(self, frames: Iterable[Frame], *, looks: int = 1) -> Iterator[TrackedFace | None]:
        """The main face of each frame of a clip; None where it is not in sight.

        Several clips may be followed at once, in threads.

        Args:
            frames: In order.
            looks: Each face is the mean of so many, which takes out the landmarker's own noise.
        """
        ...


def lip_gap(landmarks: Landmarks) -> float:
    """Distance of the inner lip edges, as a fraction of the outer-eye distance."""
    points = landmarks[:, :2].astype(np.float64)
    across = points[_OUTER_EYE_CORNERS[1]] - points[_OUTER_EYE_CORNERS[0]]
    width = float(np.hypot(*across))
    if not width:
        return float("nan")
    down = np.array([-across[1], across[0]]) / width  # stays with a tilted head
    return float(((points[_INNER_LOWER] - points[_INNER_UPPER]) @ down).mean() / width)


def meant_gap(shapes: MouthShapes) -> NDArray[np.float64]:
    """``(F,)``: the same distance as the mouth shapes mean it, roughly, same unit."""
    column = {name: shapes[:, index].astype(np.float64) for index, name in enumerate(RIG)}
    lips = 0.02 * (column["upper_lip"] + column["lower_lip"])
    gap = 0.14 * column["jaw"] + lips
    return np.asarray(gap * (1 - column["press"]) * (1 - 0.8 * column["tuck"]))
