"""Piper's voices (VITS): the user's own models, read without its GPL-licensed phonemiser.

A Piper model wants the IPA of espeak-ng, which is what our letters stand for, so it is spoken to
with the front ends that Kokoro uses; each sound is looked up in the model's own table.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime

from lipwright.errors import InvalidVoice
from lipwright.speech import letters
from lipwright.speech.acoustic import Sound, Told, Utterance, open_session

_DURATIONS: Final = "/Ceil_output_0"
"""Frames a symbol, as PyTorch names it when it exports VITS."""
_HOP: Final = 256
"""Samples in a frame of every Piper model."""
_LATE_MS: Final = 35
"""Median of what forced alignment says of a voice of middle quality."""
_PAD, _START, _END = "_", "^", "$"
_RATES_HZ: Final = (8_000, 48_000)
_NOISE_SEED: Final = 0
"""Of the model's own chance: the same script gives the same samples."""

_NEAREST: Final = {"ɾ": "r", "ʣ": "dz", "β": "b", "ɻ": "ɹ", "ᵊ": "ə", "ɐ": "ə", "ᵝ": "", "…": "."}
"""What to say where a model has no symbol for a sound."""


class PiperModel:
    """One voice of Piper, in this process."""

    def __init__(self, model: Path) -> None:
        self._model = model
        settings = _settings(model)
        self._ids: Mapping[str, list[int]] = settings["phoneme_id_map"]
        self._rate_hz = int(settings["audio"]["sample_rate"])
        self._scales = settings.get("inference", {})
        self._speakers = int(settings.get("num_speakers", 1))

    def sounds(
        self, utterances: tuple[Utterance, ...], told: Told = lambda letters: None
    ) -> tuple[Sound, ...]:
        """The sound of each utterance, in order; too soon for anybody to be told of a part."""
        onnxruntime.set_seed(_NOISE_SEED)
        try:
            session = open_session(self._model.read_bytes(), extra_output=_DURATIONS, threads=1)
            return tuple(self._sound(session, utterance) for utterance in utterances)
        except Exception as error:  # onnxruntime has no base class for its errors
            raise InvalidVoice(f"{self._model.parent.name} cannot speak: {error}") from error

    def _sound(self, session: onnxruntime.InferenceSession, utterance: Utterance) -> Sound:
        symbols = [self._symbols(letter) for letter in utterance.letters]
        # A pad stands after every symbol; its time belongs to the symbol before it.
        pad = self._ids[_PAD]
        groups = [
            [number for symbol in part for number in (*self._ids[symbol], *pad)]
            for part in ([_START], *symbols, [_END])
        ]
        numbers = [number for group in groups for number in group]
        inputs: dict[str, Any] = {
            "input": np.array([numbers], np.int64),
            "input_lengths": np.array([len(numbers)], np.int64),
            "scales": np.array(self._noise(utterance.rate), np.float32),
        }
        if self._speakers > 1:
            inputs["sid"] = np.zeros(1, np.int64)
        samples, frames = session.run(None, inputs)
        ends = np.cumsum([0, *map(len, groups)])
        durations = np.add.reduceat(frames.ravel(), ends[:-1]) * (np.diff(ends) > 0)
        return Sound(samples.ravel(), durations.astype(np.int64), self._rate_hz, _HOP, _LATE_MS)

    def _noise(self, rate: float) -> list[float]:
        length = float(self._scales.get("length_scale", 1.0)) / rate
        noise, noise_w = self._scales.get("noise_scale", 0.667), self._scales.get("noise_w", 0.8)
        return [float(noise), length, float(noise_w)]

    def _symbols(self, letter: str) -> list[str]:
        """The model's symbols for one of our letters."""
        sounds = letter if letter in letters.SILENT else letters.ipa(letter)
        found = [symbol for symbol in sounds if symbol in self._ids]
        if found:
            return found
        return [symbol for symbol in _NEAREST.get(letter, "") if symbol in self._ids]


def check_piper(model: Path) -> None:
    """Raise `InvalidVoice` unless the file and its settings are a Piper voice that has times."""
    settings = _settings(model)
    ids, audio = settings.get("phoneme_id_map"), settings.get("audio")
    if settings.get("phoneme_type", "espeak") != "espeak":
        raise InvalidVoice("This Piper voice reads letters, not sounds; it cannot be used.")
    if not isinstance(ids, dict) or not {_PAD, _START, _END} <= set(ids):
        raise InvalidVoice("The settings of the Piper voice have no phoneme_id_map.")
    rate_hz = audio.get("sample_rate") if isinstance(audio, dict) else None
    if not isinstance(rate_hz, int) or not _RATES_HZ[0] <= rate_hz <= _RATES_HZ[1]:
        raise InvalidVoice("The settings of the Piper voice have no sample_rate.")
    try:
        open_session(model.read_bytes(), extra_output=_DURATIONS, threads=1)
    except Exception as error:  # onnxruntime has no base class for its errors
        raise InvalidVoice(
            "The file is no Piper model that says how long its sounds are."
        ) from error


def _settings(model: Path) -> dict[str, Any]:
    try:
        settings = json.loads(model.with_name(f"{model.name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidVoice(f"The settings of {model.name} cannot be read: {error}.") from error
    if not isinstance(settings, dict):
        raise InvalidVoice(f"The settings of {model.name} are not settings.")
    return settings
