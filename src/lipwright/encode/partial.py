"""A file appears under its name only when it is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_beside(path: Path) -> Iterator[Path]:
    """Lend a name beside `path`; rename it to `path` on success, delete it on failure.

    The name holds the process id, so that a job taken over from a dead worker never
    writes to the same file as the worker that was not dead after all.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
