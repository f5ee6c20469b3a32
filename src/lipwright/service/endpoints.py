"""What each endpoint does: a `Call` in, a JSON value out.  No HTTP below this line but statuses."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

import sqlalchemy as sa
import structlog

from lipwright.service import wire
from lipwright.service.auth import Account
from lipwright.service.catalogue import Catalogue, Persona
from lipwright.service.dispatch import Dispatch
from lipwright.service.jobs import Goal, Job, State, blocks
from lipwright.service.limits import Throttle
from lipwright.service.problems import detail, invalid, not_found
from lipwright.service.records import Records
from lipwright.service.settings import Settings
from lipwright.service.storage import Store
from lipwright.service.urls import Urls

T = TypeVar("T")
IDS_LIMIT: Final = 100
PAGE_LIMIT: Final = 100
"""Most entries on a page, whatever `page_size` says."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that endpoints use."""

    settings: Settings
    engine: sa.Engine
    records: Records
    catalogue: Catalogue
    store: Store
    dispatch: Dispatch
    urls: Urls
    scratch: Path
    """Where a store that keeps files elsewhere puts copies."""
    throttle: Throttle = field(default_factory=Throttle)


@dataclass(frozen=True, slots=True)
class Call:
    """One authenticated request."""

    service: Service
    account: Account
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: object
    url: str
    """Path of the request, for links to other pages."""

    @property
    def unfinished_limit(self) -> int:
        """Most tasks that this key may have under way; 0 is no limit."""
        own = self.account.limits.unfinished
        return self.service.settings.unfinished_limit if own is None else own


Endpoint = Callable[[Call], object]


def create_lipsync(call: Call) -> object:
    """Start a video."""
    return _created(call, Goal.VIDEO)


def preview_lipsync(call: Call) -> object:
    """Start a preview: the same speech and mouth at a lower resolution."""
    return _created(call, Goal.PREVIEW)


def _created(call: Call, goal: Goal) -> object:
    service = call.service
    request = wire.read_lipsync(
        call.body,
        avatars=frozenset(p.card.id for p in service.catalogue.personas()),
        voices=frozenset(voice.id for voice in service.catalogue.voices()),
        script_limit=service.settings.script_limit,
    )
    order, now = request.order(), datetime.now(UTC)
    drafted = goal is Goal.PREVIEW
    price = service.settings.preview_price if drafted else service.settings.video_price
    job = Job(
        id=str(uuid.uuid4()),
        account_id=call.account.id,
        goal=goal,
        state=State.QUEUED,
        order=order,
        echo=request.echo(),
        drafted=drafted,
        credits_held=price * blocks(order.estimated_s),
        created_at=now,
        updated_at=now,
        api_id=call.account.api_id,
    )
    service.records.insert(job, call.unfinished_limit)
    _start(service, job)
    return wire.lipsync(job, service.urls)


def _start(service: Service, job: Job) -> None:
    try:
        service.dispatch.start(job)
    except Exception:
        # the job is in the database already: the keeper starts what nobody else did
        log.warning("not started at once", job=job.id, exc_info=True)


def render_lipsync(call: Call) -> object:
    """Render the video of a finished preview; asked twice, it is rendered once."""
    service, job = call.service, _own_job(call)
    if not job.preview_ready:
        raise detail(400, _why_not_ready(job))
    if job.goal is Goal.PREVIEW:
        price = service.settings.video_price - service.settings.preview_price
        service.records.promote(job, max(0, price) * blocks(job.duration_s))
        job = _own_job(call)
        _start(service, job)
    return wire.lipsync(job, service.urls)


def _why_not_ready(job: Job) -> str:
    if not job.drafted:
        return "This task has no preview; it is rendered already or on its way."
    if job.state in (State.FAILED, State.CANCELLED):
        return f"The preview failed and cannot be rendered: {wire.failed_reason(job)}"
    return "The preview is not ready yet; try again when `preview` is not null."


def retrieve_lipsync(call: Call) -> object:
    """One task."""
    return wire.lipsync_retrieve(_own_job(call), call.service.urls)


def list_lipsyncs(call: Call) -> object:
    """Tasks, newest first; all, or those of `ids`."""
    limit = call.service.settings.list_limit
    jobs = call.service.records.jobs(call.account.id, _ids(call.query), limit)
    return [wire.lipsync(job, call.service.urls) for job in jobs]


def _ids(query: Mapping[str, str]) -> list[str] | None:
    if not query.get("ids"):
        return None
    ids = [part.strip() for part in query["ids"].split(",")]
    if len(ids) > IDS_LIMIT:
        raise invalid({"ids": [f"Ensure this field has no more than {IDS_LIMIT} elements."]})
    wrong = [part for part in ids if not is_uuid(part)]
    if wrong:
        raise invalid({"ids": [f"“{part}” is not a valid UUID." for part in wrong]})
    return [str(uuid.UUID(part)) for part in ids]


def _own_job(call: Call) -> Job:
    job_id = call.path["id"]
    job = call.service.records.job(str(uuid.UUID(job_id))) if is_uuid(job_id) else None
    if job is None or job.account_id != call.account.id:
        raise not_found()
    return job


def is_uuid(text: str) -> bool:
    """Whether it is an id at all; anything else need not go to the database."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def list_personas(call: Call) -> list[dict[str, Any]]:
    """Avatars, filtered."""
    return [wire.persona(found, call.service.urls) for found in _filtered_personas(call)]


def page_personas(call: Call) -> object:
    """One page of `list_personas`."""
    return _page(call, list_personas(call))


def retrieve_persona(call: Call) -> object:
    """One avatar."""
    found = call.service.catalogue.persona(call.path["id"].lower())
    if found is None:
        raise not_found()
    return wire.persona(found, call.service.urls)


def _filtered_personas(call: Call) -> list[Persona]:
    wanted = {
        name: _choices(call.query[name], name)
        for name in wire.PERSONA_CHOICES
        if call.query.get(name)
    }
    keyword = call.query.get("keyword", "").casefold()
    return [
        found
        for found in call.service.catalogue.personas()
        if all(getattr(found.card, name) in values for name, values in wanted.items())
        and keyword in " ".join((found.card.name, *found.card.notes)).casefold()
    ]


def _choices(text: str, name: str) -> frozenset[str]:
    values = [part.strip() for part in text.split(",")]
    wrong = [part for part in values if part not in wire.PERSONA_CHOICES[name]]
    if wrong:
        raise invalid({name: [f'"{part}" is not a valid choice.' for part in wrong]})
    return frozenset(values)


def list_voices(call: Call) -> list[dict[str, Any]]:
    """Voices with their accents."""
    return wire.voices(call.service.catalogue.voices())


def page_voices(call: Call) -> object:
    """One page of `list_voices`."""
    return _page(call, list_voices(call))


def _page(call: Call, entries: Sequence[T]) -> dict[str, Any]:
    size = _number(call.query.get("page_size") or call.query.get("limit"), 10)
    size = min(size or 10, PAGE_LIMIT)
    page, last = _number(call.query.get("page"), 1), max(1, ceil(len(entries) / size))
    if not 1 <= page <= last:
        raise detail(404, "Invalid page.")

    def link(to: int) -> str | None:
        query = urlencode({**call.query, "page": to})
        return f"{call.service.settings.base_url}{call.url}?{query}" if 1 <= to <= last else None

    return {
        "count": len(entries),
        "next": link(page + 1),
        "previous": link(page - 1),
        "results": list(entries[(page - 1) * size : page * size]),
    }


def _number(text: str | None, default: int) -> int:
    if not text:
        return default
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def remaining_credits(call: Call) -> object:
    """Credits left."""
    return {"remaining_credits": call.service.records.balance(call.account.id)}


def webhook_secret(call: Call) -> object:
    """What this account's webhooks are signed with."""
    return {"webhook_secret": call.service.records.webhook_secret(call.account.id)}
