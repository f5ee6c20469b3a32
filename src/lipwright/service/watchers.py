"""Who watches which job: one look at the database for all of them together."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog
from starlette.concurrency import run_in_threadpool

from lipwright.service.jobs import TERMINAL, Job
from lipwright.service.limits import throttled
from lipwright.service.records import Records

log = structlog.get_logger()

LOOK_S: Final = 0.5
"""As often as progress is written."""
SILENCE_S: Final = 15
"""Longest time without a word, so that nobody between takes the connection for dead."""
LONGEST_S: Final = 3600
"""Then the client asks anew, and its key is looked at again."""
MOST: Final = 500
"""Watchers in one process; each holds a connection."""
MOST_OF_ONE: Final = 50
FULL_WAIT_S: Final = 5


@dataclass(slots=True)
class Watchers:
    """Those of this process."""

    _jobs: Counter[str] = field(default_factory=Counter)
    _accounts: Counter[str] = field(default_factory=Counter)
    _moments: dict[str, datetime] = field(default_factory=dict)
    _looked: asyncio.Event = field(default_factory=asyncio.Event)
    _looking: asyncio.Task[None] | None = None
    _is_closed: bool = False

    def close(self) -> None:
        """This process stops: whoever watches is let go, and asks another one."""
        self._is_closed = True
        self._looked.set()

    def check_room(self, account_id: str) -> None:
        """Whether one more can watch.

        Raises:
            Problem: 429; there are too many.
        """
        if self._jobs.total() >= MOST or self._accounts[account_id] >= MOST_OF_ONE:
            raise throttled(FULL_WAIT_S)

    async def changes(self, records: Records, job: Job) -> AsyncIterator[Job | None]:
        """The job now and whenever it changed, to its end; None is a sign of life."""
        self._enter(records, job)
        loop, seen = asyncio.get_running_loop(), job.updated_at
        began_s = spoken_s = loop.time()
        try:
            yield job
            while job.state not in TERMINAL and loop.time() - began_s < LONGEST_S:
                await self._looked.wait()
                if self._is_closed:
                    return
                moment = self._moments.get(job.id, seen)
                if moment != seen:
                    now = await run_in_threadpool(records.own, job.account_id, job.id)
                    if now is None:
                        return  # it was deleted
                    job, seen, spoken_s = now, now.updated_at, loop.time()
                    yield job
                elif loop.time() - spoken_s > SILENCE_S:
                    spoken_s = loop.time()
                    yield None
        finally:
            self._leave(job)

    def _enter(self, records: Records, job: Job) -> None:
        self._jobs[job.id] += 1
        self._accounts[job.account_id] += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(records))

    def _leave(self, job: Job) -> None:
        for counter, name in ((self._jobs, job.id), (self._accounts, job.account_id)):
            counter[name] -= 1
            if not counter[name]:
                del counter[name]

    async def _look(self, records: Records) -> None:
        while self._jobs:
            await asyncio.sleep(LOOK_S)
            try:
                self._moments = await run_in_threadpool(records.moments, list(self._jobs))
            except Exception:
                log.warning("the watched jobs could not be read", exc_info=True)
            looked, self._looked = self._looked, asyncio.Event()
            looked.set()
