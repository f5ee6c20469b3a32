"""What is drawn between the lips of a picture that has no real mouths: the inside, or a line."""

from __future__ import annotations

import numpy as np

from lipwright.arrays import Box, Frame, YuvFrame
from lipwright.colour import within
from lipwright.mouth.anatomy import Anatomy, Points
from lipwright.mouth.boxes import even_around
from lipwright.mouth.curves import Weights, blurred, curve, filled, step, strokes
from lipwright.mouth.edges import Edges
from lipwright.mouth.interior import Interior, Opening, frame_points, local_placement
from lipwright.mouth.layering import lay_rgb
from lipwright.mouth.mouthwarp import MouthWarp
from lipwright.mouth.pose import Pose, Targets
from lipwright.mouth.tones import tones_of
from lipwright.mouth.topology import LUMA

_THIN = 0.0045  # half width of the line, and softness of the rim, in a sharp picture
_LINE_DEPTH = 0.56  # of the light; red comes back from the lips, so less of it is lost
_LINE_COLOUR = np.array([0.25, 0.0, 0.036], np.float32)


class DrawnInside:
    """Draws between the lips of one plate."""

    def __init__(self, frame: Frame, anatomy: Anatomy, warp: MouthWarp) -> None:
        tones = tones_of(frame, anatomy)
        self._anatomy, self._warp = anatomy, warp
        self._whole = warp.box.within(warp.box)
        self._interior = Interior(frame, anatomy, tones)
        red = _LINE_COLOUR - _LINE_COLOUR @ LUMA
        self._line = tones.lip * (_LINE_COLOUR @ LUMA + red * np.float32(tones.saturation))
        thin_px = _THIN * anatomy.unit
        # Nothing drawn is sharper than the picture; a line that is drawn wider is fainter.
        self._soft_px = max(thin_px, 1.15 * tones.blur_px)
        self._depth = _LINE_DEPTH * float(np.sqrt(thin_px / self._soft_px))

    def draw(self, into: YuvFrame, edges: Edges, targets: Targets, pose: Pose) -> None:
        """Draw into the picture of the mouth's box."""
        gap = float((targets.inner_lower[:, 1] - targets.inner_upper[:, 1]).max())
        self._shade_seam(into, edges, gap)
        self._fill(into, edges, targets, pose, gap)

    def _shade_seam(self, into: YuvFrame, edges: Edges, gap: float) -> None:
        """The dark line between closed lips, where the picture has none of its own."""
        strength = float(1 - step(np.array(gap / 0.03)))
        if not self._anatomy.parted or strength <= 0:
            return
        unit = self._anatomy.unit
        part = even_around(np.r_[edges.inner_upper, edges.inner_lower], 0.05 * unit, self._whole)
        if part.width < 4 or part.height < 4:
            return
        seam = curve(edges.seam)[2:-2] - [part.left, part.top]
        mark = strokes(seam, part.width, part.height, self._soft_px)
        line = np.broadcast_to(self._line, (*mark.shape, 3))
        share = mark * np.float32(strength * self._depth)
        lay_rgb(np.ascontiguousarray(line), share, within(into, part))

    def _fill(self, into: YuvFrame, edges: Edges, targets: Targets, pose: Pose, gap: float) -> None:
        visibility = self._interior.visibility(gap)
        if visibility <= 0:
            return
        unit = self._anatomy.unit
        outline = edges.opening
        part = even_around(outline, 0.02 * unit + 4, self._whole)
        if part.width < 4 or part.height < 4:
            return
        mask = filled(outline - [part.left, part.top], part.width, part.height)
        mask = blurred(mask, max(0.6, self._soft_px))
        colour = self._interior.paint(self._opening(targets, mask, part), pose)
        lay_rgb(colour, mask * np.float32(visibility), within(into, part))

    def _opening(self, targets: Targets, mask: Weights, part: Box) -> Opening:
        moved = self._warp.in_box(_near(frame_points(self._anatomy)))
        upper, lower = targets.inner_upper, targets.inner_lower
        centre, level = self._anatomy.centre, self._anatomy.seam_level
        return Opening(
            mask,
            local_placement(_far(moved) - [part.left, part.top]),
            float(upper[5, 1]) - level,
            float(lower[5, 1]) - level,
            float(upper[0, 0]) - centre,
            float(upper[-1, 0]) - centre,
        )


def _near(points: Points) -> Points:
    """The middle and two points a tenth of a unit away: where the head's motion is the mouth's."""
    return points[:1] + (points - points[:1]) * 0.1


def _far(points: Points) -> Points:
    return points[:1] + (points - points[:1]) * 10
