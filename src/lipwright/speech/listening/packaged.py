"""Model files that installed packages carry, checked like our own.

The packages are not imported: some bring a second's worth of libraries with them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from lipwright.errors import ModelUnavailable
from lipwright.models import check_sha256


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """One file in one or several packages, which carry it in parts."""

    name: str
    parts: tuple[tuple[str, str], ...]
    """Package and path in it, in order."""
    sha256: str

    def read(self) -> bytes:
        """The parts joined.

        Raises:
            ModelUnavailable: A package is missing or its file was changed.
        """
        content = b"".join(self._contents())
        check_sha256(self.name, content, self.sha256)
        return content

    def write(self, target: Path) -> None:
        """Join the parts into a file, with no more than one of them in memory.

        Raises:
            ModelUnavailable: A package is missing or its file was changed.
        """
        digest = hashlib.sha256()
        with target.open("wb") as sink:
            for content in self._contents():
                digest.update(content)
                sink.write(content)
        if digest.hexdigest() != self.sha256:
            raise ModelUnavailable(f"{self.name} does not match its checksum; reinstall Lipwright.")

    def _contents(self) -> Iterator[bytes]:
        for package, path in self.parts:
            try:
                yield _folder(package).joinpath(path).read_bytes()
            except OSError as error:
                raise ModelUnavailable(
                    f"{self.name} is not installed; reinstall Lipwright with its dependencies."
                ) from error


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(package)
    return Path(next(iter(spec.submodule_search_locations)))
