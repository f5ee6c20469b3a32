"""One contract for every store."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from machines import Bucket, bucket

from lipwright.errors import InvalidRequest
from lipwright.service.storage import (
    BucketStore,
    FolderStore,
    InMemoryStore,
    StorageUnavailable,
    Store,
    content_type,
)


@pytest.fixture(scope="module")
def s3() -> Iterator[Bucket]:
    with bucket() as here:
        yield here


@pytest.fixture(params=["folder", "memory", pytest.param("bucket", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "bucket":
        request.getfixturevalue("s3")
        return BucketStore.open(f"s3://lipwright/{uuid.uuid4()}/deep")
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
    assert store.names("a") == ["1.mp4", "2.mp4"]
    assert store.folders("a") == ["deep"]
    assert store.folders("ab") == store.folders("none") == []


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
    with pytest.raises(FileNotFoundError):
        store.link(key, 60)


def test_a_store_says_where_it_is(store: Store) -> None:
    assert store.check()


@pytest.mark.slow
def test_a_bucket_hands_files_out_itself_in_ranges_and_for_a_while(
    s3: Bucket, tmp_path: Path
) -> None:
    store = BucketStore.open("s3://lipwright/links", f"http://localhost:{s3.port}")
    put(store, "public/a/output.mp4", b"0123456789", tmp_path)
    link = store.link("public/a/output.mp4", 60)
    assert link.startswith(f"http://localhost:{s3.port}/lipwright/links/public/a/output.mp4?")
    assert "X-Amz-Expires=60&" in link
    answer = httpx.get(link, headers={"Range": "bytes=2-4"})
    assert (answer.status_code, answer.content) == (206, b"234")
    assert answer.headers["content-type"] == "video/mp4"


@pytest.mark.slow
def test_a_large_file_goes_up_in_parts_and_comes_down_whole(s3: Bucket, tmp_path: Path) -> None:
    store, content = BucketStore.open("s3://lipwright/large"), os.urandom(13 << 20)
    put(store, "work/a/0.mp4", content, tmp_path)
    assert store.get("work/a/0.mp4", tmp_path).read_bytes() == content


def test_a_bucket_that_is_away_is_unavailable_and_says_no_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_REGION": "us-east-1"}
    for name, value in {**away, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "hush"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("lipwright.service.storage.bucket._RETRIES", {"max_retries": 0})
    store = BucketStore.open("s3://lipwright")
    (tmp_path / "upload").write_bytes(b"x")
    with pytest.raises(StorageUnavailable, match=r"^The storage does not answer\.$"):
        store.put("a", tmp_path / "upload")
    assert (tmp_path / "upload").exists()
    assert "hush" not in repr(store)


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "files").write_bytes(b"a file is in the way")
    (tmp_path / "upload").write_bytes(b"x")
    with pytest.raises(StorageUnavailable):
        FolderStore(tmp_path / "files").put("a/b", tmp_path / "upload")


@pytest.mark.parametrize("url", ["bucket", "http://bucket/a", "s3://", "gs://bucket"])
def test_what_is_no_bucket_is_refused(url: str) -> None:
    with pytest.raises(InvalidRequest, match="s3://bucket/prefix"):
        BucketStore.open(url)


def test_types_do_not_depend_on_the_machine() -> None:
    assert content_type("a/captions.vtt") == "text/vtt"
    assert content_type("a/output.webm") == "video/webm"
    assert content_type("a/speech.wav") == "audio/wav"
    assert content_type("a/output.mp4") == "video/mp4"
    assert content_type("a/recording") == "application/octet-stream"
