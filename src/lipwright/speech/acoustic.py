"""The neural models as one thing: letters in, sound and how long each letter took out."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final, NamedTuple, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from lipwright.arrays import Samples


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """One passage as the model said it; Kokoro's numbers where nothing else is said."""

    samples: Samples
    """``(N,)`` at `rate_hz`."""
    durations: NDArray[np.int64]
    """``(letters + 2,)``: frames of `letter_frame` for the pad, each letter, the pad."""
    rate_hz: int = 24_000
    letter_frame: int = 600
    """Samples in one unit of `durations`: 25 ms."""
    late_ms: int = 55
    """How much earlier a letter is heard than its durations say."""


_HEADER: Final = struct.Struct("<II")
"""Counts of samples (float32) and of durations (int64) that follow it."""


def write_sound(stream: BinaryIO, sound: Sound) -> None:
    """Send a sound through a pipe."""
    stream.write(_HEADER.pack(len(sound.samples), len(sound.durations)))
    stream.write(sound.samples.astype("<f4").tobytes())
    stream.write(sound.durations.astype("<i8").tobytes())
    stream.flush()


def read_sound(stream: BinaryIO) -> Sound:
    """What `write_sound` sent.

    Raises:
        EOFError: The sender ended first.
    """
    sample_count, duration_count = _HEADER.unpack(_exactly(stream, _HEADER.size))
    samples = np.frombuffer(_exactly(stream, 4 * sample_count), "<f4")
    durations = np.frombuffer(_exactly(stream, 8 * duration_count), "<i8")
    return Sound(samples, durations)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content


class Utterance(NamedTuple):
    """Letters that are said at one go, and how fast."""

    letters: str
    rate: float = 1.0
    """2 is twice as fast."""


Told = Callable[[int], None]
"""Called with the number of letters said so far."""


class Acoustic(Protocol):
    """Says phoneme letters."""

    def sounds(
        self, utterances: tuple[Utterance, ...], told: Told = lambda letters: None
    ) -> tuple[Sound, ...]:
        """The sound of each utterance, in order; told of the letters said, now and then."""


def open_session(model: bytes, *, extra_output: str, threads: int) -> onnxruntime.InferenceSession:
    """An onnxruntime session of `model` that also gives the value named `extra_output`.

    Messages of one type joined byte by byte are one merged message (Protocol Buffers encoding,
    "Last One Wins"), so the output is added without parsing 90 MB.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Planned buffers are kept for each length of passage, 150 MB each; the arena is shared.
    options.enable_mem_pattern = False
    # Fading sounds end in numbers too small to hear and slow to add: a tenth of Kokoro's time.
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    content = model + _graph_output(extra_output)
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def _graph_output(name: str) -> bytes:
    """ModelProto{graph(7): GraphProto{output(12): ValueInfoProto{name(1): name}}}."""
    return _field(7, _field(12, _field(1, name.encode())))


def _field(number: int, content: bytes) -> bytes:
    length_delimited = 2
    return bytes([number << 3 | length_delimited, len(content)]) + content
