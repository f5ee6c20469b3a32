"""Every way in which a request or a task can fail, for those who write clients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lipwright.errors import InvalidRequest, LipwrightError, RenderCancelled
from lipwright.service.wire.tasks import Answer

ANSWERS: Final = (
    (400, "field errors", "A field is wrong; every wrong one is named, nested where it is."),
    (400, "non_field_errors", "The fields are right, but not together."),
    (400, "JSON parse error", "The body is no JSON."),
    (400, "not ready", "It is too early, or too late, for this."),
    (400, "insufficient credits", "Too few credits are left."),
    (401, "not authenticated", "The credentials are absent, wrong, ended or revoked."),
    (403, "not permitted", "The key's scope does not allow it."),
    (404, "not found", "There is no such path, task, persona or page, or it is another's."),
    (405, "method not allowed", "The path has other verbs; Allow names them."),
    (409, "in flight", "The first request with this Idempotency-Key is not answered yet."),
    (413, "too large", "The body is larger than the installation takes."),
    (415, "unsupported media type", "The body is neither JSON nor a form."),
    (422, "key reused", "This Idempotency-Key was sent with another body."),
    (429, "throttled", "Too many requests, or tasks under way; Retry-After says how long to wait."),
    (500, "server error", "The fault is ours; X-Request-ID finds it in the log."),
    (503, "no room", "The disk is nearly full; nothing new is taken until there is room."),
    (503, "unavailable", "The database or the storage is away; try again later."),
)


class ErrorAnswer(Answer):
    """One kind of failure."""

    name: str
    where: str
    """`answer`: an HTTP status says so at once.  `failed_reason`: the task ends so."""
    status: int | None
    meaning: str
    retry: bool
    """Whether the same request may succeed later, unchanged."""


def problems() -> list[dict[str, Any]]:
    """Every kind, those of answers first."""
    answers = [
        {"name": name, "where": "answer", "status": status, "meaning": meaning,
         "retry": status in (409, 429, 500, 503)}
        for status, name, meaning in ANSWERS
    ]  # fmt: skip
    return answers + [_reason(kind) for kind in _kinds(LipwrightError)]


def _reason(kind: type[LipwrightError]) -> dict[str, Any]:
    return {
        "name": kind.__name__,
        "where": "failed_reason",
        "status": None,
        "meaning": (kind.__doc__ or "").strip().splitlines()[0],
        "retry": not issubclass(kind, InvalidRequest | RenderCancelled),
    }


def _kinds(above: type[LipwrightError]) -> Iterator[type[LipwrightError]]:
    for kind in sorted(above.__subclasses__(), key=lambda k: k.__name__):
        if kind.__module__ == LipwrightError.__module__:  # the service's own are answers
            yield kind
            yield from _kinds(kind)
