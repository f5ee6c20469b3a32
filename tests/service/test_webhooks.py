"""Webhooks by API: secrets in rotation, the log of deliveries, sending again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from service_world import Api, a_body, headers_of, http_api, receiver

from lipwright.service.database import accounts as accounts_table
from lipwright.service.dispatch import NoDispatch
from lipwright.service.fetch import Fetcher
from lipwright.service.webhooks import Messenger, signed_headers

PAUSES_S = (5.0, 60.0)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with http_api(tmp_path_factory.mktemp("webhooks")) as api:
        yield api


def ended(api: Api, url: str) -> str:
    """Id of the webhook of a task that is done."""
    made = api.client.post("/api/lipsyncs/", json=a_body(webhook_url=url))
    api.finish(made)
    (webhook,) = api.client.get("/api/webhooks/", params={"task": made.json()["id"]}).json()
    assert webhook["state"] == "waiting"
    return str(webhook["id"])


def deliver(api: Api, event_id: str, attempt: int, **chosen: Any) -> float | None:
    fetcher = Fetcher(("127.0.0.1",), **chosen)
    messenger = Messenger(api.service.records.outbox, fetcher, PAUSES_S)
    return asyncio.run(messenger.deliver(event_id, attempt))


def seen(api: Api, event_id: str) -> dict[str, Any]:
    found: dict[str, Any] = api.client.get(f"/api/webhooks/{event_id}/").json()
    return found


def test_every_try_is_in_the_log(api: Api) -> None:
    with receiver((503, {}, b""), (302, {"Location": "/b"}, b"")) as here:
        event_id = ended(api, here.url)
        assert 4 <= (deliver(api, event_id, 0) or 0) <= 6
        assert 48 <= (deliver(api, event_id, 1) or 0) <= 72
        assert deliver(api, event_id, 2) is None
        log = seen(api, event_id)
        assert [d["status"] for d in log["deliveries"]] == [503, 302, 204]
        assert (log["state"], log["outcome"]) == ("delivered", "answered 204")
        assert {call.headers["webhook-id"] for call in here.received} == {event_id}
        assert len({call.body for call in here.received}) == 1


def test_the_schedule_ends_and_410_ends_it_at_once(api: Api) -> None:
    with receiver((410, {}, b"")) as here:
        gone = ended(api, here.url)
        assert deliver(api, gone, 0) is None
        assert seen(api, gone)["state"] == "given_up"
    with receiver(*[(500, dict[str, str](), b"")] * 3) as here:
        event_id = ended(api, here.url)
        pauses = [deliver(api, event_id, attempt) for attempt in range(3)]
        assert [pause is None for pause in pauses] == [False, False, True]
        assert seen(api, event_id)["state"] == "given_up"


def test_nobody_at_home_is_a_try_without_status(api: Api) -> None:
    event_id = ended(api, "http://127.0.0.1:9/")
    assert deliver(api, event_id, 0) is not None
    (delivery,) = seen(api, event_id)["deliveries"]
    assert delivery["status"] is None
    assert "did not answer" in delivery["outcome"]


def test_a_private_receiver_is_refused(api: Api) -> None:
    event_id = ended(api, "http://127.0.0.2:9/")
    deliver(api, event_id, 0)
    (delivery,) = seen(api, event_id)["deliveries"]
    assert "private address" in delivery["outcome"]


def test_a_closed_webhook_is_sent_again_on_request(api: Api) -> None:
    assert isinstance(api.service.dispatch, NoDispatch)
    with receiver((410, {}, b""), (500, {}, b"")) as here:
        event_id = ended(api, here.url)
        deliver(api, event_id, 0)
        again = api.client.post(f"/api/webhooks/{event_id}/replay/")
        assert (again.status_code, again.json()["state"]) == (200, "waiting")
        assert api.service.dispatch.sent[-1] == (event_id, 1)
        assert 4 <= (deliver(api, event_id, 1) or 0) <= 6  # the pauses begin anew
        assert deliver(api, event_id, 2) is None
        assert seen(api, event_id)["state"] == "delivered"
        assert len({call.headers["webhook-id"] for call in here.received}) == 1


def test_a_replay_overtakes_a_try_that_waits(api: Api) -> None:
    with receiver((500, {}, b"")) as here:
        event_id = ended(api, here.url)
        deliver(api, event_id, 0)
        api.client.post(f"/api/webhooks/{event_id}/replay/")
        assert deliver(api, event_id, 2) is None
        assert deliver(api, event_id, 1) is None  # it comes too late and does nothing
        assert len(here.received) == 2


def test_webhooks_are_their_accounts_own(api: Api) -> None:
    event_id = ended(api, "http://127.0.0.1:9/")
    with api.as_account("stranger") as stranger:
        assert stranger.get("/api/webhooks/").json() == []
        assert stranger.get(f"/api/webhooks/{event_id}/").status_code == 404
        assert stranger.post(f"/api/webhooks/{event_id}/replay/").status_code == 404
    for nothing in ("evt_x", "x", "evt_11111111-1111-1111-1111-111111111111"):
        assert api.client.get(f"/api/webhooks/{nothing}/").status_code == 404
    assert api.client.get("/api/webhooks/", params={"task": "x"}).status_code == 400


def test_during_a_rotation_either_secret_checks(api: Api) -> None:
    def secret() -> dict[str, Any]:
        found: dict[str, Any] = api.client.get("/api/webhook_secret/").json()
        return found

    old = secret()["webhook_secret"]
    new = api.client.post("/api/webhook_secret/rotate/").json()["webhook_secret"]
    assert new == secret()["webhook_secret"] != old
    assert secret()["previous_secret_until"]
    with receiver() as here:
        deliver(api, ended(api, here.url), 0)
        (call,) = here.received
        stamp = int(call.headers["webhook-timestamp"])
        signatures = call.headers["webhook-signature"].split(" ")
        for one in (new, old):
            wanted = signed_headers([one], call.headers["webhook-id"], stamp, call.body.decode())
            assert wanted["webhook-signature"] in signatures
    past = datetime.now(UTC) - timedelta(seconds=1)
    with api.service.engine.begin() as connection:
        values = {"previous_webhook_secret_until": past}
        connection.execute(accounts_table.update().values(**values))
    event_id = ended(api, "http://127.0.0.1:9/")
    found = api.service.records.outbox.webhook(event_id)
    assert found is not None
    assert found.secrets == (new,)
    assert new not in repr(found)


def test_keys_are_made_rotated_and_revoked_by_api(api: Api) -> None:
    wanted = {"label": "ci", "scope": "read", "rate_per_minute": 10}
    made = api.client.post("/api/keys/", json=wanted)
    assert made.status_code == 201
    credentials = {"X-API-ID": made.json()["api_id"], "X-API-KEY": made.json()["api_key"]}
    url, path = api.settings.base_url, f"/api/keys/{credentials['X-API-ID']}/"
    assert api.plain.get(url + "/api/voices/", headers=credentials).status_code == 200
    assert api.plain.get(url + "/api/keys/", headers=credentials).status_code == 403
    (listed,) = [k for k in api.client.get("/api/keys/").json() if k["label"] == "ci"]
    assert (listed["scope"], listed["rate_per_minute"]) == ("read", 10)
    assert made.json()["api_key"] not in str(listed)
    rotated = api.client.post(path + "rotate/").json()
    assert rotated["api_id"] == credentials["X-API-ID"]
    assert api.client.delete(path).status_code == 204
    assert api.plain.get(url + "/api/voices/", headers=credentials).status_code == 401
    assert api.client.delete(path).status_code == 404
    past = {"expires_at": "2020-01-01T00:00:00Z"}
    assert list(api.client.post("/api/keys/", json=past).json()) == ["expires_at"]


def test_another_accounts_key_cannot_be_touched(api: Api) -> None:
    theirs = headers_of(api.settings, "neighbour")["X-API-ID"]
    assert api.client.delete(f"/api/keys/{theirs}/").status_code == 404
    assert api.client.post(f"/api/keys/{theirs}/rotate/").status_code == 404
    assert theirs not in str(api.client.get("/api/keys/").json())
