"""What a browser reads without credentials: files, previews, the studio page, health."""

from __future__ import annotations

import html
import mimetypes
from importlib.resources import files
from string import Template
from typing import Final

import sqlalchemy as sa
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from lipwright.service.endpoints import Service, is_uuid
from lipwright.service.problems import not_found

STUDIO: Final = files("lipwright.studio")
STUDIO_TYPES: Final = {"studio.css": "text/css", "studio.js": "text/javascript"}
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src {media}; media-src {media}; frame-src 'self'; base-uri 'none'; form-action 'none'"
)
"""Content security policy; `{media}` is where files are served from."""

for _suffix, _kind in ((".vtt", "text/vtt"), (".webm", "video/webm"), (".wav", "audio/wav")):
    mimetypes.add_type(_kind, _suffix)  # the system's own table differs from machine to machine


def add(app: FastAPI, service: Service) -> None:
    """Put the pages into the application; none is part of the API's schema."""

    async def stored(request: Request) -> Response:
        folder, name = request.path_params["folder"], request.path_params["name"]
        return await run_in_threadpool(_file, service, folder, name)

    async def preview(request: Request) -> Response:
        return await run_in_threadpool(_preview, service, request.path_params["id"])

    async def studio(request: Request) -> Response:
        return _page(service, "index.html", {})

    async def studio_file(request: Request) -> Response:
        return _studio_file(request.path_params["name"])

    async def healthz(request: Request) -> Response:
        return await run_in_threadpool(_health, service)

    for path, view in (
        ("/files/{folder}/{name}", stored),
        ("/preview/{id}", preview),
        ("/", studio),
        ("/studio/{name}", studio_file),
        ("/healthz", healthz),
    ):
        app.add_route(path, view, include_in_schema=False)


def _file(service: Service, folder: str, name: str) -> Response:
    try:
        path = service.store.get(f"public/{folder}/{name}", service.scratch)
    except FileNotFoundError:
        raise not_found() from None
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {"X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*"}
    return FileResponse(path, media_type=kind, headers=headers)


def _preview(service: Service, job_id: str) -> Response:
    job = service.records.job(job_id.lower()) if is_uuid(job_id) else None
    if job is None or not job.preview_ready:
        raise not_found()
    urls = service.urls
    return _page(
        service,
        "preview.html",
        {
            "title": str(job.echo.get("name") or "Preview"),
            "video": urls.file(job.id, f"preview.{job.order.container}"),
            "captions": urls.file(job.id, "captions.vtt"),
            "words": " ".join(word.text for word in job.words),
        },
    )


def _page(service: Service, name: str, values: dict[str, str]) -> Response:
    escaped = {key: html.escape(value) for key, value in values.items()}
    text = Template((STUDIO / name).read_text("utf-8")).substitute(escaped)
    policy = POLICY.format(media=f"'self' {service.settings.base_url}")
    return HTMLResponse(
        text, headers={"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}
    )


def _studio_file(name: str) -> Response:
    if name not in STUDIO_TYPES:
        raise not_found()
    return Response((STUDIO / name).read_bytes(), media_type=STUDIO_TYPES[name])


def _health(service: Service) -> Response:
    with service.engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
    return JSONResponse({"status": "ok"})
