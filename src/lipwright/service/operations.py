"""What whoever runs the service asks the API: is it alive, is it ready, what has it done."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lipwright.service import metrics
from lipwright.service.endpoints.calls import Service
from lipwright.service.health import OK
from lipwright.service.problems import not_found


def add(app: FastAPI, service: Service) -> None:
    """Put the pages into the application; none is part of the API's schema."""

    async def healthz(request: Request) -> Response:
        return JSONResponse({"status": OK})

    async def readyz(request: Request) -> Response:
        findings = await run_in_threadpool(service.health.findings)
        is_ready = all(finding == OK for finding in findings.values())
        return JSONResponse({"ready": is_ready, **findings}, 200 if is_ready else 503)

    async def metrics_page(request: Request) -> Response:
        if not _may_read(service, request):
            raise not_found()
        body = await run_in_threadpool(metrics.page, service.engine)
        return Response(body, media_type="text/plain; version=0.0.4; charset=utf-8")

    for path, view in (("/healthz", healthz), ("/readyz", readyz), ("/metrics", metrics_page)):
        app.add_route(path, view, include_in_schema=False)


def _may_read(service: Service, request: Request) -> bool:
    """Whoever knows the token; without one, whoever sits at this machine, and no proxy does."""
    token = service.settings.metrics_token.get_secret_value()
    if token:
        given = request.headers.get("authorization", "").encode()
        return hmac.compare_digest(given, f"Bearer {token}".encode())
    is_direct = not {"forwarded", "x-forwarded-for"} & set(request.headers)
    return is_direct and request.client is not None and _is_loopback(request.client.host)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
