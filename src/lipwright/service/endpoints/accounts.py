"""The account itself."""

from __future__ import annotations

from lipwright.service.endpoints.calls import Call


def remaining_credits(call: Call) -> object:
    """Credits left."""
    return {"remaining_credits": call.service.records.balance(call.account.id)}
