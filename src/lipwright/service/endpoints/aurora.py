"""Pictures that speak a recording."""

from __future__ import annotations

from lipwright.service.endpoints import following, tasks
from lipwright.service.endpoints.calls import Call, Reply
from lipwright.service.jobs import Goal
from lipwright.service.orders import Kind
from lipwright.service.wire import aurora as wire
from lipwright.service.wire.fields import read

KINDS = (Kind.PORTRAIT,)


def create_aurora(call: Call) -> object:
    """Have a picture speak a recording."""
    request = read(wire.AuroraRequest, call.body, call.known)
    order = request.order(call.account.name)
    job = tasks.started(call, Kind.PORTRAIT, Goal.VIDEO, order, request.echo())
    return wire.aurora(job, call.service.urls)


def retrieve_aurora(call: Call) -> object:
    """One talking picture."""
    return wire.aurora(tasks.own_job(call, KINDS), call.service.urls)


def list_aurora(call: Call) -> object:
    """Talking pictures, newest first, or the oldest with `ordering=created_at`."""
    return tasks.listed(call, KINDS).reply(wire.aurora, call.service.urls)


def cancel_aurora(call: Call) -> object:
    """Stop it; its credits are given back."""
    return wire.aurora(following.cancelled(call, KINDS), call.service.urls)


def delete_aurora(call: Call) -> Reply:
    """Remove it and its files; if it is under way, it is cancelled first."""
    return following.deleted(call, KINDS)
