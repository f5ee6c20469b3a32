"""API keys and webhook secrets, as callers write and read them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from lipwright.service.accounts import KeyCard, KeyOrder, Limits, NewKey, Scope
from lipwright.service.wire.fields import Body
from lipwright.service.wire.tasks import Answer

ScopeName = Literal["read", "render", "admin"]


class KeyRequest(Body):
    """Body of ``POST /api/keys/``."""

    label: Annotated[str, Field(max_length=255)] = ""
    scope: ScopeName = "render"
    expires_at: AwareDatetime | None = None
    rate_per_minute: Annotated[int, Field(ge=0)] | None = None
    unfinished_limit: Annotated[int, Field(ge=0)] | None = None

    def order(self) -> KeyOrder:
        """What is asked for, in our words."""
        limits = Limits(self.rate_per_minute, self.unfinished_limit)
        return KeyOrder(self.label, Scope(self.scope), self.expires_at, limits)


class KeyAnswer(Answer):
    """What is known of a key."""

    api_id: str
    label: str
    scope: ScopeName
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    previous_key_until: str | None
    rate_per_minute: int | None
    unfinished_limit: int | None


class NewKeyAnswer(Answer):
    """A key, this once."""

    api_id: str
    api_key: str | None


class SecretAnswer(Answer):
    """What webhooks are signed with."""

    webhook_secret: str | None
    previous_secret_until: str | None


def key(card: KeyCard) -> dict[str, Any]:
    """As `KeyAnswer`."""
    return {
        "api_id": card.api_id,
        "label": card.label,
        "scope": card.scope.value,
        "created_at": card.created_at.isoformat(),
        "expires_at": written(card.expires_at),
        "revoked_at": written(card.revoked_at),
        "previous_key_until": written(card.previous_until),
        "rate_per_minute": card.limits.rate_per_minute,
        "unfinished_limit": card.limits.unfinished,
    }


def new_key(made: NewKey) -> dict[str, Any]:
    """As `NewKeyAnswer`."""
    return {"api_id": made.api_id, "api_key": made.api_key}


def written(moment: datetime | None) -> str | None:
    """ISO 8601."""
    return moment.isoformat() if moment else None
