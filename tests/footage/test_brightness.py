"""HDR clips look as bright as SDR ones do."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from lipwright.colour import rgb_of
from lipwright.face.footage import pictures
from lipwright.face.reel import Reel, upright_planes

PQ, HLG = 16, 18


def grey_clip(path: Path, transfer: int, signal: float) -> Path:
    """Five pictures of one grey, 10 bits deep, BT.2020."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p10le"
        context = stream.codec_context
        context.color_trc, context.color_primaries, context.colorspace = transfer, 9, 9
        for index in range(5):
            frame = av.VideoFrame(64, 48, "yuv420p10le")
            for plane, level in zip(frame.planes, (64 + 876 * signal, 512, 512), strict=True):
                plane.update(np.full(plane.buffer_size // 2, round(level), "<u2").tobytes())
            frame.pts, frame.time_base = index, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("transfer", "signal", "seen"),
    [
        (PQ, 0.581, 243),  # 203 cd/m2, a white page
        (HLG, 0.75, 243),  # the same
        (PQ, 0.38, 108),  # 26 cd/m2, a grey card (ITU-R BT.2408)
        (HLG, 0.38, 108),
        (PQ, 0.9, 255),  # the sun
        (PQ, 0.0, 0),
    ],
)
def test_white_is_white_and_grey_is_grey(
    tmp_path: Path, transfer: int, signal: float, seen: int
) -> None:
    clip = grey_clip(tmp_path / "clip.mp4", transfer, signal)
    found = [picture.frame for picture in pictures(clip, longer_side_px=32)]
    assert found[0].shape == (24, 32, 3)
    assert abs(float(found[2].mean()) - seen) < 8
    assert np.ptp(found[2].mean(axis=(0, 1))) < 3, "grey has no colour"
    with Reel(clip, np.arange(5, dtype=np.int64) * 40_000) as reel:
        (frame,) = reel.play([2])
        shown = rgb_of(upright_planes(frame))
    assert shown.shape == (48, 64, 3)
    assert abs(float(shown.mean()) - found[2].mean()) < 3
