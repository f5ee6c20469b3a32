"""What a store can do: put, get, list, delete; under keys like ``public/<id>/output.mp4``.

``public/`` is what `/files/` serves.  Everything else is the workers' own.
"""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from typing import Final, Protocol

from lipwright.errors import RenderFailed

_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
_TYPES: Final = {
    ".vtt": "text/vtt",
    ".webm": "video/webm",
    ".wav": "audio/wav",
    ".opus": "audio/ogg",
}
"""Where the system's own table differs from machine to machine."""


KINDS_OF_FILES: Final = ("public", "work", "avatars")
"""First parts of the keys under which a task has files; the second is its id."""


class StorageUnavailable(RenderFailed):
    """The storage cannot be reached, or takes nothing; trying again later helps."""


class Store(Protocol):
    """Where files are kept.  A file appears whole or not at all.

    Every method raises `StorageUnavailable` while the storage is away or full.
    """

    def put(self, key: str, path: Path) -> None:
        """Take a local file, which is gone afterwards; replaces an older one."""

    def get(self, key: str, folder: Path) -> Path:
        """The file on the local disk: in `folder`, or where the store itself has it.

        Raises:
            FileNotFoundError: There is none.
        """

    def names(self, prefix: str) -> list[str]:
        """Last parts of the keys directly below `prefix`, sorted."""

    def folders(self, prefix: str) -> list[str]:
        """The next parts of keys that lie deeper below `prefix`, sorted."""

    def delete(self, prefix: str) -> None:
        """Remove a file, or everything below a prefix; it may be gone already."""

    def link(self, key: str, lifetime_s: int) -> str | None:
        """Address where anybody may read the file for a while without us; None if there is none.

        Raises:
            FileNotFoundError: It is no key.
        """

    def check(self) -> str:
        """Where this is, if it answers."""


def checked(key: str) -> str:
    """The key, if it is one: no empty, hidden or parent parts.

    Raises:
        FileNotFoundError: It is not.
    """
    if not _KEY.fullmatch(key):
        raise FileNotFoundError(key)
    return key


def content_type(key: str) -> str:
    """Media type by the end of the name."""
    suffix = "." + key.rsplit(".", 1)[-1]
    return _TYPES.get(suffix) or mimetypes.guess_type(key)[0] or "application/octet-stream"
