"""Nothing that is secret is shown by accident: in an error, or in what stands for a thing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from lipwright.service.accounts import NewKey
from lipwright.service.auth import Account
from lipwright.service.database import accounts, open_database
from lipwright.service.outbox import Webhook
from lipwright.service.settings import Settings


def test_a_failed_statement_does_not_say_what_it_would_have_written(tmp_path: Path) -> None:
    engine = open_database(Settings(data_dir=tmp_path))
    row = {"id": "a", "name": "me", "webhook_secret": "hush", "created_at": datetime.now(UTC)}
    for _ in range(2):
        change = accounts.insert().values(**row)
        with engine.begin() as connection:
            if connection.scalar(sa.select(accounts.c.id)) is None:
                connection.execute(change)
                continue
            with pytest.raises(sa.exc.IntegrityError) as failed:
                connection.execute(change)
            assert "hush" not in str(failed.value)
    engine.dispose()


@pytest.mark.parametrize(
    "thing",
    [
        Settings.model_validate(
            {"database_url": "postgresql://me:hush@db/x", "metrics_token": "hush"}
        ),
        NewKey("id", "hush"),
        Account("id", "name", used_sha256="hush"),
        Webhook(
            *("evt", "job", "https://h.example/", "{}", ("hush",), 0, 0, "", True, False),
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        ),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_what_stands_for_a_thing_shows_no_secret(thing: object) -> None:
    assert "hush" not in repr(thing)
    assert "hush" not in str(thing)
