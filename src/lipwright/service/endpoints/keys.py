"""The account's own keys and its webhook secret."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lipwright.errors import InvalidRequest
from lipwright.service import accounts
from lipwright.service.endpoints.calls import Call, Reply
from lipwright.service.problems import invalid, not_found
from lipwright.service.wire import keys as wire
from lipwright.service.wire.fields import read


def list_keys(call: Call) -> list[dict[str, Any]]:
    """Keys, oldest first; the keys themselves are not kept."""
    return [wire.key(card) for card in accounts.list_keys(call.service.engine, call.account.id)]


def create_key(call: Call) -> object:
    """Make a key; it is shown this once."""
    wanted = read(wire.KeyRequest, call.body, call.known)
    try:
        order = wanted.order()
    except InvalidRequest as error:
        raise invalid({"expires_at": [str(error)]}) from None
    made = accounts.create_key(call.service.engine, call.account.id, order)
    return Reply(wire.new_key(made), secrets=("api_key",))


def rotate_key(call: Call) -> object:
    """Make a new key for an API id; the old one works for a while, so that clients can change."""
    used = call.account.used_sha256 if call.path_id == call.account.api_id else None
    try:
        made = accounts.rotate_key(
            call.service.engine,
            call.path_id,
            _grace(call),
            account_id=call.account.id,
            used_sha256=used,
        )
    except InvalidRequest:
        raise not_found() from None
    return Reply(wire.new_key(made), secrets=("api_key",))


def _grace(call: Call) -> timedelta:
    return timedelta(seconds=call.service.settings.key_grace_s)


def revoke_key(call: Call) -> object:
    """Refuse a key from now on."""
    try:
        accounts.revoke_key(call.service.engine, call.path_id, call.account.id)
    except InvalidRequest:
        raise not_found() from None
    return Reply(status=204)


def webhook_secret(call: Call) -> dict[str, Any]:
    """What this account's webhooks are signed with."""
    return _secret(accounts.webhook_secrets(call.service.engine, call.account.id))


def rotate_secret(call: Call) -> object:
    """Make a new secret; messages are signed with the old one too for a while."""
    made = accounts.rotate_webhook_secret(call.service.engine, call.account.id, _grace(call))
    return Reply(_secret(made), secrets=("webhook_secret",))


def _secret(secrets: accounts.WebhookSecrets) -> dict[str, Any]:
    return {
        "webhook_secret": secrets.current,
        "previous_secret_until": wire.written(secrets.previous_until),
    }
