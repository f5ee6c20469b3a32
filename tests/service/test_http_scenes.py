"""Videos of several scenes: api-contract.md, section 4, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from service_world import AVATAR, OTHER_AVATAR, VOICE, Api, a_body, http_api
from test_http_contract import LIPSYNC_FIELDS

from lipwright.request import Fit, Transition

V2_FIELDS = {
    "id", "output", "video_thumbnail", "created_at", "updated_at", "credits_used", "duration",
    "progress", "failed_reason", "status", "preview", "editor_url", "aspect_ratio", "video_inputs",
    "background_music", "cta_end", "name", "media_job", "webhook_url", "model_version",
}  # fmt: skip
SCENE = {
    "character": {"avatar_id": AVATAR},
    "voice": {"type": "text", "input_text": "Hello.", "voice_id": VOICE},
}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with http_api(tmp_path_factory.mktemp("scenes")) as api:
        yield api


def post(api: Api, *scenes: Any, path: str = "/api/lipsyncs_v2/", **fields: Any) -> httpx.Response:
    return api.client.post(path, json={"video_inputs": list(scenes) or [SCENE], **fields})


def test_a_video_of_several_scenes(api: Api) -> None:
    full = {
        "character": {
            "type": "avatar", "avatar_id": OTHER_AVATAR, "avatar_style": "circle", "scale": 0.5,
            "offset": {"x": -0.25, "y": 0.25}, "hidden": False,
        },
        "voice": {"type": "silence", "duration": 50.5, "volume": 0.5, "model": "v3"},
        "background": {"type": "video", "url": "https://a.com/b.mp4", "fit": "contain",
                       "effect": "imageZoomIn"},
        "caption_setting": {"style": "neo", "offset": {"x": 0, "y": 0.3}},
        "transition_effect": {"transition_in": "fade", "transition_out": "topSwipe"},
    }  # fmt: skip
    music = {"url": "https://a.com/m.mp3"}
    answer = post(api, SCENE, full, background_music=music, name="Two", aspect_ratio="16:9")
    assert answer.status_code == 201
    made = answer.json()
    assert set(made) == V2_FIELDS
    assert (made["aspect_ratio"], made["status"], made["name"]) == ("16x9", "pending", "Two")
    assert made["video_inputs"][1]["voice"]["duration"] == 50.5
    assert made["background_music"] == {"url": "https://a.com/m.mp3", "volume": 0.2}
    order = api.order(answer)
    first, second = order.scenes
    assert (first.script, first.voice_id, first.volume) == ("Hello.", VOICE, 0.8)
    assert (first.captions, first.background) == (None, None)
    assert (second.script, second.silence_s) == (None, 50.5)
    place = second.placement
    assert (place.scale, place.offset_x, place.offset_y, place.circle) == (0.5, -0.25, 0.25, True)
    assert second.captions is not None
    assert second.captions.offset_y == 0.3  # here positive is below
    assert second.background is not None
    assert (second.background.fit, second.background.effect) == (Fit.CONTAIN, "zoom-in")
    transitions = (second.transition_in, second.transition_out)
    assert transitions == (Transition.FADE, Transition.SWIPE_UP)
    assert [a.name for a in order.assets()] == ["1.background", "music"]


def test_layouts_and_calls_to_act(api: Api) -> None:
    logo = {"url": "https://a.com/logo.png"}
    scene = {
        **SCENE,
        "visual_style": "SideBySide",
        "caption_setting": {"font_family": "Mclaren", "font_style": "italic",
                            "text_color": "#FF0000AA", "override_visual_style": True},
        "cta": {"cta_logo": logo, "cta_caption": {"caption": "Buy!"}, "cta_background_blur": True},
    }  # fmt: skip
    end = {"cta_background": {"type": "image", "url": "https://a.com/b.png"}, "cta_logo": logo}
    order = api.order(post(api, scene, cta_end=end))
    first = order.scenes[0]
    assert first.layout == "side-by-side"
    assert first.captions is not None
    assert (first.captions.font_family, first.captions.italic) == ("McLaren", True)
    assert first.captions.over_layout
    assert first.call is not None
    assert (first.call.text, first.call.blur_behind, first.call.logo_scale) == ("Buy!", True, 0.25)
    assert (first.call.captions.font_size_px, first.call.captions.offset_y) == (80, 0)
    assert order.ending is not None
    assert (order.ending.duration_s, order.ending.call is not None) == (2, True)
    names = [asset.name for asset in order.assets()]
    assert names == ["0.logo", "ending.background", "ending.logo"]
    wrong = post(api, {**SCENE, "cta": {}, "visual_style": "Fancy"}, cta_end={"cta_duration": 99})
    assert wrong.json() == {
        "video_inputs": [{
            "visual_style": ['"Fancy" is not a valid choice.'],
            "cta": {"non_field_errors": ["Either cta_logo or cta_caption is required."]},
        }],
        "cta_end": {
            "cta_background": ["This field is required."],
            "cta_duration": ["Ensure this value is less than or equal to 30."],
        },
    }  # fmt: skip


def test_the_least_that_is_enough(api: Api) -> None:
    answer = post(api)
    assert answer.json()["aspect_ratio"] == "9x16"
    assert answer.json()["background_music"] is None


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"character": None}, {"character": ["This field is required."]}),
        ({"character": "x"}, {"character": {"non_field_errors": [
            "Invalid data. Expected a dictionary, but got str."]}}),
        ({"character": {"avatar_id": "x", "scale": 3}}, {"character": {
            "avatar_id": ["Must be a valid UUID."],
            "scale": ["Ensure this value is less than or equal to 2."]}}),
        ({"voice": {"type": "text"}}, {"voice": {"input_text": ["This field is required."]}}),
        ({"voice": {"type": "text", "input_text": "x" * 2001}}, {"voice": {
            "input_text": ["Ensure this field has no more than 2000 characters."]}}),
        ({"voice": {"type": "silence"}}, {"voice": {"duration": ["This field is required."]}}),
        ({"voice": {"type": "silence", "duration": 0.5}}, {"voice": {
            "duration": ["Ensure this value is greater than or equal to 1."]}}),
        ({"voice": {"type": "sing"}}, {"voice": {"type": ['"sing" is not a valid choice.']}}),
        ({"voice": {"type": "audio"}}, {"voice": {"url": ["This field is required."]}}),
        ({"background": {"type": "image"}}, {"background": {"url": ["This field is required."]}}),
        ({"background": {"url": "https://a.com/x"}}, {"background": {
            "type": ["This field is required."]}}),
        ({"caption_setting": {"style": "karaoke"}}, {"caption_setting": {
            "style": ['"karaoke" is not a valid choice.']}}),
        ({"caption_setting": {"offset": {"y": 1}}}, {"caption_setting": {"offset": {
            "y": ["Ensure this value is less than or equal to 0.5."]}}}),
        ({"transition_effect": {"transition_in": "spin"}}, {"transition_effect": {
            "transition_in": ['"spin" is not a valid choice.']}}),
    ],
)  # fmt: skip
def test_errors_are_nested_where_the_fields_are(
    api: Api, fields: dict[str, Any], errors: dict[str, Any]
) -> None:
    answer = post(api, SCENE, {**SCENE, **fields}, SCENE)
    assert answer.status_code == 400
    assert answer.json() == {"video_inputs": [{}, errors, {}]}


@pytest.mark.parametrize(
    ("inputs", "errors"),
    [
        (None, ["This field is required."]),
        ([], ["Ensure this field has at least 1 elements."]),
        ("x", ['Expected a list of items but got type "str".']),
        ([SCENE] * 101, ["Ensure this field has no more than 100 elements."]),
        (["x"], [{"non_field_errors": ["Invalid data. Expected a dictionary, but got str."]}]),
    ],
)
def test_scenes_that_are_none(api: Api, inputs: Any, errors: Any) -> None:
    answer = api.client.post("/api/lipsyncs_v2/", json={"video_inputs": inputs})
    assert (answer.status_code, answer.json()) == (400, {"video_inputs": errors})


def test_nulls_mean_not_given(api: Api) -> None:
    scene = {
        "character": {"avatar_id": AVATAR, "scale": None, "offset": None},
        "voice": {"type": "text", "input_text": "Hi.", "duration": None, "model": None},
        "background": None, "caption_setting": None, "transition_effect": {"transition_in": None},
    }  # fmt: skip
    assert post(api, scene, background_music=None, name=None).status_code == 201


def test_a_form_may_hold_scenes(api: Api) -> None:
    forms = (
        {"video_inputs[0]character.avatar_id": AVATAR, "video_inputs[0]voice.type": "text",
         "video_inputs[0]voice.input_text": "Hi.", "aspect_ratio": "1:1"},
        {"video_inputs[0][character][avatar_id]": AVATAR, "video_inputs[0][voice][type]": "text",
         "video_inputs[0][voice][input_text]": "Hi."},
    )  # fmt: skip
    for form in forms:
        answer = api.client.post("/api/lipsyncs_v2/", data=form)
        assert answer.status_code == 201, answer.text
        assert api.order(answer).scenes[0].script == "Hi."


def test_a_preview_of_scenes_is_rendered(api: Api) -> None:
    preview = post(api, path="/api/lipsyncs_v2/preview/")
    assert preview.status_code == 200
    path = f"/api/lipsyncs_v2/{preview.json()['id']}/"
    assert api.client.post(path + "render").status_code == 400
    api.finish(preview)
    again = api.client.post(path + "preview/", json={})
    assert (again.status_code, again.json()["status"]) == (200, "pending")
    rendered = api.client.post(path + "render/", json={})
    assert (rendered.status_code, rendered.json()["status"]) == (200, "in_queue")
    api.finish(preview)
    done = api.client.get(path).json()
    assert set(done) == V2_FIELDS | {"word_alignments"}
    assert "/output.mp4?" in done["output"]


def test_multi_avatar_is_the_older_address(api: Api) -> None:
    answer = post(api, path="/api/lipsyncs/multi_avatar")
    assert answer.status_code == 200
    assert set(answer.json()) == V2_FIELDS


def test_each_form_reads_the_others_tasks(api: Api) -> None:
    captioned = {**SCENE, "caption_setting": {"style": "neo", "offset": {"y": 0.3}}}
    several = post(api, captioned, SCENE).json()["id"]
    as_one = api.client.get(f"/api/lipsyncs/{several}/").json()
    assert set(as_one) == LIPSYNC_FIELDS | {"word_alignments"}
    assert (as_one["creator"], as_one["text"]) == (AVATAR, "Hello.\nHello.")
    assert (as_one["no_caption"], as_one["caption_offset_y"]) == (False, "-0.3")
    one = api.client.post("/api/lipsyncs/", json=a_body()).json()["id"]
    as_several = api.client.get(f"/api/lipsyncs_v2/{one}/").json()
    assert set(as_several) == V2_FIELDS | {"word_alignments"}
    assert as_several["video_inputs"][0]["voice"]["input_text"] == "Hello there."
    listed = [job["id"] for job in api.client.get("/api/lipsyncs_v2/").json()]
    assert several in listed
    assert one not in listed
    both = api.client.get("/api/lipsyncs/", params={"ids": f"{one},{several}"}).json()
    assert {job["id"] for job in both} == {one, several}


def test_a_colour_stands_behind_one_scene(api: Api) -> None:
    answer = api.client.post("/api/lipsyncs/", json=a_body(background_color="#00ff00"))
    background = api.order(answer).scenes[0].background
    assert background is not None
    assert background.color == "#00ff00"
    wrong = api.client.post("/api/lipsyncs/", json=a_body(background_color="green"))
    assert wrong.json() == {"background_color": ["Enter a colour as #RRGGBB."]}


def test_rate_and_pronunciations(api: Api) -> None:
    said = [{"word": "gif", "say": "jiff"}]
    answer = api.client.post("/api/lipsyncs/", json=a_body(speaking_rate=1.5, pronunciations=said))
    scene = api.order(answer).scenes[0]
    assert (scene.speaking_rate, scene.pronunciations) == (1.5, (("gif", "jiff"),))
    wrong = api.client.post(
        "/api/lipsyncs/", json=a_body(speaking_rate=3, pronunciations=[{"word": "gif"}])
    )
    assert wrong.json() == {
        "speaking_rate": ["Ensure this value is less than or equal to 2."],
        "pronunciations": [{"say": ["This field is required."]}],
    }
