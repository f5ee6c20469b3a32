"""The local disk: whether it has room, and whether a failure means that it has none."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

log = structlog.get_logger()

LOOK_EVERY_S: Final = 2
MB: Final = 1 << 20
NO_ROOM: Final = "There is no room on the disk."
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(slots=True)
class Disk:
    """The disk of a folder, which should not get fuller than to a floor."""

    folder: Path
    floor_mb: int
    clock: Callable[[], float] = time.monotonic
    _is_full: bool = False
    _looked_s: float = field(default=float("-inf"))

    @property
    def is_full(self) -> bool:
        """Whether it has less than the floor; asked now and then."""
        if self.clock() - self._looked_s > LOOK_EVERY_S:
            self._looked_s = self.clock()
            free_mb = shutil.disk_usage(self.folder).free // MB
            full = free_mb < self.floor_mb
            if full != self._is_full:
                told = log.warning if full else log.info
                told("disk full" if full else "disk has room again", free_mb=free_mb)
            self._is_full = full
        return self._is_full


def is_no_room(failure: BaseException | None) -> bool:
    """Whether a failure, or what caused it, is a disk without room."""
    while failure is not None:
        if isinstance(failure, OSError) and failure.errno in _NO_ROOM:
            return True
        if isinstance(failure, sqlite3.Error) and _code(failure) == sqlite3.SQLITE_FULL:
            return True
        failure = failure.__cause__
    return False


def _code(failure: sqlite3.Error) -> int | None:
    return getattr(failure, "sqlite_errorcode", None)
