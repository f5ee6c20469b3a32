"""Who sent a request: the two headers against the keys.  Fails closed."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from lipwright.service.accounts import Limits, Scope, digest
from lipwright.service.database import accounts, keys
from lipwright.service.problems import not_authenticated

_NO_KEY: Final = "0" * 64
"""Compared with when there is no such API id or no previous key, so that it takes as long."""
_QUERY: Final = (
    sa.select(keys, accounts.c.id, accounts.c.name)
    .join_from(keys, accounts)
    .where(keys.c.api_id == sa.bindparam("wanted"))
)


@dataclass(frozen=True, slots=True)
class Account:
    """Whoever sent the request, and what the key of it may do."""

    id: str
    name: str
    api_id: str = ""
    scope: Scope = Scope.ADMIN
    limits: Limits = field(default_factory=Limits)
    used_sha256: str = field(default="", repr=False)
    """Digest of the key that was sent: the current one, or the previous one in its grace."""


def authenticated(engine: sa.Engine, api_id: str | None, api_key: str | None) -> Account:
    """The account that the two headers belong to.

    Raises:
        Problem: 401; absent, empty, wrong, swapped, revoked and expired are all refused, with
            the same words and in the same time.
    """
    if not api_id or not api_key:
        raise not_authenticated("Authentication credentials were not provided.")
    with engine.connect() as connection:
        row = connection.execute(_QUERY, {"wanted": api_id}).one_or_none()
    sent = digest(api_key)
    # every comparison is made, whatever the others say
    is_current = hmac.compare_digest(row.key_sha256 if row else _NO_KEY, sent)
    is_previous = hmac.compare_digest((row and row.previous_sha256) or _NO_KEY, sent)
    if row is None or not _is_open(row, is_current, is_previous):
        raise not_authenticated("Invalid API ID or API key.")
    limits = Limits(row.rate_per_minute, row.unfinished_limit)
    return Account(row.id, row.name, row.api_id, Scope(row.scope), limits, sent)


def _is_open(row: sa.Row[Any], is_current: bool, is_previous: bool) -> bool:
    now = datetime.now(UTC)
    in_grace = row.previous_until is not None and now < row.previous_until
    expired = row.expires_at is not None and now >= row.expires_at
    return (is_current or (is_previous and in_grace)) and not expired and row.revoked_at is None
