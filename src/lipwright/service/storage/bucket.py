"""A store in a bucket of S3, or of anything that speaks its protocol.

Region, endpoint and credentials come from the variables that every S3 program reads
(``AWS_REGION``, ``AWS_ENDPOINT_URL``, ``AWS_ACCESS_KEY_ID``, …), or from the machine's role.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from lipwright.errors import InvalidRequest
from lipwright.service.storage.store import StorageUnavailable, checked, content_type

CHUNK_BYTES: Final = 4 << 20
_CLIENT: Final[Any] = {"timeout": "120s", "connect_timeout": "5s"}
_RETRIES: Final[Any] = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
"""For a lost packet or a 503; a longer outage is waited out by whoever needs the file."""


@dataclass(frozen=True, slots=True)
class BucketStore:
    """Files as objects."""

    name: str
    objects: S3Store
    signer: S3Store
    """The same bucket as clients reach it."""

    @classmethod
    def open(cls, url: str, public_endpoint: str = "") -> BucketStore:
        """The bucket and prefix of ``s3://bucket/prefix``.

        Raises:
            InvalidRequest: It is no such address.
        """
        parts = urlsplit(url)
        if parts.scheme != "s3" or not parts.netloc:
            raise InvalidRequest(f'"{url}" is not an address like s3://bucket/prefix.')
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
        bucket, prefix = parts.netloc, parts.path.strip("/")
        own = _opened(bucket, prefix, endpoint)
        return cls(url, own, _opened(bucket, prefix, public_endpoint) if public_endpoint else own)

    def put(self, key: str, path: Path) -> None:
        """Upload; a large file in parts, which become one object at the end."""
        attributes: Any = {"Content-Type": content_type(key)}
        with _answering(key):
            obstore.put(self.objects, checked(key), path, attributes=attributes)
        path.unlink()

    def get(self, key: str, folder: Path) -> Path:
        """Download into `folder`."""
        path = folder / checked(key).rsplit("/", 1)[-1]
        with _answering(key), path.open("wb") as file:
            for chunk in obstore.get(self.objects, key).stream(min_chunk_size=CHUNK_BYTES):
                file.write(chunk)
        return path

    def names(self, prefix: str) -> list[str]:
        """Objects directly below."""
        with _answering(prefix):
            found = obstore.list_with_delimiter(self.objects, checked(prefix) + "/")["objects"]
        return sorted(entry["path"].rsplit("/", 1)[-1] for entry in found)

    def folders(self, prefix: str) -> list[str]:
        """Common prefixes."""
        with _answering(prefix):
            found = obstore.list_with_delimiter(self.objects, checked(prefix) + "/")
        return sorted(path.rstrip("/").rsplit("/", 1)[-1] for path in found["common_prefixes"])

    def delete(self, prefix: str) -> None:
        """Remove the object, and those below."""
        with _answering(prefix):
            below = obstore.list(self.objects, checked(prefix) + "/")
            keys = [entry["path"] for batch in below for entry in batch]
            obstore.delete(self.objects, [prefix, *keys])

    def link(self, key: str, lifetime_s: int) -> str:
        """A presigned address."""
        with _answering(key):
            return obstore.sign(self.signer, "GET", checked(key), timedelta(seconds=lifetime_s))

    def check(self) -> str:
        """List a little."""
        self.names("public")
        return self.name


def _opened(bucket: str, prefix: str, endpoint: str | None) -> S3Store:
    given: dict[str, Any] = {"endpoint": endpoint} if endpoint else {}
    options: Any = {**_CLIENT, "allow_http": (endpoint or "").startswith("http://")}
    return S3Store(
        bucket, prefix=prefix or None, client_options=options, retry_config=_RETRIES, **given
    )


@contextmanager
def _answering(key: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise FileNotFoundError(key) from None
    except (BaseError, OSError) as error:
        # what it was stays in the cause: it names addresses that callers need not know
        raise StorageUnavailable("The storage does not answer.") from error
