"""Files that ship with the package: name, SHA-256, licence, and one cached loader.

`assets/NOTICE` repeats source, licence and hash of each; a test keeps the two equal.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from lipwright.errors import ModelUnavailable


@dataclass(frozen=True, slots=True)
class Asset:
    """One bundled file, relative to ``lipwright/assets``."""

    path: str
    sha256: str
    licence: str
    source: str

    def read(self) -> bytes:
        """The file's bytes, checked once per process.

        Raises:
            ModelUnavailable: The file is missing or was changed.
        """
        return _read_checked(self.path, self.sha256)


@lru_cache(maxsize=32)
def _read_checked(path: str, sha256: str) -> bytes:
    try:
        content = files("lipwright").joinpath("assets", path).read_bytes()
    except OSError as error:
        raise ModelUnavailable(f"The bundled file {path} cannot be read.") from error
    check_sha256(path, content, sha256)
    return content


def check_sha256(name: str, content: bytes, sha256: str) -> None:
    """Raise `ModelUnavailable` unless `content` has the given hash."""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelUnavailable(f"The file {name} does not match its checksum; reinstall Lipwright.")
