"""Lists: chosen ids, choices, pages."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from lipwright.service.endpoints.calls import Call, is_uuid
from lipwright.service.problems import detail, invalid

T = TypeVar("T")
IDS_LIMIT: Final = 100
PAGE_LIMIT: Final = 100
"""Most entries on a page, whatever `page_size` says."""


def ids(query: Mapping[str, str]) -> list[str] | None:
    """The ids that were asked for; None is all."""
    if not query.get("ids"):
        return None
    given = [part.strip() for part in query["ids"].split(",")]
    if len(given) > IDS_LIMIT:
        raise invalid({"ids": [f"Ensure this field has no more than {IDS_LIMIT} elements."]})
    wrong = [part for part in given if not is_uuid(part)]
    if wrong:
        raise invalid({"ids": [f"“{part}” is not a valid UUID." for part in wrong]})
    return [str(uuid.UUID(part)) for part in given]


def choices(text: str, name: str, known: Sequence[str]) -> frozenset[str]:
    """Several of the known words, with commas between."""
    values = [part.strip() for part in text.split(",")]
    wrong = [part for part in values if part not in known]
    if wrong:
        raise invalid({name: [f'"{part}" is not a valid choice.' for part in wrong]})
    return frozenset(values)


def page(call: Call, entries: Sequence[T]) -> dict[str, Any]:
    """One page of a list, with links to its neighbours."""
    size = number(call.query.get("page_size") or call.query.get("limit"), 10)
    size = min(size or 10, PAGE_LIMIT)
    at, last = number(call.query.get("page"), 1), max(1, ceil(len(entries) / size))
    if not 1 <= at <= last:
        raise detail(404, "Invalid page.")

    def link(to: int) -> str | None:
        query = urlencode({**call.query, "page": to})
        return f"{call.service.settings.base_url}{call.url}?{query}" if 1 <= to <= last else None

    return {
        "count": len(entries),
        "next": link(at + 1),
        "previous": link(at - 1),
        "results": list(entries[(at - 1) * size : at * size]),
    }


def number(text: str | None, default: int) -> int:
    """A small positive integer; 0 is none."""
    if not text:
        return default
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
