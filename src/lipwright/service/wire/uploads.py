"""Uploads, as callers write and read them."""

from __future__ import annotations

from typing import Any

from lipwright.service.uploads import Upload
from lipwright.service.urls import Urls
from lipwright.service.wire.fields import Body
from lipwright.service.wire.tasks import Answer


class UploadRequest(Body):
    """Body of ``POST /api/uploads/`` that announces a file; its bytes follow with ``PATCH``."""

    name: str
    size: int
    content_type: str


class UploadAnswer(Answer):
    """A file of the caller."""

    id: str
    name: str
    content_type: str
    size: int
    received: int
    sha256: str | None
    url: str | None
    created_at: str
    expires_at: str


def upload(found: Upload, urls: Urls) -> dict[str, Any]:
    """As `UploadAnswer`; `url` is there when all of the file is, and is what other fields take."""
    return {
        "id": found.id,
        "name": found.name,
        "content_type": found.content_type,
        "size": found.size,
        "received": found.received,
        "sha256": found.sha256,
        "url": urls.upload(found.id) if found.is_whole else None,
        "created_at": found.created_at.isoformat(),
        "expires_at": found.expires_at.isoformat(),
    }
