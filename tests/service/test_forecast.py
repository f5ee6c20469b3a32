"""Progress is the share of the time that is over: never back, never 100 % early, and honest."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from service_world import headers_of

from lipwright.request import Aspect
from lipwright.service.database import accounts, open_database, tempos
from lipwright.service.forecast import NEARLY, Step, efforts
from lipwright.service.jobs import Goal, Job, State
from lipwright.service.orders import (
    AvatarOrder,
    Kind,
    Order,
    Permission,
    RevoiceOrder,
    SpeechOrder,
    VideoOrder,
)
from lipwright.service.pace import Done, Pace, usual
from lipwright.service.records import Records
from lipwright.service.scene_orders import SceneOrder
from lipwright.service.settings import Settings

HONEST = 0.2
WILLING = Permission(statement="yes", clip_url=None, given_by="me", recorded_at="2026-01-01")


@dataclass
class Clock:
    """Time that passes when it is told to."""

    now_s: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Machine:
    """Does jobs, with every step so many times as slow as on the machine of the figures."""

    records: Records
    account_id: str
    clock: Clock
    slow: dict[Step, float]
    every_s: float = 0.7
    """As often as progress is written."""

    @property
    def pace(self) -> Pace:
        return self.records.pace

    def told(self, order: Order, goal: Goal = Goal.VIDEO, length: float = 1.0) -> list[float]:
        """Progress, again and again until the end; the video is `length` times as estimated."""
        job = self._new(order, goal)
        self.pace.begin(job)
        told: list[float] = []
        for effort in efforts(job):
            if effort.step is Step.DRAW:
                self.records.spoken(job, (), length * float(order.estimated_s))
            job = self._found(job)
            real = next(each for each in efforts(job) if each.step is effort.step)
            took_s = self.slow[effort.step] * real.whole_s
            first_s = self.slow[effort.step] * real.first_s
            told += self._done(job, effort.step, took_s, first_s)
            self.pace.end_step(job, effort.step)
        self.records.succeed(job, 0, {}, None)
        return told

    def _done(self, job: Job, step: Step, took_s: float, first_s: float) -> Iterator[float]:
        began_s = self.clock.now_s
        while (passed_s := self.clock.now_s - began_s) < took_s:
            share = max(0.0, (passed_s - first_s) / (took_s - first_s))
            done = Done(0, round(1000 * share), 1000) if step is Step.DRAW else None
            self.pace.advance(job, step, done)
            yield self._found(job).progress
            self.clock.now_s += self.every_s

    def _new(self, order: Order, goal: Goal) -> Job:
        now = datetime.now(UTC)
        job = Job(
            id=str(uuid.uuid4()), account_id=self.account_id, kind=Kind.VIDEO, goal=goal,
            state=State.QUEUED, order=order, echo={}, drafted=goal is Goal.PREVIEW,
            credits_held=0, created_at=now, updated_at=now,
        )  # fmt: skip
        self.records.insert(job)
        self.records.start(job)
        return self._found(job)

    def _found(self, job: Job) -> Job:
        found = self.records.job(job.id)
        assert found is not None
        return found


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    settings = Settings(data_dir=tmp_path)
    headers_of(settings, "me")
    engine = open_database(settings)
    with engine.connect() as connection:
        account_id = str(connection.scalar(sa.select(accounts.c.id)))
    clock = Clock()
    yield Machine(Records(engine, clock), account_id, clock, dict.fromkeys(Step, 1.0))
    engine.dispose()


def a_video(seconds: int = 15) -> VideoOrder:
    scene = SceneOrder(avatar_id="ada", script="x" * 14 * seconds)
    return VideoOrder(scenes=(scene,), aspect=Aspect.LANDSCAPE)


def misjudged(told: list[float], after: float = 0.1) -> float:
    """The largest error of the whole time, told from the progress after a share of it."""
    count = len(told)
    errors = [
        abs(place / progress / count - 1)
        for place, progress in enumerate(told)
        if place >= after * count
    ]
    return max(errors)


def assert_orderly(told: list[float]) -> None:
    assert told == sorted(told)
    assert told[-1] <= NEARLY


@pytest.mark.parametrize("slow", [0.5, 4.0])
@pytest.mark.parametrize("goal", Goal)
def test_after_a_job_it_is_honest_however_fast_the_machine_is(
    machine: Machine, goal: Goal, slow: float
) -> None:
    machine.slow = dict.fromkeys(Step, slow)
    machine.every_s = 0.6 * slow
    assert_orderly(machine.told(a_video(20), goal))
    told = machine.told(a_video(15), goal)
    assert_orderly(told)
    assert misjudged(told) < HONEST


@pytest.mark.parametrize("seconds", [8, 60])
def test_what_is_slow_here_is_learned_from_one_job(machine: Machine, seconds: int) -> None:
    machine.slow = {Step.MAKE: 1, Step.SPEAK: 3, Step.DRAW: 1.2, Step.JOIN: 0.5}
    machine.told(a_video(12))
    told = machine.told(a_video(seconds))
    assert_orderly(told)
    assert misjudged(told) < HONEST


def test_a_slower_day_is_noticed_in_the_run_itself(machine: Machine) -> None:
    machine.told(a_video(20))
    machine.slow = {Step.MAKE: 2, Step.SPEAK: 1.2, Step.DRAW: 2, Step.JOIN: 2}
    told = machine.told(a_video(40))
    assert_orderly(told)
    assert misjudged(told, after=0.4) < HONEST


def test_a_voice_that_talks_slowly_makes_a_longer_video(machine: Machine) -> None:
    machine.told(a_video(20))
    told = machine.told(a_video(40), length=1.3)
    assert_orderly(told)
    assert misjudged(told) < HONEST


def test_what_was_never_done_here_is_as_slow_as_everything_else(machine: Machine) -> None:
    machine.slow = dict.fromkeys(Step, 3.0)
    machine.told(a_video(12), Goal.PREVIEW)
    told = machine.told(a_video(20))
    assert_orderly(told)
    assert misjudged(told) < HONEST


def test_one_disturbed_job_teaches_nothing_where_others_went_well(machine: Machine) -> None:
    for slow in (1.0, 1.0, 3.0):
        machine.slow = dict.fromkeys(Step, slow)
        machine.told(a_video(20))
    with machine.records.engine.connect() as connection:
        lately = [row.lately for row in connection.execute(sa.select(tempos))]
    assert [usual(each) for each in lately] == pytest.approx([1, 1, 1], rel=0.2)


def test_a_machine_that_became_slower_is_known_after_four_jobs() -> None:
    assert usual([1, 3, 3, 3]) == usual([1, 3, 3, 3, 3]) == 3
    assert usual([3, 3, 1]) == usual([3, 1]) == usual([1]) == 1


def test_what_is_learned_beside_other_runs_is_kept_apart(machine: Machine) -> None:
    machine.told(a_video(20))
    other = machine._new(a_video(), Goal.VIDEO)
    machine.pace.begin(other)
    machine.pace.advance(other, Step.SPEAK)
    machine.slow = dict.fromkeys(Step, 2.0)
    machine.told(a_video(20))
    told = machine.told(a_video(20))  # it is slow again, and that is known
    assert misjudged(told) < HONEST
    machine.pace.end_step(other, Step.SPEAK)
    machine.slow = dict.fromkeys(Step, 1.0)
    assert misjudged(machine.told(a_video(20))) < HONEST


def test_progress_goes_on_between_two_words_of_a_worker_but_not_for_ever(machine: Machine) -> None:
    job = machine._new(a_video(20), Goal.VIDEO)
    machine.pace.begin(job)
    machine.clock.now_s += 2
    machine.pace.advance(job, Step.SPEAK)
    told = []
    for _ in range(100):
        told.append(machine._found(job).progress)
        machine.clock.now_s += 0.2
    assert_orderly(told)
    assert len(set(told)) > 10
    assert told[0] < told[5] < told[50] == told[-1] < 0.6


def test_a_part_that_waits_says_nothing_of_how_fast_the_others_are(machine: Machine) -> None:
    job = machine._new(a_video(20), Goal.VIDEO)
    machine.pace.begin(job)
    machine.pace.advance(job, Step.SPEAK)
    machine.clock.now_s += 9
    machine.pace.end_step(job, Step.SPEAK)
    machine.pace.advance(job, Step.DRAW, Done(1, 0, 600))
    machine.clock.now_s += 3
    machine.pace.advance(job, Step.DRAW, Done(0, 150, 600))
    before = machine._found(job).progress
    machine.pace.advance(job, Step.DRAW, Done(1, 0, 600, age_s=3))
    assert machine._found(job).progress == pytest.approx(before, abs=0.01)


def test_a_forecast_that_gets_worse_takes_nothing_back(machine: Machine) -> None:
    job = machine._new(a_video(20), Goal.VIDEO)
    machine.pace.begin(job)
    machine.pace.advance(job, Step.SPEAK)
    machine.clock.now_s += 6
    machine.pace.advance(job, Step.SPEAK)
    before = machine._found(job).progress
    machine.clock.now_s += 0.4
    told = machine._found(job).progress
    machine.pace.advance(job, Step.SPEAK, Done(0, 100, 1000))
    after = machine._found(job).progress
    assert before < told <= after < told + 0.01


def test_a_clock_that_is_set_back_leaves_progress_where_it_was(machine: Machine) -> None:
    told = machine.told(a_video(20))
    machine.clock.now_s -= 5_000
    assert_orderly(machine.told(a_video(20)))
    assert_orderly(told)


def test_the_end_of_a_run_leaves_nothing_of_it(machine: Machine) -> None:
    machine.told(a_video(5))
    with machine.records.engine.connect() as connection:
        for table in ("parts", "steps"):
            assert not list(connection.execute(sa.text(f"SELECT * FROM {table}")))


def test_a_promoted_preview_has_no_speech_to_wait_for(machine: Machine) -> None:
    job = machine._new(a_video(), Goal.PREVIEW)
    assert [each.step for each in efforts(job)] == [Step.SPEAK, Step.DRAW, Step.JOIN]
    video = replace(job, goal=Goal.VIDEO, duration_s=14.0)
    assert [each.step for each in efforts(video)] == [Step.DRAW, Step.JOIN]


def test_a_clip_is_looked_at_drawn_on_and_joined(machine: Machine) -> None:
    order = RevoiceOrder(footage_url="http://h/c.mp4", script="Hello.", permission=WILLING)
    found = efforts(machine._new(order, Goal.VIDEO))
    assert [each.step for each in found] == [Step.SPEAK, Step.DRAW, Step.JOIN]
    assert all(each.whole_s > 0 for each in found)


def test_portraits_come_before_the_speech(machine: Machine) -> None:
    scene = SceneOrder(portrait_url="http://h/p.jpg", recording_url="http://h/r.mp3")
    job = machine._new(VideoOrder(scenes=(scene,), aspect=None, permission=WILLING), Goal.VIDEO)
    found = efforts(job)
    assert [each.step for each in found] == list(Step)
    assert found[1].name == "speak recording"
    assert all(each.whole_s > 0 for each in found)


@pytest.mark.parametrize(
    "order",
    [
        SpeechOrder(script="Hello there, how are you today?"),
        AvatarOrder(name="Me", gender="nb", source_url="http://h/p.jpg", permission=WILLING),
    ],
)
def test_whatever_is_made_in_one_step_is_told_by_the_clock(machine: Machine, order: Order) -> None:
    told = machine.told(order)
    assert_orderly(told)
    assert misjudged(told) < HONEST
