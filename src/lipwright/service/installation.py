"""What every process of an installation shares: tables, the engine's queues, a secret."""

from __future__ import annotations

import secrets
import sqlite3

import sqlalchemy as sa
from dbos import DBOS, DBOSClient
from sqlalchemy.dialects import postgresql, sqlite

from lipwright.service import database
from lipwright.service.database import open_database
from lipwright.service.dispatch import APPLICATION
from lipwright.service.settings import Settings
from lipwright.service.urls import Urls

_LINKS = "links"


def open_tables(settings: Settings) -> sa.Engine:
    """Bring our tables and the engine's up to date; connections to ours."""
    engine = open_database(settings)
    if settings.workflows_url.startswith("sqlite:///"):
        # kept in the file: whoever polls for work does not wait behind whoever writes
        with sqlite3.connect(settings.workflows_url.removeprefix("sqlite:///")) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        connection.close()
    DBOS.migrate(settings.workflows_url)
    return engine


def open_engine_client(settings: Settings) -> DBOSClient:
    """What puts work on the queues; it fails at once when the database is away."""
    return DBOSClient(
        system_database_url=settings.workflows_url,
        application_name=APPLICATION,
        lazy=True,
        retry_connection_errors=False,
    )


def open_urls(settings: Settings, engine: sa.Engine) -> Urls:
    """The maker of addresses, with the key that all processes share."""
    key = shared_secret(engine, _LINKS).encode()
    return Urls(settings.base_url, key, settings.link_lifetime_s)


def shared_secret(engine: sa.Engine, name: str) -> str:
    """256 random bits as hex; the same for everybody who asks for this name."""
    table = database.secrets
    insert = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert
    fresh = insert(table).values(name=name, value=secrets.token_hex(32))
    with engine.begin() as connection:
        connection.execute(fresh.on_conflict_do_nothing())
        return str(connection.scalar(sa.select(table.c.value).where(table.c.name == name)))
