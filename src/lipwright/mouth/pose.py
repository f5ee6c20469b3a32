"""Rig parameters -> lip pose in local units, and the pose -> where every control point goes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import RIG, MouthShape
from lipwright.mouth import topology
from lipwright.mouth.anatomy import Anatomy, Points


@dataclass(frozen=True, slots=True)
class Pose:
    """What the lips do, in units of the outer-eye distance where not said otherwise."""

    jaw: float
    """Drop of the jaw."""
    up: float
    """Rise of the upper lip's inner edge."""
    low: float
    """Lowering of the lower lip's inner edge, beside the jaw."""
    wide: float
    """Relative change of width."""
    pucker: float
    """0..1, lips pushed forward."""
    press: float
    """0..1, lips sealed."""
    tuck: float
    """0..1, lower lip under the teeth."""
    tongue: float
    """0..1, tip raised."""
    tongue_out: float
    """0..1, tip between the teeth."""
    power: float
    """Shape of the opening across the mouth: ``(1 - (t / reach) ** power) ** bend``."""
    bend: float
    reach: float


def pose_of(shape: MouthShape) -> Pose:
    """The pose of one rig vector; continuous in all of them."""
    rig = dict(zip(RIG, np.clip(shape, -1, 1).tolist(), strict=True))
    jaw, pucker, press = rig["jaw"], rig["pucker"], rig["press"]
    opening = 1 - press
    upper, lower = rig["upper_lip"], rig["lower_lip"]
    # The lips part a little beyond what the jaw does, all of it by a third of its way.
    parting = smooth(jaw / 0.35)
    return Pose(
        jaw=0.140 * jaw * (1 - 0.55 * press),
        up=opening * (0.016 * parting + 0.020 * upper + 0.022 * rig["tuck"]),
        low=opening * (0.010 * parting + 0.020 * lower),
        wide=max(-0.36, _width(rig["width"]) - 0.16 * pucker),
        pucker=pucker,
        press=press,
        tuck=rig["tuck"],
        tongue=rig["tongue"],
        tongue_out=opening * max(0.0, rig["tongue_out"]),
        power=3.2 - 1.2 * max(pucker, smooth(jaw)),
        bend=0.9 - 0.3 * pucker - 0.12 * jaw * (1 - pucker),
        reach=0.97 - 0.25 * pucker,
    )


def _width(width: float) -> float:
    return 0.09 * width if width > 0 else 0.20 * width


def smooth(x: float) -> float:
    """Hermite step from 0 at 0 to 1 at 1."""
    x = min(1.0, max(0.0, x))
    return x * x * (3 - 2 * x)


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """Local positions ``(N, 3)`` of the control points in one pose."""

    outer_upper: Points
    outer_lower: Points
    inner_upper: Points
    inner_lower: Points
    skin: Points
    """Jaw line, chin and cheeks, in the order of `SKIN_POINTS`."""


_SMILE_NARROWS_LESS = 0.18

SKIN_POINTS = (*topology.JAW_FOLLOW, *topology.CHIN_FOLLOW, *topology.CHEEK_FOLLOW)

_JAW_COUNT = len(topology.JAW_FOLLOW)
_JAW_SHARES = np.array([*topology.JAW_FOLLOW.values(), *topology.CHIN_FOLLOW.values()])
_CHEEK_SHARES = np.array([*topology.CHEEK_FOLLOW.values()])


class LipRig:
    """Where the control points of one face go in any pose."""

    def __init__(self, anatomy: Anatomy) -> None:
        self._anatomy = anatomy
        self._outer_upper = _Contour(anatomy, topology.OUTER_UPPER, topology.INNER_UPPER, 0.80)
        self._outer_lower = _Contour(anatomy, topology.OUTER_LOWER, topology.INNER_LOWER, 0.90)
        self._inner_upper = _Contour(anatomy, topology.INNER_UPPER, topology.INNER_UPPER, 1.0)
        self._inner_lower = _Contour(anatomy, topology.INNER_LOWER, topology.INNER_LOWER, 1.0)
        self._skin = anatomy.local[list(SKIN_POINTS)]
        self._cheek_shares = _CHEEK_SHARES * _room(anatomy)

    def targets(self, pose: Pose) -> Targets:
        """All control points in this pose."""
        relax = self.relaxation(pose)
        outer_upper = self._upper(self._outer_upper, pose, relax)
        outer_lower = self._lower(self._outer_lower, pose, relax)
        inner_upper = self._upper(self._inner_upper, pose, relax)
        inner_lower = self._lower(self._inner_lower, pose, relax)
        _share_corners(outer_upper, outer_lower)
        _share_corners(inner_upper, inner_lower)
        skin = self._follow(pose, outer_upper)
        return Targets(outer_upper, outer_lower, inner_upper, inner_lower, skin)

    def relaxation(self, pose: Pose) -> float:
        """How much of the picture's smile is taken away.

        Spreading keeps more of it, rounding ends it.
        """
        return (self.relaxed + self.rounded(pose)) * (1 - 2.5 * max(0.0, pose.wide))

    @property
    def relaxed(self) -> float:
        """How much of it is taken away at rest.

        A smile with closed lips is left as it is; one that shows teeth cannot be kept while
        the lips meet.
        """
        return self._anatomy.smile * (0.70 if self._anatomy.parted else 0.0)

    def rounded(self, pose: Pose) -> float:
        """How much more of it lips that round take away."""
        left = self._anatomy.smile - self.relaxed
        return left * float(np.clip(-pose.wide / 0.3, 0, 1))

    def _common(self, contour: _Contour, pose: Pose, relax: float) -> Points:
        anatomy = self._anatomy
        place = contour.base.copy()
        # A smile is wide already: narrowed as much as a calm mouth, its skin is drawn into streaks.
        wide = pose.wide * (1 - _SMILE_NARROWS_LESS * anatomy.smile * (pose.wide < 0))
        narrowing = (1 + wide) * (1 - 0.17 * relax)
        place[:, 0] = anatomy.centre + (place[:, 0] - anatomy.centre) * narrowing
        corner_level = (anatomy.seam[0, 1] + anatomy.seam[-1, 1]) / 2
        lift = max(0.0, anatomy.seam_level - corner_level - 0.006)
        place[:, 1] += contour.across**1.6 * lift * relax
        # Corners travel down with the jaw, a third of its way, and sink a little in a pucker.
        rounding = float(np.clip(-pose.wide / 0.33, 0, 1))
        place[:, 1] += contour.across**2 * (0.34 * pose.jaw + 0.012 * rounding)
        place[:, 2] -= 0.05 * pose.pucker * contour.middle
        return place

    def _upper(self, contour: _Contour, pose: Pose, relax: float) -> Points:
        place = self._common(contour, pose, relax)
        if contour.inner:
            place[:, 1] -= pose.up * contour.opening(pose)
            return place
        # The outer edge follows the inner one in part; a pucker swells it, a press thins it.
        place[:, 1] += contour.middle * (
            -0.60 * pose.up - 0.014 * pose.pucker + 0.012 * pose.press - 0.016 * relax
        )
        return place

    def _lower(self, contour: _Contour, pose: Pose, relax: float) -> Points:
        place = self._common(contour, pose, relax)
        parted = pose.jaw * 0.94 * (1 - pose.press)
        if contour.inner:
            # Tucked, the lip goes up against the teeth, whatever the jaw does.
            lowered = (parted + pose.low) * (1 - 0.6 * pose.tuck) - 0.010 * pose.tuck
            place[:, 1] += lowered * contour.opening(pose)
            return place
        chin = pose.jaw * 0.94 * (1 - 0.5 * pose.press)
        place[:, 1] += chin * contour.middle**0.8
        place[:, 1] += contour.middle * (
            0.6 * pose.low
            - 0.024 * pose.tuck
            + 0.014 * pose.pucker
            - 0.012 * pose.press
            + 0.006 * relax
        )
        return place

    def _follow(self, pose: Pose, outer: Points) -> Points:
        anatomy = self._anatomy
        skin = self._skin.copy()
        drop = pose.jaw - anatomy.jaw_drop
        split = len(_JAW_SHARES)
        side = skin[:, 0] - anatomy.centre
        skin[:_JAW_COUNT, 0] -= skin[:_JAW_COUNT, 0] * 0.15 * drop * _JAW_SHARES[:_JAW_COUNT]
        skin[_JAW_COUNT:split, 0] += side[_JAW_COUNT:split] * pose.wide * 0.12
        skin[:split, 1] += drop * _JAW_SHARES
        rest = anatomy.local[[topology.OUTER_UPPER[0], topology.OUTER_UPPER[-1]]]
        moved = outer[[0, -1]] - rest
        skin[split:] += moved[(side[split:] > 0).astype(int)] * self._cheek_shares[:, None]
        return skin


def _room(anatomy: Anatomy) -> NDArray[np.float64]:
    """1 for cheek points well inside the face, less near its outline.

    In a turned head the far cheek's points lie on the outline; moved, they would dent it.
    """
    flat = anatomy.flat
    sides = np.sort(flat[list(topology.CHEEK_SIDES), 0])
    points = flat[list(topology.CHEEK_FOLLOW), 0]
    room = np.minimum(points - sides[0], sides[1] - points)
    return np.asarray(np.clip(room / 0.22, 0, 1))


class _Contour:
    """One lip edge at rest, and its place across the mouth."""

    def __init__(
        self, anatomy: Anatomy, points: tuple[int, ...], inner: tuple[int, ...], share: float
    ) -> None:
        rest = anatomy.local[list(points)]
        self.inner = points == inner
        # `share`: how far this edge goes along when its inner edge is put on the seam.
        self.base = rest + (anatomy.seam - anatomy.local[list(inner)]) * share
        place = np.abs(self.base[:, 0] - anatomy.centre) / anatomy.half_width
        self.across: NDArray[np.float64] = np.minimum(place, 1.0)
        self.middle = 1 - self.across**2

    def opening(self, pose: Pose) -> NDArray[np.float64]:
        """1 in the middle of the mouth, 0 where the lips still meet."""
        bow = 1 - np.minimum(self.across / pose.reach, 1) ** pose.power
        return np.asarray(np.clip(bow, 0, 1) ** pose.bend)


def _share_corners(upper: Points, lower: Points) -> None:
    for corner in (0, -1):
        upper[corner] = lower[corner] = (upper[corner] + lower[corner]) / 2
