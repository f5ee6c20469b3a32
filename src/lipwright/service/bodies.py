"""The body of a request as plain values, whichever of the three forms it came in."""

from __future__ import annotations

import json
from typing import Any, Final, NoReturn

from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request

from lipwright.service.problems import detail, invalid

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


async def _form(request: Request, raw: bytes) -> dict[str, str]:
    async def again() -> dict[str, Any]:
        return {"type": "http.request", "body": raw, "more_body": False}

    form = await Request(request.scope, again).form()
    return {name: value for name, value in form.items() if not isinstance(value, UploadFile)}


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
