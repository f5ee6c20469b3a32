"""Clips that say something else."""

from __future__ import annotations

from lipwright.service.endpoints.calls import Call, Reply
from lipwright.service.endpoints.single import Single
from lipwright.service.orders import Kind
from lipwright.service.wire import revoices as wire

REVOICED = Single(Kind.REVOICE, wire.RevoiceRequest, wire.revoice)


def create_revoice(call: Call) -> object:
    """Have a clip say something else."""
    return REVOICED.started(call)


def retrieve_revoice(call: Call) -> object:
    """One clip that says something else."""
    return REVOICED.found(call)


def list_revoices(call: Call) -> Reply:
    """Clips that say something else, newest first."""
    return REVOICED.listed(call)


def cancel_revoice(call: Call) -> object:
    """Stop it; its credits are given back."""
    return REVOICED.cancelled(call)


def delete_revoice(call: Call) -> Reply:
    """Remove it and its files; if it is under way, it is cancelled first."""
    return REVOICED.deleted(call)
