"""Signed messages to callers, after https://www.standardwebhooks.com (1.0)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Final

PREFIX: Final = "whsec_"
GONE: Final = 410
"""The receiver wants no more; every other refusal is tried again."""


def new_secret() -> str:
    """A secret to sign with, as the standard writes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_headers(secret: str, event_id: str, timestamp_s: int, body: str) -> dict[str, str]:
    """Headers of one delivery; the id is the same on every try, the time is not."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{event_id}.{timestamp_s}.{body}".encode()
    signature = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return {
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": f"v1,{signature}",
    }
