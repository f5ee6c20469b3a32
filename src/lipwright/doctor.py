"""What can be wrong with an installation, checked one by one."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lipwright import pipeline

if TYPE_CHECKING:
    from lipwright.service.settings import Settings

GIB: Final = 1 << 30
DISK_FLOOR_GIB: Final = 2
"""A minute of 1080p takes about 60 MB with its segments; 2 GiB is half an hour."""
CLOCK_LIMIT_S: Final = 30
"""Receivers refuse webhooks that are minutes off; a minute of two clocks is too much of that."""
_APART: Final = "SELECT extract(epoch FROM clock_timestamp())"
MEMORY_FLOOR_GIB: Final = 2
"""Two render processes of at most 800 MB each."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at, and what was found."""

    name: str
    ok: bool
    found: str


def checks(settings: Settings) -> list[Check]:
    """Look at the machine, what came with the package, and what the settings name; never raises."""
    looks: dict[str, Callable[[], str]] = {
        "data folder": lambda: _writable(settings.data_dir),
        "disk": lambda: _free_disk(settings.data_dir),
        "memory": _memory,
        "models": pipeline.check_models,
        "voices": lambda: f"{len(pipeline.voices())} voices",
        "fonts": pipeline.check_fonts,
        "encoders": pipeline.check_encoders,
        "database": lambda: _database(settings),
        "storage": lambda: _storage(settings),
        "clock": lambda: _clock(settings),
    }
    return [_checked(name, look) for name, look in looks.items()]


def _checked(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except Exception as error:  # whatever is wrong is the finding
        return Check(name, False, f"{type(error).__name__}: {error}{_because(error)}")


def _because(error: Exception) -> str:
    """The first line of what an error came from; the rest may hold more than anybody needs."""
    return f" ({str(error.__cause__).partition(chr(10))[0][:200]})" if error.__cause__ else ""


def _writable(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        return str(folder)


def _free_disk(folder: Path) -> str:
    free = shutil.disk_usage(folder).free / GIB
    if free < DISK_FLOOR_GIB:
        raise OSError(f"only {free:.1f} GiB free, {DISK_FLOOR_GIB} wanted")
    return f"{free:.0f} GiB free"


def _memory() -> str:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    if total < MEMORY_FLOOR_GIB:
        raise OSError(f"only {total:.1f} GiB, {MEMORY_FLOOR_GIB} wanted")
    return f"{total:.0f} GiB, {os.cpu_count()} cores"


def _database(settings: Settings) -> str:
    from lipwright.service.accounts import list_keys, opened

    with opened(settings) as engine:
        return f"{len(list_keys(engine))} API keys"


def _storage(settings: Settings) -> str:
    from lipwright.service.storage import open_store

    return open_store(settings).check()


def _clock(settings: Settings) -> str:
    """Signed addresses and webhooks hold times: compare ours with the database's and the files'."""
    from lipwright.service.accounts import opened

    if time.time() < Path(__file__).stat().st_mtime:
        raise OSError("the clock is earlier than the installation of this program")
    with opened(settings) as engine:
        if engine.dialect.name != "postgresql":
            return "the database has this machine's clock"
        with engine.connect() as connection:
            apart_s = float(connection.exec_driver_sql(_APART).scalar_one()) - time.time()
    if abs(apart_s) > CLOCK_LIMIT_S:
        raise OSError(f"{abs(apart_s):.0f} s apart from the database's")
    return f"{abs(apart_s):.1f} s apart from the database's"
