"""How far runs are, and how fast steps went here lately: written down as they go on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lipwright.service.database import jobs, paces, parts, steps
from lipwright.service.forecast import Effort, Passed, Step, efforts, progress
from lipwright.service.jobs import Job, State

_RUN: Final = "run"
_FADING: Final = 0.5
"""What is left of older steps with each new one: the last three or four count."""
_FACTOR_MAX: Final = 50.0
"""More is a worker that died or a machine that slept, not a pace."""


@dataclass(frozen=True, slots=True)
class Done:
    """How much of a step's part is done, and how much the whole step has to do."""

    part: int
    done: int
    total: int


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

    def advance(self, job: Job, step: Step, done: Done | None = None) -> None:
        """Keep how far a step is, and the job's progress from all of them; it never goes back.

        Args:
            job: As it was when the step began.
            step: It goes on; this may be the first that is heard of it.
            done: None where it is only known that it goes on.
        """
        with self.engine.begin() as connection:
            self._began(connection, job, step)
            share = self._share(connection, job, done) if done else None
            times = self._times(connection, job)
            passed = _passed(efforts(job), step, times, self.clock())
            value = round(progress(efforts(job), self._factors(connection, job), passed, share), 3)
            change = jobs.update().where(jobs.c.id == job.id, jobs.c.goal == job.goal)
            running = change.where(jobs.c.state == State.RUNNING, jobs.c.progress < value)
            connection.execute(running.values(progress=value, updated_at=datetime.now(UTC)))

    def _insert(self, table: sa.Table) -> Any:  # noqa: ANN401 - of either dialect
        return (sqlite if self.engine.dialect.name == "sqlite" else postgresql).insert(table)

    def _began(self, connection: sa.Connection, job: Job, step: str) -> None:
        row = self._insert(steps).values(run_id=job.run_id, step=step, began_s=self.clock())
        connection.execute(row.on_conflict_do_nothing())

    def _share(self, connection: sa.Connection, job: Job, done: Done) -> float:
        row = self._insert(parts).values(run_id=job.run_id, part=done.part, frames_done=done.done)
        upsert = row.on_conflict_do_update(
            index_elements=["run_id", "part"], set_={"frames_done": done.done}
        )
        connection.execute(upsert)
        whole = sa.select(sa.func.sum(parts.c.frames_done)).where(parts.c.run_id == job.run_id)
        return min(1.0, int(connection.scalar(whole) or 0) / max(1, done.total))

    def _times(self, connection: sa.Connection, job: Job) -> dict[str, tuple[float, float | None]]:
        rows = connection.execute(sa.select(steps).where(steps.c.run_id == job.run_id))
        return {row.step: (row.began_s, row.ended_s) for row in rows}

    def _factors(self, connection: sa.Connection, job: Job) -> dict[str, float]:
        """Of each step; what was never done here is as slow as everything else."""
        names = [effort.name for effort in efforts(job)]
        took_s, expected_s = sa.func.sum(paces.c.took_s), sa.func.sum(paces.c.expected_s)
        usual = connection.scalar(sa.select(took_s / expected_s)) or 1.0
        rows = connection.execute(sa.select(paces).where(paces.c.name.in_(names)))
        return dict.fromkeys(names, usual) | {r.name: r.took_s / r.expected_s for r in rows}

    def _learn(self, connection: sa.Connection, job: Job, step: Step) -> None:
        effort = next((each for each in efforts(job) if each.step is step), None)
        began_s, ended_s = self._times(connection, job)[step]
        if effort is None or ended_s is None or not effort.whole_s:
            return
        took_s = min(max(ended_s - began_s, 1e-3), _FACTOR_MAX * effort.whole_s)
        row = self._insert(paces).values(name=effort.name, took_s=took_s, expected_s=effort.whole_s)
        upsert = row.on_conflict_do_update(
            index_elements=["name"],
            set_={
                "took_s": _FADING * paces.c.took_s + took_s,
                "expected_s": _FADING * paces.c.expected_s + effort.whole_s,
            },
        )
        connection.execute(upsert)


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
