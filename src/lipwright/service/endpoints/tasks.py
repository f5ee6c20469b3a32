"""What all kinds of tasks do alike: start, be found, be rendered."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

import structlog

from lipwright.service.endpoints.calls import Call, Reply, Service
from lipwright.service.endpoints.selecting import selection, written
from lipwright.service.jobs import Goal, Job, State
from lipwright.service.orders import Kind, Order, pronounced
from lipwright.service.pricing import price
from lipwright.service.problems import detail, not_found
from lipwright.service.pronunciations import dictionary
from lipwright.service.selections import Place
from lipwright.service.urls import Urls
from lipwright.service.wire.tasks import failed_reason

log = structlog.get_logger()

ALL_VIDEOS: Final = (Kind.VIDEO, Kind.SCENES)
"""They share one space of ids."""


def started(call: Call, kind: Kind, goal: Goal, order: Order, echo: dict[str, Any]) -> Job:
    """A new job, written down and on its way."""
    service, job = call.service, _job(call, kind, goal, order, echo)
    if not service.records.insert(job, call.unfinished_limit):
        job = service.records.own(call.account.id, job.id) or job  # asked again after a crash
    _start(service, job)
    return job


def all_started(
    call: Call, kind: Kind, goal: Goal, asked: Sequence[tuple[Order, dict[str, Any]]]
) -> list[Job]:
    """New jobs, written down together or not at all, and on their way."""
    new = [_job(call, kind, goal, *each, index=index) for index, each in enumerate(asked)]
    call.service.records.insert_all(new, call.unfinished_limit)
    for job in new:
        _start(call.service, job)
    return new


def _job(
    call: Call, kind: Kind, goal: Goal, order: Order, echo: dict[str, Any], index: int = 0
) -> Job:
    settings, now = call.service.settings, datetime.now(UTC)
    order = pronounced(order, dictionary(call.service.engine, call.account.id))
    drafted = goal is Goal.PREVIEW
    return Job(
        id=str(call.new_id(index)),
        account_id=call.account.id,
        kind=kind,
        goal=goal,
        state=State.QUEUED,
        order=order,
        echo=echo,
        drafted=drafted,
        credits_held=price(settings, order.tariff, goal, order.estimated_s, drafted=drafted),
        created_at=now,
        updated_at=now,
        api_id=call.account.api_id,
    )


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


@dataclass(frozen=True, slots=True)
class Listed:
    """Some of the account's jobs, and where the list goes on."""

    jobs: list[Job]
    headers: dict[str, str]

    def reply(self, show: Callable[[Job, Urls], dict[str, Any]], urls: Urls) -> Reply:
        """A bare array; the address of what follows is in the headers."""
        return Reply([show(job, urls) for job in self.jobs], headers=self.headers)


def listed(call: Call, kinds: tuple[Kind, ...]) -> Listed:
    """The account's jobs of these kinds, newest first, as far as the query wants them."""
    wanted = selection(call.query, kinds, call.service.settings.list_limit)
    found = call.service.records.jobs(call.account.id, replace(wanted, limit=wanted.limit + 1))
    shown = found[: wanted.limit]
    if len(found) == len(shown):
        return Listed(shown, {})
    cursor = written(Place(shown[-1].created_at, shown[-1].id))
    query = urlencode({**call.query, "cursor": cursor})
    link = f'<{call.service.settings.base_url}{call.url}?{query}>; rel="next"'
    return Listed(shown, {"Link": link, "X-Next-Cursor": cursor})


def own_job(call: Call, kinds: Container[Kind]) -> Job:
    """The account's job that the path names, if it is of these kinds."""
    job = call.service.records.own(call.account.id, call.path_id)
    if job is None or job.kind not in kinds:
        raise not_found()
    return job
