"""Contacts, placed exactly: lips that meet for p b m, the lower lip under the teeth for f v.

A viewer forgives a vague vowel and never an open p.  A contact shorter than a frame would
fall between two frames, so each one is held for at least 1.25 frames and given a frame of its
own; a vowel of some length between two contacts keeps its middle frame open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import RIG
from lipwright.timeline import SAMPLE_RATE, Phoneme, Timed
from lipwright.viseme.table import Contact, Target, timed_targets

Shapes = NDArray[np.float64]
Moments = NDArray[np.int64]

_PRESS, _TUCK = RIG.index("press"), RIG.index("tuck")

_CLOSING: Final = SAMPLE_RATE * 110 // 1000
_OPENING: Final = SAMPLE_RATE * 95 // 1000
"""A lip takes 80 to 120 ms from a vowel to closure and a little less back (Löfqvist & Gracco
1997); half of that is a jerk at 30 fps."""

_ROOM: Final = 0.7
"""Share of a neighbouring sound that a closing or opening may use: a short vowel between two
contacts is never quite open, a long one is."""

_HELD_FRAMES: Final = 1.25
_MERGED: Final = SAMPLE_RATE * 30 // 1000
"""Lips stay together from one contact to the next over a gap this short ("pop man")."""

_VOWEL: Final = SAMPLE_RATE * 60 // 1000
"""A vowel at least this long must be seen open."""
_OPEN: Final = 0.35
"""The most that a contact may take of such a vowel's middle frame."""
_PARTLY: Final = 0.3
"""How far the lips are shut on the frame beside a closure of one frame."""


@dataclass(frozen=True, slots=True)
class _Touch:
    """One contact, in samples: full from `start` to `end`, ramps of `rise` and `fall` around."""

    start: int
    end: int
    rise: int
    fall: int
    sound: Timed[Target]
    contact: Contact


def with_contacts(
    shapes: Shapes, phonemes: Sequence[Timed[Phoneme]], moments: Moments, period: int
) -> Shapes:
    """`shapes` with ``press`` and ``tuck`` filled in, and the lips obeying them.

    Args:
        shapes: ``(F, R)``; written to.
        phonemes: In order.
        moments: The sample that each frame shows.
        period: Length of a frame, in samples.
    """
    sounds = [part for phoneme in phonemes for part in timed_targets(phoneme)]
    touches = _touches(sounds)
    for touch in _joined(touches):
        _draw(shapes, _lengthened(touch, int(period * _HELD_FRAMES)), moments)
    _give_frames(shapes, touches, _middles(sounds, moments), moments, period)
    shapes[:, _TUCK] *= 1 - shapes[:, _PRESS]
    shapes[:, RIG.index("lower_lip")] *= 1 - shapes[:, _TUCK]
    return shapes


def _touches(sounds: Sequence[Timed[Target]]) -> list[_Touch]:
    found = []
    for index, sound in enumerate(sounds):
        contact = sound.value.contact
        if contact is None:
            continue
        end = sound.start + int((sound.end - sound.start) * contact.hold)
        rise, fall = _CLOSING, _OPENING
        if index:
            before = sounds[index - 1]
            rise = _room(before, sound.start - before.end, _CLOSING)
        if index + 1 < len(sounds):
            after = sounds[index + 1]
            fall = _room(after, after.start - end, _OPENING)
        found.append(_Touch(sound.start, end, rise, fall, sound, contact))
    return found


def _room(neighbour: Timed[Target], gap: int, wanted: int) -> int:
    """Samples for closing or opening: fewer where the neighbour is short."""
    return max(1, min(wanted, gap + int(_ROOM * (neighbour.end - neighbour.start))))


def _joined(touches: Iterable[_Touch]) -> list[_Touch]:
    """Touches with those of one kind that follow each other at once made one."""
    joined: list[_Touch] = []
    for touch in touches:
        last = joined[-1] if joined else None
        if last and last.contact.column == touch.contact.column and _follows(last, touch):
            level = replace(touch.contact, level=max(last.contact.level, touch.contact.level))
            joined[-1] = replace(
                last, end=touch.end, fall=touch.fall, sound=touch.sound, contact=level
            )
        else:
            joined.append(touch)
    return joined


def _follows(last: _Touch, touch: _Touch) -> bool:
    return touch.sound.start - last.sound.end < _MERGED


def _lengthened(touch: _Touch, least: int) -> _Touch:
    missing = max(0, least - (touch.end - touch.start))
    start = touch.start - missing // 2
    return replace(touch, start=start, end=start + max(least, touch.end - touch.start))


def _draw(shapes: Shapes, touch: _Touch, moments: Moments) -> None:
    """Raise the column to the touch's trapezoid, with eased ramps."""
    near = slice(*np.searchsorted(moments, [touch.start - touch.rise, touch.end + touch.fall]))
    rising = (moments[near] - touch.start) / touch.rise + 1
    falling = (touch.end - moments[near]) / touch.fall + 1
    ramp = np.clip(np.minimum(rising, falling), 0, 1)
    column = _PRESS if touch.contact.column == "press" else _TUCK
    drawn = touch.contact.level * ramp * ramp * (3 - 2 * ramp)
    shapes[near, column] = np.maximum(shapes[near, column], drawn)


def _middles(sounds: Sequence[Timed[Target]], moments: Moments) -> NDArray[np.bool_]:
    """``(F,)``: frames that show the middle of a vowel long enough to be seen."""
    middles = np.zeros(len(moments), bool)
    centres = [
        (sound.start + sound.end) // 2
        for sound in sounds
        if sound.value.is_vowel and sound.end - sound.start >= _VOWEL
    ]
    middles[_nearest(moments, np.array(centres, np.int64))] = True
    return middles


def _nearest(moments: Moments, samples: Moments) -> NDArray[np.intp]:
    """Index of the moment nearest to each sample that lies inside the grid."""
    if len(moments) < 2:
        return np.zeros(min(len(moments), len(samples)), np.intp)
    half = (moments[1] - moments[0]) // 2
    inside = samples[(samples >= moments[0] - half) & (samples <= moments[-1] + half)]
    after = np.clip(np.searchsorted(moments, inside), 1, len(moments) - 1)
    return np.asarray(after - (inside - moments[after - 1] < moments[after] - inside))


def _give_frames(
    shapes: Shapes,
    touches: Iterable[_Touch],
    middles: NDArray[np.bool_],
    moments: Moments,
    period: int,
) -> None:
    """See that each full contact is complete on one frame, and long vowels open on one."""
    taken: dict[int, int] = {}
    full = [touch for touch in touches if touch.contact.level == 1.0]
    for touch in sorted(full, key=lambda touch: touch.contact.column):  # press before tuck
        column = _PRESS if touch.contact.column == "press" else _TUCK
        frame = _best_frame(
            touch, middles, {f for f, c in taken.items() if c != column}, moments, period
        )
        if frame is not None:
            taken[frame] = column
    spare = middles.copy()
    spare[list(taken)] = False
    shapes[spare, _PRESS] = np.minimum(shapes[spare, _PRESS], _OPEN)
    shapes[spare, _TUCK] = np.minimum(shapes[spare, _TUCK], _OPEN)
    for frame, column in taken.items():
        shapes[frame, _PRESS] = float(column == _PRESS)
        shapes[frame, _TUCK] = float(column == _TUCK)
    for frame in (frame for frame, column in taken.items() if column == _PRESS):
        _hold(shapes, frame, taken)


def _best_frame(
    touch: _Touch,
    middles: NDArray[np.bool_],
    barred: set[int],
    moments: Moments,
    period: int,
) -> int | None:
    """The frame nearest to the middle of the contact, not a vowel's own one if avoidable."""
    sound = touch.sound
    first, stop = np.searchsorted(moments, [sound.start - period, sound.end + period + 1])
    near = [frame for frame in range(int(first), int(stop)) if frame not in barred]
    centre = (touch.start + touch.end) // 2
    return min(
        near,
        key=lambda frame: (bool(middles[frame]), abs(int(moments[frame]) - centre)),
        default=None,
    )


def _hold(shapes: Shapes, frame: int, taken: dict[int, int]) -> None:
    """Shut the lips partly on one side of a closure that would last a single frame."""
    beside = [
        other
        for other in (frame - 1, frame + 1)
        if 0 <= other < len(shapes) and taken.get(other) != _TUCK
    ]
    if beside and max(shapes[other, _PRESS] for other in beside) < _PARTLY:
        most = max(beside, key=lambda other: float(shapes[other, _PRESS]))
        shapes[most, _PRESS] = _PARTLY
