"""How exactly recordings are heard: phones, words and closures against labels made by others."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import numpy as np

from lipwright.arrays import RIG, MouthShapes
from lipwright.bench.figures import Figure, Figures
from lipwright.bench.labelled import REAL, SYNTHETIC, Labelled, is_vowel, labelled, start_errors_ms
from lipwright.speech import Speech, speak_recording
from lipwright.timeline import SAMPLE_RATE, FrameGrid
from lipwright.viseme import mouth_shapes

_CLOSED: Final = 0.8
"""Of the rig's press, which is 1 where the lips meet: a viewer sees them closed."""
_FPS: Final = Fraction(30)


def figures() -> Figures:
    """Phone starts and captions with a transcript; closures with and without one."""
    told = {name: _heard(name, with_text=True) for name in (*SYNTHETIC, *REAL)}
    untold = {name: _heard(name, with_text=False) for name in SYNTHETIC}
    return {
        **_starts("synthetic", told, SYNTHETIC),
        **_starts("real", told, REAL),
        "caption_onset_p95": _caption_onsets(told),
        **_closures("with_transcript", told),
        **_closures("without_transcript", untold),
    }


def _heard(name: str, *, with_text: bool) -> Speech:
    known = labelled()[name]
    return speak_recording(known.path, known.text if with_text else None)


def _starts(kind: str, heard: dict[str, Speech], names: Sequence[str]) -> Figures:
    truth = labelled()
    errors = np.concatenate(
        [start_errors_ms(truth[name].phonemes, heard[name].phonemes) for name in names]
    )
    return {
        f"{kind}_phone_start_median": Figure(float(np.median(errors)), "ms", ceiling=20),
        f"{kind}_phone_start_p90": Figure(float(np.percentile(errors, 90)), "ms", ceiling=50),
    }


def _caption_onsets(heard: dict[str, Speech]) -> Figure:
    apart = [
        abs(word.start - known.start)
        for name, speech in heard.items()
        for word, known in zip(speech.words, labelled()[name].words, strict=True)
    ]
    return Figure(float(np.percentile(apart, 95)) * 1000 / SAMPLE_RATE, "ms", ceiling=80)


def _closures(how: str, heard: dict[str, Speech]) -> Figures:
    closed: list[bool] = []
    false: list[bool] = []
    for name, speech in heard.items():
        grid = FrameGrid.covering(len(speech.samples), fps=_FPS)
        shapes = mouth_shapes(speech.phonemes, speech.samples, grid)
        closed += _bilabials_closed(labelled()[name], shapes, grid)
        false += _vowels_closed(labelled()[name], shapes, grid)
    return {
        f"bilabials_closed_{how}": Figure(float(np.mean(closed)), "share", floor=0.85),
        f"false_closures_{how}": Figure(float(np.mean(false)), "share", ceiling=0.05),
    }


def _bilabials_closed(known: Labelled, shapes: MouthShapes, grid: FrameGrid) -> list[bool]:
    """Of each labelled p, b and m: whether the lips meet in it, or one frame beside it."""
    press = shapes[:, RIG.index("press")]
    return [
        bool(press[max(0, grid.frame_at(p.start) - 1) : grid.frame_at(p.end) + 2].max() >= _CLOSED)
        for p in known.phonemes
        if p.value.symbol in ("p", "b", "m")
    ]


def _vowels_closed(known: Labelled, shapes: MouthShapes, grid: FrameGrid) -> list[bool]:
    """Of each labelled vowel: whether the lips meet in its middle."""
    press = shapes[:, RIG.index("press")]
    return [
        bool(press[grid.frame_at((p.start + p.end) // 2)] >= _CLOSED)
        for p in known.phonemes
        if is_vowel(p.value)
    ]
