"""Notes of a long look at a clip, kept with the job: who takes it over goes on there."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from lipwright.service.pacing import repeated
from lipwright.service.storage import Store


@asynccontextmanager
async def noted(store: Store, job_id: str, folder: Path) -> AsyncIterator[Path]:
    """A folder with the notes of earlier tries; new ones are kept now and then.

    Args:
        store: Where they are kept.
        job_id: Whose they are; they go when the job's other files do.
        folder: A folder of this try's, on the local disk.
    """
    notes = folder / "notes"
    kept = await asyncio.to_thread(_fetched, store, _prefix(job_id), notes)
    async with repeated(lambda: _keep(store, _prefix(job_id), notes, kept)):
        yield notes


def _prefix(job_id: str) -> str:
    return f"work/{job_id}/notes"


def _fetched(store: Store, prefix: str, notes: Path) -> set[Path]:
    kept: set[Path] = set()
    for look in store.folders(prefix):
        place = notes / look
        place.mkdir(parents=True)
        for name in store.names(f"{prefix}/{look}"):
            with TemporaryDirectory(dir=notes) as copies:
                found = store.get(f"{prefix}/{look}/{name}", Path(copies))
                shutil.copyfile(found, place / name)
            kept.add(place / name)
    return kept


def _keep(store: Store, prefix: str, notes: Path, kept: set[Path]) -> None:
    for path in sorted(notes.glob("*/[!.]*")):
        if path in kept or path.suffix == ".partial":
            continue
        with TemporaryDirectory(dir=notes) as copies:
            copy = Path(copies) / path.name
            shutil.copyfile(path, copy)
            store.put(f"{prefix}/{path.parent.name}/{path.name}", copy)
        kept.add(path)
