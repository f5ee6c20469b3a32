"""What the query of a list of tasks asks for."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, cast, get_args

from lipwright.service.endpoints.calls import is_uuid
from lipwright.service.endpoints.lists import choices
from lipwright.service.orders import Kind
from lipwright.service.problems import Problem, invalid
from lipwright.service.selections import Phase, Place, Selection
from lipwright.service.wire.fields import Status
from lipwright.service.wire.tasks import PHASES

IDS_LIMIT: Final = 100
ORDERINGS: Final = ("-created_at", "created_at")
QUERY: Final = ("ids", "status", "created_after", "created_before", "ordering", "limit", "cursor")
"""Names that `selection` understands."""


def selection(query: Mapping[str, str], kinds: Sequence[Kind], limit: int) -> Selection:
    """The jobs that a query asks for.

    Args:
        query: Of the request; blanks are as good as nothing.
        kinds: What the list is of.
        limit: Most entries, whatever the query says.

    Raises:
        Problem: 400, with every field that is wrong.
    """
    errors: dict[str, Any] = {}

    def read(name: str, reader: Any, default: Any) -> Any:  # noqa: ANN401 - each its own
        try:
            return reader(query[name]) if query.get(name) else default
        except Problem as problem:
            errors.update(cast(dict[str, Any], problem.body))

    found = Selection(
        kinds=kinds,
        limit=min(read("limit", _limit, limit) or limit, limit),
        ids=read("ids", _ids, None),
        phases=read("status", _phases, None),
        since=read("created_after", lambda text: _moment(text, "created_after"), None),
        before=read("created_before", lambda text: _moment(text, "created_before"), None),
        after=read("cursor", _place, None),
        oldest_first=bool(read("ordering", _oldest_first, False)),
    )
    if errors:
        raise invalid(errors)
    return found


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        raise invalid({"limit": ["A positive integer is required."]})
    return int(text)


def _ids(text: str) -> list[str]:
    given = [part.strip() for part in text.split(",")]
    if len(given) > IDS_LIMIT:
        raise invalid({"ids": [f"Ensure this field has no more than {IDS_LIMIT} elements."]})
    wrong = [part for part in given if not is_uuid(part)]
    if wrong:
        raise invalid({"ids": [f"“{part}” is not a valid UUID." for part in wrong]})
    return [str(uuid.UUID(part)) for part in given]


def _phases(text: str) -> list[Phase]:
    wanted = choices(text, "status", get_args(Status))
    return [phase for name in get_args(Status) if name in wanted for phase in PHASES[name]]


def _moment(text: str, name: str) -> datetime:
    try:
        # a plus sign that was not escaped arrives as a blank
        found = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        raise invalid({name: ["Enter a date and time as ISO 8601."]}) from None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise invalid({name: ["Enter a date and time as ISO 8601."]}) from None


def _oldest_first(text: str) -> bool:
    if text not in ORDERINGS:
        raise invalid({"ordering": [f'"{text}" is not a valid choice.']})
    return text == "created_at"


def written(place: Place) -> str:
    """A cursor: nothing that a client should read."""
    text = f"{place.created_at.isoformat()} {place.job_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(cursor: str) -> Place:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, job_id = text.split(" ")
        return Place(datetime.fromisoformat(moment).astimezone(UTC), str(uuid.UUID(job_id)))
    except (ValueError, OverflowError, binascii.Error):
        raise invalid({"cursor": ["This is no cursor that a list gave."]}) from None
