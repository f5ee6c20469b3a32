"""The body of a request as plain values, whichever of the three forms it came in."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn

from starlette.requests import ClientDisconnect, Request

from lipwright.service.problems import detail, invalid

_PART: Final = re.compile(r"[^\[\].]+")
DEPTH_LIMIT: Final = 8
FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


async def read_body(request: Request, limit: int) -> object:
    """Plain values.

    Raises:
        Problem: 400, 413 or 415.
    """
    raw = await _bytes_of(request, limit)
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind in FORMS:
        return await _form(request, raw)
    if kind and kind != "application/json" and not kind.endswith("+json"):
        raise detail(415, f'Unsupported media type "{kind}" in request.')
    return _json(raw)


async def _bytes_of(request: Request, limit: int) -> bytes:
    raw = bytearray()
    try:
        async for chunk in request.stream():
            raw += chunk
            if len(raw) > limit:
                raise detail(413, f"The request is larger than {limit} bytes.")
    except ClientDisconnect:
        raise detail(400, "The request was not finished.") from None
    return bytes(raw)


async def _form(request: Request, raw: bytes) -> dict[str, Any]:
    async def again() -> dict[str, Any]:
        return {"type": "http.request", "body": raw, "more_body": False}

    form = await Request(request.scope, again).form()
    body: dict[str, Any] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            insert(body, name, value)
    return body


def insert(body: dict[str, Any], name: str, value: str) -> None:
    """Put a form's ``a[0]b.c`` or ``a[0][b][c]`` where JSON would have it."""
    first, *rest = _PART.findall(name)[:DEPTH_LIMIT] or [name]
    place: Any = body
    for part, following in zip([first, *rest], rest, strict=False):
        place = _entered(place, part, [] if following.isdigit() else {})
        if place is None:
            return
    last = ([first, *rest])[-1]
    if isinstance(place, list):
        place.append(value)
    else:
        place[last] = value


def _entered(place: Any, part: str, fresh: Any) -> Any:  # noqa: ANN401 - any JSON value
    """What is at `part`; None if something else is there, or it is out of order."""
    if isinstance(place, dict):
        found = place.setdefault(part, fresh)
    elif isinstance(place, list) and part.isdigit() and int(part) <= len(place):
        place += [fresh] if int(part) == len(place) else []
        found = place[int(part)]
    else:
        return None
    return found if type(found) is type(fresh) else None


def _json(raw: bytes) -> object:
    if not raw.strip():
        return {}
    try:
        body: object = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        message = str(error) if isinstance(error, ValueError) else "too deeply nested"
        raise detail(400, f"JSON parse error - {message}") from None
    if not isinstance(body, dict):
        kind = type(body).__name__
        message = f"Invalid data. Expected a dictionary, but got {kind}."
        raise invalid({"non_field_errors": [message]})
    return body


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"Out of range float values are not JSON compliant: {name}")
