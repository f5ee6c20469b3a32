"""The job record and its states.  Pure: no database, no clock.

    queued -> running -> succeeded | failed | cancelled
    queued -> cancelled | failed

A job has a goal: a preview, or the video.  A succeeded preview may be promoted once: the same
job, queued again, with the video as its goal.  Every other terminal state is final.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from lipwright.service.orders import Kind, Order
from lipwright.timeline import SAMPLE_RATE, Timed

BLOCK_S: Final = 30
"""Seconds of video that are charged together."""


class State(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Goal(StrEnum):
    """What a job is to produce now."""

    PREVIEW = "preview"
    VIDEO = "video"


TERMINAL: Final = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED})
_BEFORE: Final = {
    State.QUEUED: frozenset[State](),
    State.RUNNING: frozenset({State.QUEUED, State.RUNNING}),
    State.SUCCEEDED: frozenset({State.RUNNING}),
    State.FAILED: frozenset({State.QUEUED, State.RUNNING}),
    State.CANCELLED: frozenset({State.QUEUED, State.RUNNING}),
}


def states_before(state: State) -> frozenset[State]:
    """States from which a job may become `state`; running again is a resumed attempt."""
    return _BEFORE[state]


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word, in seconds from the start, for people who read it."""

    start_s: float
    duration_s: float
    text: str

    @classmethod
    def of(cls, word: Timed[str]) -> Word:
        """A word of the library's."""
        return cls(word.start / SAMPLE_RATE, (word.end - word.start) / SAMPLE_RATE, word.value)

    @property
    def timed(self) -> Timed[str]:
        """The same in samples."""
        end_s = self.start_s + self.duration_s
        return Timed(round(self.start_s * SAMPLE_RATE), round(end_s * SAMPLE_RATE), self.text)


@dataclass(frozen=True, slots=True)
class Job:
    """One thing on its way: a video, mostly."""

    id: str
    account_id: str
    kind: Kind
    goal: Goal
    state: State
    order: Order
    echo: dict[str, Any]
    """The caller's own fields, to be repeated in answers; only `wire` reads it."""
    drafted: bool
    """Whether a preview was asked for; it is ready when its goal moved on or it succeeded."""
    credits_held: int
    created_at: datetime
    updated_at: datetime
    progress: float = 0.0
    """0 to 1 of the current goal."""
    failure: str | None = None
    credits_used: int = 0
    duration_s: float = 0.0
    words: tuple[Word, ...] = ()
    report: dict[str, Any] | None = field(default=None, compare=False)
    api_id: str | None = None
    """Whose key it was made with."""
    deleted_at: datetime | None = None
    """When its owner deleted it: nobody sees it any more, and its files are gone."""
    kept_until: datetime | None = None
    """When it goes by its caller's own wish, once it is at its end; None is as the settings say."""

    @property
    def preview_ready(self) -> bool:
        """Whether a draft can be watched, and rendered."""
        waiting = self.goal is Goal.PREVIEW and self.state is not State.SUCCEEDED
        return self.drafted and not waiting

    @property
    def run_id(self) -> str:
        """Id of the workflow that works towards the goal; the first is the job's own."""
        first = Goal.PREVIEW if self.drafted else Goal.VIDEO
        return self.id if self.goal is first else str(uuid.uuid5(uuid.UUID(self.id), self.goal))

    def ended(self, state: State, failure: str | None) -> Job:
        """This job at its end."""
        return replace(self, state=state, failure=failure, progress=1.0)

    @property
    def event_id(self) -> str:
        """Id of the one webhook that tells how the goal ended."""
        return f"evt_{self.run_id}"
