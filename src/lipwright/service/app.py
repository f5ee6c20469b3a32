"""The HTTP application: the table of routes, and the little that is common to all."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse

from lipwright import __version__
from lipwright.service import openapi, operations, outages, pages, replies
from lipwright.service.accounts import Scope
from lipwright.service.auth import Account, authenticated
from lipwright.service.bodies import read_body
from lipwright.service.endpoints.calls import Call, Reply, Service
from lipwright.service.logs import RequestLog
from lipwright.service.problems import Problem, forbidden
from lipwright.service.replies import Kept
from lipwright.service.routes import CREATED, ROUTES, Route
from lipwright.service.spool import Spooled, SpooledForm, spooled, spooled_form

WRITERS_LIMIT: Final = 8
"""Threads that write at once; a SQLite file takes one writer at a time anyway."""
_WRITERS: Final[RunVar[CapacityLimiter]] = RunVar("writers")
"""Of the running event loop."""
VALUES: Final = ("application/json", "application/x-www-form-urlencoded")
"""Bodies that are values, where others are files."""


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
    operations.add(app, service)
    app.add_exception_handler(Problem, _answer_problem)
    app.add_exception_handler(HTTPException, _answer_http)
    outages.add(app)
    app.add_exception_handler(Exception, _answer_crash)
    app.add_middleware(RequestLog)
    openapi.complete(app)
    return app


def _add(app: FastAPI, service: Service, route: Route) -> None:
    status = service.settings.create_status if route.status == CREATED else route.status
    view = _view(service, route, status)
    spellings = {route.path: not route.is_alias}  # the first is the one in the schema
    spellings.setdefault(route.path.rstrip("/"), False)
    for path, listed in spellings.items():
        app.add_api_route(
            path,
            view,
            methods=[route.method],
            status_code=status,
            response_model=route.gives,
            response_class=JSONResponse if route.media_type == openapi.JSON else Response,
            include_in_schema=listed,
            operation_id=route.endpoint.__name__ if listed else None,
            summary=(route.endpoint.__doc__ or "").strip(),
            openapi_extra=openapi.described(route),
        )


def _view(service: Service, route: Route, status: int) -> Callable[[Request], Awaitable[Response]]:
    def admitted(request: Request) -> Account:
        account = _admitted(service, request, route.scope)
        if route.fills_disk and service.disk.is_full:
            raise outages.no_room()
        return account

    def answered(request: Request, account: Account, body: object) -> Response:
        path, query = request.path_params, dict(request.query_params)
        call = Call(service, account, path, query, body, request.url.path, request.headers)
        return _answered(route, call, status)

    def read(request: Request) -> Response:
        return answered(request, admitted(request), None)

    async def view(request: Request) -> Response:
        if route.method == "GET":
            return await run_in_threadpool(read, request)
        account = await run_in_threadpool(admitted, request)
        body = await _body(service, route, request)
        try:
            return await run_sync(answered, request, account, body, limiter=writers())
        finally:
            for file in _files(body):
                file.path.unlink(missing_ok=True)

    return view


def writers() -> CapacityLimiter:
    """Places for what writes: it waits for the database, and reads must not wait for it."""
    try:
        return _WRITERS.get()
    except LookupError:
        limiter = CapacityLimiter(WRITERS_LIMIT)
        _WRITERS.set(limiter)
        return limiter


async def _body(service: Service, route: Route, request: Request) -> object:
    kind = request.headers.get("content-type", "application/json").partition(";")[0]
    if route.is_file and kind.strip().lower() not in VALUES:
        return await spooled(request, service.scratch, service.settings.upload_limit)
    if route.is_form and kind.strip().lower() == "multipart/form-data":
        return await spooled_form(request, service.scratch, service.settings.upload_limit)
    limit = service.settings.body_limit * route.bodies
    return await read_body(request, limit) if route.takes else None


def _files(body: object) -> list[Spooled]:
    if isinstance(body, SpooledForm):
        return list(body.files.values())
    return [body] if isinstance(body, Spooled) else []


def _answered(route: Route, call: Call, status: int) -> Response:
    key = call.headers.get(replies.HEADER)
    if route.method != "POST" or key is None:
        return _response(route.endpoint(call), status)
    return _once(route, call, status, replies.checked_key(key))


def _once(route: Route, call: Call, status: int, key: str) -> Response:
    """What the endpoint answers, or answered before."""
    kept, body = call.service.replies, call.body
    asked = [body.sha256, body.name] if isinstance(body, Spooled) else body
    asked = body.print if isinstance(body, SpooledForm) else asked
    same = replies.fingerprint(route.method, call.url, dict(call.query), asked)
    claim = kept.claim(call.account.id, key, same)
    if isinstance(claim, Kept):
        again = {"Idempotency-Replayed": "true"}
        return Response(claim.body, claim.status, again, "application/json")
    try:
        answer = route.endpoint(replace(call, seed=claim.seed))
        response = _response(answer, status)
        kept.settle(claim, Kept(response.status_code, _shareable(answer, response)))
    except Problem:
        kept.release(claim)  # nothing was done
        raise
    except Exception:
        kept.interrupt(claim)  # something may have been done
        raise
    return response


def _shareable(answer: object, response: Response) -> str:
    """The answer as it is kept: what is shown once is not."""
    if isinstance(answer, Reply) and isinstance(answer.body, dict) and answer.secrets:
        return json.dumps({**answer.body, **dict.fromkeys(answer.secrets)})
    return bytes(response.body).decode()


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


def _response(answer: object, status: int) -> Response:
    reply = answer if isinstance(answer, Reply) else Reply(answer)
    status, headers = reply.status or status, dict(reply.headers)
    match reply.body:
        case None:
            return Response(None, status, headers)
        case Path() as path:
            return FileResponse(path, status, headers, reply.media_type)
        case AsyncIterator() as pieces:
            return StreamingResponse(pieces, status, headers, reply.media_type)
        case str() as text if reply.media_type != "application/json":
            return Response(text, status, headers, reply.media_type)
        case value:
            return JSONResponse(value, status, headers)


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
    return JSONResponse({"detail": message}, error.status_code, dict(error.headers or {}))


def _allowed(request: Request) -> list[str]:
    path = request.url.path.rstrip("/")
    patterns = ((r.method, re.sub(r"{\w+}", "[^/]+", r.path.rstrip("/"))) for r in ROUTES)
    return sorted({method for method, pattern in patterns if re.fullmatch(pattern, path)})


async def _answer_crash(request: Request, error: Exception) -> Response:
    return JSONResponse({"detail": "A server error occurred."}, 500)
