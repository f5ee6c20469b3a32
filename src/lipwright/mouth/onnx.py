"""A mouth engine of the user's own: an ONNX generator of the Wav2Lip family.

It hears 200 ms of a mel spectrogram, sees a face whose lower half is hidden beside the same face
in full, and gives the face with another mouth.  Lipwright ships no such weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from lipwright.arrays import RIG, Box, Frame, IdleMotion, MouthShapes
from lipwright.avatar import Excerpt, Moment, Patch, Plate
from lipwright.colour import copied, rgb_of, within, yuv_of
from lipwright.errors import InvalidRequest, RenderFailed
from lipwright.mouth.anatomy import Points, anatomy_of
from lipwright.mouth.boxes import same_length
from lipwright.mouth.curves import blurred, filled
from lipwright.mouth.filmed import patch_of
from lipwright.mouth.head import HeadMotion
from lipwright.mouth.layering import lay
from lipwright.mouth.mel import BANDS, STEPS, heard_at, mel_spectrogram
from lipwright.mouth.topology import FACE_OVAL
from lipwright.mouth.warp import WarpMouth

_USUAL_SIDE: Final = 96
"""Where the file leaves the side open: what the first generators were trained with."""
_SIDES: Final = range(64, 1025)
_BELOW: Final = 0.04
"""Kept below the chin, of the face's height: the jaw drops into it."""
_WANTED: Final = (
    f"it must take a mel window (N, 1, {BANDS}, {STEPS}) and a face pair (N, 6, S, S), "
    "and give a face (N, 3, S, S)"
)


@dataclass(frozen=True, slots=True)
class _Signature:
    mel: str
    faces: str
    face: str
    side: int


class OnnxMouth:
    """A `MouthModel` that plays a generator; head, lids and film move as they do without it."""

    def __init__(self, path: Path) -> None:
        """Load the generator.

        Raises:
            InvalidRequest: It is no ONNX file, or takes or gives something else.
        """
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            content = path.read_bytes()
            self._session = ort.InferenceSession(
                content, options, providers=["CPUExecutionProvider"]
            )
        except OSError as error:
            raise InvalidRequest(f"The mouth model {path} cannot be read.") from error
        except Exception as error:  # the runtime raises classes of its own, by kind of damage
            raise InvalidRequest(f"{path.name} is no ONNX model that can be run.") from error
        self._signature = _signature(self._session, path.name)
        self.path = path.resolve()

    def __reduce__(self) -> tuple[type[OnnxMouth], tuple[Path]]:
        """Another process loads the file itself."""
        return OnnxMouth, (self.path,)

    def patches(
        self,
        plate: Plate,
        shapes: MouthShapes,
        idle: IdleMotion,
        *,
        cut_out: bool,
        excerpt: Excerpt | None = None,
    ) -> Iterator[Patch]:
        """Yield one patch a frame; see `MouthModel.patches`.  The shapes are heard, not read."""
        same_length(shapes, idle)
        if excerpt is None:
            raise ValueError("a model that listens needs the sound")
        return self._patches(plate, idle, excerpt, cut_out)

    def _patches(
        self, plate: Plate, idle: IdleMotion, excerpt: Excerpt, cut_out: bool
    ) -> Iterator[Patch]:
        mel = mel_spectrogram(excerpt.samples)
        for frame, moment in zip(excerpt.frames, _moments(plate, idle, excerpt), strict=True):
            self._draw(moment, heard_at(mel, float(frame / excerpt.grid.fps)))
            yield patch_of(moment, cut_out=cut_out)

    def _draw(self, moment: Moment, heard: NDArray[np.float32]) -> None:
        if moment.trust <= 0 or not np.isfinite(moment.landmarks[0, 0]):
            return
        height, width = moment.canvas.y.shape
        seen = Box(moment.left, moment.top, moment.left + width, moment.top + height)
        box = _face_box(moment.landmarks).intersection(seen)
        box = Box(box.left + box.left % 2, box.top + box.top % 2, box.right, box.bottom)
        box = box._replace(right=box.right - box.width % 2, bottom=box.bottom - box.height % 2)
        if min(box.width, box.height) < 16:
            return
        part = within(moment.canvas, box.within(seen))
        generated = self._generated(rgb_of(part), heard)
        made = cv2.resize(generated, (box.width, box.height), interpolation=cv2.INTER_CUBIC)
        oval = moment.landmarks[list(FACE_OVAL), :2].astype(np.float64) - [box.left, box.top]
        share = _lower_half(oval, box) * np.float32(moment.trust)
        lay(yuv_of(np.asarray(np.clip(made + 0.5, 0, 255), np.uint8)), share, part)

    def _generated(self, face: Frame, heard: NDArray[np.float32]) -> NDArray[np.float32]:
        """The face with another mouth, at the generator's size, RGB in 0 .. 255."""
        side = self._signature.side
        how = cv2.INTER_AREA if face.shape[0] > side else cv2.INTER_CUBIC
        small = np.asarray(cv2.resize(face, (side, side), interpolation=how), np.float32)
        bgr = small[..., ::-1] / np.float32(255)  # the generators were trained on OpenCV's order
        hidden = bgr.copy()
        hidden[side // 2 :] = 0
        pair = np.concatenate([hidden, bgr], axis=2).transpose(2, 0, 1)[None]
        feed = {
            self._signature.mel: heard[None, None],
            self._signature.faces: np.ascontiguousarray(pair, np.float32),
        }
        (made,) = self._session.run([self._signature.face], feed)
        if made.shape != (1, 3, side, side) or not np.isfinite(made).all():
            raise RenderFailed("The mouth model gave something else than a face.")
        rgb = made[0].transpose(1, 2, 0)[..., ::-1] * 255
        return np.ascontiguousarray(np.clip(rgb, 0, 255), np.float32)


def _signature(session: Any, name: str) -> _Signature:  # noqa: ANN401 - the runtime is untyped
    takes = {value.name: list(value.shape) for value in session.get_inputs()}
    gives = {value.name: list(value.shape) for value in session.get_outputs()}
    mels = [key for key, shape in takes.items() if _fits(shape, [1, BANDS, STEPS])]
    pairs = [key for key, shape in takes.items() if _fits(shape, [6, None, None])]
    faces = [key for key, shape in gives.items() if _fits(shape, [3, None, None])]
    if len(takes) != 2 or len(mels) != 1 or len(pairs) != 1 or len(faces) != 1:
        raise InvalidRequest(f"{name} takes {takes} and gives {gives}; {_WANTED}.")
    sides = {side for side in takes[pairs[0]][2:] if isinstance(side, int)}
    side = sides.pop() if sides else _USUAL_SIDE
    if sides or side not in _SIDES:
        raise InvalidRequest(f"{name} takes faces that are not square, or too large; {_WANTED}.")
    return _Signature(mels[0], pairs[0], faces[0], side)


def _fits(shape: list[int | str | None], wanted: list[int | None]) -> bool:
    """Whether a shape is ``(N, *wanted)``; names and None fit anything but a wanted number."""
    if len(shape) != 4 or not (shape[0] == 1 or not isinstance(shape[0], int)):
        return False
    return all(side is None or side == has for has, side in zip(shape[1:], wanted, strict=True))


def _moments(plate: Plate, idle: IdleMotion, excerpt: Excerpt) -> Iterator[Moment]:
    """The pictures without a new mouth: the film's, or the still with its head moved."""
    if plate.film is not None:
        yield from plate.film.during(excerpt.frames, excerpt.grid)
        return
    rest = np.zeros((len(idle), len(RIG)), np.float32)
    head = HeadMotion(plate, anatomy_of(plate))
    marks = plate.landmarks[:, :2].astype(np.float64)
    still = WarpMouth().patches(plate, rest, idle, cut_out=True)
    for patch, row in zip(still, idle, strict=True):
        moved = plate.landmarks.copy()
        moved[:, :2] = head.moved(marks, head.offsets(row))
        yield Moment(copied(patch.pixels), moved, 1.0, patch.left, patch.top)


def _face_box(landmarks: NDArray[np.float32]) -> Box:
    low, high = landmarks[:468, :2].min(axis=0), landmarks[:468, :2].max(axis=0)
    bottom = float(high[1] + _BELOW * (high[1] - low[1]))
    left, top = (int(v) for v in np.floor(low))
    return Box(left, top, int(np.ceil(high[0])), int(np.ceil(bottom)))


def _lower_half(oval: Points, box: Box) -> NDArray[np.float32]:
    """1 on the lower half of the face, soft towards its outline and the eyes."""
    inside = filled(oval, box.width, box.height)
    soft = 0.04 * box.height
    rim = round(2 * soft) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (rim, rim))
    inside = np.asarray(cv2.erode(inside, disc), np.float32)
    rows = (np.arange(box.height, dtype=np.float32) - box.height / 2) / (0.12 * box.height)
    inside = np.asarray(inside * np.clip(rows, 0, 1)[:, None], np.float32)
    share = blurred(inside, soft)
    share[0], share[-1], share[:, 0], share[:, -1] = 0, 0, 0, 0
    return share
