"""Callers' own files: sent once, in one piece or in many, and used wherever a URL is taken.

A piece is kept as a file of the store under the offset it begins at; the count in the database is
what is sure to be there.  When all of it is there, the pieces become one file.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from lipwright.service import ledger
from lipwright.service.database import uploads
from lipwright.service.problems import Problem, detail, invalid
from lipwright.service.settings import Settings
from lipwright.service.storage import Store

NAME_LIMIT: Final = 255
COPY_BYTES: Final = 1 << 20
CONTENT: Final = "content"
MEDIA: Final = re.compile(r"(audio|image|video)/[\w.+-]{1,100}|application/octet-stream")
"""What may be uploaded; what it really is shows when it is decoded, in a child process."""
LIST_LIMIT: Final = 1000


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a caller."""

    id: str
    account_id: str
    name: str
    content_type: str
    size: int
    """Bytes, as announced."""
    received: int
    """Bytes that are sure to be there."""
    sha256: str | None
    """Of the whole file; None while it is incomplete."""
    created_at: datetime
    expires_at: datetime

    @property
    def is_whole(self) -> bool:
        """Whether it can be used."""
        return self.sha256 is not None


@dataclass(frozen=True, slots=True)
class Uploads:
    """Uploads in the database and the store."""

    engine: sa.Engine
    store: Store
    scratch: Path
    settings: Settings

    def begin(
        self, upload_id: uuid.UUID, account_id: str, name: str, size: int, type_: str
    ) -> Upload:
        """Announce a file; the same id twice is one upload.

        Raises:
            Problem: 400, every field that is wrong, or too much is kept already.
        """
        _check(name, size, type_, self.settings.upload_limit)
        now = datetime.now(UTC)
        upload = Upload(
            id=str(upload_id),
            account_id=account_id,
            name=name,
            content_type=type_,
            size=size,
            received=0,
            sha256=None,
            created_at=now,
            expires_at=now + timedelta(seconds=self.settings.upload_kept_s),
        )
        with self.engine.begin() as connection:
            ledger.lock(connection, account_id)
            if (old := _found(connection, upload.id, account_id)) is not None:
                return old
            self._check_quota(connection, account_id, size)
            connection.execute(uploads.insert().values(**_row(upload)))
        return upload

    def _check_quota(self, connection: sa.Connection, account_id: str, size: int) -> None:
        total = sa.select(sa.func.coalesce(sa.func.sum(uploads.c.size), 0))
        kept = int(connection.scalar(total.where(uploads.c.account_id == account_id)) or 0)
        if kept + size > self.settings.upload_quota:
            message = f"Your uploads may hold {self.settings.upload_quota} bytes; delete some."
            raise invalid({"size": [message]})

    def find(self, account_id: str, upload_id: str) -> Upload | None:
        """One upload of an account."""
        with self.engine.connect() as connection:
            return _found(connection, upload_id, account_id)

    def all(self, account_id: str) -> list[Upload]:
        """An account's uploads, newest first."""
        query = sa.select(uploads).where(uploads.c.account_id == account_id)
        newest = query.order_by(uploads.c.created_at.desc(), uploads.c.id).limit(LIST_LIMIT)
        with self.engine.connect() as connection:
            return [Upload(**row._mapping) for row in connection.execute(newest)]

    def append(self, upload: Upload, offset: int, piece: Path) -> Upload:
        """Keep the bytes that follow `offset`; with the last of them the upload is whole.

        Raises:
            Problem: 409, `offset` is not where the upload stands; 413, it is longer than announced.
        """
        length = piece.stat().st_size
        if offset != upload.received:
            raise wrong_offset(upload.received)
        if offset + length > upload.size:
            raise detail(413, f"The upload was announced with {upload.size} bytes.")
        if length:
            self.store.put(_key(upload, f"part.{offset:015}"), piece)
            self._advance(upload, offset + length)
        return self._completed(self._again(upload))

    def _advance(self, upload: Upload, received: int) -> None:
        change = (
            uploads.update()
            .where(uploads.c.id == upload.id, uploads.c.received == upload.received)
            .values(received=received)
        )
        with self.engine.begin() as connection:
            if not connection.execute(change).rowcount:
                raise wrong_offset(self._again(upload).received)

    def _again(self, upload: Upload) -> Upload:
        found = self.find(upload.account_id, upload.id)
        if found is None:
            raise detail(404, "Not found.")
        return found

    def _completed(self, upload: Upload) -> Upload:
        if upload.is_whole or upload.received < upload.size:
            return upload
        digest, size = self._joined(upload)
        if size != upload.size:  # two callers sent different pieces at once: neither counts
            self._restart(upload)
            raise wrong_offset(0)
        with self.engine.begin() as connection:
            mine = uploads.update().where(uploads.c.id == upload.id)
            connection.execute(mine.values(sha256=digest))
        for name in self._parts(upload):
            self.store.delete(_key(upload, name))
        return self._again(upload)

    def _restart(self, upload: Upload) -> None:
        self.store.delete(f"uploads/{upload.id}")
        with self.engine.begin() as connection:
            connection.execute(uploads.update().where(uploads.c.id == upload.id).values(received=0))

    def _parts(self, upload: Upload) -> Sequence[str]:
        return [n for n in self.store.names(f"uploads/{upload.id}") if n.startswith("part.")]

    def _joined(self, upload: Upload) -> tuple[str, int]:
        digest, folder = hashlib.sha256(), self.scratch / f"upload-{uuid.uuid4()}"
        folder.mkdir(parents=True)
        try:
            whole = folder / CONTENT
            with whole.open("wb") as file:
                for name in self._parts(upload):
                    part = self.store.get(_key(upload, name), folder)
                    with part.open("rb") as source:
                        while chunk := source.read(COPY_BYTES):
                            digest.update(chunk)
                            file.write(chunk)
            size = whole.stat().st_size
            self.store.put(_key(upload, CONTENT), whole)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return digest.hexdigest(), size

    def content(self, upload: Upload, folder: Path) -> Path:
        """The whole file on the local disk: in `folder`, or where the store itself has it.

        Raises:
            FileNotFoundError: It is not whole, or gone.
        """
        if not upload.is_whole:
            raise FileNotFoundError(upload.id)
        return self.store.get(_key(upload, CONTENT), folder)

    def link(self, upload: Upload, lifetime_s: int) -> str | None:
        """Where the store itself hands the file out, if it does.

        Raises:
            FileNotFoundError: It is not whole.
        """
        if not upload.is_whole:
            raise FileNotFoundError(upload.id)
        return self.store.link(_key(upload, CONTENT), lifetime_s)

    def delete(self, upload: Upload) -> None:
        """Remove a file; tasks that fetched it already keep their copy."""
        self.store.delete(f"uploads/{upload.id}")
        with self.engine.begin() as connection:
            connection.execute(uploads.delete().where(uploads.c.id == upload.id))

    def expire(self) -> int:
        """Remove what was kept long enough; how many."""
        query = sa.select(uploads).where(uploads.c.expires_at < datetime.now(UTC))
        with self.engine.connect() as connection:
            old = [Upload(**row._mapping) for row in connection.execute(query.limit(LIST_LIMIT))]
        for upload in old:
            self.delete(upload)
        return len(old)


def wrong_offset(received: int) -> Problem:
    """The caller continues from elsewhere than where the upload stands."""
    message = f"The upload stands at {received} bytes; continue from there."
    return detail(409, message, {"Upload-Offset": str(received)})


def _check(name: str, size: int, type_: str, limit: int) -> None:
    wrong: dict[str, Any] = {}
    if not 1 <= len(name) <= NAME_LIMIT or not name.isprintable():
        wrong["name"] = [f"Send a file name of 1 to {NAME_LIMIT} printable characters."]
    if not 1 <= size <= limit:
        wrong["size"] = [f"Send 1 to {limit} bytes."]
    if not MEDIA.fullmatch(type_):
        wrong["content_type"] = ["Send audio, an image or a video."]
    if wrong:
        raise invalid(wrong)


def _key(upload: Upload, name: str) -> str:
    return f"uploads/{upload.id}/{name}"


def _row(upload: Upload) -> dict[str, Any]:
    return {name: getattr(upload, name) for name in uploads.c.keys()}  # noqa: SIM118


def _found(connection: sa.Connection, upload_id: str, account_id: str) -> Upload | None:
    query = sa.select(uploads).where(uploads.c.id == upload_id, uploads.c.account_id == account_id)
    row = connection.execute(query).one_or_none()
    return Upload(**row._mapping) if row else None
