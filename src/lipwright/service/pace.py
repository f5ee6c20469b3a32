"""How far runs are, and how fast steps went here lately: written down as they go on."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lipwright.service.database import jobs, parts, steps, tempos
from lipwright.service.forecast import Effort, Forecast, Passed, Share, Step, efforts, left_s
from lipwright.service.jobs import Job, State

_RUN: Final = "run"
_LATELY: Final = 5
"""Steps of a name that count."""
_FACTOR_MAX: Final = 50.0
"""More is a worker that died or a machine that slept, not a pace."""


@dataclass(frozen=True, slots=True)
class Done:
    """How much of a step's part is done, and how much the whole step has to do."""

    part: int
    done: int
    total: int
    age_s: float = 0.0
    """How long ago that was so."""


@dataclass(slots=True)
class Tally:
    """What a render process says it has done of a step's part."""

    total: int = 1000
    """What the whole step has to do."""
    part: int = 0
    clock: Callable[[], float] = time.monotonic
    _done: int | None = None
    _since_s: float = field(default=0.0, init=False)

    def advance(self, done: int) -> None:
        """So much is done now."""
        if done != self._done:
            self._done, self._since_s = done, self.clock()

    @property
    def done(self) -> Done | None:
        """So much is done; None until it said anything."""
        if self._done is None:
            return None
        return Done(self.part, self._done, self.total, self.clock() - self._since_s)


@dataclass(frozen=True, slots=True)
class Pace:
    """Steps in the database, and by whose clock they are timed."""

    engine: sa.Engine
    clock: Callable[[], float] = time.time
    """Seconds of the epoch: several machines work on one run."""

    def begin(self, job: Job) -> None:
        """The run begins, unless it did before."""
        with self.engine.begin() as connection:
            self._began(connection, job, _RUN)

    def end_step(self, job: Job, step: Step) -> None:
        """A step of the run is over, unless it was before; how long it took is remembered."""
        with self.engine.begin() as connection:
            change = steps.update().where(steps.c.run_id == job.run_id, steps.c.step == step)
            if connection.execute(
                change.where(steps.c.ended_s.is_(None)).values(ended_s=self.clock())
            ).rowcount:
                self._learn(connection, job, step)
                # the next step counts its own
                connection.execute(parts.delete().where(parts.c.run_id == job.run_id))

    def advance(self, job: Job, step: Step, done: Done | None = None) -> None:
        """Keep how far a step is, and make the job's forecast anew.

        Args:
            job: As it was when the step began.
            step: It goes on; this may be the first that is heard of it.
            done: None where it is only known that it goes on.
        """
        with self.engine.begin() as connection:
            self._began(connection, job, step)
            share = self._share(connection, job, done) if done else None
            times = self._times(connection, job)
            now_s, run = self.clock(), efforts(job)
            passed = _passed(run, step, times, now_s)
            rest_s = left_s(run, self._factors(connection, job), passed, share)
            made = Forecast(now_s - passed.whole_s, passed.whole_s + rest_s, now_s)
            self._keep(connection, job, made)

    def _keep(self, connection: sa.Connection, job: Job, made: Forecast) -> None:
        mine = (jobs.c.id == job.id, jobs.c.goal == job.goal, jobs.c.state == State.RUNNING)
        row = connection.execute(sa.select(jobs).where(*mine)).one_or_none()
        if row is None:
            return
        before = _forecast(row)
        least = before.told(made.made_s) if before else float(row.progress)
        connection.execute(
            jobs.update()
            .where(*mine)
            .values(
                # a segment's worker elsewhere may have kept a later one since we looked
                progress=sa.case((jobs.c.progress > least, jobs.c.progress), else_=least),
                began_s=made.began_s,
                whole_s=made.whole_s,
                made_s=made.made_s,
                updated_at=datetime.now(UTC),
            )
        )

    def _insert(self, table: sa.Table) -> Any:  # noqa: ANN401 - of either dialect
        return (sqlite if self.engine.dialect.name == "sqlite" else postgresql).insert(table)

    def _began(self, connection: sa.Connection, job: Job, step: str) -> None:
        row = self._insert(steps).values(run_id=job.run_id, step=step, began_s=self.clock())
        if connection.execute(row.on_conflict_do_nothing()).rowcount and step != _RUN:
            others = self._others(connection, job)
            mine = (steps.c.run_id == job.run_id, steps.c.step == step)
            connection.execute(steps.update().where(*mine).values(others=others))
            going_on = steps.update().where(*_beside(job))
            connection.execute(going_on.values(others=steps.c.others + 1))

    def _others(self, connection: sa.Connection, job: Job) -> int:
        """Steps of other runs that go on."""
        count = sa.select(sa.func.count()).select_from(steps).where(*_beside(job))
        return int(connection.scalar(count) or 0)

    def _share(self, connection: sa.Connection, job: Job, done: Done) -> Share:
        row = self._insert(parts).values(run_id=job.run_id, part=done.part, frames_done=done.done)
        upsert = row.on_conflict_do_update(
            index_elements=["run_id", "part"], set_={"frames_done": done.done}
        )
        connection.execute(upsert)
        mine = sa.select(sa.func.sum(parts.c.frames_done), sa.func.count())
        whole, count = connection.execute(mine.where(parts.c.run_id == job.run_id)).one()
        share = min(1.0, int(whole) / max(1, done.total))
        return Share(share, done.age_s if count == 1 else 0.0)  # of several, one goes on

    def _times(self, connection: sa.Connection, job: Job) -> dict[str, tuple[float, float | None]]:
        rows = connection.execute(sa.select(steps).where(steps.c.run_id == job.run_id))
        return {row.step: (row.began_s, row.ended_s) for row in rows}

    def _factors(self, connection: sa.Connection, job: Job) -> dict[str, float]:
        """Of each step, as it went lately when the machines did as much beside it as now."""
        shared = bool(self._others(connection, job))
        known = {
            (row.name, row.shared): row.lately for row in connection.execute(sa.select(tempos))
        }
        found = {}
        for effort in efforts(job):
            alike = [
                [(effort.name, shared)],
                [(effort.name, not shared)],
                [key for key in known if _kind(key[0]) == _kind(effort.name)],
                list(known),
            ]
            ratios = ([one for key in keys for one in known.get(key, ())] for keys in alike)
            found[effort.name] = usual(next((each for each in ratios if each), [1.0]))
        return found

    def _learn(self, connection: sa.Connection, job: Job, step: Step) -> None:
        effort = next((each for each in efforts(job) if each.step is step), None)
        mine = (steps.c.run_id == job.run_id, steps.c.step == step)
        row = connection.execute(sa.select(steps).where(*mine)).one()
        if effort is None or not effort.whole_s:
            return
        ratio = min(max((row.ended_s - row.began_s) / effort.whole_s, 1e-3), _FACTOR_MAX)
        key = {"name": effort.name, "shared": bool(row.others)}
        known = connection.scalar(sa.select(tempos.c.lately).filter_by(**key))
        lately = [*(known or ()), ratio][-_LATELY:]
        upsert = self._insert(tempos).values(**key, lately=lately)
        connection.execute(
            upsert.on_conflict_do_update(index_elements=["name", "shared"], set_={"lately": lately})
        )


def told(row: sa.Row[Any], now_s: float) -> float:
    """The progress of a job's row, read by the clock while a step goes on."""
    forecast = _forecast(row)
    return float(row.progress) if forecast is None else forecast.progress(now_s)


def _forecast(row: sa.Row[Any]) -> Forecast | None:
    if row.state != State.RUNNING or row.whole_s is None:
        return None
    return Forecast(row.began_s, row.whole_s, row.made_s, row.progress)


def usual(ratios: Sequence[float]) -> float:
    """The lower quartile: what disturbs a step makes it slower, and never faster."""
    return sorted(ratios)[len(ratios) // 4]


def _beside(job: Job) -> tuple[sa.ColumnElement[bool], ...]:
    """Which steps go on beside a run."""
    return (steps.c.step != _RUN, steps.c.ended_s.is_(None), steps.c.run_id != job.run_id)


def _kind(name: str) -> str:
    """What a step does, whoever speaks and whatever is written."""
    return name.split(" ")[0]


def _passed(
    run: tuple[Effort, ...], step: Step, times: dict[str, tuple[float, float | None]], now_s: float
) -> Passed:
    """What is over; of a clock that was set back, and of a step nobody timed, nothing."""
    before = takewhile(lambda name: name is not step, (effort.step for effort in run))
    ended = (times.get(name, (now_s, None)) for name in before)
    begun_s = times.get(_RUN, times[step])[0]
    return Passed(
        max(0.0, now_s - begun_s),
        tuple(max(0.0, (end_s or began_s) - began_s) for began_s, end_s in ended),
        max(0.0, now_s - times[step][0]),
    )
