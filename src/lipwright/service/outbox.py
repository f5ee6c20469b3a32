"""SQL for webhooks: what is to be sent, what became of each try, and sending again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lipwright.service.database import accounts, deliveries, jobs, webhooks

OUTCOME_LIMIT: Final = 80
REASON_LIMIT: Final = 200


@dataclass(frozen=True, slots=True)
class Webhook:
    """One message to a caller's address: the same id and bytes on every try."""

    id: str
    job_id: str
    url: str
    body: str
    secrets: tuple[str, ...] = field(repr=False)
    """What it is signed with: the account's secret, and the previous one during a rotation."""
    attempts: int
    """Number of the next try; numbers of tries that were lost or overtaken are used up too."""
    first_attempt: int
    """Number of the first try since the last replay."""
    outcome: str
    is_open: bool
    was_delivered: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One try."""

    attempt: int
    status: int | None
    """HTTP status; None when nobody answered."""
    outcome: str
    took_ms: int
    tried_at: datetime


@dataclass(frozen=True, slots=True)
class Outbox:
    """Webhooks in the database."""

    engine: sa.Engine

    def webhook(self, event_id: str, account_id: str | None = None) -> Webhook | None:
        """One message; with an account, only if it is that account's."""
        found = self._found(_QUERY.where(webhooks.c.id == event_id), account_id)
        return found[0] if found else None

    def webhooks(self, account_id: str, job_id: str | None, limit: int) -> list[Webhook]:
        """An account's messages, newest first."""
        query = _QUERY if job_id is None else _QUERY.where(webhooks.c.job_id == job_id)
        newest = query.order_by(webhooks.c.created_at.desc(), webhooks.c.id).limit(limit)
        return self._found(newest, account_id)

    def _found(self, query: sa.Select[Any], account_id: str | None) -> list[Webhook]:
        if account_id is not None:
            query = query.where(accounts.c.id == account_id)
        with self.engine.connect() as connection:
            return [_webhook(row) for row in connection.execute(query)]

    def open_ids(self) -> list[str]:
        """Ids of messages that are neither delivered nor given up."""
        query = sa.select(webhooks.c.id).where(webhooks.c.closed_at.is_(None))
        with self.engine.connect() as connection:
            return list(connection.scalars(query))

    def tried(self, event_id: str, delivery: Delivery, *, closed: bool) -> None:
        """Keep how a try went."""
        values = {
            "attempts": delivery.attempt + 1,
            "outcome": delivery.outcome[:OUTCOME_LIMIT],
            "closed_at": datetime.now(UTC) if closed else None,
            "was_delivered": 200 <= (delivery.status or 0) < 300,
        }
        insert = sqlite.insert if self.engine.dialect.name == "sqlite" else postgresql.insert
        row = insert(deliveries).values(
            webhook_id=event_id,
            attempt=delivery.attempt,
            status=delivery.status,
            outcome=delivery.outcome[:REASON_LIMIT],
            took_ms=delivery.took_ms,
            tried_at=delivery.tried_at,
        )
        with self.engine.begin() as connection:
            change = webhooks.update().where(webhooks.c.id == event_id)
            connection.execute(change.values(**values))
            connection.execute(row.on_conflict_do_nothing())

    def lost(self, event_id: str, attempt: int) -> None:
        """Use up the number of a try that nobody makes any more."""
        values = {"attempts": attempt + 1, "outcome": "lost"}
        with self.engine.begin() as connection:
            mine = webhooks.update().where(webhooks.c.id == event_id)
            connection.execute(mine.where(webhooks.c.attempts == attempt).values(**values))

    def reopen(self, webhook: Webhook) -> int | None:
        """Have a message sent again, at once; the number of the try, None if another was faster.

        Its pauses begin anew.  A try that waits is overtaken: its number is used up.
        """
        attempt = webhook.attempts + 1 if webhook.is_open else webhook.attempts
        values = {"attempts": attempt, "first_attempt": attempt, "closed_at": None}
        change = (
            webhooks.update()
            .where(webhooks.c.id == webhook.id, webhooks.c.attempts == webhook.attempts)
            .values(**values, outcome="waiting")
        )
        with self.engine.begin() as connection:
            return attempt if connection.execute(change).rowcount else None

    def deliveries(self, event_id: str) -> list[Delivery]:
        """Every try of a message, the first one first."""
        query = sa.select(deliveries).where(deliveries.c.webhook_id == event_id)
        with self.engine.connect() as connection:
            rows = connection.execute(query.order_by(deliveries.c.attempt)).all()
        return [Delivery(r.attempt, r.status, r.outcome, r.took_ms, r.tried_at) for r in rows]


_QUERY: Final = (
    sa.select(
        webhooks,
        accounts.c.webhook_secret,
        accounts.c.previous_webhook_secret,
        accounts.c.previous_webhook_secret_until,
    )
    .join(jobs, jobs.c.id == webhooks.c.job_id)
    .join(accounts, accounts.c.id == jobs.c.account_id)
)


def _webhook(row: sa.Row[Any]) -> Webhook:
    return Webhook(
        id=row.id,
        job_id=row.job_id,
        url=row.url,
        body=row.body,
        secrets=_secrets(row),
        attempts=row.attempts,
        first_attempt=row.first_attempt,
        outcome=row.outcome,
        is_open=row.closed_at is None,
        was_delivered=row.was_delivered,
        created_at=row.created_at,
    )


def _secrets(row: sa.Row[Any]) -> tuple[str, ...]:
    until, previous = row.previous_webhook_secret_until, row.previous_webhook_secret
    if previous is None or until is None or datetime.now(UTC) >= until:
        return (row.webhook_secret,)
    return (row.webhook_secret, previous)
