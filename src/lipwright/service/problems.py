"""Refusals in the form that Django REST Framework gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Problem(Exception):
    """A request that is refused: an HTTP status, a JSON body, headers."""

    def __init__(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def detail(status: int, message: str, headers: Mapping[str, str] | None = None) -> Problem:
    """A refusal with one message for the whole request."""
    return Problem(status, {"detail": message}, headers)


def invalid(fields: dict[str, Any]) -> Problem:
    """A refusal that names every wrong field."""
    return Problem(400, fields)


def not_found() -> Problem:
    """No such thing, or somebody else's: both look the same."""
    return detail(404, "Not found.")


def not_authenticated(message: str) -> Problem:
    """Credentials are absent or wrong."""
    return detail(401, message, {"WWW-Authenticate": 'X-API-ID realm="api"'})


def forbidden() -> Problem:
    """The key is good, but not for this."""
    return detail(403, "You do not have permission to perform this action.")
