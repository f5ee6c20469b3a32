"""The bundled networks, and how a session on one of them is opened."""

from __future__ import annotations

from typing import Final

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from lipwright.errors import ModelUnavailable
from lipwright.models import Asset

_SOURCE = "mediapipe 0.10.21 wheel, converted by tools/convert_face_models.py"
_LICENCE = "Apache-2.0"

DETECTOR: Final = Asset(
    "models/face_detector.onnx",
    "b367874eafb40bae428607196dfeaa835bd27cf43356653a9d86a580676c6643",
    _LICENCE,
    _SOURCE,
)
MESH: Final = Asset(
    "models/face_mesh.onnx",
    "d473ee4d6552288dd396346951924df98213f225b3dfc02b0b9fed3b6cb98159",
    _LICENCE,
    _SOURCE,
)
SELFIE_SQUARE: Final = Asset(
    "models/selfie_square.onnx",
    "1f7fa16297d4880fff1558cd5c151de410be63aca73ef18950c24117f0ce9a3f",
    _LICENCE,
    _SOURCE,
)
SELFIE_WIDE: Final = Asset(
    "models/selfie_wide.onnx",
    "99acc348c954f1632febb8299786e17ba985bb4baddaecd28aa0eee60dfae41a",
    _LICENCE,
    _SOURCE,
)


class Network:
    """One model, run on one core: renders share the machine's cores between processes."""

    def __init__(self, asset: Asset) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = ort.InferenceSession(
                asset.read(), options, providers=["CPUExecutionProvider"]
            )
        except (RuntimeError, ValueError) as error:
            raise ModelUnavailable(f"The model {asset.path} cannot be opened: {error}") from error
        self._input: str = self._session.get_inputs()[0].name
        self._outputs = [output.name for output in self._session.get_outputs()]

    def __call__(self, image: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """The outputs by name for one ``(H, W, 3)`` image in the model's own range."""
        values = self._session.run(self._outputs, {self._input: image[None]})
        return dict(zip(self._outputs, values, strict=True))
