"""Programs of two versions on one database; jobs in flight while they change."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from service_world import (
    AVATAR,
    a_body,
    add_card_avatars,
    wait_for,
    whole_service,
)

from lipwright.request import Captions
from lipwright.service import database, migrations
from lipwright.service.database import connect, open_database
from lipwright.service.migrations import versions
from lipwright.service.orders import Kind, VideoOrder
from lipwright.service.records import Records
from lipwright.service.scene_orders import BackgroundOrder
from lipwright.service.settings import Settings
from lipwright.service.webhooks import new_secret

LONG = "word " * 40
FIRST = "0001"


def scripts() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(Path(str(migrations.__file__)).parent))
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]


@pytest.mark.parametrize("name", [found.name for found in pkgutil.iter_modules(versions.__path__)])
def test_a_migration_only_adds(name: str) -> None:
    # so that programs of the version before go on working while the new ones start
    module = importlib.import_module(f"{versions.__name__}.{name}")
    text = Path(str(module.__file__)).read_text()
    upgrade = text[text.index("def upgrade") : text.index("def downgrade")]
    taken = re.findall(r"drop_\w+|rename_\w+|alter_column", upgrade)
    assert not taken or module.revision == FIRST, f"{name} takes away: {taken}"


def test_every_added_column_may_be_left_out(tmp_path: Path) -> None:
    engine = open_database(Settings(data_dir=tmp_path))
    first = importlib.import_module(f"{versions.__name__}.m0001_first")
    text = Path(str(first.__file__)).read_text()
    for name in sa.inspect(engine).get_table_names():
        if f'"{name}"' not in text:
            continue
        for column in sa.inspect(engine).get_columns(name):
            if f'"{column["name"]}"' not in text:
                has_default = column["nullable"] or column["default"] is not None
                assert has_default, f"older programs cannot insert into {name}: {column['name']}"
    engine.dispose()


def test_a_program_starts_on_the_tables_of_a_newer_one(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    open_database(settings).dispose()
    newer = "9999"
    assert newer not in scripts()
    engine = connect(settings.records_url)
    with engine.begin() as connection:
        connection.execute(sa.text(f"UPDATE alembic_version SET version_num = '{newer}'"))
    engine.dispose()
    engine = open_database(settings)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == newer
        assert connection.execute(sa.select(database.jobs)).all() == []
    engine.dispose()


@pytest.mark.slow
def test_a_job_in_flight_is_finished_by_a_newer_version(tmp_path: Path) -> None:
    add_card_avatars(tmp_path)
    with whole_service(tmp_path, beat_s=0.5, silence_s=3) as service:
        job_id = service.client.post("/api/lipsyncs/", json=a_body(text=LONG)).json()["id"]
        wait_for(lambda: service.job(job_id)["progress"] > 0.1)
        service.kill()
        # as if everything had been written down by a program whose workflows had another shape
        for url, change in (
            (service.settings.workflows_url, "UPDATE workflow_status SET application_version='0'"),
            (service.settings.records_url, "UPDATE beats SET version='0', worker='old'"),
        ):
            engine = sa.create_engine(url)
            with engine.begin() as connection:
                connection.execute(sa.text(change))
            engine.dispose()
        service.start()
        assert service.ended(job_id)["status"] == "done"
        assert "starting anew under another version" in service.log()


def of_the_version_before_scenes(settings: Settings) -> None:
    """Tables of version 3, where a job has one flat request, and an account."""
    config = Config()
    config.set_main_option("script_location", str(Path(str(migrations.__file__)).parent))
    engine = connect(settings.records_url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        row = (
            "INSERT INTO accounts (id, name, webhook_secret, created_at) VALUES ('m', 'me', :s, :t)"
        )
        now = "2026-01-01 00:00:00.000000"
        connection.execute(sa.text(row), {"s": new_secret(), "t": now})
    engine.dispose()


def test_jobs_of_the_version_before_scenes_are_read(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    of_the_version_before_scenes(settings)
    put_down(settings, "queued", "a", captions={"style": "neo", "offset_x": 0.1, "offset_y": 0.2})
    background = "https://example.com/a.png"
    put_down(settings, "succeeded", "b", background_url=background, music=True)
    engine = open_database(settings)
    first, second = (Records(engine).job(job_id) for job_id in "ab")
    assert first is not None
    assert second is not None
    assert isinstance(first.order, VideoOrder)
    assert isinstance(second.order, VideoOrder)
    (scene,) = first.order.scenes
    assert (scene.avatar_id, scene.script) == (AVATAR, "Hello there.")
    assert scene.captions == Captions("neo", 0.1, 0.2)
    assert (first.kind, first.order.music, scene.background) == (Kind.VIDEO, None, None)
    assert second.order.music is not None
    assert second.order.scenes[0].background == BackgroundOrder(url=background)
    engine.dispose()


def put_down(settings: Settings, state: str, job_id: str, **fields: object) -> None:
    """A row of `jobs` as version 3 wrote it."""
    request = {
        **{"avatar_id": AVATAR, "script": "Hello there.", "recording_url": None, "voice_id": None},
        **{"aspect": "16x9", "container": "mp4", "captions": None, "music": False},
        **{"background_url": None, "webhook_url": None, **fields},
    }
    echo = {"text": "Hello there.", "aspect_ratio": "16x9", "creator": AVATAR, "name": None}
    now = "2026-01-01 00:00:00.000000"
    values = {
        **{"id": job_id, "goal": "video", "state": state, "drafted": False, "progress": 0.0},
        **{"request": json.dumps(request), "echo": json.dumps(echo), "words": "[]"},
        **{"credits_held": 5, "credits_used": 0, "duration_s": 0.0},
        **{"created_at": now, "updated_at": now},
    }
    engine = connect(settings.records_url)
    with engine.begin() as connection:
        account_id = connection.scalar(sa.text("SELECT id FROM accounts"))
        names = ", ".join(["account_id", *values])
        marks = ", ".join(f":{name}" for name in ["account_id", *values])
        row = sa.text(f"INSERT INTO jobs ({names}) VALUES ({marks})")
        connection.execute(row, {"account_id": account_id, **values})
    engine.dispose()


@pytest.mark.slow
def test_a_job_in_flight_survives_new_tables(tmp_path: Path) -> None:
    add_card_avatars(tmp_path)
    settings = Settings(data_dir=tmp_path)
    of_the_version_before_scenes(settings)
    job_id = "6f6c2b4e-3c62-5b7e-9d61-0d4a0f3b7a99"
    put_down(settings, "running", job_id)
    with whole_service(tmp_path) as service:
        done = service.ended(job_id)
        assert (done["status"], done["text"]) == ("done", "Hello there."), done["failed_reason"]
        assert httpx.get(done["output"]).is_success
