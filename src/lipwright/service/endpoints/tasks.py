"""What all kinds of tasks do alike: start, be found, be rendered."""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, datetime
from typing import Any, Final

import structlog

from lipwright.service.endpoints.calls import Call, Service
from lipwright.service.endpoints.lists import ids
from lipwright.service.jobs import Goal, Job, State
from lipwright.service.orders import Kind, Order
from lipwright.service.pricing import price
from lipwright.service.problems import detail, invalid, not_found
from lipwright.service.wire.tasks import failed_reason

ORDERINGS: Final = ("-created_at", "created_at")

log = structlog.get_logger()

ALL_VIDEOS: Final = (Kind.VIDEO, Kind.SCENES)
"""They share one space of ids."""


def started(
    call: Call, kind: Kind, goal: Goal, order: Order, echo: dict[str, Any], index: int = 0
) -> Job:
    """A new job, written down and on its way; the `index`th of its request."""
    service, now = call.service, datetime.now(UTC)
    drafted = goal is Goal.PREVIEW
    job = Job(
        id=str(call.new_id(index)),
        account_id=call.account.id,
        kind=kind,
        goal=goal,
        state=State.QUEUED,
        order=order,
        echo=echo,
        drafted=drafted,
        credits_held=price(
            service.settings, order.tariff, goal, order.estimated_s, drafted=drafted
        ),
        created_at=now,
        updated_at=now,
        api_id=call.account.api_id,
    )
    if not service.records.insert(job, call.unfinished_limit):
        job = service.records.own(call.account.id, job.id) or job  # asked again after a crash
    _start(service, job)
    return job


def _start(service: Service, job: Job) -> None:
    try:
        service.dispatch.start(job)
    except Exception:
        # the job is in the database already: the keeper starts what nobody else did
        log.warning("not started at once", job=job.id, exc_info=True)


def rendered(call: Call, kinds: Container[Kind]) -> Job:
    """The job of a finished preview, now making its video; asked twice, it is made once."""
    service, job = call.service, own_job(call, kinds)
    if not job.preview_ready:
        raise detail(400, _why_not_ready(job))
    if job.goal is Goal.PREVIEW:
        cost = price(service.settings, job.order.tariff, Goal.VIDEO, job.duration_s, drafted=True)
        service.records.promote(job, cost)
        job = own_job(call, kinds)
        _start(service, job)
    return job


def drafted(call: Call, kinds: Container[Kind]) -> Job:
    """The job that the path names, if it has a preview or is making one."""
    job = own_job(call, kinds)
    if not job.drafted:
        raise detail(400, _why_not_ready(job))
    return job


def _why_not_ready(job: Job) -> str:
    if not job.drafted:
        return "This task has no preview; it is rendered already or on its way."
    if job.state in (State.FAILED, State.CANCELLED):
        return f"The preview failed and cannot be rendered: {failed_reason(job)}"
    return "The preview is not ready yet; try again when `preview` is not null."


def listed(call: Call, kinds: tuple[Kind, ...]) -> list[Job]:
    """The account's jobs of these kinds, newest first, or as `ordering` says."""
    limit = call.service.settings.list_limit
    jobs = call.service.records.jobs(call.account.id, kinds, ids(call.query), limit)
    ordering = call.query.get("ordering") or "-created_at"
    if ordering not in ORDERINGS:
        raise invalid({"ordering": [f'"{ordering}" is not a valid choice.']})
    return jobs[::-1] if ordering == "created_at" else jobs


def own_job(call: Call, kinds: Container[Kind]) -> Job:
    """The account's job that the path names, if it is of these kinds."""
    job = call.service.records.own(call.account.id, call.path_id)
    if job is None or job.kind not in kinds:
        raise not_found()
    return job
