"""A service on loopback: in this process without workers, or whole, in processes of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from lipwright.service.accounts import KeyOrder, account_named, create_key, opened
from lipwright.service.app import create_app
from lipwright.service.cards import CardRenderer
from lipwright.service.catalogue import Catalogue
from lipwright.service.database import open_database
from lipwright.service.disk import Disk
from lipwright.service.dispatch import NoDispatch
from lipwright.service.endpoints.calls import Service
from lipwright.service.health import Health
from lipwright.service.installation import open_urls
from lipwright.service.jobs import Job
from lipwright.service.orders import VideoOrder
from lipwright.service.pulse import Watch
from lipwright.service.records import Records
from lipwright.service.settings import Settings
from lipwright.service.storage import InMemoryStore

AVATAR = "11111111-1111-5111-8111-111111111111"
OTHER_AVATAR = "22222222-2222-5222-8222-222222222222"
VOICE = "6f6c2b4e-3c62-5b7e-9d61-0d4a0f3b7a02"
ENDED = ("done", "failed", "rejected")
PATIENCE_S = 240


def add_card_avatars(data_dir: Path) -> None:
    for avatar_id, name, gender in ((AVATAR, "Ann", "f"), (OTHER_AVATAR, "Bob", "m")):
        folder = data_dir / "avatars" / avatar_id
        folder.mkdir(parents=True)
        card = {"id": avatar_id, "name": name, "gender": gender, "default_voice": "low"}
        (folder / "avatar.json").write_text(json.dumps({**card, "licence": "test"}))


def a_body(**fields: Any) -> dict[str, Any]:
    return {"text": "Hello there.", "creator": AVATAR, "aspect_ratio": "16x9", **fields}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def headers_of(settings: Settings, name: str, /, **fields: Any) -> dict[str, str]:
    """Credentials of the account called `name`; the key is as `KeyOrder` says."""
    with opened(settings) as engine:
        with engine.begin() as connection:
            account_id = account_named(connection, name, settings.credits)
        made = create_key(engine, account_id, KeyOrder(**fields))
    return {"X-API-ID": made.api_id, "X-API-KEY": made.api_key}


@dataclass(frozen=True)
class Api:
    """The HTTP half, with jobs that nobody works on."""

    settings: Settings
    service: Service
    client: httpx.Client
    plain: httpx.Client
    """Without credentials; making a client anew reads every certificate authority."""

    def job(self, answer: httpx.Response) -> Job:
        found = self.service.records.job(answer.json()["id"])
        assert found is not None
        return found

    def order(self, answer: httpx.Response) -> VideoOrder:
        order = self.job(answer).order
        assert isinstance(order, VideoOrder)
        return order

    def finish(
        self, answer: httpx.Response, credits_: int = 5, report: dict[str, Any] | None = None
    ) -> None:
        """Do as if a worker had reached the job's goal."""
        job = self.job(answer)
        self.service.records.start(job)
        self.service.records.spoken(job, [], 12.0)
        price = 0 if job.goal == "preview" else credits_
        assert self.service.records.succeed(job, price, report or {}, "{}")

    def fail(self, answer: httpx.Response, reason: str) -> None:
        assert self.service.records.fail(self.job(answer), reason, "{}")

    def as_account(self, name: str) -> httpx.Client:
        return httpx.Client(
            base_url=self.settings.base_url, headers=headers_of(self.settings, name), timeout=30
        )


@contextmanager
def http_api(data_dir: Path, **chosen: Any) -> Iterator[Api]:
    settings = Settings.model_validate(
        {"data_dir": data_dir, "port": free_port(), "rate_per_minute": 0, **chosen}
    )
    add_card_avatars(data_dir)
    engine = open_database(settings)
    store = InMemoryStore()
    service = Service(
        settings=settings,
        engine=engine,
        records=Records(engine),
        catalogue=Catalogue.of(CardRenderer(), data_dir),
        store=store,
        dispatch=NoDispatch(),
        urls=open_urls(settings, engine),
        disk=Disk(data_dir, chosen.get("disk_floor_mb", 0)),
        health=Health(engine, store, Watch(settings.silence_s)),
        scratch=data_dir,
    )
    config = uvicorn.Config(create_app(service), port=settings.port, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_for(lambda: server.started)
        headers = headers_of(settings, "me")
        with (
            httpx.Client(timeout=30) as plain,
            httpx.Client(base_url=settings.base_url, headers=headers, timeout=30) as client,
        ):
            yield Api(settings, service, client, plain)
    finally:
        server.should_exit = True
        thread.join()
        engine.dispose()


def wait_for(happened: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """The first true answer of `happened`."""
    deadline = time.monotonic() + patience_s
    while not (found := happened()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
    return found


def writers_below(folder: Path) -> list[int]:
    """Processes that have a video below `folder` open: the encoders."""
    found = []
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            target = link.readlink()
        except OSError:
            continue
        if folder in target.parents and target.suffix in (".mp4", ".webm", ".partial"):
            found.append(int(link.parts[2]))
    return found


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A web server on loopback that keeps what it is sent and answers what it is told."""

    url: str
    received: list[Received] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    """What to answer, in order; afterwards 204."""


@contextmanager
def receiver(*answers: tuple[int, dict[str, str], bytes]) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            here.received.append(Received(self.path, headers, body))
            status, sent, content = here.answers.pop(0) if here.answers else (204, {}, b"")
            self.send_response(status)
            for name, value in sent.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_POST

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here = Receiver(f"http://127.0.0.1:{server.server_port}", answers=list(answers))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class WholeService:
    """`lipwright serve` in a process group of its own."""

    settings: Settings
    client: httpx.Client
    group: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        code = (
            "from lipwright.service.child import die_with\n"
            "from lipwright.service.serve import serve\n"
            "from lipwright.service.settings import Settings\n"
            f"die_with({os.getpid()})\n"
            "serve(Settings())"
        )
        with (self.settings.data_dir / "log").open("ab") as log:
            self.group = subprocess.Popen(
                [sys.executable, "-c", code],
                env={**os.environ, **self.settings.environ()},
                start_new_session=True,
                stderr=log,
            )
        wait_for(self._is_up)

    def _is_up(self) -> bool:
        assert self.group is not None
        assert self.group.poll() is None, self.log()
        try:
            # not `httpx.get`: that reads the certificates every time
            return self.client.get("/healthz").is_success
        except httpx.TransportError:
            return False

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        if self.group is not None:
            with suppress(ProcessLookupError):  # it ended by itself
                os.killpg(self.group.pid, number)
            self.group.wait(timeout=30)
            self.group = None

    def log(self) -> str:
        return (self.settings.data_dir / "log").read_text()

    def job(self, job_id: str) -> dict[str, Any]:
        answer = self.client.get(f"/api/lipsyncs/{job_id}/")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def ended(self, job_id: str) -> dict[str, Any]:
        wait_for(lambda: self.job(job_id)["status"] in ENDED)
        return self.job(job_id)


@contextmanager
def whole_service(data_dir: Path, **chosen: Any) -> Iterator[WholeService]:
    usual = {"renderer": "card", "trusted_hosts": ["127.0.0.1"], "beat_s": 1, "disk_floor_mb": 1}
    settings = Settings.model_validate(
        {"data_dir": data_dir, "port": free_port(), **usual, **chosen}
    )
    headers = headers_of(settings, "me")
    with httpx.Client(base_url=settings.base_url, headers=headers, timeout=60) as client:
        service = WholeService(settings, client)
        try:
            service.start()
            yield service
        finally:
            service.kill()
