"""Webhooks and their deliveries, as callers read them."""

from __future__ import annotations

import json
from typing import Any, Literal

from lipwright.service.outbox import Delivery, Webhook
from lipwright.service.wire.tasks import Answer

State = Literal["waiting", "delivered", "given_up"]


class DeliveryAnswer(Answer):
    """One try."""

    attempt: int
    status: int | None
    outcome: str
    took_ms: int
    tried_at: str


class WebhookAnswer(Answer):
    """One message."""

    id: str
    task: str
    url: str
    state: State
    outcome: str
    created_at: str


class WebhookRetrieve(WebhookAnswer):
    """One message, with its body and every try."""

    body: dict[str, Any]
    deliveries: list[DeliveryAnswer]


def webhook(found: Webhook) -> dict[str, Any]:
    """As `WebhookAnswer`."""
    return {
        "id": found.id,
        "task": found.job_id,
        "url": found.url,
        "state": _state(found),
        "outcome": found.outcome,
        "created_at": found.created_at.isoformat(),
    }


def _state(found: Webhook) -> State:
    if found.is_open:
        return "waiting"
    return "delivered" if found.was_delivered else "given_up"


def webhook_retrieve(found: Webhook, tries: list[Delivery]) -> dict[str, Any]:
    """As `WebhookRetrieve`."""
    deliveries = [
        {
            "attempt": delivery.attempt + 1,
            "status": delivery.status,
            "outcome": delivery.outcome,
            "took_ms": delivery.took_ms,
            "tried_at": delivery.tried_at.isoformat(),
        }
        for delivery in tries
    ]
    return {**webhook(found), "body": json.loads(found.body), "deliveries": deliveries}
