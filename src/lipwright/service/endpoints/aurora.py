"""Pictures that speak a recording."""

from __future__ import annotations

from lipwright.service.endpoints.calls import Call, Reply
from lipwright.service.endpoints.single import Single
from lipwright.service.orders import Kind
from lipwright.service.wire import aurora as wire

TALKING = Single(Kind.PORTRAIT, wire.AuroraRequest, wire.aurora)


def create_aurora(call: Call) -> object:
    """Have a picture speak a recording."""
    return TALKING.started(call)


def retrieve_aurora(call: Call) -> object:
    """One talking picture."""
    return TALKING.found(call)


def list_aurora(call: Call) -> Reply:
    """Talking pictures, newest first, or the oldest with `ordering=created_at`."""
    return TALKING.listed(call)


def cancel_aurora(call: Call) -> object:
    """Stop it; its credits are given back."""
    return TALKING.cancelled(call)


def delete_aurora(call: Call) -> Reply:
    """Remove it and its files; if it is under way, it is cancelled first."""
    return TALKING.deleted(call)
