"""The API and studio in one process, and the workers that `lipwright serve` runs beside it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from typing import Final

import sqlalchemy as sa
import structlog
import uvicorn

from lipwright.service import logs, telemetry
from lipwright.service.app import create_app
from lipwright.service.catalogue import Catalogue
from lipwright.service.child import PARENT_VARIABLE
from lipwright.service.disk import Disk
from lipwright.service.dispatch import WorkflowDispatch
from lipwright.service.endpoints.calls import Service
from lipwright.service.health import Health
from lipwright.service.installation import open_engine_client, open_tables, open_urls
from lipwright.service.pulse import Watch
from lipwright.service.records import Records
from lipwright.service.renderer import open_renderer
from lipwright.service.settings import Settings
from lipwright.service.storage import open_store
from lipwright.service.watchers import Watchers

log = structlog.get_logger()

RESTART_PAUSE_S: Final = 2
"""Between deaths of a worker, so that a broken installation does not spin."""
STOP_S: Final = 5
"""How long a worker may take to stop after it drained, and the API to finish its answers."""


def serve(settings: Settings) -> None:
    """Run the API, the studio page and the workers until told to stop."""
    logs.set_up(settings.log_level)
    telemetry.set_up(settings)
    signal.signal(signal.SIGTERM, _leave)
    engine = open_tables(settings)
    stop = threading.Event()
    supervisors = [
        threading.Thread(target=_supervise, args=(settings, stop), name=f"supervisor-{number}")
        for number in range(settings.workers)
    ]
    for supervisor in supervisors:
        supervisor.start()
    log.info("serving", url=settings.base_url, data_dir=str(settings.data_dir))
    service = api_service(settings, engine)
    config = uvicorn.Config(
        create_app(service),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_S,
    )
    try:
        Server(config, service.watchers).run()
    finally:
        stop.set()
        for supervisor in supervisors:
            supervisor.join()


class Server(uvicorn.Server):
    """Ends what would not end by itself before it waits for answers that are under way."""

    def __init__(self, config: uvicorn.Config, watchers: Watchers) -> None:
        super().__init__(config)
        self.watchers = watchers

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        self.watchers.close()
        await super().shutdown(sockets)


def _leave(*_: object) -> None:
    raise SystemExit(0)


def api_service(settings: Settings, engine: sa.Engine) -> Service:
    """What the endpoints use, for real."""
    scratch = settings.data_dir / "scratch" / "api"
    scratch.mkdir(parents=True, exist_ok=True)
    store = open_store(settings)
    renderer = open_renderer(settings.renderer, settings.mouth_model)
    return Service(
        settings=settings,
        engine=engine,
        records=Records(engine),
        catalogue=Catalogue.of(renderer, settings.data_dir),
        store=store,
        dispatch=WorkflowDispatch(open_engine_client(settings)),
        urls=open_urls(settings, engine),
        disk=Disk(settings.data_dir, settings.disk_floor_mb if settings.keeps_here else 0),
        health=Health(engine, store, Watch(settings.silence_s, blind_s=float("inf"))),
        scratch=scratch,
    )


def _supervise(settings: Settings, stop: threading.Event) -> None:
    """Keep one worker running."""
    environ = {**os.environ, **settings.environ(), PARENT_VARIABLE: str(os.getpid())}
    while not stop.is_set():
        worker = subprocess.Popen([sys.executable, "-m", "lipwright.service.worker"], env=environ)
        while worker.poll() is None and not stop.wait(0.2):
            pass
        if not stop.is_set():
            log.warning("the worker ended", status=worker.returncode)
            stop.wait(RESTART_PAUSE_S)
    worker.terminate()
    try:
        worker.wait(settings.drain_s + STOP_S)
    except subprocess.TimeoutExpired:
        worker.kill()
