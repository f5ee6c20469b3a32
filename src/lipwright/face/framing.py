"""The plate on the canvas: how large the person is, and where."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import Frame, Matte
from lipwright.avatar import Film, Plate
from lipwright.face.atlas import scaled
from lipwright.face.geometry import CHIN, FOREHEAD, LEFT_EYE_OUTER, RIGHT_EYE_OUTER
from lipwright.face.plate_film import FramedFilm
from lipwright.face.resampling import resized

_EYE_LINE = 0.40
"""Eyes this far down the canvas: a little above its middle, as presenters are filmed."""

_HEADROOM = 0.04
"""Canvas above the hair; less looks cut off."""

_BELOW_CHIN = 0.45
"""Neck kept below the chin, in face heights; an opening jaw takes a quarter of it."""

_HAIR = 0.38
"""Hair above the forehead landmark, in face heights, where the matte cannot tell."""

_PRESENTER_FACE = 0.27
"""Face height of a cut-out presenter over the canvas height: chest-up."""

_PRESENTER_WIDTH = 0.42
"""The same over the canvas width, which binds on a portrait canvas."""

_LOWEST_EYES = 0.54
_CLOSEST_FACE, _CLOSEST_WIDTH = 0.40, 0.60
"""A picture that ends close below the chin stands on the canvas's lower edge: it is enlarged until
the eyes are no farther down than this share of the canvas, up to a face this high, of the canvas's
height and of its width."""

_TOUCHING = 0.05
"""The person reaches a side of the picture if this share of that side is opaque."""

_FEATHER = 0.10
"""Soft edge, over the picture's width, where the picture ends inside the canvas."""

_LENDING = 0.9
"""Pixels with more alpha than this show the person's own colour."""

_EDGE_REACH = 0.004
"""Blur over the canvas's longer side that carries colour across the matte's soft edge."""

_SHARPENED_FROM = 1.2
_SHARPENING = 0.45
"""Unsharp amount for enlarged pictures: gives back the edge contrast that Lanczos softens,
and stays below the amount at which skin shows halos."""


@dataclass(frozen=True, slots=True)
class _Head:
    """Where the head is in the picture, in pixels."""

    x: float
    eyes_y: float
    top: float
    chin: float
    face_height: float


@dataclass(frozen=True, slots=True)
class _Placement:
    """The enlarged picture's size, and the canvas position of its top-left corner."""

    width: int
    height: int
    left: int
    top: int


def framed(plate: Plate, size: tuple[int, int], *, cut_out: bool = False) -> Plate:
    """Put the plate on a canvas, its landmarks and matte moved along exactly.

    The picture fills the canvas.  Where that would cut the head, the picture is shrunk until
    the head fits, and its blurred edges fill the rest.

    Args:
        plate: The avatar's plate.
        size: (width, height) of the canvas.
        cut_out: The background will be replaced: the person becomes a chest-up presenter
            standing on the lower edge, and what the picture does not cover is transparent.
    """
    head = _head(plate)
    place = _presenter(plate, size, head) if cut_out else _cover(plate, size, head)
    frame = _enlarged(plate.frame, (place.width, place.height))
    matte = resized(plate.matte, (place.width, place.height))
    frame, matte = _on_canvas(frame, matte, place, size, cut_out=cut_out)
    scale = place.width / plate.frame.shape[1]
    mouths, eyes = (each and scaled(each, scale) for each in (plate.mouths, plate.eyes))
    marks = _moved(plate.landmarks, plate.frame.shape, place)
    film = plate.film and _framed_film(plate, plate.film, place, size, cut_out=cut_out)
    return Plate(frame, matte, marks, plate.jaw_open, mouths, eyes, film)


def _on_canvas(
    frame: Frame, matte: Matte, place: _Placement, size: tuple[int, int], *, cut_out: bool
) -> tuple[Frame, Matte]:
    """An enlarged picture laid on the canvas."""
    if _covers(place, size):
        window = np.s_[-place.top : size[1] - place.top, -place.left : size[0] - place.left]
        frame, matte = frame[window].copy(), matte[window].copy()
    else:
        frame, matte = _laid_out(frame, matte, place, size, cut_out=cut_out)
    return (_decontaminated(frame, matte) if cut_out else frame), matte


def _framed_film(
    plate: Plate, film: Film, place: _Placement, size: tuple[int, int], *, cut_out: bool
) -> Film:
    """The film on the canvas, every picture placed as the plate's still."""
    shape, opaque = plate.frame.shape, np.full(plate.frame.shape[:2], 255, np.uint8)

    def on_canvas(frame: Frame, matte: Matte | None) -> tuple[Frame, Matte]:
        large = (place.width, place.height)
        matte = opaque if matte is None or not cut_out else matte
        enlarged = _enlarged(frame, large), resized(matte, large)
        return _on_canvas(*enlarged, place, size, cut_out=cut_out)

    return FramedFilm(film, on_canvas, lambda faces: _moved(faces, shape, place))


def _head(plate: Plate) -> _Head:
    points = plate.landmarks
    forehead, chin = float(points[FOREHEAD, 1]), float(points[CHIN, 1])
    height = max(float(np.linalg.norm(points[FOREHEAD] - points[CHIN])), 1.0)
    left, right = points[:, 0].min(), points[:, 0].max()
    columns = plate.matte[:, max(0, int(left)) : max(1, int(right))]
    opaque = np.flatnonzero((columns > 128).mean(axis=1) > 0.1) if columns.size else columns
    seen = float(opaque[0]) if opaque.size else 0.0
    # The matte knows hair and hats, but a person behind would pull the top up without limit.
    top = float(np.clip(seen, forehead - 2 * _HAIR * height, forehead - 0.1 * height))
    eyes = float(points[[LEFT_EYE_OUTER, RIGHT_EYE_OUTER], 1].mean())
    return _Head(float(left + right) / 2, eyes, max(0.0, top), chin, height)


def _cover(plate: Plate, size: tuple[int, int], head: _Head) -> _Placement:
    """Fill the canvas; shrink below that only if the head would not fit."""
    height, width = plate.frame.shape[:2]
    across, down = size[0] / width, size[1] / height
    fitting = max(_fitting(plate, size, head), min(across, down))
    return _placed(plate, size, head, min(max(across, down), fitting))


def _presenter(plate: Plate, size: tuple[int, int], head: _Head) -> _Placement:
    """Chest-up; larger where the canvas would show that the picture cuts hair or shoulders."""
    height, width = plate.frame.shape[:2]
    scale = min(_PRESENTER_FACE * size[1], _PRESENTER_WIDTH * size[0]) / head.face_height
    raised = (1 - _LOWEST_EYES) * size[1] / max(height - head.eyes_y, 1.0)
    closest = min(_CLOSEST_FACE * size[1], _CLOSEST_WIDTH * size[0]) / head.face_height
    scale = max(scale, min(raised, closest))
    if (plate.matte[0] > 128).mean() > _TOUCHING:
        scale = max(scale, size[1] / height)
    place = _placed(plate, size, head, scale, against=(False, False))
    if any(_cut(plate.matte, place, size)):
        scale = max(scale, min(size[0] / width, _fitting(plate, size, head)))
        place = _placed(plate, size, head, scale, against=(False, False))
    return _placed(plate, size, head, scale, against=_cut(plate.matte, place, size))


def _fitting(plate: Plate, size: tuple[int, int], head: _Head) -> float:
    """The largest scale at which the head, with what the picture has around it, fits."""
    top = max(0.0, head.top - _HEADROOM * head.face_height)
    bottom = min(plate.frame.shape[0], head.chin + _BELOW_CHIN * head.face_height)
    return size[1] / max(float(bottom - top), 1.0)


def _placed(
    plate: Plate,
    size: tuple[int, int],
    head: _Head,
    scale: float,
    against: tuple[bool, bool] = (True, True),
) -> _Placement:
    """Face in the middle, eyes on their line, hair inside, as far as the picture reaches.

    `against` tells whether the picture's left and right side must stay outside the canvas.
    """
    rows, columns = plate.frame.shape[:2]
    width, height = max(1, round(columns * scale)), max(1, round(rows * scale))
    left = round(size[0] / 2 - head.x * scale)
    if width >= size[0]:
        left = min(left, 0) if against[0] else left
        left = max(left, size[0] - width) if against[1] else left
    top = _EYE_LINE * size[1] - head.eyes_y * scale
    top = min(top, (1 - _HEADROOM) * size[1] - _lowest(head) * scale)
    top = max(top, _HEADROOM * size[1] - head.top * scale)
    # The picture's lower edge never rises above the canvas's: nobody ends in mid-air.
    top = max(top, size[1] - height)
    if height >= size[1]:
        top = min(top, 0.0)
    return _Placement(width, height, left, round(top))


def _lowest(head: _Head) -> float:
    return head.chin + 0.5 * _BELOW_CHIN * head.face_height


def _cut(matte: Matte, place: _Placement, size: tuple[int, int]) -> tuple[bool, bool]:
    """Whether the picture's left and right side cut the person where the canvas shows it."""
    scale = place.height / matte.shape[0]
    shown = matte[max(0, int(-place.top / scale)) : max(1, int((size[1] - place.top) / scale))]
    left, right = (bool((shown[:, side] > 128).mean() > _TOUCHING) for side in (0, -1))
    return left, right


def _covers(place: _Placement, size: tuple[int, int]) -> bool:
    right, bottom = place.left + place.width, place.top + place.height
    return place.left <= 0 and place.top <= 0 and right >= size[0] and bottom >= size[1]


def _laid_out(
    frame: Frame, matte: Matte, place: _Placement, size: tuple[int, int], *, cut_out: bool
) -> tuple[Frame, Matte]:
    """The picture on a canvas that it does not fill."""
    shift = np.array([[1, 0, place.left], [0, 1, place.top]], np.float64)
    inside = _fading(matte.shape, feathered=_faded_sides(place, size, matte, cut_out=cut_out))
    weight = cv2.warpAffine(inside, shift, size, flags=cv2.INTER_NEAREST)
    moved = cv2.warpAffine(
        frame, shift, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE
    )
    cover = cv2.warpAffine(matte, shift, size, flags=cv2.INTER_NEAREST)
    soft = np.round(cover * weight).astype(np.uint8)
    if cut_out:
        return np.asarray(moved, np.uint8), soft
    behind = _blurred(np.asarray(moved, np.uint8))
    mixed = moved * weight[..., None] + behind * (1 - weight[..., None])
    return np.round(mixed).astype(np.uint8), soft


def _faded_sides(
    place: _Placement, size: tuple[int, int], matte: Matte, *, cut_out: bool
) -> tuple[bool, bool]:
    """Sides of the picture that show inside the canvas and need a soft edge."""
    left, right = _cut(matte, place, size) if cut_out else (True, True)
    return left and place.left > 0, right and place.left + place.width < size[0]


def _fading(shape: tuple[int, ...], *, feathered: tuple[bool, bool]) -> NDArray[np.float32]:
    """``(H, W)`` float32, 1 inside, falling smoothly to 0 at the feathered sides."""
    reach = max(2, round(shape[1] * _FEATHER))
    ramp = np.linspace(0, 1, reach, dtype=np.float32)
    ramp = ramp * ramp * (3 - 2 * ramp)
    across = np.ones(shape[1], np.float32)
    if feathered[0]:
        across[:reach] *= ramp
    if feathered[1]:
        across[-reach:] *= ramp[::-1]
    return np.repeat(across[None], shape[0], axis=0)


def _decontaminated(frame: Frame, matte: Matte) -> Frame:
    """The person's own colour where the matte is soft, without the old background's.

    Blurred person over blurred matte (Forte, "Approximate fast foreground colour
    estimation", 2021), its first step.
    """
    height, width = matte.shape
    # The carried colour is smooth, so a quarter of the size shows no difference.
    small = (max(1, width // 4), max(1, height // 4))
    # Only what is nearly all person lends its colour, so that no halo is spread.
    lending = np.where(matte > _LENDING * 255, matte, 0).astype(np.float32) / 255
    reach = (0, 0), max(small) * _EDGE_REACH
    lent = cv2.resize(frame * lending[..., None], small, interpolation=cv2.INTER_AREA)
    amount = cv2.GaussianBlur(cv2.resize(lending, small, interpolation=cv2.INTER_AREA), *reach)
    own = cv2.GaussianBlur(lent, *reach) / np.maximum(amount, 1e-3)[..., None]
    known = cv2.resize(np.clip(amount * 20, 0, 1), (width, height))
    known = known * np.clip((_LENDING - matte / np.float32(255)) / 0.25, 0, 1) * (matte > 0)
    edge = known > 0
    share = known[edge, None]
    carried = cv2.resize(own, (width, height))[edge]
    mixed = frame.copy()
    mixed[edge] = np.round(frame[edge] * (1 - share) + carried * share).clip(0, 255)
    return mixed


def _blurred(frame: Frame) -> Frame:
    """Too blurred to be read as anything but a backdrop in the right colours."""
    height, width = frame.shape[:2]
    small = resized(frame, (max(8, width // 8), max(8, height // 8)))
    soft = cv2.GaussianBlur(small, (0, 0), max(small.shape[:2]) / 16)
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def _enlarged(frame: Frame, size: tuple[int, int]) -> Frame:
    """Resampled; where enlarged, mildly sharpened at the scale of the source's pixels."""
    large = resized(frame, size)
    scale = size[0] / frame.shape[1]
    if scale < _SHARPENED_FROM:
        return large
    soft = cv2.GaussianBlur(large, (0, 0), 0.7 * scale)
    sharp = cv2.addWeighted(large, 1 + _SHARPENING, soft, -_SHARPENING, 0)
    return np.asarray(sharp, np.uint8)


def _moved(
    landmarks: NDArray[np.float32], shape: tuple[int, ...], place: _Placement
) -> NDArray[np.float32]:
    """The landmarks on the canvas; pixel centres are whole numbers before and after."""
    height, width = shape[:2]
    scale = np.array([place.width / width, place.height / height], np.float32)
    points = landmarks.copy()
    points[..., :2] = (points[..., :2] + 0.5) * scale - 0.5 + np.array([place.left, place.top])
    points[..., 2] *= scale[0]
    return points
