"""Programs of two versions on one database; jobs in flight while they change."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from service_world import a_body, add_card_avatars, wait_for, whole_service

from lipwright.service import database, migrations
from lipwright.service.database import connect, open_database
from lipwright.service.migrations import versions
from lipwright.service.settings import Settings

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
