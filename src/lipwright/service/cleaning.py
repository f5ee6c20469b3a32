"""What is not needed any more: files first, then the rows that say where they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

import sqlalchemy as sa
import structlog
from dbos import DBOS

from lipwright.service.database import jobs, metadata, trials, webhooks
from lipwright.service.jobs import TERMINAL, Goal, State
from lipwright.service.orders import Kind
from lipwright.service.replies import Replies
from lipwright.service.settings import Settings
from lipwright.service.storage import KINDS_OF_FILES, Store
from lipwright.service.uploads import Uploads

log = structlog.get_logger()
T = TypeVar("T")

BATCH: Final = 200
BATCHES_LIMIT: Final = 50
SETTLED: Final = timedelta(minutes=2)
"""After its end a job's last step removes its files itself; this is long after that."""
WORKFLOWS_KEPT: Final = timedelta(days=1)
"""The engine's notes of what is done are of no use then, except to whoever looks for a fault."""
TRIALS_KEPT: Final = timedelta(days=7)
"""Of a step that nobody began again: its task was cancelled meanwhile."""
_ENDED: Final = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


@dataclass(slots=True)
class Cleaner:
    """Removes, now and then and a batch at a time, what nobody needs."""

    settings: Settings
    engine: sa.Engine
    store: Store
    """Not a patient one: whatever cannot be removed now is removed next time."""
    settled: timedelta = SETTLED
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def clean(self) -> None:
        """Once."""
        self.sweep()
        self.retire()
        self.forget_kept()
        self.forget_workflows()

    def sweep(self) -> None:
        """Remove working files of jobs that are at their end, or that nobody knows."""
        for ids in batched(self.store.folders("work")):
            with self.engine.connect() as connection:
                needed = set(connection.scalars(_in_need_of_files(ids, self.now() - self.settled)))
            for job_id in sorted(set(ids) - needed):
                log.info("left files removed", job=job_id)
                self.store.delete(f"work/{job_id}")

    def retire(self) -> None:
        """Remove what ended longer ago than it is kept; never what is not at its end."""
        now, days = self.now(), self.settings.retention_days
        before = now - timedelta(days=days) if days else None
        with self.engine.connect() as connection:
            ids = list(connection.scalars(_retired(now, before).limit(BATCH)))
        for job_id in ids:
            # a death in between leaves a row without files, which the next time removes
            self.store.delete(f"public/{job_id}")
            self.store.delete(f"work/{job_id}")
        with self.engine.begin() as connection:
            _delete(connection, jobs, jobs.c.id.in_(ids))
        if ids:
            log.info("old tasks removed", count=len(ids))

    def forget_kept(self) -> None:
        """Remove answers, uploads, trials and deleted tasks that were kept long enough."""
        Replies(self.engine).forget()
        with self.engine.begin() as connection:
            old = trials.c.begun_at < self.now() - TRIALS_KEPT
            connection.execute(trials.delete().where(old))
        Uploads(self.engine, self.store, self.settings.data_dir / "scratch", self.settings).expire()
        settled = jobs.c.deleted_at < self.now() - self.settled
        waits = sa.select(webhooks.c.job_id).where(webhooks.c.closed_at.is_(None))
        with self.engine.connect() as connection:
            query = sa.select(jobs.c.id).where(settled, jobs.c.id.not_in(waits))
            ids = list(connection.scalars(query.limit(BATCH)))
        for job_id in ids:  # once more: whoever deleted it may have died before its files went
            for kind in KINDS_OF_FILES:
                self.store.delete(f"{kind}/{job_id}")
        with self.engine.begin() as connection:
            _delete(connection, jobs, jobs.c.id.in_(ids))

    def forget_workflows(self) -> None:
        """Remove the engine's notes of work that ended a day ago."""
        before = (self.now() - WORKFLOWS_KEPT).isoformat()
        for _ in range(BATCHES_LIMIT):
            old = DBOS.list_workflows(
                status=_ENDED,
                completed_before=before,
                limit=BATCH,
                load_input=False,
                load_output=False,
            )
            if not old:
                return
            DBOS.delete_workflows([workflow.workflow_id for workflow in old])


def _in_need_of_files(ids: Sequence[str], settled_before: datetime) -> sa.Select[tuple[str]]:
    waits_for_its_video = sa.and_(jobs.c.goal == Goal.PREVIEW, jobs.c.state == State.SUCCEEDED)
    needs = sa.or_(
        jobs.c.state.not_in(TERMINAL), waits_for_its_video, jobs.c.updated_at > settled_before
    )
    return sa.select(jobs.c.id).where(jobs.c.id.in_(ids), needs)


def _retired(now: datetime, before: datetime | None) -> sa.Select[tuple[str]]:
    """Jobs at their end whose own time is over; without one, those that ended before `before`."""
    open_webhooks = sa.select(webhooks.c.job_id).where(webhooks.c.closed_at.is_(None))
    over = jobs.c.kept_until < now
    if before is not None:
        over = sa.or_(over, sa.and_(jobs.c.kept_until.is_(None), jobs.c.updated_at < before))
    ended = (jobs.c.state.in_(TERMINAL), over)
    # an avatar stays until its owner deletes it; one that failed is a task like any other
    stays = sa.and_(jobs.c.kind == Kind.AVATAR, jobs.c.state == State.SUCCEEDED)
    query = sa.select(jobs.c.id).where(*ended, sa.not_(stays))
    return query.where(jobs.c.id.not_in(open_webhooks)).order_by(jobs.c.updated_at)


def _delete(connection: sa.Connection, table: sa.Table, which: sa.ColumnElement[bool]) -> None:
    """Delete rows, and before them whatever refers to them."""
    for other in metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is table:
                referred = sa.select(key.column).where(which)
                _delete(connection, other, key.parent.in_(referred))
    connection.execute(table.delete().where(which))


def batched(items: Sequence[T]) -> Iterator[list[T]]:
    """A few at a time, as a statement takes them."""
    return (list(items[start : start + BATCH]) for start in range(0, len(items), BATCH))
