"""What FastAPI cannot see, because bodies are read in three forms and fail in DRF's words."""

from __future__ import annotations

import re
from typing import Any, Final

from fastapi import FastAPI

from lipwright.service.bodies import FORMS
from lipwright.service.routes import ROUTES, Route

_REFERENCES: Final = "#/components/schemas/{model}"
JSON: Final = "application/json"
_DETAIL: Final = {
    "type": "object",
    "properties": {"detail": {"type": "string"}},
    "required": ["detail"],
}
_FIELD_ERRORS: Final = {
    "type": "object",
    "description": "Messages under the name of each wrong field, nested as the fields are; "
    "`non_field_errors` is about all of them, `detail` about the request.",
}
_REFUSALS: Final = {
    400: "Something in the request is wrong, or it comes too early.",
    401: "The credentials are absent, wrong or revoked.",
    403: "The key's scope does not reach so far.",
    404: "There is no such thing, or it is another's.",
    409: "It clashes with what is there, or with the same request under way.",
    413: "The body is too large.",
    415: "The body is of another media type.",
    422: "The Idempotency-Key was used for another request.",
    429: "Too many requests, or tasks under way.",
    503: "The database or the storage is away for a moment.",
}
_SECURITY: Final[list[dict[str, list[str]]]] = [{"X-API-ID": [], "X-API-KEY": []}]


def described(route: Route) -> dict[str, Any]:
    """Parameters and body of a route."""
    parameters = [_parameter(name, "path") for name in re.findall(r"{(\w+)}", route.path)]
    parameters += [_parameter(name, "query") for name in route.query]
    extra: dict[str, Any] = {
        "security": _SECURITY,
        "parameters": parameters,
        "responses": _refusals(route),
    }
    if route.media_type != JSON:
        content = {route.media_type: {"schema": {"type": "string"}}}
        extra["responses"][str(route.status)] = {"content": content}
    if route.takes:
        schema = {"schema": {"$ref": _REFERENCES.format(model=route.takes.__name__)}}
        kinds = ("application/json", *FORMS)
        extra["requestBody"] = {"required": True, "content": dict.fromkeys(kinds, schema)}
    return extra


def _refusals(route: Route) -> dict[str, Any]:
    """Statuses of refusals, and what they look like."""
    wanted = {400, 401, 403, 429, 503}
    if "{" in route.path or "page" in route.query:
        wanted.add(404)
    if route.method == "POST":
        wanted |= {409, 422}
    if route.takes or route.is_file:
        wanted |= {409, 413, 415}
    return {
        str(status): {
            "description": _REFUSALS[status],
            "content": {JSON: {"schema": _FIELD_ERRORS if status == 400 else _DETAIL}},
        }
        for status in sorted(wanted)
    }


def complete(app: FastAPI) -> None:
    """Add to the application's schema what several routes refer to."""
    components = app.openapi().setdefault("components", {})
    components["securitySchemes"] = {
        name: {"type": "apiKey", "in": "header", "name": name} for name in ("X-API-ID", "X-API-KEY")
    }
    schemas = components.setdefault("schemas", {})
    for kind in {route.takes for route in ROUTES if route.takes}:
        found = kind.model_json_schema(ref_template=_REFERENCES)
        schemas.update(found.pop("$defs", {}))
        schemas[kind.__name__] = found


def _parameter(name: str, where: str) -> dict[str, Any]:
    kind = {"type": "integer", "minimum": 1} if name.startswith("page") else {"type": "string"}
    return {"name": name, "in": where, "required": where == "path", "schema": kind}
