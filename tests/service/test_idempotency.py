"""Asked twice, done once: `Idempotency-Key` on every POST."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from service_world import Api, a_body, headers_of, http_api

from lipwright.service import replies
from lipwright.service.database import replies as rows
from lipwright.service.dispatch import NoDispatch
from lipwright.service.replies import Replies, fingerprint


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with http_api(tmp_path_factory.mktemp("once")) as api:
        yield api


def post(api: Api, key: str, path: str = "/api/lipsyncs/", /, **fields: Any) -> httpx.Response:
    return api.client.post(path, json=a_body(**fields), headers={"Idempotency-Key": key})


def credits_left(api: Api) -> int:
    return int(api.client.get("/api/remaining_credits/").json()["remaining_credits"])


def test_the_same_key_and_body_get_the_same_answer_and_one_task(api: Api) -> None:
    before = credits_left(api)
    first, second = post(api, "a"), post(api, "a")
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert before - credits_left(api) == 5


def test_the_same_key_with_another_request_is_refused(api: Api) -> None:
    post(api, "b")
    assert post(api, "b", text="Something else.").status_code == 422
    assert post(api, "b", "/api/lipsyncs/preview/").status_code == 422


def test_keys_belong_to_their_account(api: Api) -> None:
    mine = post(api, "c").json()["id"]
    with api.as_account("stranger") as stranger:
        answer = stranger.post("/api/lipsyncs/", json=a_body(), headers={"Idempotency-Key": "c"})
        assert answer.status_code == 201
        assert answer.json()["id"] != mine


def test_a_refused_request_leaves_its_key_unused(api: Api) -> None:
    assert post(api, "d", aspect_ratio="round").status_code == 400
    assert post(api, "d").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "\xe4"])
def test_a_key_is_printable_and_short(api: Api, key: str) -> None:
    headers: Any = {"Idempotency-Key": key.encode("latin-1")}
    answer = api.client.post("/api/lipsyncs/", json=a_body(), headers=headers)
    assert answer.status_code == 400
    assert list(answer.json()) == ["Idempotency-Key"]


def test_of_many_at_once_one_is_done(api: Api) -> None:
    before, answers = credits_left(api), []
    threads = [threading.Thread(target=lambda: answers.append(post(api, "e"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.is_success}) == 1
    assert before - credits_left(api) == 5


def test_while_the_first_is_under_way_the_second_is_told_to_wait(api: Api) -> None:
    account = api.job(post(api, "f")).account_id
    same = fingerprint("POST", "/api/lipsyncs/", {}, a_body())
    claim = Replies(api.service.engine).claim(account, "g", same)
    assert isinstance(claim, replies.Claim)
    answer = post(api, "g")
    assert (answer.status_code, answer.headers["retry-after"]) == (409, "1")
    Replies(api.service.engine).interrupt(claim)  # as if its process had died
    assert post(api, "g").json()["id"] == str(claim.seed)


def test_what_was_done_before_a_crash_is_found_not_done_again(api: Api) -> None:
    before = credits_left(api)
    first = post(api, "h")
    with api.service.engine.begin() as connection:  # as if it had died before it was settled
        mine = rows.update().where(rows.c.key == "h")
        connection.execute(mine.values(status=None, body=None, held_until=datetime.now(UTC)))
    again = post(api, "h")
    assert "idempotency-replayed" not in again.headers
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert before - credits_left(api) == 5


def test_a_key_is_shown_once_and_not_kept(api: Api) -> None:
    headers = {"Idempotency-Key": "i"}
    made, again = (api.client.post("/api/keys/", json={}, headers=headers) for _ in range(2))
    assert made.json()["api_key"]
    assert again.json() == {**made.json(), "api_key": None}
    kept = b"".join(p.read_bytes() for p in api.settings.data_dir.glob("lipwright.sqlite*"))
    assert made.json()["api_key"].encode() not in kept


def test_rendering_twice_under_one_key_renders_once(api: Api) -> None:
    made = post(api, "j", "/api/lipsyncs/preview/")
    path = f"/api/lipsyncs/{made.json()['id']}/render/"
    render: Callable[[], httpx.Response] = lambda: api.client.post(  # noqa: E731
        path, headers={"Idempotency-Key": "k"}
    )
    assert render().status_code == 400  # not ready; that leaves the key unused
    api.finish(made)
    first = render()
    assert first.status_code == 200
    api.finish(made)
    assert render().json() == first.json()
    assert isinstance(api.service.dispatch, NoDispatch)


def test_kept_answers_are_forgotten(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    headers_of(api.settings, "me")
    post(api, "l")
    monkeypatch.setattr(replies, "KEPT", timedelta(0))
    assert Replies(api.service.engine).forget() > 0
