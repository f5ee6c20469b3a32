"""hibari: one American voice, a hundred times faster than real time, for drafts and tests."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import numpy as np
import onnxruntime
from hibari import dsp

from lipwright.errors import ModelUnavailable
from lipwright.models import check_sha256
from lipwright.speech import letters
from lipwright.speech.acoustic import Sound, Told, Utterance, open_session

_MODEL_SHA256: Final = "5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8"
_DURATIONS: Final = "/Clip_output_0"
"""The model's own count of frames a letter: it was distilled from Kokoro and keeps its clock."""

_NOISE_SEED: Final = 0
"""Of the breath in the sound: the same for every passage, so that order does not matter."""


class HibariModel:
    """hibari's American voice in this process."""

    def __init__(self) -> None:
        self._session: onnxruntime.InferenceSession | None = None

    def sounds(
        self, utterances: tuple[Utterance, ...], told: Told = lambda letters: None
    ) -> tuple[Sound, ...]:
        """The sound of each utterance, in order; too soon for anybody to be told of a part."""
        return tuple(self._sound(utterance) for utterance in utterances)

    def _sound(self, utterance: Utterance) -> Sound:
        inputs = {
            "ids": np.array([letters.numbers(utterance.letters)], np.int64),
            "speed": np.array([utterance.rate], np.float32),
        }
        if self._session is None:
            self._session = open_session(_model(), extra_output=_DURATIONS, threads=1)
        *spectra, durations = self._session.run(None, inputs)
        noise = np.random.default_rng(_NOISE_SEED)
        samples = dsp.synth(*(spectrum[0] for spectrum in spectra), noise)
        return Sound(samples.astype(np.float32), durations.ravel().astype(np.int64))


def _model() -> bytes:
    try:
        model = files("hibari").joinpath("assets", "hibari.onnx").read_bytes()
    except OSError as error:
        raise ModelUnavailable("hibari's model cannot be read; reinstall hibari-tts.") from error
    check_sha256("hibari.onnx", model, _MODEL_SHA256)
    return model
