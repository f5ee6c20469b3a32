"""Where closed lips meet in the picture, to the pixel.

Landmarks of closed lips are a few pixels off and a little apart.  A warp that parts the lips
must part them along the dark line between them, or half of that line stays on the wrong lip.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame
from lipwright.mouth import topology
from lipwright.mouth.topology import LUMA

Points = NDArray[np.float64]

_CLOSED = 0.030  # landmarks of closed lips are up to this far apart (of the eye distance)
_PERHAPS_CLOSED = 0.045  # lips seen further apart are open
_SEARCH = 0.035  # how far from the landmarks the line may lie
_STEPS = 29
_VALLEY = 5  # steps to either side that a pixel must be darker than: the line's width
_STIFFNESS = 2.0  # cost of a bend, against a gain of 1 for black between white lips
_TEETH = 1.12  # a mouth is open where its middle is this much brighter than its lips

# An upper lip between two dark lines is taken for an opening.  Under the edge of a real one it is
# dark or there are teeth.
_UPPER_LIP = (0.05, 0.2)  # of the way down, where such a lip is looked for
_LIT_LIP = 0.4  # of the lower lip's light; the upper one is in the shade
_LIP_RED = 0.12  # its share of red differs by less from the lower lip's
_NO_TEETH = 0.8  # of the lower lip's light: nothing between them is brighter
_DARK_LINE = 0.3  # and somewhere a line is as dark as this


def with_lips_on_line(frame: Frame, marks: Points, unit: float, down: Points) -> Points:
    """The landmarks, with both inner lip edges on the dark line if the lips are closed.

    Args:
        frame: The picture.
        marks: ``(L, 3)``, not changed.
        unit: Outer-eye distance in pixels.
        down: ``(2,)`` canvas direction from nose to chin, length 1.
    """
    upper, lower = list(topology.INNER_UPPER), list(topology.INNER_LOWER)
    gap = float((marks[lower, :2] - marks[upper, :2])[5] @ down) / unit
    open_at_most = _PERHAPS_CLOSED
    if gap > open_at_most and not _lip_for_opening(frame, marks, unit):
        return marks
    middle = (marks[upper] + marks[lower]) / 2
    reach = _SEARCH if gap <= open_at_most else gap / 2
    profiles = _profiles(frame, middle[:, :2], (unit, reach), down)
    if _CLOSED < gap <= open_at_most and _shows_teeth(profiles):
        return marks
    offsets = np.linspace(-reach, reach, _STEPS) * unit
    shift = offsets[_darkest_path(profiles)][:, None] * down
    settled = marks.copy()
    middle[:, :2] += shift
    settled[upper] = settled[lower] = middle
    settled[list(topology.LIP_CORNERS), :2] += shift[[0, -1]]
    return settled


def cavity_share(frame: Frame, marks: Points) -> float:
    """How much of what is seen between the lips is dark: the rest is teeth.

    A wide smile parts the lips over closed teeth.  Landmarks alone cannot tell that from a
    dropped jaw, and closing a jaw that is closed pushes the chin up.
    """
    outline = marks[[*topology.INNER_UPPER, *topology.INNER_LOWER[::-1]], :2]
    mask = np.zeros(frame.shape[:2], np.uint8)
    cv2.fillPoly(mask, [outline.round().astype(np.int32)], 1)
    seen = frame[mask > 0].astype(np.float32) @ topology.LUMA
    if len(seen) < 12:
        return 0.0
    return float((seen < 0.45 * np.percentile(seen, 90)).mean())


def _lip_for_opening(frame: Frame, marks: Points, unit: float) -> bool:
    """Whether what the landmarks take for an opening is the upper lip of a closed mouth."""
    edges = (topology.INNER_UPPER, topology.INNER_LOWER, topology.OUTER_LOWER)
    upper, lower, outer = (marks[list(edge[3:-3]), :2] for edge in edges)
    between = _across(frame, upper, lower, (0.0, 0.8), unit)
    lip = np.median(_across(frame, lower, outer, (0.2, 0.7), unit), axis=(0, 1))
    luma = between @ LUMA / max(1.0, float(lip @ LUMA))
    rows = np.median(luma, axis=1)
    first, last = (round(share / 0.8 * (len(rows) - 1)) for share in _UPPER_LIP)
    under_edge = slice(first, last + 1)
    red = np.median(redness(between[under_edge]))
    return bool(
        rows[under_edge].min() > _LIT_LIP
        and abs(red - redness(lip)) < _LIP_RED
        and np.percentile(luma, 90) < _NO_TEETH
        and rows.min() < _DARK_LINE
    )


def redness(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    """How red ``(..., 3)`` colours are, whatever their light: 0 is grey, 1 pure red."""
    return np.asarray(
        (colours[..., 0] - colours[..., 1]) / np.maximum(colours.max(-1), 1), np.float32
    )


def _across(
    frame: Frame, upper: Points, lower: Points, part: tuple[float, float], unit: float
) -> NDArray[np.float32]:
    """``(17, N, 3)`` colours on the way from one line to the other."""
    way = np.linspace(*part, 17)[:, None, None]
    return _seen(frame, upper + (lower - upper) * way, unit)


def _seen(frame: Frame, at: Points, unit: float) -> NDArray[np.float32]:
    """Colours at canvas points ``(N, M, 2)``, a little blurred."""
    soft = cv2.GaussianBlur(frame, (0, 0), max(0.5, 0.004 * unit))
    x, y = np.ascontiguousarray(np.moveaxis(at, -1, 0), np.float32)
    seen = cv2.remap(soft, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.float32)


def _profiles(
    frame: Frame, middle: Points, scale: tuple[float, float], down: Points
) -> NDArray[np.float32]:
    """``(11, steps)`` luma down across the lips, as a share of the lips' own.

    `scale` is the outer-eye distance in pixels and how far to look, in units of it.
    """
    unit, reach = scale
    offsets = np.linspace(-reach, reach, _STEPS) * unit
    across = np.array([down[1], -down[0]])
    beside = np.array([-0.012, 0.0, 0.012]) * unit
    at = middle[:, None, None] + offsets[None, :, None, None] * down
    at = (at + beside[None, None, :, None] * across).reshape(-1, _STEPS * 3, 2)
    luma = (_seen(frame, at, unit) @ LUMA).reshape(-1, _STEPS, 3).mean(-1)
    return np.asarray(luma / np.maximum(1.0, np.percentile(luma, 70)), np.float32)


def _shows_teeth(profiles: NDArray[np.float32]) -> bool:
    centre = _STEPS // 2
    inside = profiles[3:-3, centre - 3 : centre + 4].max(1)
    return bool(np.median(inside) > _TEETH)


def _darkest_path(profiles: NDArray[np.float32]) -> NDArray[np.intp]:
    """The smooth path through the darkest pixels (Viterbi)."""
    place = np.linspace(-1, 1, _STEPS)
    padded = np.pad(profiles, ((0, 0), (_VALLEY, _VALLEY)), mode="edge")
    sides = padded[:, : -2 * _VALLEY] + padded[:, 2 * _VALLEY :]
    # Of two dark lines, the one nearer to the landmarks.
    own = profiles - sides / 2 + 0.10 * place**2
    bend = _STIFFNESS * (place[:, None] - place[None]) ** 2
    total, came_from = own[0], []
    for row in own[1:]:
        through = total[None] + bend
        came_from.append(through.argmin(1))
        total = through.min(1) + row
    path = [int(total.argmin())]
    for back in reversed(came_from):
        path.append(int(back[path[-1]]))
    return np.array(path[::-1])
