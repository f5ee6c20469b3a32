"""Files of jobs: put, get, list, delete; under keys like ``public/<id>/output.mp4``.

``public/`` is what `/files/` serves.  Everything else is the workers' own.
"""

from __future__ import annotations

import os
import re
import shutil
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")


class Store(Protocol):
    """Where files are kept.  A file appears whole or not at all."""

    def put(self, key: str, path: Path) -> None:
        """Take a local file, which is gone afterwards; replaces an older one."""

    def get(self, key: str, folder: Path) -> Path:
        """The file on the local disk: in `folder`, or where the store itself has it.

        Raises:
            FileNotFoundError: There is none.
        """

    def names(self, prefix: str) -> list[str]:
        """Last parts of the keys directly below `prefix`, sorted."""

    def delete(self, prefix: str) -> None:
        """Remove a file, or everything below a prefix; it may be gone already."""


def checked(key: str) -> str:
    """The key, if it is one: no empty, hidden or parent parts.

    Raises:
        FileNotFoundError: It is not.
    """
    if not _KEY.fullmatch(key):
        raise FileNotFoundError(key)
    return key


@dataclass(frozen=True, slots=True)
class FolderStore:
    """A folder on this machine."""

    root: Path

    def put(self, key: str, path: Path) -> None:
        """Copy beside the place and rename, so that a crash leaves no half file."""
        target = self.root / checked(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
        shutil.move(path, beside)
        os.replace(beside, target)

    def get(self, key: str, folder: Path) -> Path:
        """The file itself, not a copy."""
        path = self.root / checked(key)
        if not path.is_file():
            raise FileNotFoundError(key)
        return path

    def names(self, prefix: str) -> list[str]:
        """Files in the folder; hidden ones are still being written."""
        folder = self.root / checked(prefix)
        if not folder.is_dir():
            return []
        return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))

    def delete(self, prefix: str) -> None:
        """Remove a file or a folder."""
        path = self.root / checked(prefix)
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class InMemoryStore:
    """A dictionary, for tests."""

    contents: dict[str, bytes] = field(default_factory=dict)

    def put(self, key: str, path: Path) -> None:
        """Read the file and remove it."""
        self.contents[checked(key)] = path.read_bytes()
        path.unlink()

    def get(self, key: str, folder: Path) -> Path:
        """Write a copy."""
        if checked(key) not in self.contents:
            raise FileNotFoundError(key)
        path = folder / key.rsplit("/", 1)[-1]
        path.write_bytes(self.contents[key])
        return path

    def names(self, prefix: str) -> list[str]:
        """Keys with one more part than the prefix."""
        below = checked(prefix) + "/"
        inner = (key[len(below) :] for key in self.contents if key.startswith(below))
        return sorted(name for name in inner if "/" not in name)

    def delete(self, prefix: str) -> None:
        """Forget the key and those below it."""
        below = checked(prefix) + "/"
        for key in [k for k in self.contents if k == prefix or k.startswith(below)]:
            del self.contents[key]
