"""A Piper voice in miniature, written byte by byte: every symbol is four frames of a tone.

ONNX is protocol buffers; the few messages that a graph needs are put together here, so that the
tests need no other package.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from pathlib import Path

IPA = "abdefhijklmnoprstuvwxzæðŋɐɑɒɔəɚɛɜɡɪɹʃʊʌʒθˈˌː"
SYMBOLS = ["_", "^", "$", " ", ",", ".", "!", "?", *IPA]


def write_piper_voice(folder: Path) -> Path:
    """``voice.onnx`` and its settings; the path of the first."""
    path = folder / "voice.onnx"
    path.write_bytes(_model())
    settings = {
        "audio": {"sample_rate": 22050},
        "espeak": {"voice": "en-us"},
        "inference": {"noise_scale": 0, "length_scale": 1, "noise_w": 0},
        "phoneme_id_map": {symbol: [number] for number, symbol in enumerate(SYMBOLS)},
        "num_speakers": 1,
    }
    path.with_name("voice.onnx.json").write_text(json.dumps(settings), encoding="utf-8")
    return path


def _model() -> bytes:
    """durations = Ceil(input * 0 + 4 * length); sound = a click every two samples, as long."""
    nodes = [
        _node("Cast", ["input"], ["numbers"], _integer("to", 1)),
        _node("Mul", ["numbers", "zero"], ["zeros"]),
        _node("Gather", ["scales", "one"], ["length"]),
        _node("Mul", ["length", "four"], ["frames"]),
        _node("Add", ["zeros", "frames"], ["lengths"]),
        _node("Ceil", ["lengths"], ["/Ceil_output_0"]),
        _node("ReduceSum", ["/Ceil_output_0"], ["total"], _integer("keepdims", 0)),
        _node("Mul", ["total", "hop"], ["count"]),
        _node("Range", ["zero", "count", "unit"], ["places"]),
        _node("Sin", ["places"], ["tone"]),
        _node("Mul", ["tone", "quiet"], ["output"]),
    ]
    numbers = [("zero", 0.0), ("four", 4.0), ("hop", 256.0), ("unit", 1.0), ("quiet", 0.3)]
    graph = (
        b"".join(_message(1, node) for node in nodes)
        + _text(2, "voice")
        + b"".join(_message(5, _constant(name, value)) for name, value in numbers)
        + _message(5, _varint(2, 7) + _text(8, "one") + _bytes(9, struct.pack("<q", 1)))
        + _message(11, _value("input", 7, ("batch", "symbols")))
        + _message(11, _value("input_lengths", 7, ("batch",)))
        + _message(11, _value("scales", 1, ("three",)))
        + _message(12, _value("output", 1, ("samples",)))
    )
    return _varint(1, 8) + _message(7, graph) + _message(8, _varint(2, 15))


def _node(
    kind: str, inputs: Iterable[str], outputs: Iterable[str], attribute: bytes = b""
) -> bytes:
    named = b"".join(_text(1, name) for name in inputs) + b"".join(_text(2, n) for n in outputs)
    return named + _text(4, kind) + (_message(5, attribute) if attribute else b"")


def _integer(name: str, value: int) -> bytes:
    return _text(1, name) + _varint(3, value) + _varint(20, 2)


def _constant(name: str, value: float) -> bytes:
    return _varint(2, 1) + _text(8, name) + _bytes(9, struct.pack("<f", value))


def _value(name: str, kind: int, shape: tuple[str, ...]) -> bytes:
    sides = b"".join(_message(1, _text(2, side)) for side in shape)
    tensor = _varint(1, kind) + _message(2, sides)
    return _text(1, name) + _message(2, _message(1, tensor))


def _message(field: int, content: bytes) -> bytes:
    return _bytes(field, content)


def _text(field: int, text: str) -> bytes:
    return _bytes(field, text.encode())


def _bytes(field: int, content: bytes) -> bytes:
    return _number(field << 3 | 2) + _number(len(content)) + content


def _varint(field: int, value: int) -> bytes:
    return _number(field << 3) + _number(value)


def _number(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])
