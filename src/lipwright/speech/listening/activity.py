"""Where in a recording somebody speaks: Silero VAD 6, which tells speech from noise and music."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from lipwright.arrays import Samples
from lipwright.speech.listening.packaged import PackagedModel
from lipwright.speech.listening.sounds import HEARING_RATE_HZ, Stretch

_MODEL: Final = PackagedModel(
    "Silero VAD 6",
    (("faster_whisper", "assets/silero_vad_v6.onnx"),),
    "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2",
)
_WINDOW: Final = 512
_CONTEXT: Final = 64
"""Samples that the model takes in one step, and that it sees of the step before."""
_BATCH: Final = 3000
"""Windows in one run of the model: 96 s, 7 MB."""

_STARTS: Final = 0.5
_ENDS: Final = 0.35
"""Probabilities at which speech starts and stops (Silero's own)."""
_PAD: Final = HEARING_RATE_HZ * 80 // 1000
"""Kept around speech: soft first and last consonants."""
_GAP: Final = HEARING_RATE_HZ * 200 // 1000
"""Shorter gaps are part of speech: the closure of a stop lasts up to 150 ms."""
_SHORTEST: Final = HEARING_RATE_HZ * 100 // 1000
"""What is shorter is a click."""
_FLOOR: Final = 1e-4
"""RMS (-80 dB) below which nothing is heard, whatever the model thinks of it."""


def speech_stretches(samples: Samples) -> tuple[Stretch, ...]:
    """Where speech is heard in mono samples at `HEARING_RATE_HZ`, in order, a little padded."""
    if len(samples) == 0 or float(np.sqrt(np.mean(samples**2))) < _FLOOR:
        return ()
    spoken = _merged([*_spoken(_probabilities(samples))])
    return tuple(
        Stretch(max(0, start - _PAD), min(len(samples), end + _PAD))
        for start, end in spoken
        if end - start >= _SHORTEST
    )


def _probabilities(samples: Samples) -> NDArray[np.float32]:
    """Of each window of `_WINDOW` samples, that it holds speech."""
    session = _session()
    state = {name: np.zeros((1, 1, 128), np.float32) for name in ("h", "c")}
    found: list[NDArray[np.float32]] = []
    for start in range(0, len(samples), _BATCH * _WINDOW):
        windows = _windows(samples, start)
        output, state["h"], state["c"] = session.run(None, {"input": windows, **state})
        found.append(output.reshape(-1))
    return np.concatenate(found)


def _windows(samples: Samples, start: int) -> Samples:
    """``(n, _CONTEXT + _WINDOW)``: each window after the end of the one before."""
    piece = samples[start : start + _BATCH * _WINDOW]
    count = -(-len(piece) // _WINDOW)
    padded = np.zeros(_CONTEXT + count * _WINDOW, np.float32)
    padded[_CONTEXT : _CONTEXT + len(piece)] = piece
    if start:
        padded[:_CONTEXT] = samples[start - _CONTEXT : start]
    return np.lib.stride_tricks.sliding_window_view(padded, _CONTEXT + _WINDOW)[::_WINDOW].copy()


def _session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(_MODEL.read(), options, providers=["CPUExecutionProvider"])


def _spoken(probabilities: NDArray[np.float32]) -> Iterator[tuple[int, int]]:
    begun: int | None = None
    for index, probability in enumerate(probabilities):
        if begun is None and probability >= _STARTS:
            begun = index
        elif begun is not None and probability < _ENDS:
            yield begun * _WINDOW, index * _WINDOW
            begun = None
    if begun is not None:
        yield begun * _WINDOW, len(probabilities) * _WINDOW


def _merged(spoken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Without the gaps that are too short to be pauses."""
    if not spoken:
        return
    cuts = [i for i, (a, b) in enumerate(pairwise(spoken), start=1) if b[0] - a[1] >= _GAP]
    for first, stop in pairwise([0, *cuts, len(spoken)]):
        yield spoken[first][0], spoken[stop - 1][1]
