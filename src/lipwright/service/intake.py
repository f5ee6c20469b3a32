"""How much a worker takes on: what it has places for, and nothing while it drains or is full.

The engine keeps one limit a queue in the database, the same for every worker.  A worker's places
are its own, and several queues share them, so each worker answers for itself here.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
import structlog

from lipwright.service.dispatch import PLACED, PREVIEW

log = structlog.get_logger()

DISK_EVERY_S: Final = 2
MB: Final = 1 << 20


@dataclass(slots=True)
class Intake:
    """Says how many more pieces of work from a queue this worker takes."""

    limits: Mapping[str, int]
    places: int
    """Heavy steps at the same time; previews have as many places again, and go first."""
    folder: Path
    floor_mb: int
    running: Callable[[str], int]
    """Pieces of a queue that this worker has under way."""
    clock: Callable[[], float] = time.monotonic
    _is_open: bool = True
    _is_full: bool = False
    _looked_s: float = field(default=float("-inf"))

    def room(self, queue: str) -> int:
        """How many more."""
        if not self._is_open:
            return 0
        limit = self.limits.get(queue, 0) - self.running(queue)
        if queue in PLACED:
            busy = sum(self.running(name) for name in (*PLACED, PREVIEW))
            limit = min(limit, self.places - busy)
        if queue in PLACED or queue == PREVIEW:
            limit = 0 if self.is_full else limit
        return max(0, limit)

    def close(self) -> None:
        """Take nothing more."""
        self._is_open = False

    @property
    def under_way(self) -> int:
        """Pieces that hold a render process, or soon will."""
        return sum(self.running(name) for name in (*PLACED, PREVIEW))

    @property
    def is_full(self) -> bool:
        """Whether the disk has less than the floor; asked now and then."""
        if self.clock() - self._looked_s > DISK_EVERY_S:
            self._looked_s = self.clock()
            free_mb = shutil.disk_usage(self.folder).free // MB
            full = free_mb < self.floor_mb
            if full != self._is_full:
                told = log.warning if full else log.info
                told("disk full" if full else "disk has room again", free_mb=free_mb)
            self._is_full = full
        return self._is_full


def running_here(queue: str) -> int:
    """Pieces of a queue that the engine of this process has under way."""
    return _engine()._active_workflows_set.count_for_queue(queue)  # type: ignore[no-any-return]


def govern(intake: Intake) -> None:
    """Have the engine of this process ask `intake` before it takes anything from a queue."""
    database = _engine()._sys_db
    shared = database.get_queue

    def get_queue(name: str, **given: Any) -> Any:  # noqa: ANN401 - the engine's own type
        queue = shared(name, **given)
        if queue is not None and name in intake.limits:
            queue._worker_concurrency = intake.running(name) + intake.room(name)
        return queue

    database.get_queue = get_queue


def engine_database() -> sa.Engine:
    """Where the engine of this process keeps its notes."""
    return _engine()._sys_db.engine  # type: ignore[no-any-return]


def _engine() -> Any:  # noqa: ANN401 - not public; the version is pinned, and a test looks
    from dbos._dbos import _get_dbos_instance

    return _get_dbos_instance()
