"""The HTTP application: one flat table of routes, and the little that is common to all."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import structlog
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from lipwright import __version__
from lipwright.service import endpoints, pages, wire
from lipwright.service.accounts import Scope
from lipwright.service.auth import Account, authenticated
from lipwright.service.endpoints import Call, Endpoint, Service
from lipwright.service.logs import RequestLog
from lipwright.service.problems import Problem, detail, forbidden, invalid

log = structlog.get_logger()

FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
PERSONA_FILTERS: Final = (*wire.PERSONA_CHOICES, "keyword")


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the table; `path` is served with and without its last slash."""

    method: str
    path: str
    endpoint: Endpoint
    takes: type[BaseModel] | None = None
    gives: Any = None
    query: tuple[str, ...] = ()
    is_alias: bool = False
    needs: Scope | None = None
    """None is `READ` for a GET and `RENDER` for everything else."""

    @property
    def scope(self) -> Scope:
        """What a key must be good for."""
        return self.needs or (Scope.READ if self.method == "GET" else Scope.RENDER)


Task, Tasks = wire.Lipsync, list[wire.Lipsync]
PAGE: Final = ("page", "page_size")

ROUTES: Final = (
    Route("POST", "/api/lipsyncs/", endpoints.create_lipsync, wire.LipsyncRequest, Task),
    Route("GET", "/api/lipsyncs/", endpoints.list_lipsyncs, gives=Tasks, query=("ids",)),
    Route("POST", "/api/lipsyncs/preview/", endpoints.preview_lipsync, wire.LipsyncRequest, Task),
    Route("POST", "/api/lipsyncs/{id}/render/", endpoints.render_lipsync, gives=Task),
    Route("GET", "/api/lipsyncs/{id}/", endpoints.retrieve_lipsync, gives=wire.LipsyncRetrieve),
    Route("GET", "/api/personas/", endpoints.list_personas, query=PERSONA_FILTERS),
    Route("GET", "/api/personas/paginated/", endpoints.page_personas, query=PERSONA_FILTERS + PAGE),
    Route("GET", "/api/personas-paginated/", endpoints.page_personas, is_alias=True),
    Route("GET", "/api/personas/{id}/", endpoints.retrieve_persona),
    Route("GET", "/api/voices/", endpoints.list_voices),
    Route("GET", "/api/voices/paginated/", endpoints.page_voices, query=PAGE),
    Route("GET", "/api/remaining_credits/", endpoints.remaining_credits),
    Route("GET", "/api/webhook_secret/", endpoints.webhook_secret, needs=Scope.ADMIN),
    Route("GET", "/api/remaining-credits/", endpoints.remaining_credits, is_alias=True),
)


def create_app(service: Service) -> FastAPI:
    """The application on these services."""
    app = FastAPI(
        title="Lipwright",
        version=__version__,
        openapi_url="/api/schema/",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a redirected POST comes back as a GET
    )
    for route in ROUTES:
        _add(app, service, route)
    pages.add(app, service)
    app.add_exception_handler(Problem, _answer_problem)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(Exception, _answer_crash)
    app.add_middleware(RequestLog)
    _describe_security(app)
    return app


def _describe_security(app: FastAPI) -> None:
    schemes = {
        name: {"type": "apiKey", "in": "header", "name": name} for name in ("X-API-ID", "X-API-KEY")
    }
    app.openapi().setdefault("components", {})["securitySchemes"] = schemes


def _add(app: FastAPI, service: Service, route: Route) -> None:
    status = _status(service, route)
    view = _view(service, route, status)
    for path, listed in ((route.path, not route.is_alias), (route.path.rstrip("/"), False)):
        app.add_api_route(
            path,
            view,
            methods=[route.method],
            status_code=status,
            response_model=route.gives,
            include_in_schema=listed,
            operation_id=route.endpoint.__name__ if listed else None,
            summary=(route.endpoint.__doc__ or "").strip(),
            openapi_extra=_described(route),
        )


def _status(service: Service, route: Route) -> int:
    creates = route.endpoint is endpoints.create_lipsync
    return service.settings.create_status if creates else 200


def _view(service: Service, route: Route, status: int) -> Callable[[Request], Awaitable[Response]]:
    async def view(request: Request) -> Response:
        account = await run_in_threadpool(_admitted, service, request, route.scope)
        body = await read_body(request, service.settings.body_limit) if route.takes else None
        call = Call(
            service,
            account,
            request.path_params,
            dict(request.query_params),
            body,
            request.url.path,
        )
        return JSONResponse(await run_in_threadpool(route.endpoint, call), status)

    return view


def _admitted(service: Service, request: Request, scope: Scope) -> Account:
    """Whoever sent the request, if they may do this, and now.

    Raises:
        Problem: 401, 403 or 429.
    """
    api_id, api_key = request.headers.get("x-api-id"), request.headers.get("x-api-key")
    account = authenticated(service.engine, api_id, api_key)
    if not account.scope.allows(scope):
        raise forbidden()
    rate = account.limits.rate_per_minute
    per_minute = service.settings.rate_per_minute if rate is None else rate
    service.throttle.admit(account.api_id, per_minute)
    return account


async def read_body(request: Request, limit: int) -> object:
    """The body as plain values, whichever of the three forms it came in.

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


def _described(route: Route) -> dict[str, Any]:
    """What FastAPI cannot see, because bodies are read in three forms and fail in DRF's words."""
    parameters = [_parameter(name, "path") for name in re.findall(r"{(\w+)}", route.path)]
    parameters += [_parameter(name, "query") for name in route.query]
    extra: dict[str, Any] = {
        "security": [{"X-API-ID": [], "X-API-KEY": []}],
        "parameters": parameters,
    }
    if route.takes:
        schema = {"schema": route.takes.model_json_schema(by_alias=True)}
        kinds = ("application/json", *FORMS)
        extra["requestBody"] = {"required": True, "content": dict.fromkeys(kinds, schema)}
    return extra


def _parameter(name: str, where: str) -> dict[str, Any]:
    kind = {"type": "integer", "minimum": 1} if name.startswith("page") else {"type": "string"}
    return {"name": name, "in": where, "required": where == "path", "schema": kind}


async def _answer_problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)  # noqa: S101 - registered for this class
    return JSONResponse(problem.body, problem.status, problem.headers)


async def _answer_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    if error.status_code == 405:
        allowed = _allowed(request)
        message = f'Method "{request.method}" not allowed.'
        return JSONResponse({"detail": message}, 405, {"Allow": ", ".join(allowed)})
    message = "Not found." if error.status_code == 404 else str(error.detail)
    return JSONResponse({"detail": message}, error.status_code, _headers(error))


def _headers(error: HTTPException) -> dict[str, str]:
    return dict(error.headers or {})


def _allowed(request: Request) -> list[str]:
    path = request.url.path.rstrip("/") + "/"
    patterns = ((r.method, re.sub(r"{\w+}", "[^/]+", r.path)) for r in ROUTES)
    return sorted({method for method, pattern in patterns if re.fullmatch(pattern, path)})


async def _answer_crash(request: Request, error: Exception) -> Response:
    return JSONResponse({"detail": "A server error occurred."}, 500)
