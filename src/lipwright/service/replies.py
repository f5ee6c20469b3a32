"""Answers kept under the caller's `Idempotency-Key`: asked twice, done once.

A key is claimed before the work and settled after it.  Whoever dies in between leaves a claim that
runs out; the next one to ask gets the same `seed`, from which ids are made, so that what was done
already is found instead of done again.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lipwright.service.database import replies
from lipwright.service.problems import detail, invalid

HEADER: Final = "idempotency-key"
KEPT: Final = timedelta(days=3)
"""As long as a client may go on trying; afterwards the key is new again."""
HELD: Final = timedelta(seconds=120)
"""Longer than any request takes: after that whoever claimed the key is dead."""
_KEY: Final = re.compile(r"[!-~]([ -~]{0,253}[!-~])?")


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do the work under a key."""

    account_id: str
    key: str
    seed: uuid.UUID


@dataclass(frozen=True, slots=True)
class Kept:
    """What was answered the first time."""

    status: int
    body: str


def checked_key(text: str) -> str:
    """The key, if it is one.

    Raises:
        Problem: 400.
    """
    if not _KEY.fullmatch(text):
        message = "Send 1 to 255 printable ASCII characters, best a UUID."
        raise invalid({"Idempotency-Key": [message]})
    return text


def fingerprint(method: str, path: str, query: object, body: object) -> str:
    """What makes two requests the same, however their JSON is written."""
    written = json.dumps([method, path.rstrip("/"), query, body], sort_keys=True)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Replies:
    """Kept answers in the database."""

    engine: sa.Engine

    def claim(self, account_id: str, key: str, print_: str) -> Claim | Kept:
        """Begin the work under a key, or get what came of it.

        Raises:
            Problem: 409, somebody else is at it; 422, the key was used for something else.
        """
        with self.engine.begin() as connection:
            mine = (replies.c.account_id == account_id, replies.c.key == key)
            old = replies.c.created_at < datetime.now(UTC) - KEPT
            connection.execute(replies.delete().where(*mine, old))
            seed = self._insert(connection, account_id, key, print_)
            if seed is not None:
                return Claim(account_id, key, seed)
            row = connection.execute(sa.select(replies).where(*mine).with_for_update()).one()
            if row.fingerprint != print_:
                message = "This Idempotency-Key was used for another request; use a new one."
                raise detail(422, message)
            if row.status is not None:
                return Kept(row.status, row.body)
            return self._taken_over(connection, row)

    def _insert(
        self, connection: sa.Connection, account_id: str, key: str, print_: str
    ) -> uuid.UUID | None:
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        seed, now = uuid.uuid4(), datetime.now(UTC)
        row = insert(replies).values(
            account_id=account_id,
            key=key,
            fingerprint=print_,
            seed=str(seed),
            held_until=now + HELD,
            created_at=now,
        )
        made = connection.execute(row.on_conflict_do_nothing()).rowcount
        return seed if made else None

    def _taken_over(self, connection: sa.Connection, row: sa.Row[Any]) -> Claim:
        now = datetime.now(UTC)
        change = (
            replies.update()
            .where(replies.c.account_id == row.account_id, replies.c.key == row.key)
            .where(replies.c.status.is_(None), replies.c.held_until <= now)
            .values(held_until=now + HELD)
        )
        if not connection.execute(change).rowcount:
            message = "A request with this Idempotency-Key is under way; ask again in a moment."
            raise detail(409, message, {"Retry-After": "1"})
        return Claim(row.account_id, row.key, uuid.UUID(row.seed))

    def settle(self, claim: Claim, kept: Kept) -> None:
        """Keep the answer."""
        self._change(claim, replies.update().values(status=kept.status, body=kept.body))

    def interrupt(self, claim: Claim) -> None:
        """The work broke off: the next one to ask goes on with the same seed, at once."""
        change = replies.update().where(replies.c.status.is_(None))
        self._change(claim, change.values(held_until=datetime.now(UTC)))

    def release(self, claim: Claim) -> None:
        """Nothing was done: the key may be used again."""
        self._change(claim, replies.delete().where(replies.c.status.is_(None)))

    def _change(self, claim: Claim, change: sa.Update | sa.Delete) -> None:
        mine = (replies.c.account_id == claim.account_id, replies.c.key == claim.key)
        with self.engine.begin() as connection:
            connection.execute(change.where(*mine))

    def forget(self) -> int:
        """Remove what is kept no longer; how many."""
        old = replies.c.created_at < datetime.now(UTC) - KEPT
        with self.engine.begin() as connection:
            return connection.execute(replies.delete().where(old)).rowcount
