"""The inside of a mouth in a picture of flat colours: a dark shape, a band of teeth, a line.

Teeth, gums and shade as in a photo would be the only things in a cartoon that are not flat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame, YuvFrame
from lipwright.colour import within
from lipwright.mouth import topology
from lipwright.mouth.anatomy import Anatomy, Points
from lipwright.mouth.boxes import even_around, even_box
from lipwright.mouth.curves import Weights, blurred, curve, drawn_along, filled
from lipwright.mouth.edges import Edges
from lipwright.mouth.layering import lay_rgb
from lipwright.mouth.mouthwarp import MouthWarp
from lipwright.mouth.pose import Pose, Targets, smooth
from lipwright.mouth.tones import Colour, Tones, tones_of
from lipwright.mouth.topology import LUMA

_LOOKED_AT_UNIT_PX: Final = 100.0
_LOOKED_AT_MOST_PX: Final = 400.0
"""Twice what a face is high at that size: landmarks that are no face take no more memory."""
_LEVEL: Final = 0.7
"""Levels a pixel: less slope than that, at that size, is none.  Skin, grain and paint have more."""
_FLAT_SHARE: Final = 0.35
"""Of a face without slope.  A flat cartoon has 0.58; photos, a painterly one and rendered
presenters 0.01 to 0.15."""
_LINE: Final = (0.008, 0.012)
"""Least and most width of the lips' line, local units: a broader one hides a small opening."""
_TEETH: Final = (0.75, 0.004, 0.09)
"""Height of the teeth: share of the gap beyond the second, at most the third, local units."""
_TONGUE_FROM: Final = 0.05
"""A gap, local units, below which a low tongue is not seen."""


@dataclass(frozen=True, slots=True, eq=False)
class _Colours:
    line: Colour
    cavity: Colour
    teeth: Colour
    tongue: Colour


class FlatInside:
    """Draws between the lips of one plate that is a drawing."""

    def __init__(self, frame: Frame, anatomy: Anatomy, warp: MouthWarp) -> None:
        tones = tones_of(frame, anatomy)
        self._unit, self._whole = anatomy.unit, warp.box.within(warp.box)
        self._colours = _colours(frame, anatomy, tones)
        self._line_px = anatomy.unit * _line_width(frame, anatomy)
        self._soft_px = max(0.6, tones.blur_px)

    def draw(self, into: YuvFrame, edges: Edges, targets: Targets, pose: Pose) -> None:
        """Draw into the picture of the mouth's box."""
        part = even_around(edges.opening, 2 * self._line_px + 4, self._whole)
        if part.width < 4 or part.height < 4:
            return
        seen, corner = within(into, part), np.array([part.left, part.top])
        upper, lower = edges.inner_upper - corner, edges.inner_lower - corner
        gap = max(1e-3, float((targets.inner_lower[:, 1] - targets.inner_upper[:, 1]).max()))
        rows = np.linspace(-1, 1, len(upper))
        self._lay(seen, _between(upper, lower, 0 * rows, 0 * rows + 1), self._colours.cavity)
        for low, high, colour in (
            (*_tongue(rows, gap, pose), self._colours.tongue),
            (0 * rows, 0 * rows + _teeth_share(gap, pose), self._colours.teeth),
        ):
            self._lay(seen, _between(upper, lower, low, high), colour)
        # Around the opening, not over its edge: a slit would be all line.
        out = lower - upper
        out *= (
            0.5 * np.minimum(1, self._line_px / np.maximum(np.linalg.norm(out, axis=1), 1))[:, None]
        )
        outline = np.concatenate([curve(upper - out), curve(lower + out)[::-1]])
        mark = drawn_along(outline, part.width, part.height, self._line_px)
        self._lay_mask(seen, mark, self._colours.line)

    def _lay(self, into: YuvFrame, outline: Points, colour: Colour) -> None:
        height, width = into.y.shape
        self._lay_mask(into, filled(outline, width, height), colour)

    def _lay_mask(self, into: YuvFrame, mask: Weights, colour: Colour) -> None:
        share = blurred(mask, self._soft_px)
        lay_rgb(np.full((*share.shape, 3), colour, np.float32), share, into)


def is_flat(frame: Frame, anatomy: Anatomy) -> bool:
    """Whether the face is drawn in flat colours, as a cartoon's is."""
    marks = anatomy.marks[:, :2]
    box = even_box(marks.min(0), marks.max(0), frame.shape)
    if min(box.width, box.height) < 8:
        return False
    scale = min(_LOOKED_AT_UNIT_PX / anatomy.unit, _LOOKED_AT_MOST_PX / max(box.width, box.height))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    part = cv2.resize(frame[box.rows, box.columns], None, fx=scale, fy=scale, interpolation=how)
    grey = np.asarray(part, np.float32) @ LUMA
    slope = cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)) / 8
    outline = (cv2.convexHull(marks.astype(np.float32))[:, 0] - [box.left, box.top]) * scale
    face = filled(outline, grey.shape[1], grey.shape[0]) > 0
    return bool((slope[face] < _LEVEL).mean() > _FLAT_SHARE)


def _between(upper: Points, lower: Points, low: Points, high: Points) -> Points:
    """Outline of a part of the opening, from shares of the way down at each of its points."""
    first, second = (upper + (lower - upper) * share[:, None] for share in (low, high))
    return np.concatenate([curve(first), curve(second)[::-1]])


def _teeth_share(gap: float, pose: Pose) -> float:
    share, hidden, most = _TEETH
    height = min(most, share * max(0.0, gap - hidden)) * (1 - 0.8 * pose.pucker)
    return height / gap + (1 - height / gap) * 0.9 * pose.tuck


def _tongue(across: Points, gap: float, pose: Pose) -> tuple[Points, Points]:
    """A dome in the middle three fifths, low unless its tip is raised."""
    height = 0.30 * smooth((gap - _TONGUE_FROM) / 0.05) * (1 - pose.tongue) + 0.75 * pose.tongue
    dome = height * np.sqrt(np.clip(1 - (across / 0.62) ** 2, 0, 1))
    return 1 - dome, np.ones_like(dome)


def _colours(frame: Frame, anatomy: Anatomy, tones: Tones) -> _Colours:
    marks = anatomy.marks[:, :2]
    lips = [*topology.OUTER_UPPER, *topology.OUTER_LOWER[::-1]]
    around = _pixels(frame, marks[lips])
    luma = around @ LUMA
    line = np.median(around[luma <= np.percentile(luma, 8)], axis=0).astype(np.float32)
    teeth = tones.white
    if anatomy.parted:
        inside = _pixels(frame, marks[[*topology.INNER_UPPER, *topology.INNER_LOWER[::-1]]])
        luma = inside @ LUMA
        bright = np.median(inside[luma >= np.percentile(luma, 85)], axis=0).astype(np.float32)
        teeth = bright if bright @ LUMA > 0.8 * (tones.white @ LUMA) else teeth
    cavity = np.float32(0.55) * line + np.float32(0.45) * tones.tinted(0.34, 0.10, 0.11)
    return _Colours(line, cavity, teeth, tones.tinted(0.72, 0.36, 0.36))


def _pixels(frame: Frame, outline: Points) -> NDArray[np.float32]:
    mask = np.zeros(frame.shape[:2], np.uint8)
    cv2.fillPoly(mask, [outline.round().astype(np.int32)], 1)
    found = frame[mask > 0].astype(np.float32)
    return found if len(found) else frame[:1, 0].astype(np.float32)


def _line_width(frame: Frame, anatomy: Anatomy) -> float:
    """How broad the drawing's own lines are, local units.

    A strip is four times as broad as its pixels are far from its edge, on average.
    """
    marks = anatomy.marks[:, :2]
    box = even_box(marks.min(0), marks.max(0), frame.shape)
    grey = frame[box.rows, box.columns].astype(np.float32) @ LUMA
    dark = np.asarray(grey < 0.4 * np.median(grey), np.uint8)
    inside = cv2.distanceTransform(dark, cv2.DIST_L2, 3)[dark > 0]
    width = 4 * float(np.median(inside)) / anatomy.unit if len(inside) > 50 else 0.0
    return float(np.clip(width, *_LINE))
