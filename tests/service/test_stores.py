"""One contract for every store."""

from __future__ import annotations

from pathlib import Path

import pytest

from lipwright.service.storage import FolderStore, InMemoryStore, Store


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return FolderStore(tmp_path / "files") if request.param == "folder" else InMemoryStore()


def put(store: Store, key: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)
    store.put(key, path)
    assert not path.exists()


def test_what_is_put_can_be_got(store: Store, tmp_path: Path) -> None:
    put(store, "public/a/output.mp4", b"video", tmp_path)
    assert store.get("public/a/output.mp4", tmp_path).read_bytes() == b"video"


def test_putting_again_replaces(store: Store, tmp_path: Path) -> None:
    put(store, "work/a", b"old", tmp_path)
    put(store, "work/a", b"new", tmp_path)
    assert store.get("work/a", tmp_path).read_bytes() == b"new"


def test_what_is_not_there_is_not_found(store: Store, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        store.get("public/a/output.mp4", tmp_path)
    assert store.names("public/a") == []


def test_names_are_those_directly_below(store: Store, tmp_path: Path) -> None:
    for key in ("a/2.mp4", "a/1.mp4", "ab/3.mp4", "a/deep/4.mp4"):
        put(store, key, b"", tmp_path)
    assert [name for name in store.names("a") if name != "deep"] == ["1.mp4", "2.mp4"]


def test_delete_takes_everything_below_and_nothing_beside(store: Store, tmp_path: Path) -> None:
    for key in ("a/1", "a/deep/2", "ab/3"):
        put(store, key, b"", tmp_path)
    store.delete("a")
    store.delete("a")
    assert store.names("a") == []
    assert store.names("ab") == ["3"]


@pytest.mark.parametrize(
    "key",
    [
        "../secret",
        "a/../../secret",
        "/etc/passwd",
        "a//b",
        ".hidden",
        "a/.b",
        "",
        "A",
        "a\\b",
        "a\x00",
    ],
)
def test_a_key_cannot_leave_the_store(store: Store, key: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    with pytest.raises(FileNotFoundError):
        store.get(key, tmp_path)
    upload = tmp_path / "upload"
    upload.write_bytes(b"x")
    with pytest.raises(FileNotFoundError):
        store.put(key, upload)
