"""What the voices cost, and whether lips and captions keep to what is said, in every language."""

from __future__ import annotations

import resource
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import scipy

from lipwright.arrays import RIG
from lipwright.bench.figures import Figure, Figures
from lipwright.speech import Speech, open_voice, speak_recording, voices
from lipwright.timeline import SAMPLE_RATE, FrameGrid
from lipwright.viseme import mouth_shapes

_FPS: Final = Fraction(30)
_CLOSED: Final = 0.8
"""Of the rig's press, which is 1 where the lips meet: a viewer sees them closed."""

SCRIPTS: Final[dict[str, str]] = {
    "en-US": "Maybe my brother Bob bought a big map. Please bring up the problem before lunch.",
    "en-GB": "Maybe my brother Bob bought a big map. Please bring up the problem before lunch.",
    "es-ES": "Mi padre compró un mapa para la abuela. También bebió vino con Pablo.",
    "fr-FR": "Ma mère a beaucoup parlé du problème. Un bon pain blanc pour papa.",
    "it-IT": "Mamma compra una bella pizza. Il bambino prende un libro per il papà.",
    "pt-BR": "Minha mãe comprou um bom pão para o bebê. O problema é o tempo.",
    "ja-JP": "パパは毎日バナナを食べます。図書館の本を三本のペンで読みました。",
    "zh-CN": "爸爸妈妈把面包放在桌边。明天不必跑步，我们慢慢吧。",
}
"""Two sentences full of closures."""

_LONG: Final = " ".join(
    f"{opening} every sentence of this script is about as long as the others, so that two cores "
    "can share the work."
    for opening in ("First,", "Then,", "Later,", "Next,", "Again,", "Still,", "Now,", "Finally,")
)


def figures() -> Figures:
    """Cost of Kokoro alone and on two cores, closures in every language, captions in English."""
    said = {language: _said(language) for language in SCRIPTS}
    return {
        **_costs(),
        **{f"closures_{language}": _closures(speech) for language, speech in said.items()},
        "caption_onset_p95": _caption_onsets(said["en-US"], said["en-GB"]),
    }


def _said(language: str) -> Speech:
    first = {key: next(cards) for key, cards in groupby(voices(), key=lambda card: card.language)}
    return open_voice(first[language].name, workers=1).speak(SCRIPTS[language])


def _costs() -> Figures:
    """Time of the processors, not of the clock: others may share the machine."""
    alone, seconds = _cost(1)
    shared, _ = _cost(2)
    return {
        "cost_per_second": Figure(alone / seconds, "s of CPU a s of speech"),
        "two_core_gain": Figure(2 * alone / shared, "times as fast", floor=1.7),
    }


def _cost(workers: int) -> tuple[float, float]:
    """Seconds of CPU, of this process and its workers, and of speech."""
    before = _used_s()
    speech = open_voice("af_heart", workers=workers).speak(_LONG)
    return _used_s() - before, len(speech.samples) / SAMPLE_RATE


def _used_s() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _closures(speech: Speech) -> Figure:
    grid = FrameGrid.covering(len(speech.samples), fps=_FPS)
    press = mouth_shapes(speech.phonemes, speech.samples, grid)[:, RIG.index("press")]
    closed = [
        press[grid.frame_at(phoneme.start) : grid.frame_at(phoneme.end) + 1].max() >= _CLOSED
        for phoneme in speech.phonemes
        if phoneme.value.symbol in ("p", "b", "m")
    ]
    return Figure(float(np.mean(closed)), "share", floor=0.98)


def _caption_onsets(*speeches: Speech) -> Figure:
    """How far words start from where an aligner that the voice does not know hears them."""
    apart: list[int] = []
    with TemporaryDirectory() as folder:
        for speech in speeches:
            path = Path(folder) / "speech.wav"
            scipy.io.wavfile.write(path, SAMPLE_RATE, speech.samples)
            heard = speak_recording(path, " ".join(word.value for word in speech.words))
            pairs = zip(speech.words, heard.words, strict=True)
            apart += [abs(word.start - other.start) for word, other in pairs]
    return Figure(float(np.percentile(apart, 95)) * 1000 / SAMPLE_RATE, "ms", ceiling=80)
