"""Nothing that a client sends is answered with a 5xx."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from service_world import AVATAR, Api, http_api

from lipwright.service.wire.lipsyncs import LipsyncRequest

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(AVATAR)
    | st.sampled_from(["16:9", "1x1", "0.1", "-0.4", "http://[", "https://a.com/x", "neo", "true"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
names = st.sampled_from([*LipsyncRequest.model_fields]) | st.text()


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with http_api(tmp_path_factory.mktemp("fuzz"), credits=1_000_000) as api:
        yield api


@settings(max_examples=150, deadline=None)
@given(body=st.dictionaries(names, values, max_size=8), valid=st.booleans())
def test_no_body_breaks_create(api: Api, body: dict[str, object], valid: bool) -> None:
    if valid:
        body = {"creator": AVATAR, "aspect_ratio": "1x1", "text": "Hi.", **body}
    sent = json.dumps(body)
    answer = api.client.post("/api/lipsyncs/", content=sent.encode())
    assert answer.status_code in (201, 400), answer.text
    if answer.status_code == 201:
        again = api.client.get(f"/api/lipsyncs/{answer.json()['id']}/")
        assert again.json()["text"] == answer.json()["text"]


@settings(max_examples=100, deadline=None)
@given(raw=st.binary(max_size=200), kind=st.sampled_from(
    ["application/json", "application/x-www-form-urlencoded", "multipart/form-data",
     "multipart/form-data; boundary=x", "text/plain", ""]
))  # fmt: skip
def test_no_bytes_break_create(api: Api, raw: bytes, kind: str) -> None:
    headers = {"content-type": kind} if kind else {}
    answer = api.client.post("/api/lipsyncs/", content=raw, headers=headers)
    assert answer.status_code in (400, 415), answer.text
    assert isinstance(answer.json(), dict)


@settings(max_examples=100, deadline=None)
@given(
    path=st.sampled_from(["lipsyncs", "personas", "personas/paginated", "voices/paginated"]),
    query=st.dictionaries(
        st.sampled_from(["ids", "page", "page_size", "limit", "gender", "keyword", "style"]),
        st.text(max_size=20) | st.integers().map(str),
    ),
)
def test_no_query_breaks_a_list(api: Api, path: str, query: dict[str, str]) -> None:
    answer = api.client.get(f"/api/{path}/", params=query)
    assert answer.status_code in (200, 400, 404), answer.text


@settings(max_examples=60, deadline=None)
@given(part=st.text(min_size=1, max_size=40))
def test_no_path_breaks_the_service(api: Api, part: str) -> None:
    from urllib.parse import quote

    for path in (
        "/api/lipsyncs/{}/",
        "/api/personas/{}",
        "/files/{}/x",
        "/files/x/{}",
        "/preview/{}",
    ):
        answer = api.client.get(path.format(quote(part, safe="")))
        assert answer.status_code < 500, answer.text
