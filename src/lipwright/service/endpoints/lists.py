"""Lists: chosen ids, choices, pages."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from lipwright.service.endpoints.calls import Call
from lipwright.service.problems import detail, invalid

T = TypeVar("T")
PAGE_LIMIT: Final = 100
"""Most entries on a page, whatever `page_size` says."""


def choices(text: str, name: str, known: Sequence[str]) -> frozenset[str]:
    """Several of the known words, with commas between."""
    values = [part.strip() for part in text.split(",")]
    wrong = [part for part in values if part not in known]
    if wrong:
        raise invalid({name: [f'"{part}" is not a valid choice.' for part in wrong]})
    return frozenset(values)


def page(call: Call, entries: Sequence[T]) -> dict[str, Any]:
    """One page of a list, with links to its neighbours."""
    at, size = page_of(call, len(entries))
    last = max(1, ceil(len(entries) / size))

    def link(to: int) -> str | None:
        query = urlencode({**call.query, "page": to})
        return f"{call.service.settings.base_url}{call.url}?{query}" if 1 <= to <= last else None

    return {
        "count": len(entries),
        "next": link(at + 1),
        "previous": link(at - 1),
        "results": list(entries[(at - 1) * size : at * size]),
    }


def page_of(call: Call, count: int) -> tuple[int, int]:
    """Number and size of the page that is asked for.

    Raises:
        Problem: 404; there are not so many.
    """
    size = number(call.query.get("page_size") or call.query.get("limit"), 10)
    size = min(size or 10, PAGE_LIMIT)
    at = number(call.query.get("page"), 1)
    if not 1 <= at <= max(1, ceil(count / size)):
        raise detail(404, "Invalid page.")
    return at, size


def number(text: str | None, default: int) -> int:
    """A small positive integer; 0 is none."""
    if not text:
        return default
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
