"""How long each step of a run takes, and so how far the run is.  Pure: no database, no clock.

A run is as far as the share of its time that is over: at progress 0.25 three times as long is left
as it took to come there.  What a step takes follows from its length by the figures below; how much
slower or faster this installation is, is learned from the steps that it did (`pace.py`), and from
the run itself while it goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from lipwright.request import PREVIEW_SHORT_SIDE_PX, WATCHED_S, Container
from lipwright.service.jobs import Goal, Job
from lipwright.service.orders import RevoiceOrder, SpeechOrder, VideoOrder

_FPS: Final = 30
_UNKNOWN_S: Final = 15.0
"""Length of what nobody knows the length of, as a recording before it was heard."""
_STARTED_S: Final = 0.4
"""A process branches off, reads the avatar, frames it."""
_LONGEST_SURPRISE: Final = 4.0
"""A step that took more than so many times what was expected tells nothing about the next one."""
_SURE_AT: Final = 0.25
"""Share of a step after which its own speed is believed, and no other."""
_OVERDUE: Final = 0.1
"""What takes longer than expected is taken to need another tenth of its time, whenever asked."""
_HANDED_ON_S: Final = {Goal.PREVIEW: 0.1, Goal.VIDEO: 0.5}
"""Until the next step of a run begins; a preview's stay where they are."""
NEARLY: Final = 0.99
"""Most that is told before the end."""
_TRUSTED_S: Final = 5.0
"""So long a forecast goes on by itself; whoever is silent for longer may be dead."""
_WRITTEN_WITHIN_S: Final = 0.05
"""A forecast may be read for so long after a new one was made."""


class Step(StrEnum):
    """A part of a run; one ends before the next begins."""

    MAKE = "make"
    SPEAK = "speak"
    DRAW = "draw"
    JOIN = "join"


@dataclass(frozen=True, slots=True)
class Effort:
    """What a step takes, in seconds on two quiet cores."""

    step: Step
    name: str
    """Steps of one name are as much slower or faster here as each other."""
    first_s: float
    """Before anything of it is done."""
    rest_s: float
    handed_on_s: float = 0.0
    """From the end of the step before it."""

    @property
    def whole_s(self) -> float:
        """All of it."""
        return self.first_s + self.rest_s


def efforts(job: Job) -> tuple[Effort, ...]:
    """The steps of a job's run, in order."""
    first, *more = _efforts(job)
    return (first, *(replace(step, handed_on_s=_HANDED_ON_S[job.goal]) for step in more))


def _efforts(job: Job) -> tuple[Effort, ...]:
    match job.order:
        case VideoOrder() as order:
            return _filming(job, order)
        case SpeechOrder() as order:
            return (Effort(Step.MAKE, f"say {order.voice_id}", 1.0, 0.4 * _length_s(job)),)
        case RevoiceOrder():
            return _revoicing(job)
        case _:
            return (Effort(Step.MAKE, "avatar", _STARTED_S, _UNKNOWN_S),)


def _filming(job: Job, order: VideoOrder) -> tuple[Effort, ...]:
    portraits = sum(scene.portrait_url is not None for scene in order.scenes)
    is_preview = job.goal is Goal.PREVIEW
    made = job.drafted and not is_preview  # for the preview: portraits and speech
    found: list[Effort] = []
    if portraits and not made:
        found.append(Effort(Step.MAKE, "portraits", 0.0, 8.0 * portraits))
    if not made:
        found.append(_speaking(job, order))
    side_px = PREVIEW_SHORT_SIDE_PX if is_preview else order.short_side_px
    return (*found, _drawing(job, order, side_px), _joining(job, order, side_px))


def _revoicing(job: Job) -> tuple[Effort, ...]:
    """A clip of 1080p; how much larger or smaller the usual one is, is learned."""
    length_s = _length_s(job)
    return (
        Effort(Step.SPEAK, "look at a clip", _STARTED_S, 0.8 * length_s),
        Effort(Step.DRAW, "draw on a clip", _STARTED_S, 0.6 * length_s),
        Effort(
            Step.JOIN, "join a clip", _STARTED_S, 0.02 * length_s + 0.35 * min(length_s, WATCHED_S)
        ),
    )


def _speaking(job: Job, order: VideoOrder) -> Effort:
    first = order.scenes[0]
    name = "recording" if first.recording_url else str(first.voice_id or first.avatar_id)
    return Effort(Step.SPEAK, f"speak {name}", 2.0, 0.38 * _length_s(job))


def _drawing(job: Job, order: VideoOrder, side_px: int) -> Effort:
    megapixels = 16 / 9 * (side_px / 1000) ** 2
    frame_s = 0.0005 + 0.006 * megapixels
    if order.container is not Container.MP4:
        frame_s *= 2  # VP9 and ProRes
    name = f"draw {order.container} {side_px}"
    return Effort(Step.DRAW, name, _STARTED_S, frame_s * _FPS * _length_s(job))


def _joining(job: Job, order: VideoOrder, side_px: int) -> Effort:
    length_s = _length_s(job)
    watching_s = 0.35 * min(length_s, WATCHED_S) if side_px > PREVIEW_SHORT_SIDE_PX else 0.0
    name = f"join {order.container} {side_px}"
    return Effort(Step.JOIN, name, _STARTED_S, 0.015 * length_s + watching_s)


def _length_s(job: Job) -> float:
    return job.duration_s or float(job.order.estimated_s) or _UNKNOWN_S


@dataclass(frozen=True, slots=True)
class Passed:
    """What is over of a run, in seconds."""

    whole_s: float
    """Since it began; waiting for a place and for the caller's files is in it."""
    steps_s: tuple[float, ...]
    """Each step that ended."""
    current_s: float
    """The step that goes on."""


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a step is done."""

    share: float
    """From 0 to 1."""
    age_s: float = 0.0
    """How long ago that was said."""


def left_s(
    steps: Sequence[Effort], factors: Mapping[str, float], passed: Passed, done: Share | None
) -> float:
    """How long the rest of a run takes.

    Args:
        steps: All of the run.
        factors: How many times what an effort says the steps of a name took here lately.
        passed: What is over.
        done: How much of the current step is done; None where it does not say.
    """
    now = len(passed.steps_s)
    if now >= len(steps):
        return 0.0
    expected_s = [step.whole_s * factors.get(step.name, 1.0) for step in steps]
    surprise = _kept_in(passed.steps_s[-1] / expected_s[now - 1]) if now else 1.0
    if done is None:
        current_s, surprise = _by_the_clock(expected_s[now], passed.current_s, surprise)
    else:
        factor = factors.get(steps[now].name, 1.0)
        current_s, surprise = _by_share(steps[now], factor, passed.current_s, surprise, done)
    later = steps[now + 1 :]
    between_s = sum(step.handed_on_s for step in later)
    return current_s + between_s + surprise * sum(expected_s[now + 1 :])


def _by_the_clock(expected_s: float, current_s: float, surprise: float) -> tuple[float, float]:
    """What is left of a step that tells nothing, and how slow everything is."""
    meant_s = expected_s * surprise
    left_s = max(meant_s - current_s, _OVERDUE * current_s)
    if current_s > meant_s:  # what comes will be late too
        surprise = _kept_in(surprise * current_s / max(meant_s, 1e-3))
    return left_s, surprise


def _by_share(
    step: Effort, factor: float, current_s: float, surprise: float, done: Share
) -> tuple[float, float]:
    """What is left of a step that says how far it is, and how slow everything is."""
    then_s = max(0.0, current_s - done.age_s)
    so_far_s = factor * (step.first_s + done.share * step.rest_s)
    seen = _kept_in(then_s / max(so_far_s, 1e-3))
    trust = min(1.0, done.share / _SURE_AT)
    surprise = surprise ** (1 - trust) * seen**trust
    left_s = surprise * factor * (1 - done.share) * step.rest_s
    if not done.share:
        left_s += max(0.0, factor * step.first_s - then_s)
    return max(left_s - done.age_s, _OVERDUE * done.age_s), surprise


def _kept_in(ratio: float) -> float:
    return min(max(ratio, 1 / _LONGEST_SURPRISE), _LONGEST_SURPRISE)


@dataclass(frozen=True, slots=True)
class Forecast:
    """How long a run will have taken; it is read by the clock until the next one is made."""

    began_s: float
    """In seconds of the epoch, as are all moments here."""
    whole_s: float
    made_s: float
    least: float = 0.0
    """What was told before: progress never goes back."""

    def progress(self, now_s: float) -> float:
        """The part of the run's time that is over, below 1."""
        since_s = min(max(0.0, now_s - self.made_s), _TRUSTED_S)
        over_s = self.made_s + since_s - self.began_s
        return max(self.least, min(NEARLY, round(over_s / max(self.whole_s, 1e-3), 3)))

    def told(self, now_s: float) -> float:
        """The most that may have been told until another one takes its place."""
        return self.progress(now_s + _WRITTEN_WITHIN_S)
