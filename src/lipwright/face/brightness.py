"""HDR clips (PQ and HLG of ITU-R BT.2100) in the brightness and colours of BT.709.

Shown as they are stored they would look grey and washed out.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation
from numpy.typing import NDArray

from lipwright.arrays import Frame

Floats = NDArray[np.float32]

_PQ, _HLG = 16, 18
"""Transfer characteristics by their numbers in ITU-T H.273."""
_WHITE_NITS: Final = 203.0
"""What a white page shines with in HDR (ITU-R BT.2408)."""
_HLG_PEAK_NITS: Final = 1000.0
_KNEE: Final = 0.7
"""Of white: darker than this nothing changes, what is brighter is pressed together below 1."""
_DISPLAY_GAMMA: Final = 2.4
_LEVELS: Final = 4096
_LUMA_2020: Final = np.array([[0.2627, 0.6780, 0.0593]], np.float32)
_TO_709: Final = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]],
    np.float32,
)
"""Linear BT.2020 to linear BT.709 (ITU-R BT.2087)."""


def is_hdr(frame: VideoFrame) -> bool:
    """Whether a picture says that it is PQ or HLG."""
    return int(frame.color_trc) in (_PQ, _HLG)


def sdr_rgb(frame: VideoFrame, size: tuple[int, int] | None = None) -> Frame:
    """An HDR picture as SDR, lying as filmed.

    Args:
        frame: As decoded.
        size: (width, height); None is the picture's own.
    """
    width, height = size or (frame.width, frame.height)
    stored = frame.reformat(
        width=width,
        height=height,
        format="rgb48le",
        src_colorspace=Colorspace.BT2020,
        interpolation=Interpolation.AREA,
    ).to_ndarray()
    light = _light_of(int(frame.color_trc))[np.asarray(stored, np.uint16) >> 4]
    if int(frame.color_trc) == _HLG:
        luma = np.asarray(cv2.transform(light, _LUMA_2020), np.float32).reshape(height, width, 1)
        light = light * np.maximum(luma, 1e-6) ** np.float32(0.2) * (_HLG_PEAK_NITS / _WHITE_NITS)
    light = np.maximum(cv2.transform(np.asarray(light, np.float32), _TO_709), 0)
    brightest = light.max(axis=2, keepdims=True)
    pressed = _KNEE + (1 - _KNEE) * (1 - np.exp((_KNEE - brightest) / (1 - _KNEE)))
    scale = np.where(brightest > _KNEE, pressed / np.maximum(brightest, _KNEE), 1)
    return np.asarray(255 * (light * scale) ** (1 / _DISPLAY_GAMMA) + 0.5, np.uint8)


@cache
def _light_of(transfer: int) -> Floats:
    """Light by stored level: of white for PQ (SMPTE ST 2084), of the scene for HLG."""
    level = np.linspace(0, 1, _LEVELS)
    if transfer == _PQ:
        root = level ** (1 / 78.84375)
        ratio = np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)
        return np.asarray(10_000 / _WHITE_NITS * ratio ** (1 / 0.1593017578125), np.float32)
    upper = (np.exp((level - 0.55991073) / 0.17883277) + 0.28466892) / 12
    return np.asarray(np.where(level <= 0.5, level**2 / 3, upper), np.float32)
