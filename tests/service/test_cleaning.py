"""What is removed, and above all what is not."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from service_world import headers_of
from test_job_states import a_job, an_order

from lipwright.service import database
from lipwright.service.cleaning import Cleaner
from lipwright.service.database import open_database
from lipwright.service.jobs import Goal, Job
from lipwright.service.orders import Kind
from lipwright.service.records import Records
from lipwright.service.replies import Claim, Replies
from lipwright.service.settings import Settings
from lipwright.service.storage import InMemoryStore, StorageUnavailable
from lipwright.service.trials import Trials
from lipwright.service.uploads import Uploads


class World:
    def __init__(self, folder: Path) -> None:
        settings = Settings.model_validate({"data_dir": folder, "retention_days": 7})
        headers_of(settings, "me")
        self.engine = open_database(settings)
        self.records, self.store = Records(self.engine), InMemoryStore()
        self.cleaner = Cleaner(settings, self.engine, self.store)
        with self.engine.connect() as connection:
            self.account_id = str(connection.scalar(sa.select(database.accounts.c.id)))

    def job(self, kind: Kind = Kind.VIDEO, goal: Goal = Goal.VIDEO) -> Job:
        job = replace(a_job(self.account_id, goal), kind=kind)
        self.records.insert(job)
        for key in (f"public/{job.id}/output.mp4", f"work/{job.id}/recording"):
            self.store.contents[key] = b"x"
        return job

    def end(self, job: Job, *, told: bool = True) -> Job:
        self.records.start(job)
        assert self.records.succeed(job, 5, {}, "{}")
        if told:
            closed = database.webhooks.update().values(closed_at=datetime.now(UTC))
            with self.engine.begin() as connection:
                connection.execute(closed.where(database.webhooks.c.job_id == job.id))
        return job

    def later(self, **passed: float) -> None:
        self.cleaner.now = lambda: datetime.now(UTC) + timedelta(**passed)

    def files(self, job: Job) -> set[str]:
        return {key.split("/")[0] for key in self.store.contents if job.id in key}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.engine.dispose()


def test_old_tasks_go_with_files_and_webhooks_and_the_credits_stay(world: World) -> None:
    job, credits_ = world.end(world.job()), world.records.balance(world.account_id)
    world.later(days=6.9)
    world.cleaner.retire()
    assert world.records.job(job.id) is not None
    world.later(days=7.1)
    world.cleaner.retire()
    assert world.records.job(job.id) is None
    assert world.files(job) == set()
    with world.engine.connect() as connection:
        assert not connection.execute(sa.select(database.webhooks)).all()
    assert world.records.balance(world.account_id) == credits_


def test_what_is_not_at_its_end_stays_whatever_its_age(world: World) -> None:
    queued, running = world.job(), world.job()
    world.records.start(running)
    untold, avatar = world.end(world.job(), told=False), world.end(world.job(Kind.AVATAR))
    world.later(days=400)
    world.cleaner.retire()
    world.cleaner.sweep()
    for job in (queued, running, untold, avatar):
        assert world.records.job(job.id) is not None
    assert world.files(queued) == world.files(running) == {"public", "work"}


@pytest.mark.parametrize("retention_days", [0, 7, 400])
def test_a_task_stays_as_long_as_its_caller_wants(world: World, retention_days: float) -> None:
    kept = {"retention_days": retention_days}
    world.cleaner.settings = world.cleaner.settings.model_copy(update=kept)
    job = replace(world.job(), order=replace(an_order(), kept_days=30))
    world.end(job)
    world.later(days=29.9)
    world.cleaner.retire()
    assert world.files(job) == {"public", "work"}
    world.later(days=30.1)
    world.cleaner.retire()
    assert world.records.job(job.id) is None
    assert world.files(job) == set()


def test_nothing_goes_without_a_retention(world: World) -> None:
    job = world.end(world.job())
    world.cleaner.settings = world.cleaner.settings.model_copy(update={"retention_days": 0})
    world.later(days=4000)
    world.cleaner.retire()
    assert world.files(job) == {"public", "work"}


def test_rows_stay_until_their_files_are_gone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = world.end(world.job())

    def away(self: InMemoryStore, prefix: str) -> None:
        raise StorageUnavailable

    monkeypatch.setattr(InMemoryStore, "delete", away)
    world.later(days=8)
    with pytest.raises(StorageUnavailable):
        world.cleaner.retire()
    assert world.records.job(job.id) is not None


def test_left_files_are_swept_when_they_are_settled(world: World) -> None:
    ended, draft = world.end(world.job()), world.end(world.job(goal=Goal.PREVIEW))
    world.store.contents["work/00000000-0000-4000-8000-000000000000/a"] = b"of nobody"
    world.cleaner.sweep()
    assert world.files(ended) == {"public", "work"}  # its last step may be removing them just now
    world.later(minutes=3)
    world.cleaner.sweep()
    assert world.files(ended) == {"public"}
    assert world.files(draft) == {"public", "work"}  # its video will need the speech
    assert world.store.folders("work") == [draft.id]


def rows(world: World, table: sa.Table) -> int:
    with world.engine.connect() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def test_a_deleted_task_is_forgotten_when_its_webhook_is_sent(world: World) -> None:
    told, untold = world.end(world.job()), world.end(world.job(), told=False)
    for job in (told, untold):
        world.records.delete(job)
    world.cleaner.forget_kept()
    assert world.records.job(told.id) is not None  # somebody may still be at it
    world.later(minutes=3)
    world.cleaner.forget_kept()
    assert world.records.job(told.id) is None
    assert world.files(told) == set()
    assert world.records.job(untold.id) is not None
    assert rows(world, database.webhooks) == 1


def test_uploads_and_answers_are_kept_as_long_as_promised(world: World, tmp_path: Path) -> None:
    settings = world.cleaner.settings
    uploads = Uploads(world.engine, world.store, tmp_path, settings)
    for name in ("old", "new"):
        (tmp_path / name).write_bytes(b"x")
        begun = uploads.begin(uuid.uuid4(), world.account_id, name, 1, "audio/wav")
        uploads.append(begun, 0, tmp_path / name)
    now = datetime.now(UTC)
    old = database.uploads.c.name == "old"
    kept = Replies(world.engine)
    for key in ("old", "new"):
        assert isinstance(kept.claim(world.account_id, key, "print"), Claim)
    with world.engine.begin() as connection:
        connection.execute(database.uploads.update().where(old).values(expires_at=now))
        connection.execute(
            database.replies.update()
            .where(database.replies.c.key == "old")
            .values(created_at=now - timedelta(days=3, seconds=1))
        )
    world.cleaner.forget_kept()
    assert [upload.name for upload in uploads.all(world.account_id)] == ["new"]
    assert len([key for key in world.store.contents if key.startswith("uploads/")]) == 1
    assert rows(world, database.replies) == 1


def test_a_step_that_nobody_began_again_is_forgotten_after_a_week(world: World) -> None:
    trials = Trials(world.engine, 3)
    trials._begin("a.speech")
    world.cleaner.forget_kept()
    assert rows(world, database.trials) == 1
    world.later(days=7.1)
    world.cleaner.forget_kept()
    assert rows(world, database.trials) == 0
