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
    "2143e7c943b24e72db1210036bb4ab88af7fbe936fcde64408787d8384b5ef25",
    _LICENCE,
    _SOURCE,
)
MESH: Final = Asset(
    "models/face_mesh.onnx",
    "cd0a38b817e3351d80fe7abce36c3134ff7596b0e2613e5e428a634b8c696a1a",
    _LICENCE,
    _SOURCE,
)
SELFIE_SQUARE: Final = Asset(
    "models/selfie_square.onnx",
    "88c693b3da392269c42d9a7d82ec320c2eb8fa215b00c934fcf1d80ac21803c4",
    _LICENCE,
    _SOURCE,
)
SELFIE_WIDE: Final = Asset(
    "models/selfie_wide.onnx",
    "3a0c3c7a4ee6fcd893c693dfbfbfebeeef01f6286eeb038a2b1d050239c06d56",
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
