"""Credits: entries that are never changed.  An account's balance is their sum.

A job first *holds* what it will probably cost, *settles* to what it did cost when it succeeds,
and gets the held credits back (*refund*) when it does not.  Ids are made from the job's run, so
that a step done twice enters once.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lipwright.service.database import accounts, ledger
from lipwright.service.problems import detail


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger."""

    amount: int
    reason: str
    run_id: str | None
    created_at: datetime


def entries(connection: sa.Connection, account_id: str, count: int) -> list[Entry]:
    """An account's latest entries, newest first."""
    query = sa.select(ledger).where(ledger.c.account_id == account_id)
    query = query.order_by(ledger.c.created_at.desc(), ledger.c.id).limit(count)
    return [Entry(r.amount, r.reason, r.job_id, r.created_at) for r in connection.execute(query)]


def balance(connection: sa.Connection, account_id: str) -> int:
    """Credits left."""
    query = sa.select(sa.func.coalesce(sa.func.sum(ledger.c.amount), 0))
    return int(connection.scalar(query.where(ledger.c.account_id == account_id)) or 0)


def hold(connection: sa.Connection, account_id: str, run_id: str, credits_: int) -> None:
    """Set credits aside for a run.

    Raises:
        Problem: 400; too few are left.
    """
    lock(connection, account_id)
    left = balance(connection, account_id)
    if left < credits_:
        raise detail(400, f"Insufficient credits: this needs {credits_}, and {left} are left.")
    enter(connection, account_id, run_id, -credits_, "hold")


def lock(connection: sa.Connection, account_id: str) -> None:
    """Have others of this account wait until the transaction ends."""
    # a write, because SQLite has no SELECT … FOR UPDATE: two requests cannot both see the old sum
    connection.execute(
        accounts.update().where(accounts.c.id == account_id).values(name=accounts.c.name)
    )


def enter(
    connection: sa.Connection, account_id: str, run_id: str | None, amount: int, reason: str
) -> None:
    """Write one entry, once for each run and reason."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    entry = insert(ledger).values(
        id=f"{run_id or uuid.uuid4()}:{reason}",
        account_id=account_id,
        job_id=run_id,
        amount=amount,
        reason=reason,
        created_at=datetime.now(UTC),
    )
    connection.execute(entry.on_conflict_do_nothing())
