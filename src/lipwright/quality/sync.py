"""Measured lips against meant lips: how late, how closed, how still."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lipwright.arrays import RIG, MouthShapes
from lipwright.quality.lips import meant_gap

Numbers = NDArray[np.float64]

_SEARCH_S: Final = 0.5
"""Offsets beyond half a second would be another sentence."""
_LAGS_PER_FRAME: Final = 2
_FRAMES_LEAST: Final = 20
_MEANT_MOVEMENT_LEAST: Final = 0.004
"""Standard deviation of the meant gap below which there is nothing to align."""
_CHANCE_S: Final = 1.25
"""The best correlation by which lips follow another sentence, at some offset within half a second,
falls with the root of the seconds that are compared.  In 12,000 trials (13 finished videos, 14
other sentences, pieces of 0.8 to 8 s) one in a hundred was above 0.82 in 1.3 s, 0.71 in 2 s, 0.56
in 3.3 s, 0.44 in 4.8 s and 0.41 in 8 s: at most the root of 1.25 s over the seconds.  Of the right
sentence under noise, 95 in 100 offsets that correlate by more are within 12 ms, and all within 18;
of the others a third is off by more than 20, and a sixth by more than 60."""

_FULLY_PRESSED: Final = 0.95
_SHUT_SHARE: Final = 0.2
_SHUT_RANGE: Final = (0.010, 0.030)
"""Lips count as shut within a fifth of the clip's own range of gaps, but never above 3 % of
the outer-eye distance (about 3 mm) and always below 1 %, where the landmarker sees no gap."""

_AT_REST: Final = 1e-3
_REST_FRAMES_LEAST: Final = 4

_BY_CHANCE: Final = (
    "The lips that were seen follow the meant ones by {:.2f} of 1, which in {:.1f} s may be "
    "chance: an offset is told from {:.2f} on."
)


@dataclass(frozen=True, slots=True, eq=False)
class LipTrack:
    """Lip gaps measured in some frames of a video, in order of time."""

    times: Numbers
    """When each frame is shown, in frames since the start: whole numbers in a sound file."""
    gaps: Numbers
    """As `lips.lip_gap`."""


@dataclass(frozen=True, slots=True)
class Delay:
    """How late the picture is, if that can be told."""

    frames: float | None = None
    correlation: float | None = None
    """How well the measured lips follow the meant ones at the best offset, -1 .. 1."""
    note: str | None = None
    """Why the delay cannot be told, for the user."""


def picture_delay(track: LipTrack, shapes: MouthShapes, fps: float) -> Delay:
    """How late the picture is against the mouth that was meant."""
    meant = meant_gap(shapes)
    frames = np.clip(np.round(track.times), 0, len(meant) - 1).astype(int)
    if len(frames) < _FRAMES_LEAST:
        return Delay(note=f"Lips were seen in {len(frames)} pictures; {_FRAMES_LEAST} are needed.")
    if np.std(meant[frames]) < _MEANT_MOVEMENT_LEAST:
        return Delay(note="The mouth was not meant to move where it was watched.")
    reach = max(2, round(_SEARCH_S * fps)) * _LAGS_PER_FRAME
    lags = np.arange(-reach, reach + 1) / _LAGS_PER_FRAME
    score = np.array([_correlation(track, meant, lag) for lag in lags])
    best = int(np.argmax(score))
    if score[best] < 0:
        return Delay(note="The lips that were seen do not move.")
    seen_s, correlation = len(frames) / fps, float(score[best])
    if correlation < (least := _least(seen_s)):
        return Delay(None, correlation, _BY_CHANCE.format(correlation, seen_s, least))
    return Delay(float(lags[best] + _vertex(score, best) / _LAGS_PER_FRAME), correlation)


def _least(seen_s: float) -> float:
    """Correlation from which on the best offset is the right one, not one that chance made."""
    return float(np.sqrt(_CHANCE_S / seen_s))


def _correlation(track: LipTrack, meant: Numbers, lag: float) -> float:
    at = track.times - lag
    inside = (at >= 0) & (at <= len(meant) - 1)
    if inside.sum() < _FRAMES_LEAST:
        return -1.0
    expected = np.interp(at[inside], np.arange(len(meant)), meant)
    measured = track.gaps[inside]
    spread = float(np.std(expected) * np.std(measured))
    if not spread > 1e-9:
        return -1.0
    return float(((expected - expected.mean()) * (measured - measured.mean())).mean() / spread)


def _vertex(score: Numbers, best: int) -> float:
    """Where a parabola through the best score and its neighbours peaks, in steps."""
    if not 0 < best < len(score) - 1:
        return 0.0
    before, here, after = score[best - 1 : best + 2]
    bend = before - 2 * here + after
    return float(0.5 * (before - after) / bend) if bend < 0 else 0.0


def closures(track: LipTrack, shapes: MouthShapes) -> tuple[int, float | None]:
    """How many closures were meant in the measured frames, and the share that is seen."""
    meant = _runs(track, np.asarray(shapes[:, RIG.index("press")] >= _FULLY_PRESSED))
    if not meant:
        return 0, None
    low, high = np.percentile(track.gaps, [2, 95])
    shut = float(np.clip(low + _SHUT_SHARE * (high - low), *_SHUT_RANGE))
    return len(meant), float(np.mean([track.gaps[run].min() <= shut for run in meant]))


def rest_movement(track: LipTrack, shapes: MouthShapes) -> float | None:
    """Standard deviation of the gap within each rest, pooled over all rests."""
    still = np.asarray((np.abs(shapes) < _AT_REST).all(axis=1))
    rests = [run for run in _runs(track, still) if len(run) >= _REST_FRAMES_LEAST]
    if not rests:
        return None
    away = [track.gaps[run] - track.gaps[run].mean() for run in rests]
    return float(np.sqrt(np.mean(np.concatenate(away) ** 2)))


def _runs(track: LipTrack, wanted: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Positions in the track of each unbroken run of wanted frames."""
    if not len(track.times) or not len(wanted):
        return []
    frames = np.clip(np.round(track.times), 0, len(wanted) - 1).astype(int)
    positions = np.flatnonzero(wanted[frames])
    breaks = np.flatnonzero(np.diff(frames[positions]) != 1) + 1
    return [run for run in np.split(positions, breaks) if len(run)]
