"""Steps that workers died in: one that may be the cause is tried alone, and not for ever.

A step is written down before it begins and crossed out when it ended, however it ended.  What is
still there when it begins again is a worker that died meanwhile.  Such a step shares its worker
with no other: if it is the cause, it takes nobody along, and if not, nobody takes it along.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite

from lipwright.errors import RenderFailed
from lipwright.service.database import trials

log = structlog.get_logger()


class WorkersDied(RenderFailed):
    """Every worker that tried this step died while it did."""


@dataclass(slots=True)
class Solitude:
    """A place that many share, or that one has alone; whoever wants it alone goes next."""

    _inside: int = 0
    _is_wanted: bool = False
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @asynccontextmanager
    async def shared(self) -> AsyncIterator[None]:
        """Be there with others."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._is_wanted)
            self._inside += 1
        try:
            yield
        finally:
            await self._leave()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Be there when everybody else has left."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._is_wanted)
            self._is_wanted = True
            try:
                await self._changed.wait_for(lambda: not self._inside)
            except BaseException:
                self._is_wanted = False
                self._changed.notify_all()
                raise
            self._inside = 1
        try:
            yield
        finally:
            self._is_wanted = False
            await self._leave()

    async def _leave(self) -> None:
        async with self._changed:
            self._inside -= 1
            self._changed.notify_all()


@dataclass(slots=True)
class Trials:
    """Those of one worker."""

    engine: sa.Engine
    limit: int
    """Deaths after which a step is not tried again."""
    _place: Solitude = field(default_factory=Solitude)
    _under_way: set[str] = field(default_factory=set)

    @asynccontextmanager
    async def of(self, step_id: str) -> AsyncIterator[None]:
        """Around a step.

        Raises:
            WorkersDied: It is taken for the cause.
        """
        died = await asyncio.to_thread(self._deaths, step_id)
        if died >= self.limit:
            raise WorkersDied(f"{died} workers died while they worked on this; it was given up.")
        if died:
            log.warning("tried alone", step=step_id, deaths=died)
        async with self._place.alone() if died else self._place.shared():
            self._under_way.add(step_id)
            try:
                await asyncio.to_thread(self._begin, step_id)
                yield
            finally:
                self._under_way.discard(step_id)
                await asyncio.to_thread(self._end, {step_id})

    def hand_over(self) -> None:
        """This worker stops: nobody died of what it has under way."""
        self._end(set(self._under_way))

    def _deaths(self, step_id: str) -> int:
        query = sa.select(trials.c.begun).where(trials.c.step_id == step_id)
        with self.engine.connect() as connection:
            return connection.scalar(query) or 0

    def _begin(self, step_id: str) -> None:
        insert = sqlite.insert if self.engine.dialect.name == "sqlite" else postgresql.insert
        row = insert(trials).values(step_id=step_id, begun=1, begun_at=datetime.now(UTC))
        again = {"begun": trials.c.begun + 1, "begun_at": row.excluded.begun_at}
        with self.engine.begin() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["step_id"], set_=again))

    def _end(self, step_ids: set[str]) -> None:
        try:
            with self.engine.begin() as connection:
                connection.execute(trials.delete().where(trials.c.step_id.in_(step_ids)))
        except sa.exc.DBAPIError:  # what was done is done; it is a suspect for no reason, at worst
            log.warning("an end was not written down", steps=sorted(step_ids), exc_info=True)
