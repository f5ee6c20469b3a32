"""Which jobs of an account a list holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from lipwright.service.database import jobs
from lipwright.service.jobs import Goal, State
from lipwright.service.orders import Kind


@dataclass(frozen=True, slots=True)
class Phase:
    """Jobs with a goal, in a state; drafted or not, or either."""

    goal: Goal
    state: State
    drafted: bool | None = None

    @property
    def condition(self) -> sa.ColumnElement[bool]:
        """The same in SQL."""
        same = sa.and_(jobs.c.goal == self.goal, jobs.c.state == self.state)
        return same if self.drafted is None else sa.and_(same, jobs.c.drafted == self.drafted)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list goes on: after the job of this moment and id."""

    created_at: datetime
    job_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is asked for; what is None does not matter."""

    kinds: Sequence[Kind]
    limit: int
    ids: Sequence[str] | None = None
    phases: Sequence[Phase] | None = None
    since: datetime | None = None
    """Created then or later."""
    before: datetime | None = None
    """Created earlier."""
    after: Place | None = None
    oldest_first: bool = False

    def query(self, account_id: str) -> sa.Select[tuple[object, ...]]:
        """The rows, in order."""
        query = sa.select(jobs).where(jobs.c.account_id == account_id, *self._conditions())
        order = [jobs.c.created_at.asc(), jobs.c.id.asc()]
        if not self.oldest_first:
            order = [jobs.c.created_at.desc(), jobs.c.id.desc()]
        return query.order_by(*order).limit(self.limit)

    def _conditions(self) -> list[sa.ColumnElement[bool]]:
        wanted: list[sa.ColumnElement[bool]] = [
            jobs.c.kind.in_(self.kinds),
            jobs.c.deleted_at.is_(None),
        ]
        if self.ids is not None:
            wanted.append(jobs.c.id.in_(self.ids))
        if self.phases is not None:
            wanted.append(sa.or_(sa.false(), *(phase.condition for phase in self.phases)))
        if self.since is not None:
            wanted.append(jobs.c.created_at >= self.since)
        if self.before is not None:
            wanted.append(jobs.c.created_at < self.before)
        if self.after is not None:
            wanted.append(_beyond(self.after, oldest_first=self.oldest_first))
        return wanted


def _beyond(place: Place, *, oldest_first: bool) -> sa.ColumnElement[bool]:
    created, job_id = jobs.c.created_at, jobs.c.id
    same = created == place.created_at
    if oldest_first:
        return sa.or_(created > place.created_at, sa.and_(same, job_id > place.job_id))
    return sa.or_(created < place.created_at, sa.and_(same, job_id < place.job_id))
