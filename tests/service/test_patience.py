"""Waiting for what is away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from machines import disk_of

from lipwright.service.patience import Patience, PatientStore, wait_for_connections
from lipwright.service.storage import FolderStore, InMemoryStore, StorageUnavailable


class Away:
    """A store that answers only after some calls."""

    def __init__(self, failures: int) -> None:
        self.failures, self.store = failures, InMemoryStore()

    def __getattr__(self, name: str) -> Any:
        if self.failures:
            self.failures -= 1
            raise StorageUnavailable
        return getattr(self.store, name)


def test_a_store_that_comes_back_is_waited_for_with_longer_pauses(tmp_path: Path) -> None:
    pauses: list[float] = []
    store = PatientStore(Away(8), Patience(60, StorageUnavailable, "storage", pauses.append))
    (tmp_path / "upload").write_bytes(b"x")
    store.put("work/a", tmp_path / "upload")
    assert pauses == [0.25, 0.5, 1, 2, 4, 8, 10, 10]
    assert store.names("work") == ["a"]


def test_patience_ends_and_other_errors_are_not_waited_out() -> None:
    store = PatientStore(Away(1), Patience(-1, StorageUnavailable, "storage"))
    with pytest.raises(StorageUnavailable):
        store.names("work")
    with pytest.raises(FileNotFoundError):
        store.get("nothing", Path())


def test_connections_wait_for_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = sa.create_engine("sqlite://")
    wait_for_connections(engine, 60)
    connect, failures = engine.dialect.connect, [1, 2]

    def away(*args: Any, **kwargs: Any) -> Any:
        if failures:
            failures.pop()
            raise engine.dialect.loaded_dbapi.OperationalError("away")
        return connect(*args, **kwargs)

    monkeypatch.setattr(engine.dialect, "connect", away)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT 1")) == 1
    assert not failures
    engine.dispose()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    with disk_of(1, tmp_path / "disk") as folder:
        yield folder


def test_a_full_disk_keeps_the_file_and_takes_it_when_there_is_room(
    small_disk: Path, tmp_path: Path
) -> None:
    (small_disk / "others").write_bytes(b"x" * 600_000)
    (tmp_path / "upload").write_bytes(b"y" * 700_000)
    store = FolderStore(small_disk / "files")
    with pytest.raises(StorageUnavailable):
        store.put("work/a/0.mp4", tmp_path / "upload")
    assert (tmp_path / "upload").stat().st_size == 700_000
    assert not [path for path in (small_disk / "files").rglob("*") if path.is_file()]

    def make_room(_: float) -> None:
        (small_disk / "others").unlink()

    patient = PatientStore(store, Patience(60, StorageUnavailable, "storage", make_room))
    patient.put("work/a/0.mp4", tmp_path / "upload")
    assert store.get("work/a/0.mp4", tmp_path).stat().st_size == 700_000
