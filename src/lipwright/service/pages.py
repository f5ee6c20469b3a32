"""What a browser reads without credentials: files, previews, the studio page."""

from __future__ import annotations

import html
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    RedirectResponse,
    Response,
)

from lipwright import pipeline
from lipwright.service.endpoints.calls import Service, is_uuid
from lipwright.service.problems import detail, not_found
from lipwright.service.storage import content_type

STUDIO: Final = files("lipwright.studio")
STUDIO_TYPES: Final = {
    "studio.css": "text/css",
    "studio.js": "text/javascript",
    "make.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src {media}; media-src {media}; frame-src 'self'; base-uri 'none'; form-action 'none'"
)
"""Content security policy; `{media}` is where files are served from."""

LINK_S: Final = 3600
"""For how long a bucket hands out the file that we sent somebody to."""


def add(app: FastAPI, service: Service) -> None:
    """Put the pages into the application; none is part of the API's schema."""

    async def stored(request: Request) -> Response:
        folder, name = request.path_params["folder"], request.path_params["name"]
        _check_address(service, folder, request)
        return await run_in_threadpool(_file, service, folder, name)

    async def preview(request: Request) -> Response:
        _check_address(service, request.path_params["id"], request)
        return await run_in_threadpool(_preview, service, request.path_params["id"])

    async def studio(request: Request) -> Response:
        return _page(service, "index.html", {})

    async def studio_file(request: Request) -> Response:
        return _studio_file(request.path_params["name"])

    async def music(request: Request) -> Response:
        return await run_in_threadpool(_music, request.path_params["name"])

    async def voice(request: Request) -> Response:
        return await run_in_threadpool(_voice, service, request.path_params["name"])

    for path, view in (
        ("/files/{folder}/{name}", stored),
        ("/preview/{id}", preview),
        ("/", studio),
        ("/studio/{name}", studio_file),
        ("/music/{name}", music),
        ("/voices/{name}", voice),
    ):
        app.add_route(path, view, include_in_schema=False)


def _check_address(service: Service, folder: str, request: Request) -> None:
    query = request.query_params
    if not service.urls.allows(folder, query.get("expires", ""), query.get("signature", "")):
        raise detail(403, "This address is not valid or no longer; ask for the task again.")


def _file(service: Service, folder: str, name: str) -> Response:
    key = f"public/{folder}/{name}"
    headers = {"X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*"}
    try:
        if (elsewhere := service.store.link(key, LINK_S)) is not None:
            return RedirectResponse(elsewhere, 307, {**headers, "Cache-Control": "no-store"})
        path = service.store.get(key, service.scratch)
    except FileNotFoundError:
        raise not_found() from None
    return FileResponse(path, media_type=content_type(name), headers=headers)


def _preview(service: Service, job_id: str) -> Response:
    job = service.records.job(job_id.lower()) if is_uuid(job_id) else None
    if job is None or job.deleted_at is not None or not job.preview_ready:
        raise not_found()
    urls = service.urls
    return _page(
        service,
        "preview.html",
        {
            "title": str(job.echo.get("name") or "Preview"),
            "video": urls.file(job.id, f"preview.{job.order.suffix}"),
            "captions": urls.file(job.id, "captions.vtt"),
            "words": " ".join(word.text for word in job.words),
        },
    )


def _music(name: str) -> Response:
    found = (bed.path for bed in pipeline.music_beds() if f"{bed.name}{bed.path.suffix}" == name)
    return _heard(next(found, None))


def _voice(service: Service, name: str) -> Response:
    voice_id, found = name.removesuffix(".mp3"), service.catalogue.voices_with_clips()
    return _heard(next((clip for card, clip in found if card.id == voice_id), None))


def _heard(path: Path | None) -> Response:
    if path is None:
        raise not_found()
    headers = {"X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*"}
    return FileResponse(path, media_type=content_type(path.name), headers=headers)


def _page(service: Service, name: str, values: dict[str, str]) -> Response:
    escaped = {key: html.escape(value) for key, value in values.items()}
    text = Template((STUDIO / name).read_text("utf-8")).substitute(escaped)
    policy = POLICY.format(media=f"'self' {service.settings.base_url} {_origin(service)}".rstrip())
    return HTMLResponse(
        text, headers={"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}
    )


def _origin(service: Service) -> str:
    """Where the bucket hands files out; browsers want it named, although we redirect to it."""
    link = service.store.link("public/a", 1)
    return f"{urlsplit(link).scheme}://{urlsplit(link).netloc}" if link else ""


def _studio_file(name: str) -> Response:
    if name not in STUDIO_TYPES:
        raise not_found()
    return Response((STUDIO / name).read_bytes(), media_type=STUDIO_TYPES[name])
