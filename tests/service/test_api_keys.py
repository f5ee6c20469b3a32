"""Who gets in, how far, how often, and what they see of others."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from service_world import Api, a_body, headers_of, http_api

from lipwright.errors import InvalidRequest
from lipwright.service import accounts, auth
from lipwright.service.accounts import KeyOrder, Limits, Scope
from lipwright.service.database import keys, open_database
from lipwright.service.limits import Throttle
from lipwright.service.problems import Problem
from lipwright.service.routes import ROUTES, Route
from lipwright.service.settings import Settings

every_route = pytest.mark.parametrize("route", ROUTES, ids=lambda r: f"{r.method} {r.path}")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with http_api(tmp_path_factory.mktemp("keys")) as api:
        yield api


def sent(api: Api, route: Route, headers: dict[str, str]) -> httpx.Response:
    path = re.sub(r"{\w+}", str(uuid.UUID(int=7)), route.path)
    return api.plain.request(route.method, api.settings.base_url + path, headers=headers)


def get(api: Api, headers: dict[str, str], path: str = "/api/voices/") -> httpx.Response:
    return api.plain.get(api.settings.base_url + path, headers=headers)


def expire(api: Api, headers: dict[str, str]) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    with api.service.engine.begin() as connection:
        mine = keys.c.api_id == headers["X-API-ID"]
        connection.execute(keys.update().where(mine).values(expires_at=past))


@pytest.fixture(scope="module")
def refused(api: Api) -> dict[str, dict[str, str]]:
    """Credentials of every kind that must not get in."""
    good = {name: api.client.headers[name] for name in ("X-API-ID", "X-API-KEY")}
    other = headers_of(api.settings, "other")
    revoked, expired = headers_of(api.settings, "me"), headers_of(api.settings, "me")
    accounts.revoke_key(api.service.engine, revoked["X-API-ID"])
    expire(api, expired)
    return {
        "absent": {},
        "no key": {"X-API-ID": good["X-API-ID"]},
        "no id": {"X-API-KEY": good["X-API-KEY"]},
        "empty": {"X-API-ID": "", "X-API-KEY": ""},
        "wrong key": {**good, "X-API-KEY": "0" * 64},
        "cut key": {**good, "X-API-KEY": good["X-API-KEY"][:-1]},
        "hash as key": {**good, "X-API-KEY": accounts.digest(good["X-API-KEY"])},
        "no previous key": {**good, "X-API-KEY": auth._NO_KEY},
        "wrong id": {**good, "X-API-ID": str(uuid.UUID(int=1))},
        "injected": {**good, "X-API-ID": "' OR 1=1 --"},
        "beyond ASCII": {**good, "X-API-KEY": "\xff" * 64},
        "swapped": {"X-API-ID": good["X-API-KEY"], "X-API-KEY": good["X-API-ID"]},
        "another account's": {**good, "X-API-KEY": other["X-API-KEY"]},
        "revoked": revoked,
        "expired": expired,
    }


@every_route
def test_bad_credentials_are_refused_everywhere(
    api: Api, route: Route, refused: dict[str, dict[str, str]]
) -> None:
    for kind, headers in refused.items():
        raw = {name: value.encode("latin-1") for name, value in headers.items()}
        answer = sent(api, route, raw)  # type: ignore[arg-type]
        assert answer.status_code == 401, kind
        assert set(answer.json()) == {"detail"}
        assert answer.headers["www-authenticate"]


@every_route
def test_a_key_does_what_its_scope_allows_and_no_more(api: Api, route: Route) -> None:
    for scope in Scope:
        headers = headers_of(api.settings, "scoped", scope=scope)
        status = sent(api, route, headers).status_code
        assert (status == 403) != scope.allows(route.scope), (scope, status)
        assert status != 401


def test_scopes_are_ordered() -> None:
    assert [s for s in Scope if Scope.RENDER.allows(s)] == [Scope.READ, Scope.RENDER]
    with pytest.raises(InvalidRequest, match="read, render, admin"):
        accounts.scope_named("root")


@pytest.mark.parametrize("names", [("X-Api-Id", "X-Api-Key"), ("x-api-id", "x-api-key")])
def test_header_names_may_be_in_any_case(api: Api, names: tuple[str, str]) -> None:
    values = (api.client.headers["X-API-ID"], api.client.headers["X-API-KEY"])
    assert get(api, dict(zip(names, values, strict=True))).status_code == 200


def test_after_a_rotation_both_keys_work_until_the_grace_is_over(api: Api) -> None:
    old = headers_of(api.settings, "turning")
    engine, api_id = api.service.engine, old["X-API-ID"]
    made = accounts.rotate_key(engine, api_id, timedelta(hours=1))
    new = {"X-API-ID": api_id, "X-API-KEY": made.api_key}
    assert [get(api, headers).status_code for headers in (old, new)] == [200, 200]
    with engine.begin() as connection:
        past = datetime.now(UTC) - timedelta(seconds=1)
        connection.execute(keys.update().where(keys.c.api_id == api_id).values(previous_until=past))
    assert [get(api, headers).status_code for headers in (old, new)] == [401, 200]
    at_once = accounts.rotate_key(engine, api_id, timedelta(0))
    assert get(api, new).status_code == 401
    assert get(api, {"X-API-ID": api_id, "X-API-KEY": at_once.api_key}).status_code == 200


def test_whoever_lost_the_answer_to_a_rotation_can_rotate_again(api: Api) -> None:
    old = headers_of(api.settings, "forgetful")
    engine, api_id, grace = api.service.engine, old["X-API-ID"], timedelta(hours=1)
    for _ in range(3):
        used = auth.authenticated(engine, api_id, old["X-API-KEY"]).used_sha256
        accounts.rotate_key(engine, api_id, grace, used_sha256=used)
    assert get(api, old).status_code == 200


def test_the_key_itself_is_not_kept_nor_shown(api: Api) -> None:
    made = headers_of(api.settings, "secretive")
    kept = b"".join(path.read_bytes() for path in api.settings.data_dir.glob("lipwright.sqlite*"))
    assert made["X-API-ID"].encode() in kept
    assert made["X-API-KEY"].encode() not in kept
    account = auth.authenticated(api.service.engine, made["X-API-ID"], made["X-API-KEY"])
    assert account.used_sha256 not in repr(account)
    assert "hush" not in repr(accounts.NewKey("id", "hush"))


def test_keys_of_one_name_share_an_account(api: Api) -> None:
    mine = api.client.post("/api/lipsyncs/", json=a_body()).json()
    second = headers_of(api.settings, "me")
    assert get(api, second, f"/api/lipsyncs/{mine['id']}/").status_code == 200


def test_another_account_sees_nothing_of_mine(api: Api) -> None:
    mine = api.client.post("/api/lipsyncs/preview/", json=a_body())
    api.finish(mine)
    job_id = mine.json()["id"]
    with api.as_account("stranger") as stranger:
        for route in ROUTES:
            if "/lipsyncs/{id}/" in route.path:
                path = route.path.replace("{id}", job_id)
                assert stranger.request(route.method, path).status_code == 404, route.path
        assert stranger.get("/api/lipsyncs/").json() == []
        assert stranger.get("/api/lipsyncs/", params={"ids": job_id}).json() == []
        assert stranger.get("/api/remaining_credits/").json() == {"remaining_credits": 10_000}


def test_a_key_that_asks_too_often_is_told_to_wait(api: Api) -> None:
    headers = headers_of(api.settings, "eager", limits=Limits(rate_per_minute=3))
    answers = [get(api, headers) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    seconds = int(answers[-1].headers["retry-after"])
    assert 1 <= seconds <= 20
    words = f"Request was throttled. Expected available in {seconds} seconds."
    assert answers[-1].json() == {"detail": words}
    assert get(api, headers_of(api.settings, "eager")).status_code == 200


def test_tokens_come_back_evenly() -> None:
    now = 0.0
    throttle = Throttle(lambda: now)
    for _ in range(60):
        throttle.admit("key", 60)
    with pytest.raises(Problem) as refusal:
        throttle.admit("key", 60)
    assert refusal.value.headers["Retry-After"] == "1"
    now = 1.0
    throttle.admit("key", 60)
    with pytest.raises(Problem):
        throttle.admit("key", 60)
    throttle.admit("key", 0)  # no limit


def test_tasks_under_way_are_counted_exactly(api: Api) -> None:
    headers = headers_of(api.settings, "busy", limits=Limits(unfinished=2))
    with httpx.Client(base_url=api.settings.base_url, headers=headers) as busy:
        first = busy.post("/api/lipsyncs/", json=a_body())
        assert busy.post("/api/lipsyncs/", json=a_body()).status_code == 201
        third = busy.post("/api/lipsyncs/", json=a_body())
        assert (third.status_code, third.headers["retry-after"]) == (429, "10")
        assert busy.get("/api/remaining_credits/").json() == {"remaining_credits": 9_990}
        api.finish(first)
        assert busy.post("/api/lipsyncs/", json=a_body()).status_code == 201


def key_order(**fields: Any) -> KeyOrder:
    return KeyOrder(**fields)


def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    engine = open_database(Settings(data_dir=tmp_path))
    with pytest.raises(InvalidRequest, match="nonsense"):
        accounts.revoke_key(engine, "nonsense")
    with pytest.raises(InvalidRequest, match="nonsense"):
        accounts.rotate_key(engine, "nonsense", timedelta(0))
    with engine.begin() as connection, pytest.raises(InvalidRequest, match="name"):
        accounts.account_named(connection, " ", 0)
    with engine.begin() as connection, pytest.raises(InvalidRequest, match="nobody"):
        accounts.known_account(connection, "nobody")
    with pytest.raises(InvalidRequest, match="expired"):
        key_order(expires_at=datetime.now(UTC))
    with pytest.raises(InvalidRequest, match="255"):
        key_order(label="x" * 256)
    engine.dispose()


def test_a_database_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    settings = Settings(data_dir=tmp_path)
    headers = headers_of(settings, "me")
    engine = open_database(settings)
    config = Config()
    folder = Path(accounts.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    engine.dispose()
    engine = open_database(settings)
    account = auth.authenticated(engine, headers["X-API-ID"], headers["X-API-KEY"])
    assert account.scope is Scope.ADMIN
    engine.dispose()
