"""A worker's heartbeat, in a thread of its own: nothing that waits for a storage may stop it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa
import structlog

from lipwright.service.database import beats
from lipwright.service.dispatch import VERSION

log = structlog.get_logger()

BLIND_SHARE: Final = 0.5
"""Whoever did not look for half a silence, because the database was away, starts to watch anew:
the others could not beat either."""


@dataclass(slots=True)
class Watch:
    """Who was silent for how long, on the watcher's own clock: machines' clocks need not agree."""

    silence_s: float
    blind_s: float | None = None
    """Longest time between two looks; half of the silence by default."""
    _seen: dict[str, tuple[int | None, float]] = field(default_factory=dict)
    _looked_s: float = float("-inf")

    def dead(self, workers: Set[str], counts: Mapping[str, int], now_s: float) -> list[str]:
        """Those of `workers` whose count has not moved for `silence_s`."""
        blind_s = BLIND_SHARE * self.silence_s if self.blind_s is None else self.blind_s
        if now_s - self._looked_s > blind_s:
            self._seen.clear()
        self._looked_s = now_s
        for worker in self._seen.keys() - workers:
            del self._seen[worker]
        return [worker for worker in sorted(workers) if self._is_silent(worker, counts, now_s)]

    def _is_silent(self, worker: str, counts: Mapping[str, int], now_s: float) -> bool:
        count, since_s = self._seen.get(worker, (None, now_s))
        if worker not in self._seen or count != counts.get(worker):
            self._seen[worker] = (counts.get(worker), now_s)
            return False
        return now_s - since_s > self.silence_s


@dataclass(slots=True)
class Pulse:
    """Beats every `every_s`, and listens to the others."""

    engine: sa.Engine
    """Not a patient one: a beat that comes late is worth nothing."""
    worker: str
    every_s: float
    watch: Watch
    take_over: Callable[[list[str]], None]
    """Called with the dead, again and again until they are forgotten."""
    last_s: float = field(default_factory=time.monotonic)

    def run(self, stop: threading.Event) -> None:
        """Beat and listen; what fails is logged, and the next time comes."""
        while not stop.is_set():
            try:
                self.beat()
                self.listen()
            except Exception:
                log.warning("no heartbeat", worker=self.worker, exc_info=True)
            stop.wait(self.every_s)

    def listen(self) -> None:
        """Take over from whoever is silent."""
        counts = {worker: beat.count for worker, beat in heard(self.engine).items()}
        dead = self.watch.dead(counts.keys() - {self.worker}, counts, time.monotonic())
        if dead:
            self.take_over(dead)
            forget(self.engine, dead)

    def beat(self) -> None:
        """Once."""
        mine = beats.c.worker == self.worker
        change = beats.update().where(mine).values(count=beats.c.count + 1, version=VERSION)
        with self.engine.begin() as connection:
            if not connection.execute(change).rowcount:
                row = beats.insert().values(worker=self.worker, count=1, version=VERSION)
                connection.execute(row)
        self.last_s = time.monotonic()

    def end(self) -> None:
        """Say goodbye, so that nobody waits for this worker."""
        with self.engine.begin() as connection:
            connection.execute(beats.delete().where(beats.c.worker == self.worker))


@dataclass(frozen=True, slots=True)
class Beat:
    """What a worker said last."""

    count: int
    version: str


def heard(engine: sa.Engine) -> dict[str, Beat]:
    """The last beat of every worker that did not say goodbye."""
    query = sa.select(beats.c.worker, beats.c.count, beats.c.version)
    with engine.connect() as connection:
        return {worker: Beat(*said) for worker, *said in connection.execute(query)}


def forget(engine: sa.Engine, workers: list[str]) -> None:
    """Drop the beats of the dead, whose work is done or taken over."""
    with engine.begin() as connection:
        connection.execute(beats.delete().where(beats.c.worker.in_(workers)))
