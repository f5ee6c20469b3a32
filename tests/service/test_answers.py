"""Every route is asked for something that is there, and answers exactly as the document says."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
from service_world import AVATAR, VOICE, Api, a_body, http_api

from lipwright.service.jobs import Word
from lipwright.service.routes import ROUTES

IMAGE, AUDIO = "https://example.com/a.png", "https://example.com/a.mp3"
CONSENT = {"consent": "I, Ann, allow it."}
HOOK = {"webhook_url": "https://example.com/hook"}
SCENES = {
    "video_inputs": [
        {
            "character": {"type": "avatar", "avatar_id": AVATAR, "avatar_style": "normal"},
            "voice": {"type": "text", "input_text": "Hi.", "voice_id": VOICE},
        }
    ],
    "aspect_ratio": "16x9",
}
JSON = "application/json"

Asked = list[tuple[str, str, Any]]
"""Method, path as in the table of routes but with ids for what is there, and body."""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with http_api(tmp_path_factory.mktemp("answers"), credits=1_000_000) as api:
        yield api


def made(api: Api, path: str, body: Any, *, finished: bool = False, words: bool = False) -> str:
    answer = api.client.post(path, json=body)
    assert answer.status_code in (200, 201), answer.text
    if finished:
        job = api.job(answer)
        api.service.records.start(job)
        spoken = [Word(start_s=0.0, duration_s=0.4, text="Hello")] if words else []
        api.service.records.spoken(job, spoken, 12.0)
        assert api.service.records.succeed(job, 0 if job.goal == "preview" else 5, {}, "{}")
    return str(answer.json()["id"])


@pytest.fixture(scope="module")
def asked(api: Api, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    one, two = a_body(**HOOK), {**SCENES, **HOOK}
    speech, portrait = {"script": "Hi.", "accent": VOICE}, {"image": IMAGE, "audio": AUDIO}
    clip = {"video": "https://example.com/a.mp4", "text": "Hi.", **CONSENT}
    person = {"creator_name": "Eve", "gender": "f", "lipsync_input": IMAGE, **CONSENT}
    portrait |= CONSENT
    done = made(api, "/api/lipsyncs/", one, finished=True, words=True)
    drafts = [
        made(api, f"/api/{kind}/preview/", body, finished=True, words=True)
        for kind, body in (("lipsyncs", one), ("lipsyncs_v2", two))
    ]
    folder = tmp_path_factory.mktemp("speech")
    for draft in drafts:
        (folder / "speech.json").write_text('["Hello"]')
        api.service.store.put(f"work/{draft}/speech/speech.json", folder / "speech.json")
    fresh = {
        "lipsyncs": made(api, "/api/lipsyncs/", one),
        "lipsyncs_v2": made(api, "/api/lipsyncs_v2/", two),
        "text_to_speech": made(api, "/api/text_to_speech/", speech),
        "aurora": made(api, "/api/aurora/", portrait),
        "revoices": made(api, "/api/revoices/", clip),
    }
    own = made(api, "/api/personas/", person, finished=True)
    upload = made(api, "/api/uploads/", {"name": "a.wav", "size": 1, "content_type": "audio/wav"})
    key = api.client.post("/api/keys/", json={"label": "x"}).json()["api_id"]
    hook = api.client.get("/api/webhooks/", params={"task": done}).json()[0]["id"]
    words = {"word_alignments": [{"text": "Hi"}]}
    return [
        ("POST", "/api/lipsyncs/", one),
        ("POST", "/api/lipsyncs/preview/", one),
        ("POST", "/api/lipsyncs/estimate/", one),
        ("POST", "/api/lipsyncs/batch/", {"requests": [one]}),
        ("POST", "/api/lipsyncs/multi_avatar/", two),
        ("POST", "/api/lipsyncs_v2/", two),
        ("POST", "/api/lipsyncs_v2/preview/", two),
        ("POST", "/api/lipsyncs_v2/estimate/", two),
        ("POST", "/api/text_to_speech/", speech),
        ("POST", "/api/aurora/", portrait),
        ("POST", "/api/revoices/", clip),
        ("POST", "/api/personas/", person),
        ("POST", "/api/personas_v2/", person),
        ("PATCH", f"/api/lipsyncs/{drafts[0]}/", words),
        ("PATCH", f"/api/lipsyncs_v2/{drafts[1]}/", words),
        ("POST", f"/api/lipsyncs/{drafts[0]}/render/", None),
        ("POST", f"/api/lipsyncs_v2/{drafts[1]}/render/", None),
        ("GET", f"/api/lipsyncs/{done}/", None),
        ("GET", f"/api/lipsyncs/{done}/report/", None),
        ("GET", f"/api/lipsyncs/{done}/captions.json", None),
        ("GET", f"/api/lipsyncs/{done}/captions.srt", None),
        ("GET", f"/api/lipsyncs/{done}/captions.vtt", None),
        ("GET", f"/api/lipsyncs/{done}/events/", None),
        ("GET", "/api/personas/", None),
        ("GET", "/api/personas/paginated/?page=2&page_size=2", None),
        ("GET", f"/api/personas/{own}/", None),
        ("GET", f"/api/personas/{AVATAR}/", None),
        ("GET", "/api/personas_v2/", None),
        ("GET", "/api/personas_v2/count/", None),
        *(("GET", f"/api/{kind}/", None) for kind in fresh),
        *(("GET", f"/api/{kind}/{id_}/", None) for kind, id_ in fresh.items()),
        *(("POST", f"/api/{kind}/{id_}/cancel/", None) for kind, id_ in fresh.items()),
        ("GET", f"/api/lipsyncs_v2/{fresh['lipsyncs_v2']}/events/", None),
        *(("DELETE", f"/api/{kind}/{id_}/", None) for kind, id_ in fresh.items()),
        ("DELETE", f"/api/personas/{own}/", None),
        ("GET", "/api/voices/", None),
        ("GET", "/api/voices/paginated/", None),
        ("PUT", "/api/pronunciations/", {"pronunciations": []}),
        ("GET", "/api/pronunciations/", None),
        ("GET", "/api/music_categories/", None),
        ("GET", "/api/musics/", None),
        ("GET", "/api/errors/", None),
        ("GET", "/api/remaining_credits/", None),
        ("GET", "/api/webhook_secret/", None),
        ("POST", "/api/webhook_secret/rotate/", None),
        ("GET", "/api/webhooks/", None),
        ("GET", f"/api/webhooks/{hook}/", None),
        ("POST", f"/api/webhooks/{hook}/replay/", None),
        ("GET", "/api/keys/", None),
        ("POST", "/api/keys/", {"label": "y"}),
        ("POST", f"/api/keys/{key}/rotate/", None),
        ("DELETE", f"/api/keys/{key}/", None),
        ("POST", "/api/uploads/", {"name": "b.wav", "size": 1, "content_type": "audio/wav"}),
        ("GET", "/api/uploads/", None),
        ("PATCH", f"/api/uploads/{upload}/", b"x"),
        ("GET", f"/api/uploads/{upload}/", None),
        ("GET", f"/api/uploads/{upload}/content/", None),
        ("DELETE", f"/api/uploads/{upload}/", None),
    ]  # fmt: skip


def pattern(path: str) -> str:
    """The path as it stands in the document."""
    parts = path.partition("?")[0].split("/")
    return "/".join("{id}" if len(part) > 30 else part for part in parts)


def strict(schema: Any) -> Any:
    """The same schema, and no field beyond those that it names."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    inner = {name: strict(part) for name, part in schema.items()}
    if "properties" in inner and "additionalProperties" not in inner:
        inner["additionalProperties"] = False
    return inner


def wrong(document: dict[str, Any], answer: httpx.Response, operation: dict[str, Any]) -> list[str]:
    """In what the answer differs from what the document says of it."""
    described = operation["responses"].get(str(answer.status_code))
    if described is None:
        return [f"the status {answer.status_code} is not described"]
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if answer.status_code == 204:
        return [] if not answer.content and "content" not in described else ["a body"]
    content = described["content"]
    found = content.get(kind) or content.get("*/*")
    if found is None:
        return [f"{kind} instead of {list(content)}"]
    if kind != JSON:
        return []
    if not found["schema"]:
        return ["no schema"]
    schema = {**found["schema"], "components": document["components"]}
    validator = jsonschema_rs.validator_for(strict(schema))
    return [f"{e.instance_path}: {e.message}" for e in validator.iter_errors(answer.json())]


def test_every_route_answers_as_the_document_says(api: Api, asked: Asked) -> None:
    document = copy.deepcopy(api.client.get("/api/schema/").json())
    faults: dict[str, list[str]] = {}
    seen = set()
    for method, path, body in asked:
        operation = document["paths"][pattern(path)][method.lower()]
        seen.add((method, pattern(path)))
        headers = {"Upload-Offset": "0", "Content-Type": "audio/wav"} if body == b"x" else {}
        sent = {"content": body, "headers": headers} if body == b"x" else {"json": body}
        answer = api.client.request(method, path, **sent)
        assert answer.is_success, (method, path, answer.text)
        if found := wrong(document, answer, operation):
            faults[f"{method} {path}"] = found
    assert not faults, json.dumps(faults, indent=1)
    assert seen == {(route.method, route.path) for route in ROUTES if not route.is_alias}


def test_refusals_are_as_the_document_says(api: Api, tmp_path: Path) -> None:
    document = api.client.get("/api/schema/").json()
    nobody = "0" * 8 + "-0000-4000-8000-" + "0" * 12
    for route in ROUTES:
        if route.is_alias:
            continue
        path = route.path.replace("{id}", nobody)
        operation = document["paths"][route.path][route.method.lower()]
        for client in (api.plain, api.client):
            answer = client.request(route.method, api.settings.base_url + path, json=[])
            if not answer.is_success:
                assert not wrong(document, answer, operation), (route.path, answer.text)


@pytest.mark.parametrize(
    ("body", "faults"), [({"x": 1}, 0), ({"x": 1, "y": 2}, 1), ({}, 1), ({"x": "1"}, 1), ([], 1)]
)
def test_a_difference_is_seen(body: object, faults: int) -> None:
    found = {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}
    reference = {"schema": {"$ref": "#/components/schemas/A"}}
    document = {"components": {"schemas": {"A": found}}}
    operation = {"responses": {"200": {"content": {JSON: reference}}}}
    assert len(wrong(document, httpx.Response(200, json=body), operation)) == faults
