"""The processes: API and studio in one, the worker in another, both in one process group."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa
import structlog
import uvicorn
from dbos import DBOS, DBOSClient, DBOSConfig

from lipwright.errors import RenderFailed
from lipwright.service import logs
from lipwright.service.app import create_app
from lipwright.service.catalogue import Catalogue
from lipwright.service.child import die_with
from lipwright.service.crew import Crew
from lipwright.service.database import open_database
from lipwright.service.dispatch import (
    APPLICATION,
    HEAVY,
    MESSAGES,
    PARENTS,
    PICTURES,
    VERSION,
    WorkflowDispatch,
)
from lipwright.service.endpoints.calls import Service
from lipwright.service.engine import Engine
from lipwright.service.fetch import Fetcher
from lipwright.service.installation import open_urls
from lipwright.service.keeper import Keeper, Watch
from lipwright.service.records import Records
from lipwright.service.renderer import open_renderer
from lipwright.service.settings import Settings
from lipwright.service.storage import open_store
from lipwright.service.workshop import Workshop

log = structlog.get_logger()

PARENT_VARIABLE: Final = "LIPWRIGHT_PARENT_PID"
PARENTS_LIMIT: Final = 64
"""Jobs under way at once in one worker; waiting costs nearly nothing."""
MESSAGES_LIMIT: Final = 16
RESTART_PAUSE_S: Final = 2
"""Between deaths of the worker, so that a broken installation does not spin."""
STOP_S: Final = 10
"""How long a worker may take to stop before it is killed."""
SLOTS_LIMIT: Final = 1000


def serve(settings: Settings) -> None:
    """Run the API, the studio page and one worker until told to stop."""
    logs.set_up(settings.log_level)
    signal.signal(signal.SIGTERM, _leave)
    engine = _open(settings)
    stop = threading.Event()
    supervisor = threading.Thread(target=_supervise, args=(settings, stop), name="supervisor")
    supervisor.start()
    log.info("serving", url=settings.base_url, data_dir=str(settings.data_dir))
    try:
        uvicorn.run(
            create_app(api_service(settings, engine)),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
        )
    finally:
        stop.set()
        supervisor.join()


def _leave(*_: object) -> None:
    raise SystemExit(0)


def _open(settings: Settings) -> sa.Engine:
    engine = open_database(settings)
    if settings.workflows_url.startswith("sqlite:///"):
        # kept in the file: whoever polls for work does not wait behind whoever writes
        with sqlite3.connect(settings.workflows_url.removeprefix("sqlite:///")) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        connection.close()
    DBOS.migrate(settings.workflows_url)
    return engine


def api_service(settings: Settings, engine: sa.Engine) -> Service:
    """What the endpoints use, for real."""
    scratch = settings.data_dir / "scratch" / "api"
    scratch.mkdir(parents=True, exist_ok=True)
    return Service(
        settings=settings,
        engine=engine,
        records=Records(engine),
        catalogue=_catalogue(settings),
        store=open_store(settings),
        dispatch=WorkflowDispatch(_client(settings)),
        urls=open_urls(settings, engine),
        scratch=scratch,
    )


def _catalogue(settings: Settings) -> Catalogue:
    return Catalogue(open_renderer(settings.renderer), settings.data_dir / "avatars")


def _client(settings: Settings) -> DBOSClient:
    return DBOSClient(
        system_database_url=settings.workflows_url, application_name=APPLICATION, lazy=True
    )


def _supervise(settings: Settings, stop: threading.Event) -> None:
    """Keep one worker running."""
    environ = {**os.environ, **settings.environ(), PARENT_VARIABLE: str(os.getpid())}
    while not stop.is_set():
        worker = subprocess.Popen([sys.executable, "-m", "lipwright.service.serve"], env=environ)
        while worker.poll() is None and not stop.wait(0.2):
            pass
        if not stop.is_set():
            log.warning("the worker ended", status=worker.returncode)
            stop.wait(RESTART_PAUSE_S)
    worker.terminate()
    try:
        worker.wait(STOP_S)
    except subprocess.TimeoutExpired:
        worker.kill()


def work(settings: Settings) -> None:
    """Run one worker until told to stop."""
    logs.set_up(settings.log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    engine = _open(settings)
    with _slot(settings.data_dir / "workers") as worker:
        keeper = _launched(settings, engine, worker)
        watch = threading.Thread(target=keeper.run, args=(stop,), name="keeper", daemon=True)
        watch.start()
        log.info("worker ready", worker=worker)
        stop.wait()
        # to stop is to die: what finishes jobs after a kill -9 finishes them after this
        os._exit(0)


def _launched(settings: Settings, engine: sa.Engine, worker: str) -> Keeper:
    workshop = _workshop(settings, engine, worker)
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": settings.workflows_url,
        "executor_id": worker,
        "application_version": VERSION,
        "log_level": "ERROR",
    }
    DBOS(config=config)
    logs.adopt("dbos")
    Engine(workshop)
    DBOS.listen_queues([PARENTS, HEAVY, MESSAGES, PICTURES])
    DBOS.launch()
    for queue, limit in (
        (PARENTS, PARENTS_LIMIT),
        (HEAVY, settings.concurrency),
        (MESSAGES, MESSAGES_LIMIT),
        (PICTURES, 1),
    ):
        DBOS.register_queue(queue, worker_concurrency=limit, polling_interval_sec=settings.poll_s)
    client = _client(settings)
    watch = Watch(settings.silence_s)
    return Keeper(worker, workshop, WorkflowDispatch(client), client, watch)


def _workshop(settings: Settings, engine: sa.Engine, worker: str) -> Workshop:
    scratch = settings.data_dir / "scratch" / worker
    shutil.rmtree(scratch, ignore_errors=True)  # what a dead worker of this name left
    scratch.mkdir(parents=True)
    trusted = settings.trusted_hosts
    return Workshop(
        settings=settings,
        records=Records(engine),
        store=open_store(settings),
        urls=open_urls(settings, engine),
        catalogue=_catalogue(settings),
        files=Fetcher(trusted, settings.fetch_limit, settings.fetch_timeout_s),
        receivers=Fetcher(trusted, timeout_s=settings.webhook_timeout_s),
        scratch=scratch,
        crew=Crew(settings.renderer, settings.concurrency, settings.step_timeout_s),
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
