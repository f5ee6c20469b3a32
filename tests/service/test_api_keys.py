"""Who gets in, and what they see of others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from service_world import Api, a_body, http_api

from lipwright.errors import InvalidRequest
from lipwright.service import auth
from lipwright.service.settings import Settings

PATHS = ("/api/lipsyncs/", "/api/personas/", "/api/voices/", "/api/remaining_credits/")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with http_api(tmp_path_factory.mktemp("keys")) as api:
        yield api


def get(api: Api, headers: dict[str, str], path: str = "/api/voices/") -> httpx.Response:
    return httpx.get(api.settings.base_url + path, headers=headers)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("headers", [{}, {"X-API-ID": ""}, {"X-API-ID": "", "X-API-KEY": ""}])
def test_absent_and_empty_credentials_are_refused(
    api: Api, headers: dict[str, str], path: str
) -> None:
    answer = get(api, headers, path)
    assert answer.status_code == 401
    assert answer.json() == {"detail": "Authentication credentials were not provided."}
    assert answer.headers["www-authenticate"]


def test_one_half_of_the_credentials_is_refused(api: Api) -> None:
    for name in ("X-API-ID", "X-API-KEY"):
        assert get(api, {name: api.client.headers[name]}).status_code == 401


def test_wrong_and_swapped_credentials_are_refused(api: Api) -> None:
    api_id, api_key = api.client.headers["X-API-ID"], api.client.headers["X-API-KEY"]
    for wrong in (
        *((api_id, "0" * 64), (api_id, api_key[:-1]), (api_id, api_key + "x"), (api_id, api_id)),
        *(("0" * 36, api_key), (api_key, api_id), ("' OR 1=1 --", api_key)),
    ):
        answer = get(api, dict(zip(("X-API-ID", "X-API-KEY"), wrong, strict=True)))
        assert answer.status_code == 401
        assert set(answer.json()) == {"detail"}


@pytest.mark.parametrize("names", [("X-Api-Id", "X-Api-Key"), ("x-api-id", "x-api-key")])
def test_header_names_may_be_in_any_case(api: Api, names: tuple[str, str]) -> None:
    values = (api.client.headers["X-API-ID"], api.client.headers["X-API-KEY"])
    assert get(api, dict(zip(names, values, strict=True))).status_code == 200


def test_a_revoked_key_is_refused_and_others_still_work(api: Api) -> None:
    api_id, api_key = auth.create_key(api.settings, "me")
    headers = {"X-API-ID": api_id, "X-API-KEY": api_key}
    assert get(api, headers).status_code == 200
    auth.revoke_key(api.settings, api_id)
    assert get(api, headers).status_code == 401
    assert api.client.get("/api/voices/").status_code == 200


def test_the_key_itself_is_not_kept(api: Api) -> None:
    api_id, api_key = auth.create_key(api.settings, "secretive")
    kept = b"".join(path.read_bytes() for path in api.settings.data_dir.glob("lipwright.sqlite*"))
    assert api_id.encode() in kept
    assert api_key.encode() not in kept


def test_keys_of_one_name_share_an_account(api: Api) -> None:
    api_id, api_key = auth.create_key(api.settings, "me")
    mine = api.client.post("/api/lipsyncs/", json=a_body()).json()
    headers = {"X-API-ID": api_id, "X-API-KEY": api_key}
    assert get(api, headers, f"/api/lipsyncs/{mine['id']}/").status_code == 200


def test_another_account_sees_nothing_of_mine(api: Api) -> None:
    mine = api.client.post("/api/lipsyncs/preview/", json=a_body())
    api.finish(mine)
    job_id = mine.json()["id"]
    with api.as_account("stranger") as stranger:
        assert stranger.get(f"/api/lipsyncs/{job_id}/").status_code == 404
        assert stranger.post(f"/api/lipsyncs/{job_id}/render/").status_code == 404
        assert stranger.get("/api/lipsyncs/").json() == []
        assert stranger.get("/api/lipsyncs/", params={"ids": job_id}).json() == []
        assert stranger.get("/api/remaining_credits/").json() == {"remaining_credits": 10_000}


def test_keys_are_listed_without_their_secret(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    api_id, api_key = auth.create_key(settings, "Ann")
    auth.revoke_key(settings, api_id)
    (row,) = auth.list_keys(settings)
    assert (row["X-API-ID"], row["name"]) == (api_id, "Ann")
    assert row["revoked"]
    assert api_key not in str(row)


def test_what_is_not_there_cannot_be_revoked(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="nonsense"):
        auth.revoke_key(Settings(data_dir=tmp_path), "nonsense")
    with pytest.raises(InvalidRequest, match="name"):
        auth.create_key(Settings(data_dir=tmp_path), " ")
