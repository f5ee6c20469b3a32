"""Callers' own files."""

from __future__ import annotations

from typing import Any, Final

from lipwright.service.endpoints.calls import Call, Reply
from lipwright.service.problems import invalid, not_found
from lipwright.service.spool import Spooled
from lipwright.service.uploads import Upload
from lipwright.service.wire import uploads as wire
from lipwright.service.wire.fields import read

LINK_S: Final = 3600
"""For how long a bucket hands out the file that we sent its owner to."""


def create_upload(call: Call) -> object:
    """Send a file in one piece, or announce one whose bytes follow."""
    if isinstance(call.body, Spooled):
        size = call.body.path.stat().st_size
        upload = _begun(call, call.body.name, size, call.body.content_type)
        if not upload.is_whole:  # it is, when the caller asks the same again
            upload = call.service.uploads.append(upload, upload.received, call.body.path)
    else:
        wanted = read(wire.UploadRequest, call.body, call.known)
        upload = _begun(call, wanted.name, wanted.size, wanted.content_type)
    return wire.upload(upload, call.service.urls)


def _begun(call: Call, name: str, size: int, content_type: str) -> Upload:
    uploads = call.service.uploads
    return uploads.begin(call.new_id(), call.account.id, name, size, content_type)


def append_upload(call: Call) -> object:
    """Send the bytes that follow `Upload-Offset`."""
    upload, body = _own(call), call.body
    given = call.headers.get("upload-offset", "")
    if not (given.isascii() and given.isdigit() and len(given) < 16):
        raise invalid({"Upload-Offset": ["Send the number of bytes that are there already."]})
    if not isinstance(body, Spooled):
        raise invalid({"non_field_errors": ["Send the bytes as they are, not as JSON."]})
    appended = call.service.uploads.append(upload, int(given), body.path)
    return _answer(call, appended)


def _answer(call: Call, upload: Upload) -> Reply:
    headers = {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.size)}
    return Reply(wire.upload(upload, call.service.urls), headers=headers)


def retrieve_upload(call: Call) -> object:
    """A file, and how much of it is there."""
    return _answer(call, _own(call))


def list_uploads(call: Call) -> list[dict[str, Any]]:
    """Files, newest first."""
    found = call.service.uploads.all(call.account.id)
    return [wire.upload(upload, call.service.urls) for upload in found]


def download_upload(call: Call) -> object:
    """The bytes of a file."""
    upload, uploads = _own(call), call.service.uploads
    try:
        if (elsewhere := uploads.link(upload, LINK_S)) is not None:
            return Reply(status=307, headers={"Location": elsewhere, "Cache-Control": "no-store"})
        path = uploads.content(upload, call.service.scratch)
    except FileNotFoundError:
        raise not_found() from None
    # never shown in a browser of ours: it is whatever its owner says it is
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Reply(path, headers=headers, media_type=upload.content_type)


def delete_upload(call: Call) -> object:
    """Remove a file; tasks that have begun keep their copy."""
    call.service.uploads.delete(_own(call))
    return Reply(status=204)


def _own(call: Call) -> Upload:
    found = call.service.uploads.find(call.account.id, call.path_id)
    if found is None:
        raise not_found()
    return found
