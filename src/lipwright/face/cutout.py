"""A photo's person is cut out at leisure: seconds for an edge that every video will show."""

from __future__ import annotations

from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame, Landmarks, Mask, Matte
from lipwright.face.division import divided, largest_part
from lipwright.face.geometry import face_height_px
from lipwright.face.local_lines import LocalLines, along
from lipwright.face.resampling import fitting, resized
from lipwright.face.segmenter import Segmenter

Floats = NDArray[np.float32]

_SOLVED_SIDE_PX: Final = 768
"""The edge is solved at this size, and its lines are applied at the picture's own."""
_DIVIDED_SIDE_PX: Final = 384
_BAND: Final = 0.03
"""Of the face's height, on either side of the outline: hair that stands off is shorter."""
_NARROWEST, _WIDEST = 0.006, 0.016
"""Of the longer side: the network's own uncertainty, and what is left to colours alone."""
_DOUBTFUL: Final = (0.1, 0.9)
_KNOWN: Final = 10.0
_AT_EDGE, _AT_BAND = 0.003, 0.05
"""How much the outline counts against colours, on it and at the band's ends.  Less leaves haze
before a busy wall, more loses hair."""
_SOFT_PX: Final = 1.5
_FLATNESS: Final = 3e-5 / 9
"""Of Levin's windows of nine pixels (2008); noise of a phone's photo lies below."""
_LEVELS: Final = (4, 2, 1)
_STEPS: Final = 40
"""Of conjugate gradients at each size; further ones change no level."""
_INNER: Final = 0.9
"""Of a face's mesh, in which nothing is background."""
_FACE_SEEN: Final = 0.5
"""A person is known where the face is; 0.9 and more is usual."""
_HAZE: Final = 0.08
"""Less alpha than this is noise, and so is what is missing to 1."""


def cut_out(frame: Frame, face: Landmarks, segmenter: Segmenter) -> Matte:
    """The matte of a photo's person.

    Looks say roughly where the person is, a minimal cut follows the picture's edges, and between
    what is surely inside and surely outside the matting equation is solved in closed form
    (A. Levin, D. Lischinski and Y. Weiss, 2008).  Opaque where looks do not even see the face: all
    of a line drawing, say, is better than a part of it.
    """
    size = fitting(frame, _SOLVED_SIDE_PX)
    picture = resized(frame, size)
    likely = segmenter.studied(frame, face, size)
    inner = _inner_face(face * size[0] / frame.shape[1], size)
    if likely[inner].mean() < _FACE_SEEN:
        return np.full(frame.shape[:2], 255, np.uint8)
    likely[inner] = 1
    face_px = face_height_px(face) * size[0] / frame.shape[1]
    band = _band(_signed_px(picture, likely), likely, face_px)
    guide = np.asarray(picture / np.float32(255), np.float32)
    alpha = np.where(band.known, band.wanted, np.clip(_solved(guide, band), 0, 1))
    fine = _applied(LocalLines(guide, 1, _FLATNESS), np.asarray(alpha, np.float32), frame)
    sure = cv2.resize(band.known.astype(np.float32), frame.shape[1::-1])
    fine += sure * (cv2.resize(band.wanted, frame.shape[1::-1]) - fine)
    return np.asarray(np.clip((fine - _HAZE) / (1 - 2 * _HAZE), 0, 1) * 255 + 0.5, np.uint8)


def _inner_face(face: Landmarks, size: tuple[int, int]) -> Mask:
    """Where a face surely is, at (width, height): a mesh's outline lies a little beside it."""
    hull = cv2.convexHull(np.ascontiguousarray(face[:, :2], np.float32)).reshape(-1, 2)
    shrunk = hull.mean(axis=0) + _INNER * (hull - hull.mean(axis=0))
    mask = np.zeros(size[::-1], np.uint8)
    cv2.fillConvexPoly(mask, np.round(shrunk).astype(np.int32), 1)
    return mask.astype(np.bool_)


def _applied(lines: LocalLines, alpha: Floats, frame: Frame) -> Floats:
    """A matte's lines at the colours of the whole picture."""
    slope, offset = (
        np.asarray(cv2.resize(each, frame.shape[1::-1]), np.float32) for each in lines.fitted(alpha)
    )
    return along(slope, offset, np.asarray(frame / np.float32(255), np.float32))


class _Band(NamedTuple):
    """What is known of a matte before its edge is solved."""

    wanted: Floats
    weight: Floats
    known: Mask


def _signed_px(picture: Frame, likely: Floats) -> Floats:
    """How far each pixel is inside the person; negative outside."""
    size = fitting(picture, _DIVIDED_SIDE_PX)
    person = divided(resized(picture, size), resized(likely, size))
    soft = cv2.GaussianBlur(person, (0, 0), 0.7)  # else the outline has the small picture's steps
    grown = cv2.resize(soft, picture.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    inside = largest_part(np.asarray(grown > 0.5, np.bool_)).astype(np.uint8)
    within, beyond = (
        cv2.distanceTransform(part, cv2.DIST_L2, cv2.DIST_MASK_5) for part in (inside, 1 - inside)
    )
    return np.asarray(within - beyond, np.float32)


def _band(signed_px: Floats, likely: Floats, face_px: float) -> _Band:
    """All is known but the outline's surroundings, twice as broad where looks disagree."""
    longest = max(signed_px.shape)
    reach = float(np.clip(_BAND * face_px, _NARROWEST * longest, _WIDEST * longest))
    doubt = ((likely > _DOUBTFUL[0]) & (likely < _DOUBTFUL[1])).astype(np.float32)
    breadth = reach * (1 + cv2.GaussianBlur(doubt, (0, 0), reach / 3))
    share = np.minimum(np.abs(signed_px) / breadth, 2)  # without an outline all is infinitely far
    soft = 1 / (1 + np.exp(np.clip(-signed_px / _SOFT_PX, -30, 30)))
    known = share > 1
    weight = np.where(known, _KNOWN, _AT_EDGE + _AT_BAND * share**3)
    wanted = np.where(known, signed_px > 0, soft)
    return _Band(wanted.astype(np.float32), weight.astype(np.float32), known)


def _solved(guide: Floats, band: _Band) -> Floats:
    """Alpha by the matting Laplacian and what is known, from coarse to fine."""
    height, width = guide.shape[:2]
    alpha = band.wanted
    for level in _LEVELS:
        size = (max(1, width // level), max(1, height // level))
        wanted, weight = (resized(each, size) for each in (band.wanted, band.weight))
        lines = LocalLines(resized(guide, size), 1, _FLATNESS)
        start = cv2.resize(alpha, size, interpolation=cv2.INTER_LINEAR)
        alpha = _minimised(lines, wanted, weight, np.asarray(start, np.float32))
    return alpha


def _minimised(lines: LocalLines, wanted: Floats, weight: Floats, start: Floats) -> Floats:
    """Conjugate gradients (Hestenes and Stiefel, 1952), preconditioned by the diagonal."""
    alpha, diagonal = start, weight + 1

    def product(matte: Floats) -> Floats:
        return matte - lines.smoothed(matte) + weight * matte

    left = weight * wanted - product(alpha)
    towards = left / diagonal
    energy = float((left * towards).sum())
    for _ in range(_STEPS):
        if energy < 1e-9 * left.size:
            break
        pushed = product(towards)
        step = np.float32(energy / float((towards * pushed).sum()))
        alpha, left = alpha + step * towards, left - step * pushed
        scaled = left / diagonal
        before, energy = energy, float((left * scaled).sum())
        towards = scaled + np.float32(energy / before) * towards
    return alpha
