"""Avatars: those that everybody may use, and the account's own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from lipwright.service.endpoints import following, tasks
from lipwright.service.endpoints.calls import Call, Reply
from lipwright.service.endpoints.lists import choices, number, page
from lipwright.service.jobs import Goal, Job, State
from lipwright.service.orders import Kind
from lipwright.service.problems import detail, invalid
from lipwright.service.selections import Selection
from lipwright.service.spool import Spooled, SpooledForm
from lipwright.service.wire import personas as wire
from lipwright.service.wire.fields import read

KINDS = (Kind.AVATAR,)


def list_personas(call: Call) -> list[dict[str, Any]]:
    """Avatars that can be used, filtered."""
    urls = call.service.urls
    stock = (wire.persona(found, urls) for found in call.service.catalogue.personas())
    own = _all_shown(call, call.own_avatars)
    return _filtered(call, [*stock, *own])


def page_personas(call: Call) -> object:
    """One page of `list_personas`."""
    return page(call, list_personas(call))


def retrieve_persona(call: Call) -> object:
    """One avatar; one of your own also while it is being made."""
    found = call.service.catalogue.persona(call.path["id"].lower())
    if found is not None:
        return wire.persona(found, call.service.urls)
    return _shown(call, tasks.own_job(call, KINDS))


def create_persona(call: Call) -> object:
    """Make an avatar of a person in a picture or a clip."""
    body, files = _with_addresses(call)
    request = read(wire.PersonaRequest, body, call.known)
    _check_count(call)
    for upload_id, file in files:
        _keep(call, upload_id, file)
    order = request.order(call.account.name)
    job = tasks.started(call, Kind.AVATAR, Goal.VIDEO, order, request.echo())
    return _shown(call, job)


def create_own_persona(call: Call) -> object:
    """The same under its newer address."""
    return create_persona(call)


def _with_addresses(call: Call) -> tuple[object, list[tuple[UUID, Spooled]]]:
    """The body with addresses where a form has files, and the uploads that they will be."""
    form = call.body
    if not isinstance(form, SpooledForm):
        return form, []
    files = {name: form.files[name] for name in wire.FILES if name in form.files}
    uploads = {name: call.new_id(index) for index, name in enumerate(files, start=1)}
    addresses: dict[str, Any] = {
        name: call.service.urls.upload(str(id_)) for name, id_ in uploads.items()
    }
    return form.values | addresses, [(uploads[name], files[name]) for name in files]


def _keep(call: Call, upload_id: UUID, file: Spooled) -> None:
    uploads, size = call.service.uploads, file.path.stat().st_size
    upload = uploads.begin(upload_id, call.account.id, file.name, size, file.content_type)
    if not upload.is_whole:  # it is, when the caller asks the same again
        uploads.append(upload, upload.received, file.path)


def _check_count(call: Call) -> None:
    limit = call.service.settings.avatar_limit
    if len(_kept(call)) >= limit:
        raise detail(400, f"You have {limit} avatars of your own, which is the limit; delete one.")


def list_own_personas(call: Call) -> object:
    """Avatars of your own, also those that are being made, filtered."""
    own = _all_shown(call, tasks.listed(call, KINDS).jobs)
    industries = call.query.get("suitable_industries")
    # nobody's avatar is made for an industry
    return _filtered(call, [] if industries and _ids(industries) else own)


def count_own_personas(call: Call) -> object:
    """How many avatars of your own there are, and may be."""
    return {
        "max_count": call.service.settings.avatar_limit,
        "current_count": len(_kept(call)),
    }


def _shown(call: Call, job: Job) -> dict[str, Any]:
    return _all_shown(call, [job])[0]


def _all_shown(call: Call, jobs: Iterable[Job]) -> list[dict[str, Any]]:
    voice_of = cache(call.service.catalogue.default_voice)  # each look reads all voices
    urls = call.service.urls
    return [wire.custom_persona(job, urls, voice_of(job.echo.get("gender")).id) for job in jobs]


def _ids(text: str) -> list[int]:
    numbers = [number(part.strip(), 0) for part in text.split(",")]
    if not all(numbers):
        raise invalid({"suitable_industries": ["A valid integer is required."]})
    return numbers


def _kept(call: Call) -> list[Job]:
    settings = call.service.settings
    wanted = Selection(kinds=KINDS, limit=settings.list_limit)
    found = call.service.records.jobs(call.account.id, wanted)
    return [job for job in found if job.state not in (State.FAILED, State.CANCELLED)]


def _filtered(call: Call, answers: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    wanted = {
        name: choices(call.query[name], name, known)
        for name, known in wire.PERSONA_CHOICES.items()
        if call.query.get(name)
    }
    word = call.query.get("keyword", "")
    return [answer for answer in answers if wire.is_meant(answer, wanted, word)]


def delete_persona(call: Call) -> Reply:
    """Remove an avatar of your own; videos that are done stay."""
    if call.service.catalogue.persona(call.path["id"].lower()) is not None:
        raise detail(403, "This avatar is everybody's; only your own can be deleted.")
    return following.deleted(call, KINDS)
