"""The contract of api-contract.md, sections 1, 2, 5 and 6, over real HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from service_world import AVATAR, OTHER_AVATAR, VOICE, Api, a_body, http_api

from lipwright.request import CAPTION_STYLES

LIPSYNC_FIELDS = {
    "id", "name", "text", "creator", "model_version", "output", "video_thumbnail", "aspect_ratio",
    "green_screen", "transparent_background", "created_at", "updated_at", "credits_used",
    "duration", "progress", "failed_reason", "media_job", "status", "is_hidden", "audio_url",
    "webhook_url", "accent", "preview", "editor_url", "preview_audio", "no_caption", "no_music",
    "caption_style", "caption_position", "caption_offset_x", "caption_offset_y",
    "background_asset_image_url", "background_color",
}  # fmt: skip
PERSONA_FIELDS = {
    "id", "created_at", "updated_at", "gender", "creator_name", "suitable_industries",
    "preview_image_16_9", "preview_image_1_1", "preview_image_9_16", "preview_video_16_9",
    "preview_video_1_1", "preview_video_9_16", "landscape_preview_video", "squared_preview_video",
    "portrait_preview_video", "is_active", "process_status", "failed_reason", "type", "age_range",
    "location", "style", "video_scene", "keywords", "notes",
}  # fmt: skip


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with http_api(tmp_path_factory.mktemp("api")) as api:
        yield api


def post(api: Api, path: str = "/api/lipsyncs/", /, **fields: Any) -> httpx.Response:
    return api.client.post(path, json=a_body(**fields))


def test_create_answers_201_with_every_field(api: Api) -> None:
    answer = post(api, name="First", webhook_url=None, voice_id="", nonsense=[1])
    assert answer.status_code == 201
    job = answer.json()
    assert set(job) == LIPSYNC_FIELDS
    assert uuid.UUID(job["id"])
    given = {"name": "First", "text": "Hello there.", "creator": AVATAR, "aspect_ratio": "16x9"}
    defaults = {
        "green_screen": False,
        "transparent_background": False,
        "no_caption": True,
        "no_music": True,
        "caption_style": "normal-black",
        "caption_position": "center",
        "caption_offset_x": "0",
        "caption_offset_y": "-0.4",
        "model_version": "standard",
        "accent": None,
        "audio_url": None,
        "webhook_url": None,
        "background_asset_image_url": None,
    }
    new = {
        "status": "pending",
        "progress": 0,
        "credits_used": 0,
        "duration": 0,
        "is_hidden": False,
        "output": None,
        "preview": None,
        "preview_audio": None,
        "failed_reason": None,
        "editor_url": None,
    }
    assert job | given | defaults | new == job


def test_retrieve_adds_the_words(api: Api) -> None:
    job = post(api).json()
    answer = api.client.get(f"/api/lipsyncs/{job['id']}/")
    assert answer.status_code == 200
    assert set(answer.json()) == LIPSYNC_FIELDS | {"word_alignments"}


@pytest.mark.parametrize("ratio", ["16x9", "1x1", "9x16", "16:9", "1:1", "9:16"])
def test_both_spellings_of_a_ratio_are_answered_with_x(api: Api, ratio: str) -> None:
    assert post(api, aspect_ratio=ratio).json()["aspect_ratio"] == ratio.replace(":", "x")


@pytest.mark.parametrize("slash", ["", "/"])
def test_paths_work_with_and_without_their_last_slash(api: Api, slash: str) -> None:
    created = api.client.post(f"/api/lipsyncs{slash}", json=a_body())
    assert created.status_code == 201
    preview = api.client.post(f"/api/lipsyncs/preview{slash}", json=a_body())
    assert preview.status_code == 200
    for path in (f"lipsyncs/{created.json()['id']}", "lipsyncs", "personas", "voices",
                 "personas/paginated", "voices/paginated", "remaining_credits"):  # fmt: skip
        assert api.client.get(f"/api/{path}{slash}").status_code == 200, path


def test_a_form_is_as_good_as_json(api: Api) -> None:
    form = {name: str(value) for name, value in a_body(no_caption="false").items()}
    answer = api.client.post("/api/lipsyncs/", data=form)
    assert answer.status_code == 201
    assert answer.json()["no_caption"] is False
    parts = {name: (None, value) for name, value in form.items()}
    answer = api.client.post("/api/lipsyncs/preview/", files=parts)
    assert answer.status_code == 200
    assert answer.json()["no_caption"] is False


@pytest.mark.parametrize(
    "field", ["webhook_url", "audio", "name", "accent", "background_asset_image_url", "no_music"]
)
@pytest.mark.parametrize("value", [None, ""])
def test_null_and_blank_mean_not_given(api: Api, field: str, value: Any) -> None:
    assert post(api, **{field: value}).status_code == 201


@pytest.mark.parametrize("offset", ["0", "-0.5", "0.5", "0.123", 0, 0.25])
def test_caption_offsets_come_back_as_strings(api: Api, offset: object) -> None:
    answer = post(api, no_caption=False, caption_offset_x=offset, caption_offset_y=offset)
    assert answer.status_code == 201
    assert answer.json()["caption_offset_y"] == str(offset)


def test_a_negative_caption_offset_is_below_the_centre(api: Api) -> None:
    captions = api.order(post(api, no_caption=False, caption_offset_y="-0.3")).scenes[0].captions
    assert captions is not None
    assert captions.offset_y == 0.3


@pytest.mark.parametrize("style", CAPTION_STYLES)
def test_every_caption_style_is_taken(api: Api, style: str) -> None:
    assert post(api, caption_style=style).json()["caption_style"] == style


@pytest.mark.parametrize("flag", ["green_screen", "transparent_background"])
def test_a_transparent_background_is_webm_without_captions(api: Api, flag: str) -> None:
    flags: dict[str, Any] = {flag: True}
    order = api.order(post(api, no_caption=False, **flags))
    assert order.container == "webm"
    assert order.scenes[0].captions is None


def test_captions_of_a_transparent_video_are_kept_where_that_is_asked_for(api: Api) -> None:
    flags: dict[str, Any] = {"transparent_background": True, "captions_with_alpha": True}
    answer = post(api, no_caption=False, **flags)
    assert api.order(answer).captions_with_alpha
    assert api.order(answer).scenes[0].captions is not None
    assert "captions_with_alpha" not in answer.json()
    assert api.order(post(api, **flags)).scenes[0].captions is None  # no_caption is the default


def test_a_recording_is_heard_and_a_text_beside_it_is_what_it_says(api: Api) -> None:
    answer = post(api, audio="https://example.com/a.mp3")
    assert answer.json()["audio_url"] == "https://example.com/a.mp3"
    assert "audio" not in answer.json()
    scene = api.order(answer).scenes[0]
    assert scene.recording_url == "https://example.com/a.mp3"
    assert scene.script == answer.json()["text"]
    assert scene.estimated_s == 0


def test_an_accent_is_a_voice_of_the_voices_list(api: Api) -> None:
    voices = api.client.get("/api/voices/").json()
    accents = [accent["id"] for voice in voices for accent in voice["accents"]]
    assert VOICE in accents
    assert set(voices[0]) == {"name", "gender", "accents"}
    assert set(voices[0]["accents"][0]) == {"id", "accent_name", "preview_url"}
    assert post(api, accent=VOICE).json()["accent"] == VOICE


@pytest.mark.parametrize(
    ("fields", "name", "message"),
    [
        ({"aspect_ratio": "4:3"}, "aspect_ratio", '"4:3" is not a valid choice.'),
        ({"aspect_ratio": None}, "aspect_ratio", "This field is required."),
        ({"creator": None}, "creator", "This field is required."),
        ({"creator": "ann"}, "creator", "Must be a valid UUID."),
        (
            {"creator": str(uuid.UUID(int=5))},
            "creator",
            f'Invalid pk "{uuid.UUID(int=5)}" - object does not exist.',
        ),
        ({"accent": "x"}, "accent", "Must be a valid UUID."),
        (
            {"accent": AVATAR},
            "accent",
            f'Invalid pk "{AVATAR}" - object does not exist.',
        ),
        ({"text": "x" * 3601}, "text", "Ensure this field has no more than 3600 characters."),
        ({"text": ["x"]}, "text", "Not a valid string."),
        ({"name": "x" * 256}, "name", "Ensure this field has no more than 255 characters."),
        ({"caption_style": "karaoke"}, "caption_style", '"karaoke" is not a valid choice.'),
        ({"caption_position": "top"}, "caption_position", '"top" is not a valid choice.'),
        (
            {"caption_offset_x": "0.6"},
            "caption_offset_x",
            "Ensure this value is less than or equal to 0.5.",
        ),
        ({"caption_offset_y": "low"}, "caption_offset_y", "A valid number is required."),
        ({"caption_offset_y": "NaN"}, "caption_offset_y", "A valid number is required."),
        ({"green_screen": "perhaps"}, "green_screen", "Must be a valid boolean."),
        ({"webhook_url": "ftp://a/b"}, "webhook_url", "Enter a valid URL."),
        (
            {"webhook_url": "https://a.com/" + "x" * 200},
            "webhook_url",
            "Ensure this field has no more than 200 characters.",
        ),
        ({"audio": "speech.mp3"}, "audio", "Enter a valid URL."),
        (
            {"background_asset_image_url": "https://a.com/" + "x" * 1024},
            "background_asset_image_url",
            "Ensure this field has no more than 1024 characters.",
        ),
        ({"model_version": "v9"}, "model_version", '"v9" is not a valid choice.'),
        ({"text": None}, "non_field_errors", "Either text or audio is required."),
        ({"text": "  \n"}, "non_field_errors", "Either text or audio is required."),
        ({"text": "a\x00b"}, "text", "Null characters are not allowed."),
    ],
)
@pytest.mark.parametrize("path", ["/api/lipsyncs/", "/api/lipsyncs/preview/"])
def test_a_wrong_field_is_named(
    api: Api, path: str, fields: dict[str, Any], name: str, message: str
) -> None:
    answer = post(api, path, **fields)
    assert answer.status_code == 400
    assert answer.json() == {name: [message]}


def test_every_wrong_field_is_named_at_once(api: Api) -> None:
    answer = api.client.post("/api/lipsyncs/", json={"caption_style": "x", "no_music": "x"})
    assert set(answer.json()) == {"aspect_ratio", "creator", "caption_style", "no_music"}


def test_3600_characters_are_not_too_many(api: Api) -> None:
    assert post(api, text="x" * 3600).status_code == 201


@pytest.mark.parametrize("body", [b"{", b'{"a": NaN}', b"\xff", b"[" * 100_000])
def test_malformed_json_is_a_400(api: Api, body: bytes) -> None:
    answer = api.client.post("/api/lipsyncs/", content=body)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("JSON parse error - ")


@pytest.mark.parametrize("body", ["[]", "3", "null", '"x"'])
def test_json_that_is_no_object_is_a_400(api: Api, body: str) -> None:
    answer = api.client.post("/api/lipsyncs/", content=body)
    assert answer.status_code == 400
    assert "Expected a dictionary" in answer.json()["non_field_errors"][0]


def test_a_lone_surrogate_is_a_400(api: Api) -> None:
    answer = api.client.post("/api/lipsyncs/", content=b'{"text": "\\ud800", "name": "\\udfff"}')
    assert answer.status_code == 400
    assert answer.json()["text"] == ["Not a valid string."]


def test_another_media_type_is_a_415(api: Api) -> None:
    headers = {"content-type": "text/csv"}
    assert api.client.post("/api/lipsyncs/", content="a", headers=headers).status_code == 415


def test_a_huge_body_is_a_413(api: Api) -> None:
    assert api.client.post("/api/lipsyncs/", content=b" " * (1 << 21)).status_code == 413


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/lipsyncs/", "GET, POST"),
        ("DELETE", "/api/voices", "GET"),
        ("GET", f"/api/lipsyncs/{AVATAR}/render/", "POST"),
        ("POST", "/api/remaining_credits/", "GET"),
    ],
)
def test_a_wrong_verb_is_a_405(api: Api, method: str, path: str, allowed: str) -> None:
    answer = api.client.request(method, path)
    assert answer.status_code == 405
    assert answer.json() == {"detail": f'Method "{method}" not allowed.'}
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize("path", ["/api/remainingcredits/", "/api/", "/api/lipsync/", "/x"])
def test_a_wrong_path_is_a_404(api: Api, path: str) -> None:
    answer = api.client.get(path)
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Not found."}


@pytest.mark.parametrize("job_id", [str(uuid.UUID(int=7)), "nonsense", "%00"])
def test_an_unknown_task_is_a_404(api: Api, job_id: str) -> None:
    assert api.client.get(f"/api/lipsyncs/{job_id}/").status_code == 404
    answer = api.client.post(f"/api/lipsyncs/{job_id}/render/")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


@pytest.mark.parametrize("sent", [{}, {"json": {}}, {"content": b""}, {"data": {"a": "b"}}])
def test_a_preview_stays_pending_until_it_is_rendered(api: Api, sent: dict[str, Any]) -> None:
    preview = post(api, "/api/lipsyncs/preview/")
    path = f"/api/lipsyncs/{preview.json()['id']}/"
    early = api.client.post(path + "render/", **sent)
    assert early.status_code == 400
    assert "not ready" in early.json()["detail"]
    api.finish(preview)
    ready = api.client.get(path).json()
    assert ready["status"] == "pending"
    assert ready["preview"].startswith(f"{api.settings.base_url}/preview/")
    assert "/speech.wav?" in ready["preview_audio"]
    assert ready["output"] is None
    rendered = api.client.post(path + "render/", **sent)
    assert rendered.status_code == 200
    assert rendered.json()["status"] == "in_queue"
    assert rendered.json()["id"] == preview.json()["id"]
    api.finish(preview)
    done = api.client.get(path).json()
    assert (done["status"], done["progress"], done["duration"]) == ("done", 1, 12)
    assert f"/files/{done['id']}/output.mp4?" in done["output"]
    assert ".jpg?" in done["video_thumbnail"]
    assert done["credits_used"] == 5


def test_render_twice_renders_once(api: Api) -> None:
    preview = post(api, "/api/lipsyncs/preview/")
    api.finish(preview)
    path, before = f"/api/lipsyncs/{preview.json()['id']}/render/", credits_left(api)
    first, second = api.client.post(path), api.client.post(path)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["media_job"] == second.json()["media_job"]
    assert credits_left(api) == before - 5


def test_a_failed_preview_cannot_be_rendered(api: Api) -> None:
    preview = post(api, "/api/lipsyncs/preview/")
    api.fail(preview, "There is no face.")
    answer = api.client.post(f"/api/lipsyncs/{preview.json()['id']}/render/")
    assert answer.status_code == 400
    job = api.client.get(f"/api/lipsyncs/{preview.json()['id']}/").json()
    assert (job["status"], job["failed_reason"]) == ("failed", "There is no face.")


def test_a_task_without_preview_cannot_be_rendered(api: Api) -> None:
    created = post(api)
    api.finish(created)
    assert api.client.post(f"/api/lipsyncs/{created.json()['id']}/render/").status_code == 400


def test_the_list_is_a_bare_array_and_takes_ids(api: Api) -> None:
    first, second = post(api).json(), post(api).json()
    everything = api.client.get("/api/lipsyncs/").json()
    assert [job["id"] for job in everything[:2]] == [second["id"], first["id"]]
    assert set(everything[0]) == LIPSYNC_FIELDS
    ids = f"{first['id']},{uuid.UUID(int=9)}"
    chosen = api.client.get("/api/lipsyncs/", params={"ids": ids}).json()
    assert [job["id"] for job in chosen] == [first["id"]]


@pytest.mark.parametrize("ids", ["x", f"{AVATAR},", ",".join([AVATAR] * 101)])
def test_bad_ids_are_a_400(api: Api, ids: str) -> None:
    answer = api.client.get("/api/lipsyncs/", params={"ids": ids})
    assert answer.status_code == 400
    assert set(answer.json()) == {"ids"}


def credits_left(api: Api) -> int:
    answer = api.client.get("/api/remaining_credits/").json()
    assert set(answer) == {"remaining_credits"}
    return int(answer["remaining_credits"])


def test_a_video_costs_5_and_a_failed_one_nothing(api: Api) -> None:
    before = credits_left(api)
    finished, failed = post(api), post(api)
    assert credits_left(api) == before - 10
    api.finish(finished)
    api.fail(failed, "no")
    assert credits_left(api) == before - 5


def test_without_credits_there_is_a_400_that_says_so(api: Api) -> None:
    poor = api.as_account("poor")
    with poor:
        long = a_body(text="word " * 720)
        while poor.post("/api/lipsyncs/", json=long).status_code == 201:
            pass
        answer = poor.post("/api/lipsyncs/", json=long)
        assert answer.status_code == 400
        assert answer.json()["detail"].startswith("Insufficient credits")


def test_personas_have_every_field_and_filters(api: Api) -> None:
    personas = api.client.get("/api/personas/").json()
    assert {persona["id"] for persona in personas} == {AVATAR, OTHER_AVATAR}
    assert set(personas[0]) == PERSONA_FIELDS
    women = api.client.get("/api/personas/", params={"gender": "f,nb"}).json()
    assert [persona["creator_name"] for persona in women] == ["Ann"]
    assert (
        api.client.get("/api/personas/", params={"keyword": "bo"}).json()[0]["id"] == OTHER_AVATAR
    )
    wrong = api.client.get("/api/personas/", params={"gender": "x"})
    assert (wrong.status_code, wrong.json()) == (400, {"gender": ['"x" is not a valid choice.']})
    one = api.client.get(f"/api/personas/{AVATAR}/")
    assert one.json() in personas
    assert api.client.get(f"/api/personas/{VOICE}/").status_code == 404


@pytest.mark.parametrize("path", ["personas/paginated", "voices/paginated", "personas-paginated"])
def test_pages_link_to_each_other(api: Api, path: str) -> None:
    first = api.client.get(f"/api/{path}/", params={"page_size": 1}).json()
    assert set(first) == {"count", "next", "previous", "results"}
    assert (first["count"], first["previous"], len(first["results"])) == (2, None, 1)
    second = api.client.get(first["next"]).json()
    assert (second["next"], len(second["results"])) == (None, 1)
    assert second["results"] != first["results"]
    assert api.client.get(f"/api/{path}/", params={"page": 3, "limit": 1}).status_code == 404
    assert api.client.get(f"/api/{path}/", params={"page": "x"}).status_code == 404


def test_the_schema_names_every_endpoint_once(api: Api) -> None:
    schema = api.client.get("/api/schema/").json()
    assert "/api/lipsyncs/{id}/render/" in schema["paths"]
    assert "/api/lipsyncs" not in schema["paths"]
    assert set(schema["components"]["securitySchemes"]) == {"X-API-ID", "X-API-KEY"}
    body = schema["paths"]["/api/lipsyncs/"]["post"]["requestBody"]["content"]
    assert len(body) == 3


def test_a_create_can_answer_200_for_old_clients(tmp_path: Any) -> None:
    with http_api(tmp_path, create_status=200, script_limit=5) as api:
        assert post(api, text="Hello").status_code == 200
        assert post(api, text="Hello!").status_code == 400
