"""Addresses handed out in answers and webhooks: signed, and valid for a while."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from lipwright.service.jobs import Job

STEPS: Final = 7
"""An address stays the same for a seventh of its lifetime, so that caches may keep the file."""


@dataclass(frozen=True, slots=True)
class Urls:
    """Makes and checks public URLs.  One signature is good for all files of a job."""

    base: str
    key: bytes = field(repr=False)
    """Known to every process of the installation; from `installation.open_urls`."""
    lifetime_s: int = 604_800
    clock: Callable[[], float] = time.time

    def file(self, folder: str, name: str) -> str:
        """A file of a job or an avatar."""
        return f"{self.base}/files/{folder}/{name}?{self._query(folder)}"

    def output(self, job: Job) -> str:
        """The finished video."""
        return self.file(job.id, f"output.{job.order.suffix}")

    def preview(self, job: Job) -> str:
        """The page that plays the draft; it may stand in a frame."""
        return f"{self.base}/preview/{job.id}?{self._query(job.id)}"

    def upload(self, upload_id: str) -> str:
        """The content of a caller's upload; it needs the caller's credentials."""
        return f"{self.base}/api/uploads/{upload_id}/content/"

    def upload_id(self, url: str) -> str | None:
        """Whose content `upload` says this is; None if it is no such address."""
        begin, end = f"{self.base}/api/uploads/", "/content/"
        if not (url.startswith(begin) and url.endswith(end)):
            return None
        return url[len(begin) : -len(end)]

    def allows(self, folder: str, expires: str, signature: str) -> bool:
        """Whether somebody who shows these got an address in `folder`, and not too long ago."""
        if not (expires.isascii() and expires.isdigit() and len(expires) <= 12):
            return False
        wanted = self._signature(folder, int(expires))
        genuine = hmac.compare_digest(wanted.encode(), signature.encode())
        return genuine and self.clock() < int(expires)

    def _query(self, folder: str) -> str:
        step_s = max(1, self.lifetime_s // STEPS)
        expires = (int(self.clock()) // step_s + 1) * step_s + self.lifetime_s
        return urlencode({"expires": expires, "signature": self._signature(folder, expires)})

    def _signature(self, folder: str, expires: int) -> str:
        return hmac.digest(self.key, f"{folder}:{expires}".encode(), hashlib.sha256).hex()
