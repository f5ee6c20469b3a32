"""Mouth shapes per frame: every sound's target, blended with its neighbours'.

Dominance blending (Cohen & Massaro 1993) with the timing of JALI (Edwards et al. 2016),
computed as a weighted average over time: each sound holds its target for the first three
quarters of its length, a bell-shaped kernel spreads it to both sides, and dominance decides
who wins where sounds overlap.  Short sounds therefore fall short of their targets by
themselves, as they do in fast speech.  Contacts are added afterwards (`contacts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
import scipy
from numpy.typing import NDArray

from lipwright.arrays import RIG, MouthShapes, Samples
from lipwright.timeline import SAMPLE_RATE, FrameGrid, Phoneme, Timed
from lipwright.viseme.contacts import with_contacts
from lipwright.viseme.emphasis import vowel_efforts
from lipwright.viseme.table import Row, Target, timed_targets

STEP: Final = SAMPLE_RATE // 200
"""Samples between points of the control curves: 5 ms, finer than any aligner is right."""

LEAD: Final = SAMPLE_RATE * 12 // 1000
"""Lips are seen to move before they are heard, by 0 to 40 ms in running speech (Schwartz &
Savariaux 2014).  Transitions are centred some 10 ms before their sound by `_HOLD` already;
with this they lead by 20 to 25 ms, so an aligner's usual error does not make the mouth late."""

_HOLD: Final = 0.75
"""Share of a sound for which its target is held (Edwards et al. 2016)."""

_BLANK: Final = SAMPLE_RATE * 30 // 1000
"""A long sound is held until this long before its end: a hiss must not be heard from a mouth
already open for its vowel."""

_PIECE: Final = SAMPLE_RATE * 70 // 1000
"""Loudness is followed in steps of about this length; shorter ones would follow the pitch."""

_REACH_MS: Final = {"width": 60, "pucker": 60, "tongue": 40, "tongue_out": 40}
_USUAL_REACH_MS: Final = 50
"""How far a sound's wish is felt outside its own time."""

_INERTIA_MS: Final = {
    "jaw": 200,
    "upper_lip": 200,
    "width": 160,
    "pucker": 140,
    "tongue": 35,
    "tongue_out": 35,
}
_USUAL_INERTIA_MS: Final = 150
"""How slowly the articulator follows, the heavy jaw slowest, the tongue tip fastest.  Found by the
spectra of a person who talks: 91 % of the lips' distance is below 4 Hz and 7 % from 4 to 8 Hz, and
of chin, upper lip and corners 95 to 98 % are below 4 Hz.  Syllables at 5 Hz reach two thirds of
their way, as in fast speech."""

_FELT: Final = SAMPLE_RATE * (60 + 200) // 1000
"""How far ahead the slowest articulator knows what comes, so far are the curves drawn on."""

_RELAX: Final = SAMPLE_RATE * 90 // 1000
_RELAXING: Final = 0.5
"""After the voice stops the mouth first falls half shut; shutting at once looks dubbed."""
_PREPARE: Final = SAMPLE_RATE * 50 // 1000
_PREPARING: Final = 0.5
"""Before the voice starts the mouth is on its way."""

_REST: Final = (0.0,) * len(RIG)
_ALL: Final = (1.0,) * len(RIG)
_PAUSE_MS: Final = (0.0, 60.0, 150.0, 300.0)
_PAUSE_OPENNESS: Final = (1.0, 0.8, 0.45, 0.0)
"""How much of the neighbours' shape stays in a pause of that length: nobody shuts the mouth
between two words, everybody does between two paragraphs."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch during which one target is held, in samples."""

    start: int
    end: int
    shape: Row
    dominance: Row


def mouth_shapes(
    phonemes: Sequence[Timed[Phoneme]], samples: Samples, grid: FrameGrid
) -> MouthShapes:
    """The mouth for every frame of the grid.

    Lips always meet for p b m, and the lower lip meets the teeth for f v, on at least one
    frame.  In pauses longer than 300 ms the mouth comes to rest: a row of exact zeros.

    Args:
        phonemes: In order, gaps allowed; a gap is a pause.
        samples: ``(N,)`` at `SAMPLE_RATE`: louder vowels open wider.
        grid: The output's frame clock.

    Returns:
        ``(F, R)``, columns as in `RIG`.

    Raises:
        UnsupportedLanguage: A phoneme has no mouth shape.
    """
    segments = _with_pauses(phonemes, _segments(phonemes, samples))
    moments = _moments(grid)
    curves = _blended(segments, int(moments[-1]) if len(moments) else 0)
    steps = np.arange(len(curves)) * STEP
    shapes = np.stack([np.interp(moments, steps, column) for column in curves.T], axis=1)
    period = int(grid.sample_rate / grid.fps)
    shapes = with_contacts(shapes, phonemes, moments, period)
    return _at_rest_at_both_ends(shapes).astype(np.float32)


def _moments(grid: FrameGrid) -> NDArray[np.int64]:
    """The sample that each frame shows: the middle of its time on screen, plus the lead."""
    twice_index = 2 * np.arange(grid.frame_count, dtype=np.int64) + 1
    rate = grid.sample_rate / grid.fps
    return twice_index * rate.numerator // (2 * rate.denominator) + LEAD


def _segments(phonemes: Sequence[Timed[Phoneme]], samples: Samples) -> list[list[_Segment]]:
    """What each phoneme holds, and when."""
    held = [_held(phoneme) for phoneme in phonemes]
    vowels = [
        Timed(piece.start, piece.end, phoneme.value.stress)
        for phoneme, pieces in zip(phonemes, held, strict=True)
        for piece in pieces
        if piece.value.is_vowel
    ]
    efforts = iter(vowel_efforts(vowels, samples))
    return [[_segment(piece, efforts) for piece in pieces] for pieces in held]


def _held(phoneme: Timed[Phoneme]) -> list[Timed[Target]]:
    """When each target is held; long vowels in pieces, so that the jaw follows their loudness."""
    parts = timed_targets(phoneme)
    hold = max(phoneme.start + int((phoneme.end - phoneme.start) * _HOLD), phoneme.end - _BLANK)
    parts[-1] = replace(parts[-1], end=max(hold, parts[-1].start))
    return [piece for part in parts for piece in (_pieces(part) if part.value.is_vowel else [part])]


def _pieces(part: Timed[Target]) -> list[Timed[Target]]:
    count = max(1, (part.end - part.start) // _PIECE)
    edges = [part.start + (part.end - part.start) * k // count for k in range(count + 1)]
    return [Timed(start, end, part.value) for start, end in pairwise(edges)]


def _segment(piece: Timed[Target], efforts: Iterator[float]) -> _Segment:
    target = piece.value
    shape = _with_effort(target.shape, next(efforts)) if target.is_vowel else target.shape
    return _Segment(piece.start, piece.end, shape, target.dominance)


def _with_effort(shape: Row, effort: float) -> Row:
    """Louder is a lower jaw first, lips half as much; corners and rounding stay."""
    gains = {"jaw": effort, "upper_lip": (1 + effort) / 2, "lower_lip": (1 + effort) / 2}
    return tuple(
        min(1.0, value * gains.get(name, 1.0)) for name, value in zip(RIG, shape, strict=True)
    )


def _with_pauses(
    phonemes: Sequence[Timed[Phoneme]], segments: Sequence[Sequence[_Segment]]
) -> list[_Segment]:
    """All segments in order, with the pauses before, between and after them."""
    if not phonemes:
        return []
    filled = _pause(0, phonemes[0].start, _REST, segments[0][0].shape)
    for index, held in enumerate(segments):
        filled.extend(held)
        end, last = phonemes[index].end, held[-1].shape
        following = phonemes[index + 1] if index + 1 < len(phonemes) else None
        if following is None or following.start > end:
            filled[-1] = replace(filled[-1], end=end)  # nothing follows that would cut it short
        if following is None:
            filled.extend(_pause(end, end + 2 * _RELAX, last, _REST))
        elif following.start > end:
            filled.extend(_pause(end, following.start, last, segments[index + 1][0].shape))
    return filled


def _pause(start: int, end: int, before: Row, after: Row) -> list[_Segment]:
    """Relax, rest, prepare; a short pause stays between its neighbours' shapes."""
    length = end - start
    inside = before != _REST and after != _REST
    openness = float(np.interp(length * 1000 / SAMPLE_RATE, _PAUSE_MS, _PAUSE_OPENNESS))
    middle = openness / 2 * (np.array(before) + np.array(after)) * inside
    first, last = start + min(_RELAX, length // 3), end - min(_PREPARE, length // 3)
    relaxing = np.maximum(openness, _RELAXING) * np.array(before)
    preparing = np.maximum(openness, _PREPARING) * np.array(after)
    return [
        _Segment(start, first, tuple(relaxing), _ALL),
        _Segment(first, last, tuple(middle), _ALL),
        _Segment(last, end, tuple(preparing), _ALL),
    ]


def _blended(segments: Sequence[_Segment], last_sample: int) -> NDArray[np.float64]:
    """Control curves ``(points, R)`` from sample 0 to past `last_sample`."""
    wanted, weight = _steps(segments, (last_sample + _FELT) // STEP + 2)
    curves = np.zeros_like(wanted)
    for column, name in enumerate(RIG):
        reach = _kernel(_REACH_MS.get(name, _USUAL_REACH_MS))
        inertia = _kernel(_INERTIA_MS.get(name, _USUAL_INERTIA_MS))
        total = scipy.ndimage.convolve1d(weight[:, column], reach, mode="nearest")
        blend = scipy.ndimage.convolve1d(wanted[:, column], reach, mode="nearest")
        blend /= np.maximum(total, 1e-9)
        curves[:, column] = scipy.ndimage.convolve1d(blend, inertia, mode="nearest")
    return curves


def _steps(
    segments: Sequence[_Segment], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Dominance times target, and dominance, as step curves; rest after the last segment."""
    wanted = np.zeros((count, len(RIG)))
    weight = np.zeros((count, len(RIG)))
    for segment in segments:
        first = segment.start // STEP
        during = slice(first, max(first + 1, segment.end // STEP))
        weight[during] = segment.dominance
        wanted[during] = np.multiply(segment.shape, segment.dominance)
    weight[segments[-1].end // STEP if segments else 0 :] = _ALL
    return wanted, weight


def _kernel(reach_ms: int) -> NDArray[np.float64]:
    """A bell that ends at `reach_ms`; its sixth power is near a Gaussian of reach / 4.2."""
    half = reach_ms * SAMPLE_RATE // (1000 * STEP)
    bell = np.cos(np.linspace(-np.pi / 2, np.pi / 2, 2 * half + 1)) ** 6
    return np.asarray(bell / bell.sum())


def _at_rest_at_both_ends(shapes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring the mouth to rest where speech touches the first or last frame of the video."""
    if len(shapes) >= 8:
        ramp = np.array([0.0, 0.5, 0.9])[:, None]
        shapes[:3] *= ramp
        shapes[-3:] *= ramp[::-1]
    return shapes
