"""What every process of an installation knows: made once, kept in the database."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lipwright.service import database
from lipwright.service.settings import Settings
from lipwright.service.urls import Urls

_LINKS = "links"


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
