"""Waiting out what is away for a while: the database, the storage.

A worker that waits loses nothing; a worker that fails a job because a server restarts does.
Whoever answers a client does not wait, but says that the client should.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlalchemy as sa
import structlog

from lipwright.service.storage import StorageUnavailable, Store

log = structlog.get_logger()
R = TypeVar("R")

PAUSE_S: Final = 0.25
PAUSE_LIMIT_S: Final = 10
"""Soon enough when it is back, and no burden while it is away."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Does something again for as long as `limit_s`, while it fails in a way that may pass."""

    limit_s: float
    passing: type[Exception]
    what: str
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def wait_for(self, action: Callable[[], R]) -> R:
        """The result of `action`; its error, when patience has ended."""
        began_s, pause_s = time.monotonic(), PAUSE_S
        while True:
            try:
                return action()
            except self.passing as error:
                if time.monotonic() - began_s > self.limit_s:
                    raise
                log.warning("waiting", what=self.what, pause_s=pause_s, reason=_short(error))
            self.sleep(pause_s)
            pause_s = min(2 * pause_s, PAUSE_LIMIT_S)


def _short(error: Exception) -> str:
    # no more: what a driver says of a connection may hold where and as whom it connected
    return f"{type(error).__name__}: {type(error.__cause__).__name__}"


def wait_for_connections(engine: sa.Engine, limit_s: float) -> None:
    """Have an engine's new connections wait until the database takes them."""
    patience = Patience(limit_s, _driver_error(engine), "database")

    def connect(dialect: sa.Dialect, _: object, args: list[Any], kwargs: dict[str, Any]) -> object:
        return patience.wait_for(lambda: dialect.connect(*args, **kwargs))

    sa.event.listen(engine, "do_connect", connect)


def _driver_error(engine: sa.Engine) -> type[Exception]:
    found = engine.dialect.loaded_dbapi.OperationalError
    assert isinstance(found, type)  # noqa: S101 - every driver has one, by PEP 249
    return found


@dataclass(frozen=True, slots=True)
class PatientStore:
    """A store that is waited for when it is away or full."""

    store: Store
    patience: Patience

    @classmethod
    def around(cls, store: Store, limit_s: float) -> PatientStore:
        """Wait `limit_s` at most."""
        return cls(store, Patience(limit_s, StorageUnavailable, "storage"))

    def put(self, key: str, path: Path) -> None:
        """As the store does."""
        self.patience.wait_for(lambda: self.store.put(key, path))

    def get(self, key: str, folder: Path) -> Path:
        """As the store does."""
        return self.patience.wait_for(lambda: self.store.get(key, folder))

    def names(self, prefix: str) -> list[str]:
        """As the store does."""
        return self.patience.wait_for(lambda: self.store.names(prefix))

    def folders(self, prefix: str) -> list[str]:
        """As the store does."""
        return self.patience.wait_for(lambda: self.store.folders(prefix))

    def delete(self, prefix: str) -> None:
        """As the store does."""
        self.patience.wait_for(lambda: self.store.delete(prefix))

    def link(self, key: str, lifetime_s: int) -> str | None:
        """As the store does; it asks nobody."""
        return self.store.link(key, lifetime_s)

    def check(self) -> str:
        """Whether it is there now."""
        return self.store.check()
