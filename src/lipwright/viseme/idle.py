"""What a person does while talking besides talking: blinks, glances, sways, nods, breathes.

Everything is a function of the seed, the phonemes and the time alone, so a segment rendered
by itself has the same motion as the whole, and a longer grid the same beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import IDLE, IdleMotion
from lipwright.timeline import SAMPLE_RATE, FrameGrid, Phoneme, Timed
from lipwright.viseme.cues import accents, pauses

Times = NDArray[np.float64]
"""``(F,)`` in samples: the middle of each frame."""

_SECOND: Final = SAMPLE_RATE

_SWAY: Final = {"yaw": 1.6, "pitch": 1.0, "roll": 0.8, "shift_x": 0.015, "shift_y": 0.010}
"""Largest excursions (degrees; fractions of the outer-eye distance): a photo turned further
shows that it is flat."""
_SWAY_HZ: Final = (0.10, 0.40)
_SWAY_WAVES: Final = 5
"""Enough unrelated waves that no one sees the pattern repeat."""

_EASE_IN: Final = 1.2 * _SECOND
"""The first frame is the plate as it was taken, often seen as a thumbnail before."""

_NOD_DEG: Final = 0.8
_NOD_WIDTH: Final = 0.62 * _SECOND
"""Head beats follow pitch and loudness and take about as long as a stressed syllable and its
neighbours (Munhall et al. 2004)."""
_BROW: Final = 0.75
_BROW_SHARE: Final = 0.4
"""Share of the accents that raise the brows as well; more looks like surprise."""
_BROW_WIDTH: Final = 0.7 * _SECOND

_STEP: Final = 0.0011
"""A quarter of a pixel where the eyes are 230 px apart, which is a close face at 1080p."""
_FELT: Final = {
    "yaw": (0.010, 0, 0.002, 0, 0, 0),
    "pitch": (0, 0.010, 0, 0.002, 0, 0),
    "roll": (0.030, 0, 0.050, 0, 0, 0),
    "shift_x": (1.0, 0, 1.0, 0, 0, 0),
    "shift_y": (0, 1.0, 0, 1.0, 0, 0),
    "brow": (0, 0, 0, 0, 0.045, 0),
    "breath": (0, 0.006, 0, 0.006, 0, 0.016),
}
"""How far each channel moves nose (x, y), crown (x, y), brows (y) and shoulders (y), of the eye
distance."""

_BLINK_MEDIAN_S: Final = 3.7
_BLINK_SPREAD: Final = 0.45
"""Times between blinks are close to log-normal, 2 to 8 s apart in conversation (Bentivoglio
et al. 1997: 17 a minute at rest, 26 talking; fewer here because a speaker to camera stares)."""
_BLINK_LEAST: Final = 1.2 * _SECOND
_BLINK_REACH: Final = 0.9 * _SECOND
"""How far a due blink moves to fall on the end of a phrase."""
_BLINK_ACCENT_REACH: Final = 0.3 * _SECOND
_CLOSE: Final = 0.10 * _SECOND
_SHUT: Final = 0.045 * _SECOND
"""Longer than a frame at 24 fps, so that every blink is seen complete."""
_OPEN: Final = 0.18 * _SECOND

_GLANCE_SHARE: Final = 0.22
"""Share of the phrase ends at which a speaker looks away for a moment, to think of what comes
(Lee, Badler and Badler 2002, "Eyes Alive"); fewer than in conversation."""
_GLANCE: Final = (0.30 * _SECOND, 0.75 * _SECOND)
_GLANCES: Final = ((-1.0, 0.0), (1.0, 0.0), (-1.0, 1.0), (1.0, 1.0), (0.0, 1.0))
"""Aside and down: up and away reads as a lie or as boredom."""

_INHALE: Final = 0.9 * _SECOND
_BREATH_LEAST: Final = 2.8 * _SECOND
_BREATH_MOST: Final = 5.5 * _SECOND
"""Around one breath in four seconds, taken in a pause where one comes in time."""


def idle_motion(phonemes: Sequence[Timed[Phoneme]], grid: FrameGrid, *, seed: int) -> IdleMotion:
    """Blinks, head motion, brows and breath for every frame.

    Args:
        phonemes: In order; pauses draw blinks and breaths, accents draw nods.
        grid: The output's frame clock.
        seed: The same seed and phonemes give the same motion at the same time.

    Returns:
        ``(F, K)``, columns as in `IDLE`; the first frame is close to all zeros.
    """
    middles: Times = (np.arange(grid.frame_count, dtype=np.float64) + 0.5) * float(
        grid.sample_rate / grid.fps
    )
    until = float(middles[-1]) if len(middles) else 0.0
    motion = np.zeros((grid.frame_count, len(IDLE)))
    columns = {name: motion[:, index] for index, name in enumerate(IDLE)}
    ease = _smooth(middles / _EASE_IN)
    for stream, (name, most) in enumerate(_SWAY.items()):
        columns[name] += most * _wander(middles, np.random.default_rng([seed, stream]))
    _nod(columns, middles, phonemes, np.random.default_rng([seed, 10]))
    for name in (*_SWAY, "brow"):
        columns[name] *= ease
    for start in _blinks(phonemes, until, np.random.default_rng([seed, 11])):
        np.maximum(columns["blink"], _lids(middles - start), out=columns["blink"])
    for start, end, (across, down) in _glances(phonemes, np.random.default_rng([seed, 12])):
        away = (middles >= start) & (middles < end)  # a saccade takes less than a frame
        columns["gaze_x"][away], columns["gaze_y"][away] = across, down
    columns["breath"] += _breathing(middles, _inhales(phonemes, until))
    return _held(motion).astype(np.float32)


def _held(motion: NDArray[np.float64]) -> NDArray[np.float64]:
    """The motion, without the steps of head and breath that are too small to be seen.

    The head stays where it is until it would have moved by `_STEP` somewhere.  So every second
    picture or so has a head that need not be drawn again, and is never off by more than that.
    """
    moving = [IDLE.index(name) for name in _FELT]
    places = motion[:, moving] @ np.array(list(_FELT.values()))
    held, at = 0, np.zeros(len(motion), np.intp)
    for frame, place in enumerate(places):
        if np.abs(place - places[held]).max() > _STEP:
            held = frame
        at[frame] = held
    motion[:, moving] = motion[at][:, moving]
    return motion


def _wander(times: Times, chance: np.random.Generator) -> Times:
    """A slow smooth walk in (-1, 1)."""
    low, high = np.log(_SWAY_HZ)
    hertz = np.exp(chance.uniform(low, high, _SWAY_WAVES))
    weights = hertz**-0.7
    phases = chance.uniform(0, 2 * np.pi, _SWAY_WAVES)
    waves = np.sin(2 * np.pi * np.outer(times / _SECOND, hertz) + phases)
    return np.asarray(np.tanh(1.2 * waves @ (weights / weights.sum())))


def _nod(
    columns: dict[str, Times],
    times: Times,
    phonemes: Sequence[Timed[Phoneme]],
    chance: np.random.Generator,
) -> None:
    """A small nod on each accent, and on some a raise of the brows."""
    for centre, weight in accents(phonemes):
        size, lot, turn = chance.uniform([0.4, 0.0, -0.3], [1.0, 1.0, 0.3])
        nod = weight * size * _bump((times - centre) / _NOD_WIDTH)
        columns["pitch"] += _NOD_DEG * nod
        columns["yaw"] += _NOD_DEG * turn * nod
        if lot < _BROW_SHARE:
            raised = weight * _BROW * size * _bump((times - centre) / _BROW_WIDTH)
            np.maximum(columns["brow"], raised, out=columns["brow"])


def _blinks(
    phonemes: Sequence[Timed[Phoneme]], until: float, chance: np.random.Generator
) -> list[float]:
    """When each blink starts, in samples, in order."""
    ends = np.array(pauses(phonemes), float)
    stresses = np.array([centre for centre, _ in accents(phonemes)], float)
    found: list[float] = []
    last = -float(chance.uniform(0.5, 2.0)) * _SECOND
    while last < until:
        wait, lot, delay = chance.normal(), chance.uniform(), chance.uniform(0, 0.12)
        due = last + _SECOND * min(8.0, _BLINK_MEDIAN_S * float(np.exp(_BLINK_SPREAD * wait)))
        earliest = max(last + _BLINK_LEAST, 0.8 * _SECOND)
        last = max(due, earliest)
        for cues, reach, share in ((ends, _BLINK_REACH, 0.9), (stresses, _BLINK_ACCENT_REACH, 0.4)):
            near = cues[(np.abs(cues - due) <= reach) & (cues >= earliest)]
            if len(near) and lot < share:
                last = float(near[np.argmin(np.abs(near - due))]) + delay * _SECOND
                break
        found.append(last)
    return found


def _glances(
    phonemes: Sequence[Timed[Phoneme]], chance: np.random.Generator
) -> list[tuple[float, float, tuple[float, float]]]:
    """Start and end, in samples, and direction of each glance aside."""
    found = []
    for pause in pauses(phonemes):
        lot, length, which = chance.uniform(), chance.uniform(*_GLANCE), chance.integers(5)
        if lot < _GLANCE_SHARE and pause > _EASE_IN:
            found.append((float(pause), float(pause) + length, _GLANCES[int(which)]))
    return found


def _lids(since: Times) -> Times:
    """One blink, by time since its start: lids fall fast, stay, and rise more slowly."""
    falling = _smooth(since / _CLOSE)
    rising = _smooth((since - _CLOSE - _SHUT) / _OPEN)
    return falling * (1 - rising)


def _inhales(phonemes: Sequence[Timed[Phoneme]], until: float) -> list[float]:
    """When each breath is drawn, in samples; one more than needed to reach `until`."""
    ends = np.array(pauses(phonemes), float)
    found = [0.0]
    while found[-1] <= until:
        window = ends[(ends >= found[-1] + _BREATH_LEAST) & (ends <= found[-1] + _BREATH_MOST)]
        found.append(float(window[0]) if len(window) else found[-1] + 4.0 * _SECOND)
    return found


def _breathing(times: Times, inhales: Sequence[float]) -> Times:
    """Rises over each inhale and sinks until the next."""
    starts = np.array(inhales)
    index = np.searchsorted(starts, times, side="right") - 1
    begun, following = starts[index], starts[np.minimum(index + 1, len(starts) - 1)]
    drawn = _smooth((times - begun) / _INHALE)
    let_out = _smooth((times - begun - _INHALE) / (following - begun - _INHALE))
    return np.asarray(drawn * (1 - let_out))


def _smooth(x: Times) -> Times:
    x = np.clip(x, 0, 1)
    return np.asarray(x * x * (3 - 2 * x))


def _bump(x: Times) -> Times:
    """A raised cosine: 1 at 0, 0 beyond half a unit to both sides."""
    return np.where(np.abs(x) < 0.5, 0.5 + 0.5 * np.cos(2 * np.pi * np.clip(x, -0.5, 0.5)), 0.0)
