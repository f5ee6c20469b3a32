"""Clips that say something else."""

from __future__ import annotations

from lipwright.service.endpoints import following, tasks
from lipwright.service.endpoints.calls import Call, Reply
from lipwright.service.jobs import Goal
from lipwright.service.orders import Kind
from lipwright.service.wire import revoices as wire
from lipwright.service.wire.fields import read

KINDS = (Kind.REVOICE,)


def create_revoice(call: Call) -> object:
    """Have a clip say something else."""
    request = read(wire.RevoiceRequest, call.body, call.known)
    order = request.order(call.account.name)
    job = tasks.started(call, Kind.REVOICE, Goal.VIDEO, order, request.echo())
    return wire.revoice(job, call.service.urls)


def retrieve_revoice(call: Call) -> object:
    """One clip that says something else."""
    return wire.revoice(tasks.own_job(call, KINDS), call.service.urls)


def list_revoices(call: Call) -> object:
    """Clips that say something else, newest first."""
    return tasks.listed(call, KINDS).reply(wire.revoice, call.service.urls)


def cancel_revoice(call: Call) -> object:
    """Stop it; its credits are given back."""
    return wire.revoice(following.cancelled(call, KINDS), call.service.urls)


def delete_revoice(call: Call) -> Reply:
    """Remove it and its files; if it is under way, it is cancelled first."""
    return following.deleted(call, KINDS)
