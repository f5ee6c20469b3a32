"""What a job goes through when something that it needs is away for a while: real parts."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
from machines import Bucket, Postgres, bucket, postgres
from service_world import (
    WholeService,
    a_body,
    add_card_avatars,
    receiver,
    wait_for,
    whole_service,
)

pytestmark = pytest.mark.slow

LONG = "word " * 40


@pytest.fixture(scope="module")
def parts() -> Iterator[tuple[Postgres, Bucket]]:
    # not below pytest's own folder, which it closes to other users whenever it starts
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        with postgres(Path(name) / "postgres") as database, bucket() as files:
            yield database, files


@pytest.fixture(scope="module")
def service(
    parts: tuple[Postgres, Bucket], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WholeService]:
    """API and worker, with Postgres and a bucket."""
    folder = tmp_path_factory.mktemp("outages")
    add_card_avatars(folder)
    chosen = {"database_url": parts[0].database(), "storage_url": "s3://lipwright/outages"}
    with whole_service(
        folder, **chosen, webhook_retries_s=[1] * 60, webhook_timeout_s=8
    ) as service:
        yield service


def test_a_job_waits_for_its_storage(service: WholeService, parts: tuple[Postgres, Bucket]) -> None:
    line = parts[1].line
    with receiver() as here:
        body = a_body(text=LONG, webhook_url=here.url)
        job_id = service.client.post("/api/lipsyncs/", json=body).json()["id"]
        wait_for(lambda: service.job(job_id)["progress"] > 0.1)
        line.cut()
        wait_for(lambda: '"what": "storage"' in service.log())
        assert service.job(job_id)["status"] == "running"
        assert service.client.get("/readyz").json()["storage"] == "does not answer"
        upload = service.client.post(
            "/api/uploads/", content=b"x" * 99, headers={"content-type": "audio/wav"}
        )
        assert (upload.status_code, upload.headers.get("retry-after")) == (503, "10"), upload.text
        line.mend()
        done = service.ended(job_id)
        assert done["status"] == "done", done["failed_reason"]
        assert httpx.get(done["output"], follow_redirects=True).is_success
        wait_for(lambda: here.received)
        assert json.loads(here.received[0].body)["status"] == "done"


def test_a_job_waits_for_its_database(
    service: WholeService, parts: tuple[Postgres, Bucket]
) -> None:
    database = parts[0]
    with receiver() as here:
        body = a_body(text=LONG, webhook_url=here.url)
        job_id = service.client.post("/api/lipsyncs/", json=body).json()["id"]
        wait_for(lambda: service.job(job_id)["progress"] > 0.1)
        database.kill()
        for method, path in (("GET", f"/api/lipsyncs/{job_id}/"), ("POST", "/api/lipsyncs/")):
            answer = service.client.request(method, path, json=body)
            assert (answer.status_code, answer.headers.get("retry-after")) == (503, "10")
            assert list(answer.json()) == ["detail"]
        wait_for(lambda: '"what": "database"' in service.log())
        database.start()
        done = service.ended(job_id)
        assert done["status"] == "done", done["failed_reason"]
        wait_for(lambda: here.received)
        assert json.loads(here.received[0].body)["status"] == "done"


@contextmanager
def silent_receiver(*, drip: bool) -> Iterator[str]:
    """Takes connections and says nothing, or a byte now and then, for as long as it is asked."""
    listening = socket.create_server(("127.0.0.1", 0))
    taken: list[socket.socket] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                taken.append(listening.accept()[0])

    def dribble() -> None:
        while not stop.wait(0.2):
            for connection in list(taken):
                with suppress(OSError):
                    connection.sendall(b"H")

    stop = threading.Event()
    threads = [threading.Thread(target=serve), *([threading.Thread(target=dribble)] * drip)]
    for thread in threads:
        thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        stop.set()
        listening.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()
        for end in (listening, *taken):
            end.close()


def test_a_receiver_that_says_nothing_keeps_nobody_else_waiting(service: WholeService) -> None:
    with silent_receiver(drip=False) as hung, silent_receiver(drip=True) as dripping:

        def created(url: str) -> str:
            body = a_body(text="[invalid]", webhook_url=url)
            return str(service.client.post("/api/lipsyncs/", json=body).json()["id"])

        slow = [created(url) for url in (hung, dripping) * 4]
        for job_id in slow:
            assert service.ended(job_id)["status"] == "failed"  # and not when its webhook is gone
        with receiver() as here:
            created(here.url)
            wait_for(lambda: here.received)
            # it came while the others were still being waited for
            assert all(not tries(service, job_id) for job_id in slow[-2:])
        for job_id in slow:
            tried = wait_for(partial(tries, service, job_id))
            assert tried[0]["outcome"] == "No answer within 8 s."


def tries(service: WholeService, job_id: str) -> list[dict[str, Any]]:
    """Tries of a task's webhook that are over."""
    (webhook,) = service.client.get("/api/webhooks/", params={"task": job_id}).json()
    found = service.client.get(f"/api/webhooks/{webhook['id']}/").json()["deliveries"]
    return list(found)
