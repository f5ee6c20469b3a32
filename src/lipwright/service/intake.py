"""How much a worker takes on: what it has places for, and nothing while it drains or is full.

The engine keeps one limit a queue in the database, the same for every worker.  A worker's places
are its own, and several queues share them, so each worker answers for itself here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from lipwright.service.disk import Disk
from lipwright.service.dispatch import PARENTS, PICTURES, PLACED, PREVIEW

PATIENT_S: Final = 60.0
"""So long pictures wait for a worker that is never idle; then it draws one avatar's."""


@dataclass(slots=True)
class Intake:
    """Says how many more pieces of work from a queue this worker takes."""

    limits: Mapping[str, int]
    places: int
    """Heavy steps at the same time; previews have as many places again, and go first."""
    disk: Disk
    running: Callable[[str], int]
    """Pieces of a queue that this worker has under way."""
    clock: Callable[[], float] = time.monotonic
    _is_open: bool = True
    _pictured_s: float | None = None
    """When pictures were drawn last, or first asked for."""

    def room(self, queue: str) -> int:
        """How many more."""
        if not self._is_open:
            return 0
        limit = self.limits.get(queue, 0) - self.running(queue)
        if queue in PLACED:
            busy = sum(self.running(name) for name in (*PLACED, PREVIEW))
            limit = min(limit, self.places - busy)
        if queue == PICTURES and not self._is_time_for_pictures():
            return 0
        if queue in PLACED or queue == PREVIEW:
            limit = 0 if self.disk.is_full else limit
        return max(0, limit)

    def _is_time_for_pictures(self) -> bool:
        """Nobody waits for them as for a job."""
        now_s = self.clock()
        if self._pictured_s is None or self.running(PICTURES):
            self._pictured_s = now_s
        is_idle = not self.under_way and not self.running(PARENTS)
        return is_idle or now_s - self._pictured_s > PATIENT_S

    def close(self) -> None:
        """Take nothing more."""
        self._is_open = False

    @property
    def under_way(self) -> int:
        """Pieces that hold a render process, or soon will."""
        return sum(self.running(name) for name in (*PLACED, PREVIEW))


def running_here(queue: str) -> int:
    """Pieces of a queue that the engine of this process has under way."""
    return running_engine()._active_workflows_set.count_for_queue(queue)  # type: ignore[no-any-return]


def govern(intake: Intake) -> None:
    """Have the engine of this process ask `intake` before it takes anything from a queue."""
    database = running_engine()._sys_db
    shared = database.get_queue

    def get_queue(name: str, **given: Any) -> Any:  # noqa: ANN401 - the engine's own type
        queue = shared(name, **given)
        if queue is not None and name in intake.limits:
            room = intake.room(name)
            # the engine asks, waits, and then counts anew: a picture that ended meanwhile would
            # make room for the next one, whatever we said
            is_shut = name == PICTURES and not room
            queue._worker_concurrency = 0 if is_shut else intake.running(name) + room
        return queue

    database.get_queue = get_queue


def engine_database() -> sa.Engine:
    """Where the engine of this process keeps its notes."""
    return running_engine()._sys_db.engine  # type: ignore[no-any-return]


def running_engine() -> Any:  # noqa: ANN401 - not public; the version is pinned, and a test looks
    """The engine of this process."""
    from dbos._dbos import _get_dbos_instance

    return _get_dbos_instance()
