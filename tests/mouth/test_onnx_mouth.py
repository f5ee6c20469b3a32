"""A generator of the right shape, made here: it paints the lower face by the sound's loudness."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import onnx
import pytest
from mouth_plates import drawn, idle, shape
from onnx import TensorProto, helper

from lipwright.arrays import Frame
from lipwright.avatar import Excerpt, Plate
from lipwright.errors import InvalidRequest
from lipwright.filming import write_clip
from lipwright.mouth import OnnxMouth
from lipwright.mouth.mel import heard_at, mel_spectrogram
from lipwright.pipeline import one_thread
from lipwright.request import RevoiceRequest, SyncMode
from lipwright.service.renderer import Look, open_renderer
from lipwright.timeline import SAMPLE_RATE, FrameGrid


def generator(path: Path, side: int | str = 96, bands: int = 80) -> Path:
    """Gives ``reference * 0 + sigmoid(mean(mel))``: grey by loudness, of the reference's size."""
    mel = helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["n", 1, bands, 16])
    faces = helper.make_tensor_value_info("faces", TensorProto.FLOAT, ["n", 6, side, side])
    made = helper.make_tensor_value_info("made", TensorProto.FLOAT, ["n", 3, side, side])
    zero = helper.make_tensor("zero", TensorProto.FLOAT, [1], [0.0])
    starts, ends, axes = (
        helper.make_tensor(name, TensorProto.INT64, [1], [value])
        for name, value in (("starts", 3), ("ends", 6), ("axes", 1))
    )
    nodes = [
        helper.make_node("ReduceMean", ["mel"], ["loud"], keepdims=1),
        helper.make_node("Sigmoid", ["loud"], ["grey"]),
        helper.make_node("Slice", ["faces", "starts", "ends", "axes"], ["reference"]),
        helper.make_node("Mul", ["reference", "zero"], ["black"]),
        helper.make_node("Add", ["black", "grey"], ["made"]),
    ]
    graph = helper.make_graph(nodes, "generator", [mel, faces], [made], [zero, starts, ends, axes])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 9
    onnx.save(model, str(path))
    return path


def excerpt() -> Excerpt:
    """Two seconds: silence, then noise."""
    samples = np.zeros(2 * SAMPLE_RATE, np.float32)
    samples[SAMPLE_RATE:] = np.random.default_rng(1).normal(0, 0.3, SAMPLE_RATE)
    return Excerpt(range(10, 50, 30), FrameGrid(Fraction(25), 50), samples)


def mouth_grey(plate: Plate, rgb: Frame, left: int, top: int) -> float:
    x, y = plate.landmarks[14, :2].astype(int) - [left, top]
    return float(rgb[y - 2 : y + 3, x - 2 : x + 3].mean())


@pytest.mark.parametrize("side", [96, 192, "side"])
def test_the_mouth_follows_the_sound(tmp_path: Path, side: int | str) -> None:
    model = OnnxMouth(generator(tmp_path / "model.onnx", side))
    plate = drawn()
    shapes, idles = np.stack([shape()] * 2), np.stack([idle()] * 2)
    quiet, loud = model.patches(plate, shapes, idles, cut_out=True, excerpt=excerpt())
    assert quiet.pixels.alpha is not None
    greys = [mouth_grey(plate, p.rgb, p.left, p.top) for p in (quiet, loud)]
    assert greys[0] < 30
    assert greys[1] > greys[0] + 60
    eyes = plate.landmarks[33, :2].astype(int) - [quiet.left, quiet.top]
    assert (quiet.rgb[: eyes[1]] == loud.rgb[: eyes[1]]).all()


@pytest.mark.parametrize(("side", "bands"), [(96, 40), (32, 80)])
def test_another_signature_is_refused(tmp_path: Path, side: int, bands: int) -> None:
    with pytest.raises(InvalidRequest, match="must take a mel window"):
        OnnxMouth(generator(tmp_path / "model.onnx", side, bands))


@pytest.mark.parametrize("content", [b"", b"no model"])
def test_what_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    with pytest.raises(InvalidRequest, match="ONNX"):
        OnnxMouth(path)
    with pytest.raises(InvalidRequest, match="read"):
        OnnxMouth(tmp_path / "nothing.onnx")


@pytest.mark.slow
def test_a_service_with_a_mouth_of_its_own_makes_videos(tmp_path: Path, portrait: Frame) -> None:
    clip = tmp_path / "clip.mp4"
    write_clip(iter([portrait] * 10), Fraction(25), clip)
    model, speech = generator(tmp_path / "model.onnx"), tmp_path / "speech"
    request = RevoiceRequest(clip, "Hello.", voice="hibari", sync_mode=SyncMode.SILENCE)
    speech.mkdir()
    with one_thread():
        open_renderer("pipeline").speak(request, speech, Look(lambda done: None))
        lips = []
        for renderer in (open_renderer("pipeline"), open_renderer("pipeline", model)):
            (frames,) = renderer.plan(request, speech)
            segment, output = tmp_path / "0.mp4", tmp_path / "out.mp4"
            renderer.render_segment(request, speech, frames, segment, lambda done: None)
            renderer.assemble(request, speech, [segment], output, tmp_path / "out.jpg")
            with av.open(str(output)) as container:
                picture = list(container.decode(video=0))[5].to_ndarray(format="rgb24")
            lips.append(picture[150:165, 210:240].astype(float))
    assert np.abs(lips[0] - lips[1]).mean() > 10


def test_a_service_refuses_what_is_no_mouth_model_at_its_start(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"no model")
    with pytest.raises(InvalidRequest, match=r"model.onnx is no ONNX model"):
        open_renderer("pipeline", path)


def test_a_tone_is_in_its_band_and_silence_in_none() -> None:
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    mel = mel_spectrogram((0.5 * np.sin(2 * np.pi * 1000 * time)).astype(np.float32))
    assert mel.shape == (80, 81)
    # 1000 Hz is 15 mel of Slaney's scale, on which 55 to 7600 Hz go from 0.825 to 44.5.
    assert abs(int(mel[:, 40].argmax()) - round((15 - 0.825) / (44.5 - 0.825) * 81 - 1)) <= 1
    assert (mel_spectrogram(np.zeros(SAMPLE_RATE, np.float32)) == -4).all()
    assert heard_at(mel, 0.95).shape == (80, 16)
    assert (heard_at(mel, 0.95)[:, -8:] == -4).all()
