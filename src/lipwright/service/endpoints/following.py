"""What can be done with every kind of task after it was started: cancel, delete, watch."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Container
from typing import Any

import structlog

from lipwright.service.endpoints.calls import Call, Reply
from lipwright.service.endpoints.tasks import own_job
from lipwright.service.jobs import TERMINAL, Job, State
from lipwright.service.orders import Kind
from lipwright.service.problems import detail
from lipwright.service.records import as_body
from lipwright.service.storage import KINDS_OF_FILES, StorageUnavailable
from lipwright.service.wire.tasks import webhook

log = structlog.get_logger()

RETRY_MS = 2000
"""After which a client that lost the connection asks again."""


def cancelled(call: Call, kinds: Container[Kind]) -> Job:
    """The task, cancelled: its credits are given back and its render processes killed.

    Raises:
        Problem: 409; it is at its end.
    """
    job = own_job(call, kinds)
    if job.state not in TERMINAL:
        _cancel(call, job)
        job = own_job(call, kinds)
    if job.state is not State.CANCELLED:
        raise detail(409, "This task is at its end; there is nothing to cancel.")
    return job


def _cancel(call: Call, job: Job) -> None:
    service = call.service
    body = as_body(webhook(job.ended(State.CANCELLED, None), service.urls))
    if not service.records.cancel(job, body):
        return
    try:
        service.dispatch.stop(job)
        if service.records.outbox.webhook(job.event_id) is not None:
            service.dispatch.deliver(job.event_id, 0, 0)
    except Exception:
        # it is cancelled in the database: steps ask there, and the keeper sends the webhook
        log.warning("not stopped at once", job=job.id, exc_info=True)


def deleted(call: Call, kinds: Container[Kind]) -> Reply:
    """Nothing: the task and its files are gone, cancelled first if it was under way."""
    job = own_job(call, kinds)
    if job.state not in TERMINAL:
        _cancel(call, job)
    service = call.service
    service.records.delete(job)
    try:
        for kind in KINDS_OF_FILES:
            service.store.delete(f"{kind}/{job.id}")
    except StorageUnavailable:  # a worker removes them when the storage is back
        log.warning("files not removed at once", job=job.id, exc_info=True)
    if (gone := service.records.job(job.id)) is not None:
        # once more when nobody writes any more
        service.dispatch.stop(gone)
    return Reply(status=204)


def watched(call: Call, kinds: Container[Kind], show: Callable[[Job], dict[str, Any]]) -> Reply:
    """The task now and at every change, as server-sent events."""
    job = own_job(call, kinds)
    watchers = call.service.watchers
    watchers.check_room(call.account.id)

    async def events() -> AsyncIterator[str]:
        yield f"retry: {RETRY_MS}\n\n"
        async for now in watchers.changes(call.service.records, job):
            yield ": alive\n\n" if now is None else _event(now, show(now))

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Reply(events(), headers=headers, media_type="text/event-stream")


def _event(job: Job, answer: dict[str, Any]) -> str:
    name = "end" if job.state in TERMINAL else "progress"
    data = json.dumps(answer, separators=(",", ":"))
    return f"event: {name}\nid: {job.updated_at.isoformat()}\ndata: {data}\n\n"
