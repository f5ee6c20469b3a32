"""The shipped fake: a flat ellipse that opens and closes."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from lipwright.arrays import RIG, Box, IdleMotion, MouthShapes
from lipwright.avatar import Excerpt, Patch, Plate
from lipwright.mouth.boxes import even_box, same_length
from lipwright.mouth.topology import LIP_CORNERS

_LIP_RGB = (170, 70, 80)
_HALF_HEIGHT = 0.16  # of the mouth's width, at full jaw: open enough to be measured


class PaintedMouth:
    """A `MouthModel` for tests of other stages: the opening is ``jaw * (1 - press)``."""

    def patches(
        self,
        plate: Plate,
        shapes: MouthShapes,
        idle: IdleMotion,
        *,
        cut_out: bool,
        excerpt: Excerpt | None = None,
    ) -> Iterator[Patch]:
        """Yield one patch a frame; see `MouthModel.patches`.  Idle motion and films are ignored."""
        same_length(shapes, idle)
        left, right = plate.landmarks[list(LIP_CORNERS), :2].astype(np.float64)
        centre, width = (left + right) / 2, max(2.0, float(np.linalg.norm(right - left)))
        box = even_box(centre - width * 0.75, centre + width * 0.75, plate.frame.shape)
        for row in shapes:
            opening = float(row[RIG.index("jaw")] * (1 - row[RIG.index("press")]))
            yield _painted(plate, box, (centre, width), opening, cut_out)


def _painted(
    plate: Plate,
    box: Box,
    mouth: tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], float],
    opening: float,
    cut_out: bool,
) -> Patch:
    centre, width = mouth
    rgb = np.ascontiguousarray(plate.frame[box.rows, box.columns])
    alpha = plate.matte[box.rows, box.columns].copy() if cut_out else None
    middle = (round(centre[0]) - box.left, round(centre[1]) - box.top)
    axes = (round(width / 2), max(1, round(width * _HALF_HEIGHT)))
    cv2.ellipse(rgb, middle, axes, 0, 0, 360, _LIP_RGB, -1)
    hole = (round(width * 0.4), round(width * _HALF_HEIGHT * opening))
    if hole[1] > 0:
        cv2.ellipse(rgb, middle, hole, 0, 0, 360, (0, 0, 0), -1)
    return Patch.of_rgb(box.left, box.top, rgb, alpha)
