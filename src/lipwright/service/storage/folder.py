"""A store in a folder of this machine."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lipwright.service.storage.store import StorageUnavailable, checked


@dataclass(frozen=True, slots=True)
class FolderStore:
    """Files as files."""

    root: Path

    def put(self, key: str, path: Path) -> None:
        """Copy beside the place and rename, so that a crash leaves no half file."""
        target = self.root / checked(key)
        beside = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
        with _answering():
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.move(path, beside)
                os.replace(beside, target)
            except OSError:
                beside.unlink(missing_ok=True)  # a full disk is not filled further
                raise

    def get(self, key: str, folder: Path) -> Path:
        """The file itself, not a copy."""
        path = self.root / checked(key)
        if not path.is_file():
            raise FileNotFoundError(key)
        return path

    def names(self, prefix: str) -> list[str]:
        """Files in the folder; hidden ones are still being written."""
        return [path.name for path in self._below(prefix) if path.is_file()]

    def folders(self, prefix: str) -> list[str]:
        """Folders in the folder."""
        return [path.name for path in self._below(prefix) if path.is_dir()]

    def _below(self, prefix: str) -> list[Path]:
        folder = self.root / checked(prefix)
        with _answering():
            if not folder.is_dir():
                return []
            return sorted(path for path in folder.iterdir() if not path.name.startswith("."))

    def delete(self, prefix: str) -> None:
        """Remove a file or a folder."""
        path = self.root / checked(prefix)
        with _answering():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def link(self, key: str, lifetime_s: int) -> None:
        """None: the service itself hands the files out."""
        checked(key)

    def check(self) -> str:
        """Write a little, and remove it."""
        with _answering():
            self.root.mkdir(parents=True, exist_ok=True)
            probe = self.root / f".{uuid.uuid4().hex}"
            try:
                probe.write_bytes(b"probe")
            finally:
                probe.unlink(missing_ok=True)
        return str(self.root)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StorageUnavailable("The storage cannot be written.") from error
