"""Bodies that are files: written to the disk as they come in, never held in memory."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import create_form_parser
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from lipwright.service.bodies import insert
from lipwright.service.problems import detail, invalid

COPY_BYTES: Final = 1 << 20
FORM_SPARE: Final = 64 << 10
"""Bytes that a form may have around its file."""


@dataclass(frozen=True, slots=True)
class Spooled:
    """A body on the disk."""

    path: Path
    content_type: str
    name: str
    sha256: str
    is_whole: bool
    """False if the caller broke off."""


@dataclass(frozen=True, slots=True)
class SpooledForm:
    """A form with files."""

    values: dict[str, Any]
    files: dict[str, Spooled]

    @property
    def print(self) -> object:
        """What makes two of them the same."""
        return [self.values, {name: file.sha256 for name, file in sorted(self.files.items())}]


async def spooled_form(request: Request, folder: Path, limit: int) -> SpooledForm:
    """Read a form, and write its files into new files in `folder`.

    Raises:
        Problem: 400 or 413.
    """
    path = folder / f"form-{uuid.uuid4()}"
    try:
        _, is_whole = await _written(request, path, limit + FORM_SPARE)
        if not is_whole:
            raise detail(400, "The request was not finished.")
        return await run_in_threadpool(_form, request, path)
    finally:
        path.unlink(missing_ok=True)


def _form(request: Request, path: Path) -> SpooledForm:
    fields, files = _parsed(request, path)
    try:
        form = SpooledForm({}, {})
        for field in fields:
            insert(form.values, _text(field.field_name), _text(field.value))
        for file in files:
            name, target = _text(file.field_name), path.parent / f"body-{uuid.uuid4()}"
            old = form.files.pop(name, None)
            if old is not None:
                old.path.unlink(missing_ok=True)
            form.files[name] = _extracted(file, target)
        return form
    finally:
        for file in files:
            file.close()


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8", "replace")


async def spooled(request: Request, folder: Path, limit: int) -> Spooled:
    """Write the body into a new file in `folder`; a form's file without the form around it.

    Raises:
        Problem: 400 or 413.
    """
    path = folder / f"body-{uuid.uuid4()}"
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    is_form = kind == "multipart/form-data"
    try:
        digest, is_whole = await _written(request, path, limit + FORM_SPARE * is_form)
        if is_form:
            if not is_whole:
                raise detail(400, "The request was not finished.")
            return await run_in_threadpool(_from_form, request, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    name = request.query_params.get("name") or _name(request) or "upload"
    return Spooled(path, kind or "application/octet-stream", name, digest, is_whole)


async def _written(request: Request, path: Path, limit: int) -> tuple[str, bool]:
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        try:
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit:
                    raise detail(413, f"The request is larger than {limit} bytes.")
                digest.update(chunk)
                file.write(chunk)
        except ClientDisconnect:
            return digest.hexdigest(), False
    return digest.hexdigest(), True


def _name(request: Request) -> str | None:
    header = Message()
    header["Content-Disposition"] = request.headers.get("content-disposition", "")
    return header.get_filename()


def _from_form(request: Request, path: Path) -> Spooled:
    _, files = _parsed(request, path)
    try:
        if len(files) != 1 or files[0].field_name != b"file":
            raise invalid({"file": ["Send one file, in the field `file`."]})
        return _extracted(files[0], path)
    finally:
        for file in files:
            file.close()


def _parsed(request: Request, path: Path) -> tuple[list[Any], list[Any]]:
    """Fields and files of the form at `path`; whoever gets the files closes them."""
    if "boundary=" not in request.headers["content-type"]:
        raise detail(400, "Multipart form parse error - the boundary is missing.")
    fields: list[Any] = []
    files: list[Any] = []
    headers: Any = {"Content-Type": request.headers["content-type"].encode("latin-1")}
    config = {"UPLOAD_DIR": str(path.parent), "MAX_MEMORY_FILE_SIZE": COPY_BYTES}
    try:
        parser = create_form_parser(headers, fields.append, files.append, config)
        with path.open("rb") as form:
            while chunk := form.read(COPY_BYTES):
                parser.write(chunk)
        parser.finalize()
    except FormParserError as error:
        for file in files:
            file.close()
        raise detail(400, f"Multipart form parse error - {error}") from None
    return fields, files


def _extracted(file: Any, path: Path) -> Spooled:  # noqa: ANN401 - the parser's own class
    file.file_object.seek(0)
    with path.open("wb") as target:
        shutil.copyfileobj(file.file_object, target, COPY_BYTES)
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    name = unquote((file.file_name or b"").decode("utf-8", "replace")) or "upload"
    kind: str = file.content_type or "application/octet-stream"
    return Spooled(path, kind.split(";")[0].strip().lower(), name, digest, is_whole=True)
