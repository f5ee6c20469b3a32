"""Jobs reach one end, once, and the credits add up, whatever happens in which order."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from service_world import headers_of

from lipwright.request import Aspect, Captions
from lipwright.service.database import accounts, open_database
from lipwright.service.forecast import Step
from lipwright.service.jobs import TERMINAL, Goal, Job, State, states_before
from lipwright.service.orders import Kind, VideoOrder, from_json, to_json
from lipwright.service.pace import Done
from lipwright.service.pricing import blocks
from lipwright.service.records import Records
from lipwright.service.scene_orders import SceneOrder
from lipwright.service.settings import Settings
from lipwright.service.wire.tasks import status

START = 100
UNPAID = (State.FAILED, State.CANCELLED)


def an_order() -> VideoOrder:
    scene = SceneOrder(avatar_id="a", script="Hi.", captions=Captions("neo"))
    return VideoOrder(scenes=(scene,), aspect=Aspect.SQUARE, webhook_url="http://h/")


def a_job(account_id: str, goal: Goal) -> Job:
    now = datetime.now(UTC)
    return Job(
        id=str(uuid.uuid4()), account_id=account_id, kind=Kind.VIDEO, goal=goal, state=State.QUEUED,
        order=an_order(), echo={}, drafted=goal is Goal.PREVIEW,
        credits_held=0 if goal is Goal.PREVIEW else 5, created_at=now, updated_at=now,
    )  # fmt: skip


class Lifecycle(RuleBasedStateMachine):
    """One job under random attempts to move it, with what should be true kept beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        settings = Settings(data_dir=Path(self.folder.name), credits=START)
        headers_of(settings, "me")
        self.engine = open_database(settings)
        self.records = Records(self.engine)
        with self.engine.connect() as connection:
            account_id = str(connection.scalar(accounts.select()))
        self.job = a_job(account_id, Goal.PREVIEW)
        self.records.insert(self.job)
        self.ends: list[State] = []

    def teardown(self) -> None:
        self.engine.dispose()
        self.folder.cleanup()

    def now(self) -> Job:
        found = self.records.job(self.job.id)
        assert found is not None
        return found

    @rule()
    def start(self) -> None:
        before = self.now()
        assert self.records.start(before) == (before.state not in TERMINAL)

    @rule()
    def advance(self) -> None:
        before = self.now().progress
        self.records.pace.advance(self.now(), Step.DRAW, Done(0, 50, 100))
        assert self.now().progress >= before

    @rule()
    def succeed(self) -> None:
        before = self.now()
        price = 0 if before.goal is Goal.PREVIEW else 5
        done = self.records.succeed(before, price, {}, "{}")
        assert done == (before.state is State.RUNNING)
        if done:
            self.ends.append(State.SUCCEEDED)

    @rule()
    def fail(self) -> None:
        before = self.now()
        done = self.records.fail(before, "no", "{}")
        assert done == (before.state not in TERMINAL)
        if done:
            self.ends.append(State.FAILED)

    @rule()
    def cancel(self) -> None:
        before = self.now()
        done = self.records.cancel(before, "{}")
        assert done == (before.state not in TERMINAL)
        if done:
            self.ends.append(State.CANCELLED)

    @precondition(lambda self: self.now().preview_ready)
    @rule()
    def promote(self) -> None:
        before = self.now()
        ready = before.goal is Goal.PREVIEW and before.state is State.SUCCEEDED
        assert self.records.promote(before, 5) == ready

    @rule()
    def a_stale_worker_fails_the_preview(self) -> None:
        if self.now().goal is Goal.VIDEO:
            assert not self.records.fail(self.job, "late", "{}")

    @invariant()
    def every_end_has_one_webhook(self) -> None:
        assert len(self.records.outbox.open_ids()) == len(self.ends) <= 2

    @invariant()
    def credits_are_spent_only_on_videos(self) -> None:
        job = self.now()
        owed = 5 if job.goal is Goal.VIDEO and job.state not in UNPAID else 0
        assert self.records.balance(job.account_id) == START - owed


Lifecycle.TestCase.settings = hypothesis_settings(
    max_examples=15, stateful_step_count=12, deadline=None
)
TestLifecycle = Lifecycle.TestCase


def test_terminal_states_lead_nowhere() -> None:
    for state in State:
        assert not states_before(state) & TERMINAL


def test_an_order_survives_the_database() -> None:
    assert from_json(to_json(an_order())) == an_order()


@pytest.mark.parametrize(
    ("duration_s", "expected"), [(0, 1), (0.1, 1), (30, 1), (30.1, 2), (61, 3)]
)
def test_started_half_minutes_are_charged(duration_s: float, expected: int) -> None:
    assert blocks(duration_s) == expected


def test_only_the_six_statuses_are_ever_answered() -> None:
    known = {"pending", "in_queue", "running", "failed", "done", "rejected"}
    for goal in Goal:
        for state in State:
            job = a_job("a", goal)
            assert status(job.ended(state, None)) in known
