"""Accounts and their API keys: made, listed, rotated, revoked.  A key is shown once.

A key is 256 random bits, so one round of SHA-256 keeps it as well as a slow hash would keep a
password: nobody can try 2^256 of them.  Only the hash is stored.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from lipwright.errors import InvalidRequest
from lipwright.service import ledger
from lipwright.service.database import accounts, keys, open_database
from lipwright.service.settings import Settings
from lipwright.service.webhooks import new_secret

NAME_LIMIT: Final = 255


class Scope(StrEnum):
    """What a key is good for; each may do what those before it may."""

    READ = "read"
    """Look at tasks, avatars, voices and credits."""
    RENDER = "render"
    """Make, change and delete tasks and uploads."""
    ADMIN = "admin"
    """Make and revoke keys, see and rotate the webhook secret."""

    def allows(self, wanted: Scope) -> bool:
        """Whether a key of this scope may do what needs `wanted`."""
        order = list(Scope)
        return order.index(self) >= order.index(wanted)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a key may do before it is told to wait; None is the service's own setting."""

    rate_per_minute: int | None = None
    unfinished: int | None = None


@dataclass(frozen=True, slots=True)
class NewKey:
    """An API id and its key; the only time that the key is seen."""

    api_id: str
    api_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyCard:
    """What is known of a key; the key itself is not."""

    api_id: str
    account: str
    label: str
    scope: Scope
    created_at: datetime
    expires_at: datetime | None
    previous_until: datetime | None
    revoked_at: datetime | None
    limits: Limits


@dataclass(frozen=True, slots=True)
class KeyOrder:
    """What a new key is to be."""

    label: str = ""
    scope: Scope = Scope.ADMIN
    expires_at: datetime | None = None
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if len(self.label) > NAME_LIMIT:
            raise InvalidRequest(f"A label has at most {NAME_LIMIT} characters.")
        if self.expires_at is not None and self.expires_at <= datetime.now(UTC):
            raise InvalidRequest("The key would have expired already; choose a later moment.")


@contextmanager
def opened(settings: Settings) -> Iterator[sa.Engine]:
    """The database, for a command that ends soon."""
    engine = open_database(settings)
    try:
        yield engine
    finally:
        engine.dispose()


def account_named(connection: sa.Connection, name: str, credits_: int) -> str:
    """Id of the account called `name`, which is made if it is new.

    Raises:
        InvalidRequest: It is no name.
    """
    name = name.strip()
    if not 1 <= len(name) <= NAME_LIMIT:
        raise InvalidRequest(f"Give the account a name of 1 to {NAME_LIMIT} characters.")
    found = connection.scalar(sa.select(accounts.c.id).where(accounts.c.name == name))
    if found is not None:
        return str(found)
    account_id = str(uuid.uuid4())
    row = {"id": account_id, "name": name, "webhook_secret": new_secret()}
    connection.execute(accounts.insert().values(**row, created_at=datetime.now(UTC)))
    ledger.enter(connection, account_id, None, credits_, "grant")
    return account_id


def known_account(connection: sa.Connection, name: str) -> str:
    """Id of the account called `name`.

    Raises:
        InvalidRequest: There is none.
    """
    found = connection.scalar(sa.select(accounts.c.id).where(accounts.c.name == name.strip()))
    if found is None:
        raise InvalidRequest(f'There is no account called "{name}".')
    return str(found)


def scope_named(name: str) -> Scope:
    """The scope that is written so.

    Raises:
        InvalidRequest: There is none.
    """
    try:
        return Scope(name)
    except ValueError:
        known = ", ".join(Scope)
        raise InvalidRequest(f'"{name}" is not a scope; choose one of {known}.') from None


def create_key(engine: sa.Engine, account_id: str, order: KeyOrder) -> NewKey:
    """A new key of an account."""
    made = NewKey(str(uuid.uuid4()), new_key())
    row = {
        "api_id": made.api_id,
        "account_id": account_id,
        "key_sha256": digest(made.api_key),
        "created_at": datetime.now(UTC),
        "label": order.label,
        "scope": order.scope,
        "expires_at": order.expires_at,
        "rate_per_minute": order.limits.rate_per_minute,
        "unfinished_limit": order.limits.unfinished,
    }
    with engine.begin() as connection:
        connection.execute(keys.insert().values(**row))
    return made


def list_keys(engine: sa.Engine, account_id: str | None = None) -> list[KeyCard]:
    """Keys of one account, or of all, oldest first."""
    query = sa.select(keys, accounts.c.name).join_from(keys, accounts)
    if account_id is not None:
        query = query.where(keys.c.account_id == account_id)
    with engine.connect() as connection:
        return [_card(row) for row in connection.execute(query.order_by(keys.c.created_at))]


def _card(row: sa.Row[Any]) -> KeyCard:
    return KeyCard(
        api_id=row.api_id,
        account=row.name,
        label=row.label,
        scope=Scope(row.scope),
        created_at=row.created_at,
        expires_at=row.expires_at,
        previous_until=row.previous_until,
        revoked_at=row.revoked_at,
        limits=Limits(row.rate_per_minute, row.unfinished_limit),
    )


def revoke_key(engine: sa.Engine, api_id: str, account_id: str | None = None) -> None:
    """Refuse this API id from now on.

    Raises:
        InvalidRequest: There is no such working API id, or it is another account's.
    """
    change = keys.update().where(*_working(api_id, account_id)).values(revoked_at=datetime.now(UTC))
    with engine.begin() as connection:
        if not connection.execute(change).rowcount:
            raise InvalidRequest(f'There is no working API id "{api_id}".')


def rotate_key(
    engine: sa.Engine,
    api_id: str,
    grace: timedelta,
    *,
    account_id: str | None = None,
    used_sha256: str | None = None,
) -> NewKey:
    """A new key for an API id; the old one works until the grace is over.

    Args:
        engine: The database.
        api_id: Stays as it is.
        grace: Zero ends the old key at once.
        account_id: Only a key of this account; None is anybody's.
        used_sha256: Digest of the key that the request came with.  That one is kept, so that
            whoever never saw the answer to a rotation is not locked out by the next.

    Raises:
        InvalidRequest: There is no such working API id, or it is another account's.
    """
    made = NewKey(api_id, new_key())
    with engine.begin() as connection:
        query = sa.select(keys.c.key_sha256).where(*_working(api_id, account_id))
        current = connection.scalar(query)
        if current is None:
            raise InvalidRequest(f'There is no working API id "{api_id}".')
        values = {
            "key_sha256": digest(made.api_key),
            "previous_sha256": used_sha256 or current,
            "previous_until": datetime.now(UTC) + grace,
        }
        connection.execute(keys.update().where(keys.c.api_id == api_id).values(**values))
    return made


def _working(api_id: str, account_id: str | None) -> Sequence[sa.ColumnElement[bool]]:
    mine = [] if account_id is None else [keys.c.account_id == account_id]
    return [keys.c.api_id == api_id, keys.c.revoked_at.is_(None), *mine]


def new_key() -> str:
    """256 random bits."""
    return secrets.token_hex(32)


def digest(api_key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(api_key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class WebhookSecrets:
    """What an account's webhooks are signed with."""

    current: str = field(repr=False)
    previous_until: datetime | None
    """Until when the secret before is used as well."""


def webhook_secrets(engine: sa.Engine, account_id: str) -> WebhookSecrets:
    """An account's."""
    query = sa.select(accounts).where(accounts.c.id == account_id)
    with engine.connect() as connection:
        row = connection.execute(query).one()
    return WebhookSecrets(row.webhook_secret, row.previous_webhook_secret_until)


def rotate_webhook_secret(engine: sa.Engine, account_id: str, grace: timedelta) -> WebhookSecrets:
    """A new secret; the old one signs too until the grace is over."""
    values = {
        "webhook_secret": new_secret(),
        "previous_webhook_secret": accounts.c.webhook_secret,
        "previous_webhook_secret_until": datetime.now(UTC) + grace,
    }
    with engine.begin() as connection:
        connection.execute(accounts.update().where(accounts.c.id == account_id).values(**values))
    return webhook_secrets(engine, account_id)
