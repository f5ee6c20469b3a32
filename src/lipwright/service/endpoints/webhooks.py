"""Webhooks that were sent: what became of them, and once more."""

from __future__ import annotations

import uuid
from typing import Any

from lipwright.service.endpoints.calls import Call, is_uuid
from lipwright.service.outbox import Webhook
from lipwright.service.problems import detail, invalid, not_found
from lipwright.service.wire import webhooks as wire


def list_webhooks(call: Call) -> list[dict[str, Any]]:
    """Webhooks, newest first; all, or those of one task."""
    job_id = call.query.get("task") or None
    if job_id is not None and not is_uuid(job_id):
        raise invalid({"task": [f"“{job_id}” is not a valid UUID."]})
    wanted = str(uuid.UUID(job_id)) if job_id else None
    limit = call.service.settings.list_limit
    found = call.service.records.outbox.webhooks(call.account.id, wanted, limit)
    return [wire.webhook(webhook) for webhook in found]


def retrieve_webhook(call: Call) -> dict[str, Any]:
    """A webhook, with its body and every try."""
    return _answer(call, _own(call))


def _answer(call: Call, webhook: Webhook) -> dict[str, Any]:
    tries = call.service.records.outbox.deliveries(webhook.id)
    return wire.webhook_retrieve(webhook, tries)


def replay_webhook(call: Call) -> dict[str, Any]:
    """Send a webhook again, at once: the same id and body, and retried like the first time."""
    webhook = _own(call)
    attempt = call.service.records.outbox.reopen(webhook)
    if attempt is None:
        raise detail(409, "This webhook is being sent just now.")
    call.service.dispatch.deliver(webhook.id, attempt, 0)
    return _answer(call, _own(call))


def _own(call: Call) -> Webhook:
    event_id = call.path["id"]
    is_one = event_id.startswith("evt_") and is_uuid(event_id.removeprefix("evt_"))
    found = call.service.records.outbox.webhook(event_id, call.account.id) if is_one else None
    if found is None:
        raise not_found()
    return found
