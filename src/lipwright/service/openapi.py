"""What FastAPI cannot see, because bodies are read in three forms and fail in DRF's words."""

from __future__ import annotations

import re
from typing import Any, Final

from fastapi import FastAPI

from lipwright.service.bodies import FORMS
from lipwright.service.routes import ROUTES, Route

_REFERENCES: Final = "#/components/schemas/{model}"
_SECURITY: Final[list[dict[str, list[str]]]] = [{"X-API-ID": [], "X-API-KEY": []}]


def described(route: Route) -> dict[str, Any]:
    """Parameters and body of a route."""
    parameters = [_parameter(name, "path") for name in re.findall(r"{(\w+)}", route.path)]
    parameters += [_parameter(name, "query") for name in route.query]
    extra: dict[str, Any] = {"security": _SECURITY, "parameters": parameters}
    if route.takes:
        schema = {"schema": {"$ref": _REFERENCES.format(model=route.takes.__name__)}}
        kinds = ("application/json", *FORMS)
        extra["requestBody"] = {"required": True, "content": dict.fromkeys(kinds, schema)}
    return extra


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
