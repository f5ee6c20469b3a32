"""Real mouths of the same person: how they move with the rig, and the picture nearest to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import RIG, Box, Frame, MouthShape
from lipwright.avatar import Atlas
from lipwright.colour import yuv_of
from lipwright.mouth import topology
from lipwright.mouth.anatomy import Anatomy, Points
from lipwright.mouth.boxes import even_around
from lipwright.mouth.pose import SKIN_POINTS, LipRig, Targets, pose_of
from lipwright.mouth.source import Source, of_even_size
from lipwright.mouth.splines import Offsets, spline_offsets

_CONTOURS: Final = {
    "outer_upper": topology.OUTER_UPPER,
    "outer_lower": topology.OUTER_LOWER,
    "inner_upper": topology.INNER_UPPER,
    "inner_lower": topology.INNER_LOWER,
    "skin": SKIN_POINTS,
}
_LIPS: Final = tuple(list(_CONTOURS)[:4])

_RIDGE: Final = 1e-3
"""Keeps the fit from swinging where pictures nearly repeat each other; moves lips by < 0.1 %."""

_NEAR: Final = 0.012
"""Contours this far apart (mean, of the eye distance; 2 px at 1080p) count as much as `_UNSEEN`."""

_UNSEEN: Final = {"tongue": 0.35, "tuck": 0.80, "press": 0.80}
"""Steps of what contours cannot tell: the tongue, and lips rolled in."""

_STRETCH: Final = 0.45
"""Ratio of openings (its logarithm) that counts as much: teeth of another gap are drawn out."""
_SHUT: Final = 0.012
"""Added to both openings: between nearly closed lips nothing is seen that could be drawn out."""

_SEEN_BEYOND: Final = 0.12
"""Of the eye distance: more than is seen of a picture around its lips, wherever they are drawn."""

_BLEND: Final = 0.7
"""Pictures further away than the nearest one by this take no part: two, rarely three, do."""
_UNSEEN_SHARE: Final = 0.05
"""A picture that shows by less is not worth sampling; every share loses as much, without a jump."""


class Likeness:
    """The mouths of one plate's atlas."""

    def __init__(self, atlas: Atlas, anatomy: Anatomy) -> None:
        rest = int(np.abs(atlas.states).sum(1).argmin())
        marks = anatomy.marks[:, :2]
        ours = [i for contour in _CONTOURS.values() for i in contour]
        corner = np.asarray((marks[ours] - atlas.landmarks[rest, ours]).mean(0), np.float64)
        self.pictures = [
            _around_lips(picture, landmarks, corner, anatomy.unit)
            for picture, landmarks in zip(atlas.pictures, atlas.landmarks, strict=True)
        ]
        self._states = atlas.states.astype(np.float64)
        self._anatomy = anatomy
        self._rest = LipRig(anatomy).targets(pose_of(np.zeros(len(RIG), np.float32)))
        moved = (atlas.landmarks - atlas.landmarks[rest]).astype(np.float64)
        to_local = np.linalg.inv(anatomy.plane)
        rests = {name: getattr(self._rest, name)[:, :2] for name in _CONTOURS}
        self._shown = {
            name: rests[name] + moved[:, list(marks)] @ to_local
            for name, marks in _CONTOURS.items()
        }
        for upper, lower in zip(
            self._shown["inner_upper"], self._shown["inner_lower"], strict=True
        ):
            _meet(upper, lower)
        features = np.stack([_features(state) for state in self._states])
        self._lips = np.concatenate([self._shown[name] for name in _LIPS], axis=1)
        steps = [self._shown[name] - rests[name] for name in _CONTOURS]
        self._fit = _fitted(features, np.concatenate(steps, axis=1))
        """All contours, one after the other, in the order of `_CONTOURS`."""
        self._controls = [self._control(self._as_shown(index)) for index in range(len(features))]

    def targets(self, shape: MouthShape) -> Targets:
        """Where this person's lips and chin go at a rig vector, closed lips really closed."""
        moved = np.tensordot(_features(shape.astype(np.float64)), self._fit, axes=1)
        places, first = {}, 0
        for name in _CONTOURS:
            place = getattr(self._rest, name).copy()
            place[:, :2] += moved[first : first + len(place)]
            places[name], first = place, first + len(place)
        targets = replace(self._rest, **places)
        _meet(targets.inner_upper, targets.inner_lower)
        return targets

    def chosen(self, targets: Targets, shape: MouthShape) -> list[tuple[int, float]]:
        """Pictures that show nearly this, and their shares, which change without a jump."""
        apart = self._lips - np.concatenate([getattr(targets, name)[:, :2] for name in _LIPS])
        squared = np.einsum("pnk,pnk->p", apart, apart) / (apart.shape[1] * _NEAR**2)
        shown = _opening(self._shown["inner_upper"], self._shown["inner_lower"])
        wanted = _opening(targets.inner_upper, targets.inner_lower)
        squared += (np.log((shown + _SHUT) / (wanted + _SHUT)) / _STRETCH) ** 2
        for name, step in _UNSEEN.items():
            column = RIG.index(name)
            squared += ((self._states[:, column] - float(shape[column])) / step) ** 2
        distance = np.sqrt(squared)
        share = np.clip(1 - (distance - distance.min()) / _BLEND, 0, 1) ** 2
        share = np.maximum(share - _UNSEEN_SHARE * share.sum(), 0)
        share /= share.sum()
        return [(int(index), float(share[index])) for index in np.flatnonzero(share > 0)]

    def offsets(self, pictures: Sequence[int], targets: Targets, at: Points) -> list[Offsets]:
        """From plate positions to where each picture, laid on the plate, shows the same skin."""
        shown = [self._controls[picture] for picture in pictures]
        return spline_offsets(self._control(targets), shown, at)

    def _as_shown(self, picture: int) -> Targets:
        """Where the contours of a picture are, as deep as at rest."""
        places = {}
        for name, shown in self._shown.items():
            places[name] = getattr(self._rest, name).copy()
            places[name][:, :2] = shown[picture]
        return replace(self._rest, **places)

    def _control(self, targets: Targets) -> Points:
        local = np.concatenate(
            [
                targets.outer_upper,
                targets.outer_lower[1:-1],
                targets.inner_upper[1:-1],
                targets.inner_lower[1:-1],
                targets.skin,
            ]
        )
        return self._anatomy.on_canvas(local)


def _around_lips(
    picture: Frame, marks: NDArray[np.float32], corner: NDArray[np.float64], unit: float
) -> Source:
    """The part of a picture that can be laid: half of it."""
    lips = marks[[*topology.OUTER_UPPER, *topology.OUTER_LOWER], :2].astype(np.float64)
    picture = of_even_size(picture)
    height, width = picture.shape[:2]
    part = even_around(lips, _SEEN_BEYOND * unit, Box(0, 0, width, height))
    rgb = np.ascontiguousarray(picture[part.rows, part.columns])
    return Source(yuv_of(rgb), corner + np.array([part.left, part.top]))


def _opening(upper: Points, lower: Points) -> NDArray[np.float64]:
    """How far the lips are apart in the middle, of one mouth or of many."""
    middle = upper.shape[-2] // 2
    return np.asarray(np.maximum(lower[..., middle, 1] - upper[..., middle, 1], 0))


def _features(rig: NDArray[np.float64]) -> NDArray[np.float64]:
    """What lips are linear in: the open mouth's parameters, and the sealed one's."""
    values = dict(zip(RIG, rig.tolist(), strict=True))
    wide, narrow, press = max(values["width"], 0), max(-values["width"], 0), values["press"]
    round_or_wide = [wide, narrow, values["pucker"]]
    opened = [values[name] for name in ("jaw", "upper_lip", "lower_lip", "tuck")] + round_or_wide
    sealed = [1.0, values["jaw"], *round_or_wide]
    return np.array([(1 - press) * each for each in opened] + [press * each for each in sealed])


def _fitted(features: NDArray[np.float64], steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """``(features, points, 2)``: ridge regression (Hoerl and Kennard 1970)."""
    count = features.shape[1]
    flat = steps.reshape(len(steps), -1)
    solved = np.linalg.solve(features.T @ features + _RIDGE * np.eye(count), features.T @ flat)
    return np.asarray(solved.reshape(count, *steps.shape[1:]))


def _meet(upper: Points, lower: Points) -> None:
    """Lips that would pass through each other touch instead."""
    crossed = upper[:, 1] > lower[:, 1]
    upper[crossed, 1] = lower[crossed, 1] = (upper[crossed, 1] + lower[crossed, 1]) / 2
