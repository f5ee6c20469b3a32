"""Callers' own files: in one piece, in many, and used as a URL."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from service_world import Api, a_body, http_api, wait_for

from lipwright.errors import UnreadableMedia
from lipwright.service.crew import Crew
from lipwright.service.fetch import Fetcher
from lipwright.service.trials import Trials
from lipwright.service.workshop import Workshop

CONTENT = bytes(range(256)) * 40


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    sizes = {"upload_limit": 20_000, "upload_quota": 10_000_000, "body_limit": 1024}
    with http_api(tmp_path_factory.mktemp("uploads"), **sizes) as api:
        yield api


def announced(api: Api, size: int = len(CONTENT), **fields: Any) -> dict[str, Any]:
    body = {"name": "voice.wav", "size": size, "content_type": "audio/wav", **fields}
    answer = api.client.post("/api/uploads/", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def send(api: Api, upload: dict[str, Any], offset: int | str, piece: bytes) -> httpx.Response:
    headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    return api.client.patch(f"/api/uploads/{upload['id']}/", content=piece, headers=headers)


def check_whole(api: Api, upload: dict[str, Any]) -> None:
    assert upload["received"] == upload["size"] == len(CONTENT)
    assert upload["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    answer = api.client.get(upload["url"])
    assert answer.content == CONTENT
    assert answer.headers["content-disposition"] == "attachment"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert api.plain.get(upload["url"]).status_code == 401
    assert not [p for p in api.settings.data_dir.rglob("body-*")]


def test_a_file_is_sent_in_a_form(api: Api) -> None:
    files = {"file": ("v\u00f6ice.wav", CONTENT, "audio/wav")}
    answer = api.client.post("/api/uploads/", files=files)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["name"], answer.json()["content_type"]) == ("vöice.wav", "audio/wav")
    check_whole(api, answer.json())


def test_a_file_is_sent_as_it_is(api: Api) -> None:
    headers = {"Content-Type": "image/png", "Idempotency-Key": "once"}
    sent: dict[str, Any] = {"content": CONTENT, "params": {"name": "face.png"}, "headers": headers}
    first, second = (api.client.post("/api/uploads/", **sent) for _ in range(2))
    assert first.json() == second.json()
    assert first.json()["name"] == "face.png"
    check_whole(api, first.json())


def test_a_file_is_sent_in_pieces_and_continued(api: Api) -> None:
    upload = announced(api)
    assert (upload["received"], upload["url"], upload["sha256"]) == (0, None, None)
    assert send(api, upload, 0, CONTENT[:5000]).json()["received"] == 5000
    for wrong in (0, 4999, 5001):
        answer = send(api, upload, wrong, CONTENT[5000:])
        assert (answer.status_code, answer.headers["upload-offset"]) == (409, "5000")
    assert api.client.get(f"/api/uploads/{upload['id']}/content/").status_code == 404
    where = api.client.get(f"/api/uploads/{upload['id']}/").json()["received"]
    check_whole(api, send(api, upload, where, CONTENT[where:]).json())


def test_what_came_before_a_connection_broke_is_kept(api: Api) -> None:
    upload = announced(api)
    head = (
        f"PATCH /api/uploads/{upload['id']}/ HTTP/1.1\r\nHost: x\r\nUpload-Offset: 0\r\n"
        f"Content-Length: {len(CONTENT)}\r\nContent-Type: application/octet-stream\r\n"
        f"X-API-ID: {api.client.headers['X-API-ID']}\r\n"
        f"X-API-KEY: {api.client.headers['X-API-KEY']}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", api.settings.port)) as connection:
        connection.sendall(head.encode() + CONTENT[:3000])
        wait_for(lambda: [*api.settings.data_dir.rglob("body-*")])

    def received() -> int:
        return int(api.client.get(f"/api/uploads/{upload['id']}/").json()["received"])

    where = wait_for(received)
    assert 0 < where <= 3000
    check_whole(api, send(api, upload, where, CONTENT[where:]).json())


def test_more_than_announced_or_allowed_is_refused(api: Api) -> None:
    upload = announced(api, size=10)
    assert send(api, upload, 0, CONTENT).status_code == 413
    assert send(api, upload, 0, bytes(30_000)).status_code == 413
    headers = {"Content-Type": "audio/wav"}
    answer = api.client.post("/api/uploads/", content=bytes(30_000), headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"size": 0}, "size"),
        ({"size": 20_001}, "size"),
        ({"size": "many"}, "size"),
        ({"name": "a\nb"}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"content_type": "text/html"}, "content_type"),
        ({"content_type": "audio/wav\r\nX: y"}, "content_type"),
    ],
)
def test_every_wrong_field_is_named(api: Api, fields: dict[str, Any], wrong: str) -> None:
    body = {"name": "a.wav", "size": 10, "content_type": "audio/wav", **fields}
    answer = api.client.post("/api/uploads/", json=body)
    assert (answer.status_code, list(answer.json())) == (400, [wrong])


@pytest.mark.parametrize("offset", ["", "-1", "1.5", "x", "9" * 20])
def test_an_offset_is_a_number(api: Api, offset: str) -> None:
    assert send(api, announced(api), offset, b"x").status_code == 400


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"no form", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
    ],
)
def test_a_broken_form_is_refused(api: Api, content: bytes, kind: str) -> None:
    headers = {"Content-Type": kind}
    assert api.client.post("/api/uploads/", content=content, headers=headers).status_code == 400


def test_uploads_are_their_accounts_own_and_are_deleted(api: Api) -> None:
    upload = announced(api)
    with api.as_account("stranger") as stranger:
        for verb, path in (("GET", ""), ("DELETE", ""), ("GET", "content/"), ("PATCH", "")):
            answer = stranger.request(verb, f"/api/uploads/{upload['id']}/{path}")
            assert answer.status_code == 404
        assert stranger.get("/api/uploads/").json() == []
    assert upload["id"] in [u["id"] for u in api.client.get("/api/uploads/").json()]
    assert api.client.delete(f"/api/uploads/{upload['id']}/").status_code == 204
    assert api.client.get(f"/api/uploads/{upload['id']}/").status_code == 404


def test_an_account_keeps_no_more_than_its_quota(tmp_path: Path) -> None:
    with http_api(tmp_path, upload_quota=100) as api:
        announced(api, size=60)
        body = {"name": "a.wav", "size": 60, "content_type": "audio/wav"}
        assert list(api.client.post("/api/uploads/", json=body).json()) == ["size"]


def workshop(api: Api) -> Workshop:
    service = api.service
    return Workshop(
        settings=api.settings,
        records=service.records,
        store=service.store,
        urls=service.urls,
        catalogue=service.catalogue,
        files=Fetcher(),
        receivers=Fetcher(),
        scratch=api.settings.data_dir,
        crew=Crew("card", 1),
        trials=Trials(service.engine, 3),
    )


def test_an_upload_is_used_wherever_a_url_is_taken(api: Api) -> None:
    upload = announced(api)
    url = send(api, upload, 0, CONTENT).json()["url"]
    job = api.job(api.client.post("/api/lipsyncs/", json=a_body(audio=url)))
    asyncio.run(workshop(api).collect(job))
    (asset,) = job.order.assets()
    kept = api.service.store.get(f"work/{job.id}/{asset.name}", api.settings.data_dir)
    assert kept.read_bytes() == CONTENT


def test_another_accounts_or_a_half_upload_is_not_used(api: Api) -> None:
    half = api.settings.base_url + f"/api/uploads/{announced(api)['id']}/content/"
    nothing = api.settings.base_url + f"/api/uploads/{uuid.UUID(int=5)}/content/"
    whole = send(api, announced(api), 0, CONTENT).json()["url"]
    with api.as_account("thief") as thief:
        stolen = api.job(thief.post("/api/lipsyncs/", json=a_body(audio=whole)))
    mine = [api.client.post("/api/lipsyncs/", json=a_body(audio=url)) for url in (half, nothing)]
    for job in (stolen, *map(api.job, mine)):
        with pytest.raises(Exception, match="no such upload") as refusal:
            asyncio.run(workshop(api).collect(job))
        assert isinstance(refusal.value.__cause__, UnreadableMedia)
