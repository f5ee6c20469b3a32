"""Signed messages to callers, after https://www.standardwebhooks.com (1.0)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import random
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import structlog

from lipwright.errors import LipwrightError
from lipwright.service.fetch import Fetcher
from lipwright.service.outbox import Delivery, Outbox, Webhook

log = structlog.get_logger()

PREFIX: Final = "whsec_"
GONE: Final = 410
"""The receiver wants no more; every other refusal is tried again."""
JITTER: Final = 0.2
"""Share by which a pause is longer or shorter, so that a receiver that comes back is not met by
everything that waited for it at once."""


def new_secret() -> str:
    """A secret to sign with, as the standard writes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_headers(
    secrets_: Sequence[str], event_id: str, timestamp_s: int, body: str
) -> dict[str, str]:
    """Headers of one delivery; the id is the same on every try, the time is not.

    With two secrets there are two signatures: a receiver that knows either accepts.
    """
    signed = f"{event_id}.{timestamp_s}.{body}".encode()
    return {
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": " ".join(_signature(secret, signed) for secret in secrets_),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def pause_s(pauses_s: Sequence[float], event_id: str, attempt: int, made: int) -> float | None:
    """Seconds until the next try after `made` of them, or None after the last.

    The jitter is drawn from the id, so that asking twice gives the same pause.
    """
    if not 1 <= made <= len(pauses_s):
        return None
    drawn = random.Random(f"{event_id}.{attempt}")  # noqa: S311 - no secret
    return pauses_s[made - 1] * drawn.uniform(1 - JITTER, 1 + JITTER)


@dataclass(frozen=True, slots=True)
class Messenger:
    """Takes webhooks to their receivers."""

    outbox: Outbox
    receivers: Fetcher
    pauses_s: Sequence[float]

    async def deliver(self, event_id: str, attempt: int) -> float | None:
        """Make one try; seconds until the next one, None if there is none to make."""
        webhook = await asyncio.to_thread(self.outbox.webhook, event_id)
        if webhook is None or not webhook.is_open or webhook.attempts != attempt:
            return None  # delivered, given up, or overtaken by another try
        delivery = await self._sent(webhook)
        status = delivery.status or 0
        pause = pause_s(self.pauses_s, event_id, attempt, attempt - webhook.first_attempt + 1)
        closed = 200 <= status < 300 or status == GONE or pause is None
        log.info(
            "webhook",
            webhook=event_id,
            job=webhook.job_id,
            tries=attempt + 1,
            outcome=delivery.outcome,
        )
        await asyncio.to_thread(self.outbox.tried, event_id, delivery, closed=closed)
        return None if closed else pause

    async def _sent(self, webhook: Webhook) -> Delivery:
        began_s, tried_at = time.monotonic(), datetime.now(UTC)
        headers = signed_headers(webhook.secrets, webhook.id, int(time.time()), webhook.body)
        status = None
        try:
            status = await self.receivers.post(webhook.url, webhook.body.encode(), headers)
            outcome = f"answered {status}"
        except LipwrightError as error:
            outcome = str(error)
        took_ms = round((time.monotonic() - began_s) * 1000)
        return Delivery(webhook.attempts, status, outcome, took_ms, tried_at)
