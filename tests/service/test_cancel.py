"""Cancel, delete, watch: what happens to a task and its credits; without workers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from service_world import Api, a_body, http_api

from lipwright.service.dispatch import NoDispatch
from lipwright.service.forecast import Step
from lipwright.service.pace import Done
from lipwright.service.storage import InMemoryStore, StorageUnavailable


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with http_api(tmp_path_factory.mktemp("cancel")) as api:
        yield api


@pytest.fixture
def dispatch(api: Api) -> NoDispatch:
    assert isinstance(api.service.dispatch, NoDispatch)
    return api.service.dispatch


def credits_left(api: Api) -> int:
    return int(api.client.get("/api/remaining_credits/").json()["remaining_credits"])


def test_a_cancelled_task_costs_nothing_and_tells_its_webhook(
    api: Api, dispatch: NoDispatch
) -> None:
    before = credits_left(api)
    made = api.client.post("/api/lipsyncs/", json=a_body(webhook_url="http://h.example/"))
    path = f"/api/lipsyncs/{made.json()['id']}/cancel/"
    answer = api.client.post(path)
    assert answer.status_code == 200
    job = answer.json()
    assert (job["status"], job["failed_reason"]) == ("failed", "Cancelled.")
    assert credits_left(api) == before
    run_id = api.job(made).run_id
    assert dispatch.stopped.count(run_id) == 1
    assert (f"evt_{run_id}", 0) in dispatch.sent
    assert api.client.post(path).json()["status"] == "failed"  # twice is once
    assert credits_left(api) == before
    assert dispatch.stopped.count(run_id) == 1
    (webhook,) = api.client.get("/api/webhooks/", params={"task": job["id"]}).json()
    body = api.client.get(f"/api/webhooks/{webhook['id']}/").json()["body"]
    wanted = {"id": job["id"], "status": "failed", "failed_reason": "Cancelled.", "output": None}
    assert body == wanted


def test_what_is_at_its_end_cannot_be_cancelled(api: Api) -> None:
    made = api.client.post("/api/lipsyncs/", json=a_body())
    api.finish(made)
    answer = api.client.post(f"/api/lipsyncs/{made.json()['id']}/cancel/")
    assert answer.status_code == 409
    assert "at its end" in answer.json()["detail"]


def test_a_late_worker_cannot_finish_a_cancelled_task(api: Api) -> None:
    made = api.client.post("/api/lipsyncs/", json=a_body())
    job = api.job(made)
    api.service.records.start(job)
    api.client.post(f"/api/lipsyncs/{job.id}/cancel/")
    assert not api.service.records.succeed(job, 5, {}, "{}")
    assert not api.service.records.fail(job, "late", "{}")


def test_a_deleted_task_is_gone_with_its_files(
    api: Api, dispatch: NoDispatch, tmp_path: Path
) -> None:
    made = api.client.post("/api/lipsyncs/preview/", json=a_body())
    api.finish(made)
    job_id = made.json()["id"]
    preview = api.client.get(f"/api/lipsyncs/{job_id}/").json()["preview"]
    (tmp_path / "file").write_bytes(b"video")
    api.service.store.put(f"public/{job_id}/preview.mp4", tmp_path / "file")
    assert api.plain.get(preview).status_code == 200
    assert api.client.delete(f"/api/lipsyncs/{job_id}/").status_code == 204
    assert api.plain.get(preview).status_code == 404
    assert not api.service.store.names(f"public/{job_id}")
    for verb, path in (("GET", ""), ("DELETE", ""), ("POST", "render/"), ("GET", "events/")):
        answer = api.client.request(verb, f"/api/lipsyncs/{job_id}/{path}")
        assert answer.status_code == 404
    assert job_id not in [job["id"] for job in api.client.get("/api/lipsyncs/").json()]


def test_deleting_what_is_under_way_gives_back_its_credits(api: Api, dispatch: NoDispatch) -> None:
    before = credits_left(api)
    made = api.client.post("/api/lipsyncs/", json=a_body())
    api.client.delete(f"/api/lipsyncs/{made.json()['id']}/")
    assert credits_left(api) == before
    assert api.job(made).run_id in dispatch.stopped


def test_progress_is_pushed_to_whoever_watches(api: Api) -> None:
    made = api.client.post("/api/lipsyncs/", json=a_body())
    job = api.job(made)

    def work() -> None:
        api.service.records.start(job)
        api.service.records.pace.advance(job, Step.DRAW, Done(0, 50, 100))
        api.finish(made)

    seen = []
    with api.client.stream("GET", f"/api/lipsyncs/{job.id}/events/") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        worker = threading.Thread(target=work)
        for line in stream.iter_lines():
            kind, _, value = line.partition(": ")
            if kind == "event":
                seen.append(value)
            if kind == "data":
                last = json.loads(value)
                if worker.ident is None:
                    worker.start()
        worker.join()
    assert (seen[0], seen[-1]) == ("progress", "end")
    assert last["status"] == "done"


def test_too_many_watchers_are_told_to_wait(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    made = api.client.post("/api/lipsyncs/", json=a_body()).json()["id"]
    monkeypatch.setattr("lipwright.service.watchers.MOST_OF_ONE", 0)
    answer: httpx.Response = api.client.get(f"/api/lipsyncs/{made}/events/")
    assert answer.status_code == 429


def test_a_task_is_deleted_although_the_storage_is_away(
    api: Api, dispatch: NoDispatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = api.client.post("/api/lipsyncs/", json=a_body())
    run_id = api.job(made).run_id

    def away(self: InMemoryStore, prefix: str) -> None:
        raise StorageUnavailable

    monkeypatch.setattr(InMemoryStore, "delete", away)
    path = f"/api/lipsyncs/{made.json()['id']}/"
    assert api.client.delete(path).status_code == 204
    assert api.client.get(path).status_code == 404
    assert run_id in dispatch.stopped  # a worker removes the files, and waits for the storage
