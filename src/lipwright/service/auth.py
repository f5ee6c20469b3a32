"""Accounts and their API id and key pairs.  Fails closed.

A key is 256 random bits, so one round of SHA-256 keeps it as well as a slow hash would keep a
password; only the hash is stored.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from lipwright.errors import InvalidRequest
from lipwright.service import ledger
from lipwright.service.database import accounts, keys, open_database
from lipwright.service.problems import not_authenticated
from lipwright.service.settings import Settings
from lipwright.service.webhooks import new_secret

_NO_KEY: Final = "0" * 64
"""Compared with when there is no such API id, so that the answer takes as long."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whoever sent the request."""

    id: str
    name: str


def create_key(settings: Settings, name: str) -> tuple[str, str]:
    """Create an API id and key for the account called `name`, and the account if it is new."""
    if not 1 <= len(name.strip()) <= 255:
        raise InvalidRequest("Give the key a name of 1 to 255 characters.")
    engine = open_database(settings)
    try:
        with engine.begin() as connection:
            account_id = _account_id(connection, name.strip(), settings.credits)
            return _insert_key(connection, account_id)
    finally:
        engine.dispose()


def _account_id(connection: sa.Connection, name: str, credits_: int) -> str:
    found = connection.scalar(sa.select(accounts.c.id).where(accounts.c.name == name))
    if found is not None:
        return str(found)
    account_id = str(uuid.uuid4())
    connection.execute(
        accounts.insert().values(
            id=account_id,
            name=name,
            webhook_secret=new_secret(),
            created_at=datetime.now(UTC),
        )
    )
    ledger.enter(connection, account_id, None, credits_, "grant")
    return account_id


def _insert_key(connection: sa.Connection, account_id: str) -> tuple[str, str]:
    api_id, api_key = str(uuid.uuid4()), secrets.token_hex(32)
    connection.execute(
        keys.insert().values(
            api_id=api_id,
            account_id=account_id,
            key_sha256=_sha256(api_key),
            created_at=datetime.now(UTC),
        )
    )
    return api_id, api_key


def list_keys(settings: Settings) -> list[dict[str, Any]]:
    """Every API id, with the account's name and when it was made and revoked."""
    engine = open_database(settings)
    query = sa.select(
        keys.c.api_id, accounts.c.name, keys.c.created_at, keys.c.revoked_at
    ).join_from(keys, accounts)
    try:
        with engine.connect() as connection:
            rows = connection.execute(query.order_by(keys.c.created_at)).mappings().all()
    finally:
        engine.dispose()
    return [
        {
            "X-API-ID": row["api_id"],
            "name": row["name"],
            "created": row["created_at"].isoformat(timespec="seconds"),
            "revoked": row["revoked_at"] and row["revoked_at"].isoformat(timespec="seconds"),
        }
        for row in rows
    ]


def revoke_key(settings: Settings, api_id: str) -> None:
    """Refuse this API id from now on.

    Raises:
        InvalidRequest: There is no such API id.
    """
    engine = open_database(settings)
    change = (
        keys.update()
        .where(keys.c.api_id == api_id, keys.c.revoked_at.is_(None))
        .values(revoked_at=datetime.now(UTC))
    )
    try:
        with engine.begin() as connection:
            if not connection.execute(change).rowcount:
                raise InvalidRequest(f'There is no working API id "{api_id}".')
    finally:
        engine.dispose()


def authenticated(engine: sa.Engine, api_id: str | None, api_key: str | None) -> Account:
    """The account that the two headers belong to.

    Raises:
        Problem: 401; absent, empty, wrong, swapped and revoked are all refused.
    """
    if not api_id or not api_key:
        raise not_authenticated("Authentication credentials were not provided.")
    query = (
        sa.select(keys.c.key_sha256, accounts.c.id, accounts.c.name)
        .join_from(keys, accounts)
        .where(keys.c.api_id == api_id, keys.c.revoked_at.is_(None))
    )
    with engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    stored = row.key_sha256 if row else _NO_KEY
    if not hmac.compare_digest(stored, _sha256(api_key)) or row is None:
        raise not_authenticated("Invalid API ID or API key.")
    return Account(row.id, row.name)


def _sha256(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
