"""Plate + mouth shapes + idle motion -> one patch a frame."""

from __future__ import annotations

from lipwright.mouth.builtin import BuiltInMouth
from lipwright.mouth.model import MouthModel
from lipwright.mouth.onnx import OnnxMouth
from lipwright.mouth.painted import PaintedMouth
from lipwright.mouth.warp import WarpMouth

__all__ = ["BuiltInMouth", "MouthModel", "OnnxMouth", "PaintedMouth", "WarpMouth"]
