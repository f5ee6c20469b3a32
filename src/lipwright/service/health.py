"""Whether this installation can take and do work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa
import structlog

from lipwright.service.pulse import Watch, heard
from lipwright.service.storage import Store

log = structlog.get_logger()

FRESH_S: Final = 2
"""Anybody may ask, as often as they like; the answer is found out this often."""
OK: Final = "ok"


@dataclass(slots=True)
class Health:
    """Looks at database, storage and workers."""

    engine: sa.Engine
    store: Store
    watch: Watch
    clock: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _found: dict[str, str] = field(default_factory=dict)
    _looked_s: float = float("-inf")

    def findings(self) -> dict[str, str]:
        """``ok`` or what is wrong, for each part."""
        with self._lock:
            if self.clock() - self._looked_s > FRESH_S:
                self._found = {
                    "database": _tried("database", self._database),
                    "storage": _tried("storage", self._storage),
                    "workers": _tried("workers", self._workers),
                }
                self._looked_s = self.clock()
            return self._found

    def _database(self) -> str:
        with self.engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
        return OK

    def _storage(self) -> str:
        self.store.check()
        return OK

    def _workers(self) -> str:
        counts = {worker: beat.count for worker, beat in heard(self.engine).items()}
        dead = self.watch.dead(set(counts), counts, self.clock())
        return OK if len(counts) > len(dead) else "none lives"


def _tried(name: str, look: Callable[[], str]) -> str:
    try:
        return look()
    except Exception:  # whatever it is, the answer is that it does not work
        log.warning("not ready", what=name, exc_info=True)
        return "does not answer"
