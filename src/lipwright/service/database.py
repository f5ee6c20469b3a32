"""Tables, and how to open them.  SQLite or Postgres, the same statements."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from lipwright.service.settings import Settings


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment; SQLite forgets the offset, so it is UTC on the way in and out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """To UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """From UTC."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def _id(name: str, *rest: sa.ForeignKey) -> sa.Column[Any]:
    return sa.Column(name, sa.String(80), *rest, nullable=False)


metadata = sa.MetaData()

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("name", sa.String(255), nullable=False, unique=True),
    sa.Column("webhook_secret", sa.String(80), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("previous_webhook_secret", sa.String(80)),
    sa.Column("previous_webhook_secret_until", UtcDateTime),
    sa.Column("pronunciations", sa.JSON),
)

keys = sa.Table(
    "keys",
    metadata,
    sa.Column("api_id", sa.String(80), primary_key=True),
    _id("account_id", sa.ForeignKey("accounts.id")),
    sa.Column("key_sha256", sa.String(64), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("revoked_at", UtcDateTime),
    sa.Column("label", sa.String(255), nullable=False, server_default=""),
    sa.Column("scope", sa.String(20), nullable=False, server_default="admin"),
    sa.Column("expires_at", UtcDateTime),
    sa.Column("previous_sha256", sa.String(64)),
    sa.Column("previous_until", UtcDateTime),
    sa.Column("rate_per_minute", sa.Integer),
    sa.Column("unfinished_limit", sa.Integer),
)
"""After a rotation the previous key works until `previous_until`; null limits are the settings'."""

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    _id("account_id", sa.ForeignKey("accounts.id")),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("goal", sa.String(20), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("request", sa.JSON, nullable=False),
    sa.Column("echo", sa.JSON, nullable=False),
    sa.Column("drafted", sa.Boolean, nullable=False),
    sa.Column("progress", sa.Float, nullable=False),
    sa.Column("failure", sa.Text),
    sa.Column("credits_held", sa.Integer, nullable=False),
    sa.Column("credits_used", sa.Integer, nullable=False),
    sa.Column("duration_s", sa.Float, nullable=False),
    sa.Column("words", sa.JSON, nullable=False),
    sa.Column("report", sa.JSON),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("api_id", sa.String(80)),
    sa.Column("deleted_at", UtcDateTime),
    sa.Column("kept_until", UtcDateTime),
    sa.Column("began_s", sa.Float),
    sa.Column("whole_s", sa.Float),
    sa.Column("made_s", sa.Float),
    sa.Index("jobs_by_account", "account_id", "created_at"),
    sa.Index("jobs_by_state", "state"),
    sa.Index("jobs_by_key", "api_id", "state"),
)

"""The last three are the `Forecast` of a job that is worked on, and `progress` its least."""

parts = sa.Table(
    "parts",
    metadata,
    sa.Column("run_id", sa.String(80), primary_key=True),
    sa.Column("part", sa.Integer, primary_key=True),
    sa.Column("frames_done", sa.Integer, nullable=False),
)
"""How far each segment of a run is; only for progress, never for decisions."""

steps = sa.Table(
    "steps",
    metadata,
    sa.Column("run_id", sa.String(80), primary_key=True),
    sa.Column("step", sa.String(20), primary_key=True),
    sa.Column("began_s", sa.Float, nullable=False),
    sa.Column("ended_s", sa.Float),
    sa.Column("others", sa.Integer, nullable=False, server_default="0"),
)
"""When each step of a run began and ended, in seconds of the epoch, and how many steps of other
runs went on meanwhile; the run itself is one."""

tempos = sa.Table(
    "tempos",
    metadata,
    sa.Column("name", sa.String(120), primary_key=True),
    sa.Column("shared", sa.Boolean, primary_key=True),
    sa.Column("lately", sa.JSON, nullable=False),
)
"""How many times what `forecast` says of them the last steps of a name took here, alone or while
other runs went on."""

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("id", sa.String(120), primary_key=True),
    _id("account_id", sa.ForeignKey("accounts.id")),
    sa.Column("job_id", sa.String(80)),
    sa.Column("amount", sa.Integer, nullable=False),
    sa.Column("reason", sa.String(20), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Index("ledger_by_account", "account_id"),
)
"""Credits, in entries that are never changed; the balance is their sum."""

webhooks = sa.Table(
    "webhooks",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    _id("job_id", sa.ForeignKey("jobs.id")),
    sa.Column("url", sa.String(1024), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("outcome", sa.String(80), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("closed_at", UtcDateTime),
    sa.Column("first_attempt", sa.Integer, nullable=False, server_default="0"),
    sa.Column("was_delivered", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("webhooks_open", "closed_at"),
    sa.Index("webhooks_by_job", "job_id"),
)
"""The outbox: written in the transaction that ends a job, closed when delivered or given up.

`first_attempt` counts the attempts before the last replay: the pauses begin anew there.
"""

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("webhook_id", sa.String(80), sa.ForeignKey("webhooks.id"), primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("status", sa.Integer),
    sa.Column("outcome", sa.String(200), nullable=False),
    sa.Column("took_ms", sa.Integer, nullable=False),
    sa.Column("tried_at", UtcDateTime, nullable=False),
)
"""One row for each time a webhook was sent; `status` is null when nobody answered."""

replies = sa.Table(
    "replies",
    metadata,
    sa.Column("account_id", sa.String(80), sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("seed", sa.String(80), nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("body", sa.Text),
    sa.Column("held_until", UtcDateTime, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Index("replies_by_age", "created_at"),
)
"""Answers kept under the caller's `Idempotency-Key`; without status while in flight."""

uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    _id("account_id", sa.ForeignKey("accounts.id")),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("content_type", sa.String(255), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("received", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String(64)),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Index("uploads_by_account", "account_id", "created_at"),
    sa.Index("uploads_by_expiry", "expires_at"),
)
"""Callers' files; whole when `sha256` is there."""

trials = sa.Table(
    "trials",
    metadata,
    sa.Column("step_id", sa.String(120), primary_key=True),
    sa.Column("begun", sa.Integer, nullable=False),
    sa.Column("begun_at", UtcDateTime, nullable=False),
    sa.Index("trials_by_age", "begun_at"),
)
"""Steps that are under way, and how often they began without an end."""

beats = sa.Table(
    "beats",
    metadata,
    sa.Column("worker", sa.String(120), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("version", sa.String(20), nullable=False, server_default="1"),
)
"""Who lives: a count that grows, and the version of the workflows' shape that it works on."""

secrets = sa.Table(
    "secrets",
    metadata,
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("value", sa.String(255), nullable=False),
)
"""What every process of this installation knows and nobody else does."""


_POSTGRES: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""A server that vanished is noticed within half a minute instead of two hours."""


def open_database(settings: Settings) -> sa.Engine:
    """Connect, and bring the tables up to date."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = connect(settings.records_url)
    with _one_at_a_time(settings.data_dir / "migrate.lock"), engine.begin() as connection:
        _migrate(connection)
    return engine


KEPT_CONNECTIONS: Final = 16
MORE_CONNECTIONS: Final = 40
"""One for each thread of the API, so that no read waits for a connection that a write holds."""


def connect(url: str) -> sa.Engine:
    """An engine whose SQLite connections wait for each other instead of failing."""
    pool: dict[str, Any] = {"pool_size": KEPT_CONNECTIONS, "max_overflow": MORE_CONNECTIONS}
    if not url.startswith("sqlite"):  # a file does not go away between two statements
        pool |= {"connect_args": _POSTGRES, "pool_pre_ping": True}
    # a failed statement is logged, and what it would have written may be a secret
    engine = sa.create_engine(url, hide_parameters=True, **pool)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")  # readers do not wait for the writer
    connection.execute("PRAGMA busy_timeout=30000")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=FULL")  # a finished job survives a power cut


def _migrate(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(7265171)"))  # any fixed number
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is None or current in known:
        command.upgrade(config, "head")
    # else a newer program brought the tables further, by additions that this one need not know


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
