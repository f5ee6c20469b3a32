"""SQL for jobs: insert, read, move from state to state, and end with the webhook in the outbox."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from lipwright.service import ledger
from lipwright.service.database import jobs, parts, steps, webhooks
from lipwright.service.jobs import TERMINAL, Goal, Job, State, Word, states_before
from lipwright.service.limits import throttled
from lipwright.service.orders import Kind, Order, VideoOrder, from_json, to_json
from lipwright.service.outbox import Outbox
from lipwright.service.pace import Pace, told
from lipwright.service.selections import Selection

UNFINISHED_WAIT_S: Final = 10
"""A guess at when one of the jobs under way will be done."""

_KEPT_AS_THEY_ARE: Final = tuple(field.name for field in fields(Job) if field.name in jobs.c)


@dataclass(frozen=True, slots=True)
class Records:
    """Jobs in the database."""

    engine: sa.Engine
    clock: Callable[[], float] = time.time
    """By which progress is read; all machines' are about the same."""

    def insert(self, job: Job, unfinished_limit: int = 0) -> bool:
        """Keep a new job; False if it was there already.  See `insert_all`."""
        return bool(self.insert_all([job], unfinished_limit))

    def insert_all(self, new: Sequence[Job], unfinished_limit: int = 0) -> int:
        """Keep new jobs of one account and hold their credits: all in one transaction, or none.

        Args:
            new: In their first state.
            unfinished_limit: Most jobs that their key may have under way; 0 is no limit.

        Returns:
            How many were not there already.

        Raises:
            Problem: 400, too few credits are left; 429, too many jobs are under way.
        """
        with self.engine.begin() as connection:
            ledger.lock(connection, new[0].account_id)
            there = sa.select(jobs.c.id).where(jobs.c.id.in_([job.id for job in new]))
            known = set(connection.scalars(there))
            fresh = [job for job in new if job.id not in known]
            if fresh and unfinished_limit > 0:
                under_way = _unfinished_count(connection, fresh[0].api_id)
                if under_way + len(fresh) > unfinished_limit:
                    raise throttled(UNFINISHED_WAIT_S)
            for job in fresh:
                ledger.hold(connection, job.account_id, job.run_id, job.credits_held)
                connection.execute(jobs.insert().values(**_row(job)))
        return len(fresh)

    def promote(self, job: Job, credits_: int) -> bool:
        """Queue the video of a succeeded preview; False if somebody else already did."""
        promoted = (
            jobs.update()
            .where(jobs.c.id == job.id, jobs.c.goal == Goal.PREVIEW)
            .where(jobs.c.state == State.SUCCEEDED)
            .values(
                goal=Goal.VIDEO,
                state=State.QUEUED,
                progress=0.0,
                whole_s=None,
                credits_held=credits_,
                updated_at=datetime.now(UTC),
            )
        )
        with self.engine.begin() as connection:
            if not connection.execute(promoted).rowcount:
                return False
            run_id = str(uuid.uuid5(uuid.UUID(job.id), Goal.VIDEO))
            ledger.hold(connection, job.account_id, run_id, credits_)
            return True

    def job(self, job_id: str) -> Job | None:
        """One job, whoever owns it."""
        with self.engine.connect() as connection:
            row = connection.execute(sa.select(jobs).where(jobs.c.id == job_id)).one_or_none()
        return self._job(row) if row else None

    def own(self, account_id: str, job_id: str) -> Job | None:
        """One job of an account.

        Somebody else's is not read at all, so it takes as long as none.
        """
        query = sa.select(jobs).where(jobs.c.id == job_id, jobs.c.account_id == account_id)
        with self.engine.connect() as connection:
            row = connection.execute(query.where(jobs.c.deleted_at.is_(None))).one_or_none()
        return self._job(row) if row else None

    def jobs(self, account_id: str, selection: Selection) -> list[Job]:
        """Some of an account's jobs, in order."""
        with self.engine.connect() as connection:
            return [self._job(row) for row in connection.execute(selection.query(account_id))]

    def unfinished(self) -> list[Job]:
        """Every job that is not at its end."""
        query = sa.select(jobs).where(jobs.c.state.not_in(TERMINAL))
        with self.engine.connect() as connection:
            return [self._job(row) for row in connection.execute(query)]

    def balance(self, account_id: str) -> int:
        """Credits left."""
        with self.engine.connect() as connection:
            return ledger.balance(connection, account_id)

    def moments(self, job_ids: Sequence[str]) -> dict[str, datetime]:
        """When each of these jobs last changed; the progress of a run is a change too."""
        query = sa.select(jobs.c.id, jobs.c.updated_at).where(jobs.c.id.in_(job_ids))
        with self.engine.connect() as connection:
            return {row.id: row.updated_at for row in connection.execute(query)}

    def delete(self, job: Job) -> None:
        """Hide a job that is at its end from everybody; its row goes with the retention."""
        change = jobs.update().where(jobs.c.id == job.id, jobs.c.state.in_(TERMINAL))
        with self.engine.begin() as connection:
            connection.execute(change.values(deleted_at=datetime.now(UTC)))

    @property
    def outbox(self) -> Outbox:
        """The webhooks."""
        return Outbox(self.engine)

    @property
    def pace(self) -> Pace:
        """How far runs are."""
        return Pace(self.engine, self.clock)

    def start(self, job: Job) -> bool:
        """Say that work began."""
        with self.engine.begin() as connection:
            return _move(connection, job, State.RUNNING, {})

    def reword(self, job: Job, words: Sequence[Word]) -> bool:
        """Keep the words of a finished preview anew; False if it has moved on."""
        waits = sa.and_(jobs.c.goal == Goal.PREVIEW, jobs.c.state == State.SUCCEEDED)
        values = {"words": [asdict(word) for word in words], "updated_at": datetime.now(UTC)}
        with self.engine.begin() as connection:
            change = jobs.update().where(jobs.c.id == job.id, waits).values(**values)
            return bool(connection.execute(change).rowcount)

    def amend(self, job: Job, order: Order) -> None:
        """Keep what became known about an order."""
        with self.engine.begin() as connection:
            connection.execute(_running(job).values(request=to_json(order)))

    def spoken(self, job: Job, words: Sequence[Word], duration_s: float) -> None:
        """Keep what was said and when."""
        values = {"words": [asdict(word) for word in words], "duration_s": duration_s}
        with self.engine.begin() as connection:
            connection.execute(_running(job).values(**values, updated_at=datetime.now(UTC)))

    def succeed(self, job: Job, credits_: int, report: dict[str, Any], body: str | None) -> bool:
        """End a job well: charge it and put its webhook in the outbox, in one transaction."""
        values = {"progress": 1.0, "credits_used": job.credits_used + credits_, "report": report}
        with self.engine.begin() as connection:
            if not _move(connection, job, State.SUCCEEDED, values):
                return False
            difference = job.credits_held - credits_
            ledger.enter(connection, job.account_id, job.run_id, difference, "settle")
            _forget_parts(connection, job)
            _post(connection, job, body)
            return True

    def fail(self, job: Job, reason: str, body: str | None) -> bool:
        """End a job badly: give back the credits and put its webhook in the outbox."""
        return self._end(job, State.FAILED, {"failure": reason}, body)

    def cancel(self, job: Job, body: str | None) -> bool:
        """End a job because its owner said so; False if it was at its end already."""
        return self._end(job, State.CANCELLED, {}, body)

    def _job(self, row: sa.Row[Any]) -> Job:
        values = {name: getattr(row, name) for name in _KEPT_AS_THEY_ARE}
        values["order"] = from_json(row.request)
        values["kind"], values["goal"] = Kind(row.kind), Goal(row.goal)
        values["state"] = State(row.state)
        values["words"] = tuple(Word(**word) for word in row.words)
        values["progress"] = told(row, self.clock())
        return Job(**values)

    def _end(self, job: Job, state: State, values: dict[str, Any], body: str | None) -> bool:
        with self.engine.begin() as connection:
            if not _move(connection, job, state, values):
                return False
            ledger.enter(connection, job.account_id, job.run_id, job.credits_held, "refund")
            _forget_parts(connection, job)
            _post(connection, job, body)
            return True


def _unfinished_count(connection: sa.Connection, api_id: str | None) -> int:
    mine = sa.select(sa.func.count()).where(jobs.c.api_id == api_id)
    return int(connection.scalar(mine.where(jobs.c.state.not_in(TERMINAL))) or 0)


def _row(job: Job) -> dict[str, Any]:
    row = {name: getattr(job, name) for name in _KEPT_AS_THEY_ARE}
    return {**row, "request": to_json(job.order), "words": [asdict(word) for word in job.words]}


def _running(job: Job) -> sa.Update:
    change = jobs.update().where(jobs.c.id == job.id, jobs.c.goal == job.goal)
    return change.where(jobs.c.state == State.RUNNING)


def _move(connection: sa.Connection, job: Job, to: State, values: dict[str, Any]) -> bool:
    now = datetime.now(UTC)
    if to in TERMINAL and isinstance(job.order, VideoOrder) and job.order.kept_days:
        values = {**values, "kept_until": now + timedelta(days=job.order.kept_days)}
    # the condition is the guard: whoever comes second, or too late, changes nothing
    change = (
        jobs.update()
        .where(jobs.c.id == job.id, jobs.c.goal == job.goal)
        .where(jobs.c.state.in_(states_before(to)))
        .values(state=to, updated_at=now, **values)
    )
    return bool(connection.execute(change).rowcount)


def _forget_parts(connection: sa.Connection, job: Job) -> None:
    for table in (parts, steps):
        connection.execute(table.delete().where(table.c.run_id == job.run_id))


def _post(connection: sa.Connection, job: Job, body: str | None) -> None:
    if body is None or job.order.webhook_url is None:
        return
    connection.execute(
        webhooks.insert().values(
            id=job.event_id,
            job_id=job.id,
            url=job.order.webhook_url,
            body=body,
            attempts=0,
            outcome="waiting",
            created_at=datetime.now(UTC),
        )
    )


def as_body(values: dict[str, Any]) -> str:
    """The exact text of a webhook; it is signed, so it is made once."""
    return json.dumps(values, separators=(",", ":"))
