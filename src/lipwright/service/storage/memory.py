"""A store for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lipwright.service.storage.store import checked


@dataclass(frozen=True, slots=True)
class InMemoryStore:
    """A dictionary."""

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
        return sorted(name for name in self._below(prefix) if "/" not in name)

    def folders(self, prefix: str) -> list[str]:
        """First parts of keys with several more parts."""
        return sorted({name.split("/")[0] for name in self._below(prefix) if "/" in name})

    def _below(self, prefix: str) -> list[str]:
        below = checked(prefix) + "/"
        return [key[len(below) :] for key in self.contents if key.startswith(below)]

    def delete(self, prefix: str) -> None:
        """Forget the key and those below it."""
        below = checked(prefix) + "/"
        for key in [k for k in self.contents if k == prefix or k.startswith(below)]:
            del self.contents[key]

    def link(self, key: str, lifetime_s: int) -> None:
        """None."""
        checked(key)

    def check(self) -> str:
        """Always."""
        return "memory"
