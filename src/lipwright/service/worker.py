"""A worker: the engine, its heartbeat and its keeper, in one process."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSConfig, error

from lipwright.errors import RenderFailed
from lipwright.service import logs, telemetry
from lipwright.service.catalogue import Catalogue
from lipwright.service.child import PARENT_VARIABLE, die_with
from lipwright.service.cleaning import Cleaner
from lipwright.service.crew import Crew
from lipwright.service.database import connect
from lipwright.service.disk import Disk
from lipwright.service.dispatch import (
    APPLICATION,
    MESSAGES,
    PARENTS,
    PICTURES,
    PREVIEW,
    RENDER,
    VERSION,
    WorkflowDispatch,
)
from lipwright.service.engine import Engine
from lipwright.service.fetch import Fetcher
from lipwright.service.handover import Strays, hand_over, take_over
from lipwright.service.installation import open_engine_client, open_tables, open_urls
from lipwright.service.intake import Intake, engine_database, govern, running_here
from lipwright.service.keeper import Keeper
from lipwright.service.patience import PatientStore, wait_for_connections
from lipwright.service.probe import serve_probe
from lipwright.service.pulse import Pulse, Watch
from lipwright.service.records import Records
from lipwright.service.renderer import open_renderer
from lipwright.service.settings import Settings
from lipwright.service.storage import open_store
from lipwright.service.trials import Trials
from lipwright.service.workshop import Workshop

log = structlog.get_logger()

PARENTS_LIMIT: Final = 64
"""Jobs under way at once in one worker; waiting costs nearly nothing."""
MESSAGES_LIMIT: Final = 256
"""Webhooks on their way at once: a slow receiver keeps its own waiting, and nobody else's."""
PATIENT_POLLS: Final = 2.5
"""How much longer than for previews a worker waits before it looks for other work."""
SLOTS_LIMIT: Final = 1000
DRAIN_POLL_S: Final = 0.1


def work(settings: Settings) -> None:
    """Run one worker until told to stop."""
    logs.set_up(settings.log_level)
    telemetry.set_up(settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    engine = open_tables(settings)
    with _slot(settings.data_dir / "workers") as name:
        worker = _launched(settings, engine, name)
        worker.start(stop)
        log.info("worker ready", worker=name, queues=settings.queues)
        stop.wait()
        worker.drain(settings.drain_s)
        # whatever still runs here is on its queue again, and may run elsewhere already
        os._exit(0)


@dataclass(frozen=True, slots=True)
class Worker:
    """The parts that run beside the engine."""

    name: str
    pulse: Pulse
    keeper: Keeper
    intake: Intake
    trials: Trials

    def start(self, stop: threading.Event) -> None:
        """Begin to beat and to look around."""
        never = threading.Event()
        for part, until in ((self.pulse.run, never), (self.keeper.run, stop)):
            threading.Thread(target=part, args=(until,), daemon=True).start()

    def drain(self, limit_s: float) -> None:
        """Take nothing more, let steps finish for a while, and hand over what is left."""
        self.intake.close()
        deadline = time.monotonic() + limit_s
        while self.intake.under_way and time.monotonic() < deadline:
            time.sleep(DRAIN_POLL_S)
        log.info("worker stops", worker=self.name, handed_over=self.intake.under_way)
        self.trials.hand_over()
        # its parents go at once, too: they wait for steps that others do
        hand_over(self.name)
        self.pulse.end()


def _launched(settings: Settings, engine: sa.Engine, name: str) -> Worker:
    pulse_engine = connect(settings.records_url)
    pulse = Pulse(pulse_engine, name, settings.beat_s, Watch(settings.silence_s), take_over)
    pulse.beat()  # before any work: whoever works and does not beat is taken for dead
    wait_for_connections(engine, settings.outage_s)
    workshop = _workshop(settings, engine, name)
    intake = _intake(settings, workshop.scratch)
    _launch(settings, name, Engine(workshop), intake)
    client = open_engine_client(settings)
    store = open_store(settings)
    cleaner = Cleaner(settings, engine, store)
    keeper = Keeper(name, workshop, WorkflowDispatch(client), client, cleaner, Strays(name))
    serve_probe(settings, engine, pulse)
    return Worker(name, pulse, keeper, intake, workshop.trials)


def _intake(settings: Settings, folder: Path) -> Intake:
    limits: dict[str, int] = {PARENTS: PARENTS_LIMIT, MESSAGES: MESSAGES_LIMIT}
    limits |= dict.fromkeys(settings.queues, settings.concurrency)
    if RENDER in settings.queues:
        limits[PICTURES] = 1
    disk = Disk(folder, settings.disk_floor_mb)
    return Intake(limits, settings.concurrency, disk, running_here)


def _launch(settings: Settings, name: str, engine: Engine, intake: Intake) -> None:
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": settings.workflows_url,
        "executor_id": name,
        "application_version": VERSION,
        "log_level": "ERROR",
        "run_migrations": False,
    }
    DBOS(config=config)
    logs.adopt("dbos")
    logs.expect("dbos", error.DBOSAwaitedWorkflowCancelledError)  # how a cancelled one ends
    DBOS.listen_queues(list(intake.limits))
    DBOS.launch()
    govern(intake)
    # the engine waits by itself, but does not know every way in which a driver says "away"
    wait_for_connections(engine_database(), settings.outage_s)
    for queue, limit in intake.limits.items():
        every_s = settings.poll_s * (1 if queue == PREVIEW else PATIENT_POLLS)
        DBOS.register_queue(queue, worker_concurrency=limit, polling_interval_sec=every_s)


def _workshop(settings: Settings, engine: sa.Engine, name: str) -> Workshop:
    # a mouth model that cannot be used is refused before there is work
    renderer = open_renderer(settings.renderer, settings.mouth_model)
    scratch = settings.data_dir / "scratch" / name
    shutil.rmtree(scratch, ignore_errors=True)  # what a dead worker of this name left
    scratch.mkdir(parents=True)
    trusted = settings.trusted_hosts
    return Workshop(
        settings=settings,
        records=Records(engine),
        store=PatientStore.around(open_store(settings), settings.outage_s),
        urls=open_urls(settings, engine),
        catalogue=Catalogue.of(renderer, settings.data_dir),
        files=Fetcher(trusted, settings.fetch_limit, settings.fetch_timeout_s),
        receivers=Fetcher(trusted, timeout_s=settings.webhook_timeout_s),
        scratch=scratch,
        crew=Crew(settings.renderer, settings.concurrency, settings.step_timeout_s),
        trials=Trials(engine, settings.deaths_limit),
    )


@contextmanager
def _slot(folder: Path) -> Iterator[str]:
    """A name that no other living worker has, and that a dead one's successor gets again.

    A worker that starts under the name of a dead one is given its work back at once.
    """
    folder.mkdir(parents=True, exist_ok=True)
    machine = _machine(folder / "machine")
    for number in range(SLOTS_LIMIT):
        with (folder / f"{number}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield f"{machine}-{number}"
            return
    raise RenderFailed(f"More than {SLOTS_LIMIT} workers share {folder}.")


def _machine(path: Path) -> str:
    try:
        with path.open("x") as file:
            file.write(uuid.uuid4().hex[:12])
    except FileExistsError:
        pass
    return path.read_text()


if __name__ == "__main__":
    if PARENT_VARIABLE in os.environ:
        die_with(int(os.environ[PARENT_VARIABLE]))
    work(Settings())
