"""Spoken files, talking pictures and avatars: api-contract.md, sections 5 and 6, over real HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from service_world import AVATAR, VOICE, Api, a_body, http_api
from test_http_contract import PERSONA_FIELDS

from lipwright.service.jobs import Goal
from lipwright.service.pricing import price
from lipwright.service.settings import Settings

SPEECH_FIELDS = {
    "id", "script", "output", "media_job", "credits_used", "duration", "progress", "is_hidden",
    "status", "failed_reason", "created_at", "updated_at", "accent", "webhook_url",
}  # fmt: skip
AURORA_FIELDS = {
    "id", "created_at", "updated_at", "audio", "image", "video_output", "video_thumbnail",
    "credits_used", "duration", "progress", "failed_reason", "media_job", "status", "is_hidden",
    "preview", "editor_url", "name", "text_prompt", "prompt_guidance_scale", "model_version",
    "resolution", "webhook_url",
}  # fmt: skip
IMAGE, AUDIO = "https://example.com/a.png", "https://example.com/a.mp3"
CONSENT = {"consent": "I, Ann, allow it."}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with http_api(tmp_path_factory.mktemp("kinds")) as api:
        yield api


def aurora(api: Api, **fields: Any) -> httpx.Response:
    body = {"image": IMAGE, "audio": AUDIO, **CONSENT, **fields}
    return api.client.post("/api/aurora/", json=body)


def revoice(api: Api, **fields: Any) -> httpx.Response:
    body = {"video": "https://example.com/a.mp4", "text": "Hello.", **CONSENT, **fields}
    return api.client.post("/api/revoices/", json=body)


def persona(api: Api, **fields: Any) -> httpx.Response:
    body = {"creator_name": "Eve", "gender": "f", "lipsync_input": IMAGE, **CONSENT, **fields}
    return api.client.post("/api/personas/", json=body)


def credits_left(api: Api) -> int:
    return int(api.client.get("/api/remaining_credits/").json()["remaining_credits"])


def test_a_spoken_file(api: Api) -> None:
    body = {"script": "Hello there.", "accent": VOICE, "name": "ignored"}
    made = api.client.post("/api/text_to_speech/", json=body)
    assert made.status_code == 201
    assert set(made.json()) == SPEECH_FIELDS
    assert (made.json()["status"], made.json()["output"]) == ("pending", None)
    api.finish(made, credits_=1)
    path = f"/api/text_to_speech/{made.json()['id']}"
    done = api.client.get(path).json()
    assert (done["status"], done["duration"], done["credits_used"]) == ("done", 12, 1)
    assert "/output.mp3?" in done["output"]
    assert api.client.get("/api/text_to_speech/").json() == [done]
    assert api.client.get("/api/text_to_speech/paginated/").json()["results"] == [done]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"script": ["This field is required."]}),
        ({"script": "  "}, {"script": ["This field may not be blank."]}),
        (
            {"script": "x" * 8001, "accent": "x"},
            {
                "script": ["Ensure this field has no more than 8000 characters."],
                "accent": ["Must be a valid UUID."],
            },
        ),
    ],
)
def test_a_wrong_script(api: Api, body: dict[str, Any], errors: dict[str, Any]) -> None:
    answer = api.client.post("/api/text_to_speech/", json=body)
    assert (answer.status_code, answer.json()) == (400, errors)


def test_a_talking_picture(api: Api) -> None:
    made = aurora(api, text_prompt="smiling", ttl_days=4)
    assert made.status_code == 201
    assert set(made.json()) == AURORA_FIELDS
    order = api.order(made)
    assert order.permission is not None
    assert (order.permission.statement, order.permission.given_by) == ("I, Ann, allow it.", "me")
    assert [asset.url for asset in order.assets()] == [AUDIO, IMAGE]
    api.finish(made, credits_=12)
    done = api.client.get(f"/api/aurora/{made.json()['id']}/").json()
    assert done["status"] == "done"
    assert "/output.mp4?" in done["video_output"]
    assert api.client.get("/api/aurora/", params={"ids": done["id"]}).json() == [done]


def test_a_talking_picture_costs_by_the_second(api: Api) -> None:
    before = credits_left(api)
    aurora(api)
    fast = aurora(api, model_version="aurora_v1_fast", resolution="720p")
    assert api.order(fast).short_side_px == 720
    assert credits_left(api) == before - 2  # a second each, until the length is known


@pytest.mark.parametrize(
    ("resolution", "seconds", "credits_"),
    [("480p", 5, 2), ("480p", 6, 3), ("720p", 10, 7), ("1080p", 10, 14), ("2k", 10, 28)],
)
def test_the_second_model_costs_by_its_resolution(
    api: Api, resolution: str, seconds: float, credits_: int
) -> None:
    made = aurora(api, model_version="aurora_v2", resolution=resolution)
    tariff = api.order(made).tariff
    assert price(Settings(), tariff, Goal.VIDEO, seconds, drafted=False) == credits_


@pytest.mark.parametrize("days", [0, 3651, "many"])
def test_a_time_to_live_has_limits(api: Api, days: object) -> None:
    answer = aurora(api, ttl_days=days, output_upload_url="ftp://example.com")
    assert (answer.status_code, set(answer.json())) == (400, {"ttl_days", "output_upload_url"})


@pytest.mark.parametrize(
    ("shared", "fetched"),
    [
        ("https://drive.google.com/file/d/1aB-c_9/view?usp=sharing", "1aB-c_9"),
        ("https://drive.google.com/file/u/0/d/1aB-c_9/edit", "1aB-c_9"),
        ("https://drive.google.com/open?usp=x&id=1aB-c_9", "1aB-c_9"),
        ("https://drive.google.com/uc?id=1aB-c_9&export=download", "1aB-c_9"),
        ("https://example.com/file/d/1/clip.mp4", None),
    ],
)
def test_a_file_shared_in_a_drive(api: Api, shared: str, fetched: str | None) -> None:
    made = persona(api, lipsync_input=None, gdown_url=shared)
    assert made.status_code == 201, made.text
    own = "https://drive.usercontent.google.com/download?id={}&export=download&confirm=t"
    assert made.json()["lipsync_input_url"] == (own.format(fetched) if fetched else shared)
    assert uuid.UUID(made.json()["matching_voice_non_null"])


def test_nobody_is_made_for_an_industry(api: Api) -> None:
    persona(api)
    asked = api.client.get("/api/personas_v2/", params={"suitable_industries": "3,4"})
    assert (asked.status_code, asked.json()) == (200, [])
    wrong = api.client.get("/api/personas_v2/", params={"suitable_industries": "cars"})
    assert wrong.json() == {"suitable_industries": ["A valid integer is required."]}


@pytest.mark.parametrize("create", [aurora, persona, revoice])
def test_a_face_needs_consent(api: Api, create: Any) -> None:
    answer = create(api, consent=None)
    assert answer.status_code == 400
    assert set(answer.json()) == {"consent"}
    assert "consent_video" in answer.json()["consent"][0]
    both = create(api, consent=" ", consent_video="no url")
    assert set(both.json()) == {"consent_video"}
    clip = create(api, consent=None, consent_video="https://example.com/yes.mp4")
    assert clip.status_code == 201


def test_a_clip_says_something_else(api: Api) -> None:
    made = revoice(api, sync_mode="bounce", face={"x": 0.2, "y": 0.5}, accent=VOICE)
    assert made.status_code == 201
    api.finish(made)
    done = api.client.get(f"/api/revoices/{made.json()['id']}/").json()
    assert (done["status"], done["sync_mode"]) == ("done", "bounce")
    assert "/output.mp4?" in done["output"]
    assert done in api.client.get("/api/revoices/").json()
    wrong = revoice(api, sync_mode="stretch", face={"x": 2}, video=None)
    assert wrong.json() == {
        "video": ["This field is required."],
        "sync_mode": ['"stretch" is not a valid choice.'],
        "face": {"x": ["Ensure this value is less than or equal to 1."],
                 "y": ["This field is required."]},
    }  # fmt: skip
    assert revoice(api, text=None).json() == {
        "non_field_errors": ["Either text or audio is required."]
    }


def test_consent_can_be_somebody_elses_business(tmp_path: Any) -> None:
    with http_api(tmp_path, consent_required=False) as api:
        assert aurora(api, consent=None).status_code == 201
        assert persona(api, consent=None).status_code == 201


def test_an_avatar_of_your_own(api: Api) -> None:
    made = persona(api, keywords="tall,friendly", labels=["a", "b"], style="selfie")
    assert made.status_code == 201
    assert set(made.json()) == PERSONA_FIELDS | {
        "lipsync_input_url", "labels", "webhook_url", "credits_used", "progress",
        "matching_voice_non_null",
    }  # fmt: skip
    avatar_id = made.json()["id"]
    waiting = api.client.get(f"/api/personas/{avatar_id}/").json()
    assert (waiting["process_status"], waiting["is_active"]) == ("pending", False)
    assert waiting["preview_image_1_1"] is None
    usable = {p["id"] for p in api.client.get("/api/personas/").json()}
    assert avatar_id not in usable
    early = api.client.post("/api/lipsyncs/", json=a_body(creator=avatar_id))
    assert "creator" in early.json()

    api.finish(made, credits_=0, report={"previews": ["1x1.jpg"], "notes": ["Dark."]})
    ready = api.client.get(f"/api/personas/{avatar_id}/").json()
    assert (ready["process_status"], ready["is_active"], ready["type"]) == ("done", True, "custom")
    assert "/1x1.jpg?" in ready["preview_image_1_1"]
    assert ready["notes"] == ["Dark."]
    found = api.client.get("/api/personas/", params={"style": "selfie", "keyword": "FRIEND"})
    assert [p["id"] for p in found.json()] == [avatar_id]
    assert api.client.post("/api/lipsyncs/", json=a_body(creator=avatar_id)).status_code == 201


def test_own_avatars_are_nobody_elses(api: Api) -> None:
    made = persona(api)
    api.finish(made, credits_=0)
    avatar_id = made.json()["id"]
    own = api.client.get("/api/personas_v2/").json()
    assert avatar_id in {p["id"] for p in own}
    assert AVATAR not in {p["id"] for p in own}
    count = api.client.get("/api/personas_v2/count/").json()
    assert count["max_count"] == 100
    assert count["current_count"] >= 1
    with api.as_account("other") as other:
        assert other.get(f"/api/personas/{avatar_id}/").status_code == 404
        assert other.get("/api/personas_v2/").json() == []
        assert avatar_id not in {p["id"] for p in other.get("/api/personas/").json()}
        answer = other.post("/api/lipsyncs/", json=a_body(creator=avatar_id))
        assert "does not exist" in answer.json()["creator"][0]


def test_avatars_are_limited(tmp_path: Any) -> None:
    with http_api(tmp_path, avatar_limit=1) as api:
        first = persona(api)
        assert persona(api).status_code == 400
        api.fail(first, "no face")
        assert persona(api).status_code == 201


def test_a_wrong_avatar_is_told_of_every_field(api: Api) -> None:
    body = {"gender": "x", "labels": ["a", 3, ["b"]], "lipsync_input": "ftp://a"}
    answer = api.client.post("/api/personas/", json=body)
    assert answer.status_code == 400
    assert answer.json() == {
        "creator_name": ["This field is required."],
        "gender": ['"x" is not a valid choice.'],
        "lipsync_input": ["Enter a valid URL."],
        "labels": {"2": ["Not a valid string."]},
        "consent": answer.json()["consent"],
    }


@pytest.mark.parametrize("path", ["text_to_speech", "aurora", "personas"])
def test_a_task_of_another_kind_is_not_found(api: Api, path: str) -> None:
    video = api.client.post("/api/lipsyncs/", json=a_body()).json()["id"]
    assert api.client.get(f"/api/{path}/{video}/").status_code == 404
    assert api.client.get(f"/api/{path}/{uuid.UUID(int=1)}").status_code == 404


def test_an_avatar_comes_with_its_files(api: Api) -> None:
    form = {"creator_name": "Eve", "labels": "a,b", "consent": "yes"}
    files = {
        "lipsync_input": ("me.png", b"picture", "image/png"),
        "consent_video": ("yes.mp4", b"clip", "video/mp4"),
    }
    headers = {"Idempotency-Key": "eve"}
    made, again = (
        api.client.post("/api/personas_v2/", data=form, files=files, headers=headers)
        for _ in range(2)
    )
    assert made.status_code == 201, made.text
    assert again.json() == made.json()
    assert made.json()["labels"] == ["a", "b"]
    order = api.job(made).order
    contents = [api.client.get(asset.url).content for asset in order.assets()]
    assert contents == [b"picture", b"clip"]
    wrong = api.client.post("/api/personas_v2/", data={"gender": "x"}, files=files)
    assert set(wrong.json()) == {"creator_name", "gender"}
    assert len(api.client.get("/api/uploads/").json()) == 2
    assert not list(api.service.scratch.glob("body-*"))
    broken = api.client.post(
        "/api/personas_v2/", content=b"--x", headers={"content-type": "multipart/form-data"}
    )
    assert broken.status_code == 400
