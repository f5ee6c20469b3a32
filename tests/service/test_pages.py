"""What a browser reads: files, the preview, the studio."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from service_world import Api, a_body, http_api


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with http_api(tmp_path_factory.mktemp("pages")) as api:
        yield api


def get(api: Api, path: str, **headers: str) -> httpx.Response:
    return httpx.get(api.settings.base_url + path, headers=headers)


def put(api: Api, key: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    api.service.store.put(key, tmp_path / "file")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("output.mp4", "video/mp4"), ("output.webm", "video/webm"), ("thumbnail.jpg", "image/jpeg"),
     ("speech.wav", "audio/wav"), ("captions.vtt", "text/vtt; charset=utf-8")],
)  # fmt: skip
def test_files_are_served_without_credentials_in_ranges(
    api: Api, tmp_path: Path, name: str, kind: str
) -> None:
    put(api, f"public/abc/{name}", b"0123456789", tmp_path)
    path = api.service.urls.file("abc", name).removeprefix(api.settings.base_url)
    whole = get(api, path)
    assert (whole.status_code, whole.content) == (200, b"0123456789")
    assert whole.headers["content-type"] == kind
    assert whole.headers["accept-ranges"] == "bytes"
    part = get(api, path, range="bytes=2-4")
    assert (part.status_code, part.content) == (206, b"234")
    assert part.headers["content-range"] == "bytes 2-4/10"
    assert get(api, path, range="bytes=90-").status_code == 416


def test_an_address_is_good_for_its_folder_and_not_longer_than_said(
    api: Api, tmp_path: Path
) -> None:
    put(api, "public/abc/a.mp4", b"video", tmp_path)
    put(api, "public/abd/a.mp4", b"another's", tmp_path)
    urls = api.service.urls
    query = urls.file("abc", "a.mp4").split("?")[1]
    assert urls.file("abc", "a.mp4") == urls.file("abc", "a.mp4")
    assert get(api, f"/files/abc/a.mp4?{query}").status_code == 200
    late = replace(urls, clock=lambda: time.time() - urls.lifetime_s * 8 / 7 - 1)
    expired = late.file("abc", "a.mp4").split("?")[1]
    other = replace(urls, key=b"guessed").file("abc", "a.mp4").split("?")[1]
    longer = query.replace("expires=", "expires=9")
    for wrong in (expired, other, longer, "", "expires=x&signature=y", "expires=&signature="):
        assert get(api, f"/files/abc/a.mp4?{wrong}").status_code == 403, wrong
    assert get(api, f"/files/abd/a.mp4?{query}").status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/files/abc/none.mp4", "/files/../work/abc", "/files/abc/..%2f..%2flipwright.sqlite",
     "/files/%2e%2e/lipwright.sqlite", "/files/abc/%2e%2e", "/files/abc/.hidden", "/files/abc"],
)  # fmt: skip
def test_nothing_else_is_served(api: Api, tmp_path: Path, path: str) -> None:
    put(api, "work/abc", b"private", tmp_path)
    query = api.service.urls.file("abc", "x").split("?")[1]
    assert get(api, f"{path}?{query}").status_code in (403, 404)


def test_a_preview_is_a_page_that_may_stand_in_a_frame(api: Api) -> None:
    made = api.client.post("/api/lipsyncs/preview/", json=a_body(name='<script>"&$x'))
    job_id = made.json()["id"]
    early = api.service.urls.preview(api.job(made)).removeprefix(api.settings.base_url)
    assert get(api, early).status_code == 404
    assert get(api, f"/preview/{job_id}").status_code == 403
    api.finish(made)
    url = api.client.get(f"/api/lipsyncs/{job_id}/").json()["preview"]
    page = httpx.get(url)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "x-frame-options" not in page.headers
    assert f'src="{api.settings.base_url}/files/{job_id}/preview.mp4?' in page.text
    assert "<title>&lt;script&gt;&quot;&amp;$x</title>" in page.text


def test_the_studio_loads_only_its_own_files_and_no_inline_script(api: Api) -> None:
    page = get(api, "/")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<script>" not in page.text
    assert not re.search(r"\son\w+=", page.text)
    for link in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        found = get(api, link)
        assert found.status_code == 200
        kinds = ("text/css", "text/javascript", "image/svg+xml")
        assert found.headers["content-type"].split(";")[0] in kinds
    assert get(api, "/studio/preview.html").status_code == 404


def test_the_studio_never_sets_html(api: Api) -> None:
    for name in ("studio.js", "make.js"):
        script = get(api, f"/studio/{name}").text
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", script)


def test_health_is_public(api: Api) -> None:
    assert get(api, "/healthz").json() == {"status": "ok"}


def test_every_answer_carries_a_request_id(api: Api) -> None:
    assert get(api, "/healthz", **{"x-request-id": "mine-1"}).headers["x-request-id"] == "mine-1"
    assert get(api, "/healthz", **{"x-request-id": "bad\tid"}).headers["x-request-id"] != "bad\tid"


def test_health_says_what_lives(api: Api) -> None:
    assert get(api, "/healthz").json() == {"status": "ok"}
    found = get(api, "/readyz")
    assert found.status_code == 503
    assert found.json() == {
        "ready": False, "database": "ok", "storage": "ok", "workers": "none lives"
    }  # fmt: skip


def test_metrics_are_for_this_machine_or_for_whoever_knows_the_token(api: Api) -> None:
    get(api, "/files/abc/none.mp4")
    text = get(api, "/metrics").text
    assert 'lipwright_request_seconds_count{method="GET",route="other",status="403"}' in text
    assert "lipwright_oldest_queued_seconds 0.0" in text
    assert get(api, "/metrics", forwarded="for=10.0.0.1").status_code == 404
