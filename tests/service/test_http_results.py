"""What can be asked about tasks beside themselves, and which of them a list holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from service_world import AVATAR, Api, a_body, http_api

from lipwright.service.jobs import Word

WORDS = [Word(0.0, 0.4, "hello"), Word(0.5, 0.4, "there")]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with http_api(tmp_path_factory.mktemp("results")) as api:
        yield api


def spoken(api: Api, path: str = "/api/lipsyncs/", **fields: Any) -> httpx.Response:
    """A finished task with two words."""
    made = api.client.post(path, json=a_body(**fields))
    job = api.job(made)
    api.service.records.start(job)
    api.service.records.spoken(job, WORDS, 1.0)
    assert api.service.records.succeed(api.job(made), 0, {"av_offset_ms": 3}, None)
    return made


def test_an_estimate_starts_nothing(api: Api) -> None:
    before = len(api.client.get("/api/lipsyncs/").json())
    answer = api.client.post("/api/lipsyncs/estimate/", json=a_body(text="x" * 1400))
    assert answer.status_code == 200
    found = answer.json()
    assert (found["seconds"], found["credits"], found["preview_credits"]) == (100, 20, 0)
    assert found["bytes"] > 1_000_000
    assert len(api.client.get("/api/lipsyncs/").json()) == before
    heard = api.client.post("/api/lipsyncs/estimate/", json=a_body(audio="https://a.com/a.mp3"))
    assert heard.json() == {"seconds": None, "credits": 5, "preview_credits": 0, "bytes": None}
    quiet = {"character": {"avatar_id": AVATAR}, "voice": {"type": "silence", "duration": 40}}
    several = api.client.post("/api/lipsyncs_v2/estimate/", json={"video_inputs": [quiet]})
    assert (several.json()["seconds"], several.json()["credits"]) == (40, 10)
    assert api.client.post("/api/lipsyncs/estimate/", json={}).status_code == 400


def test_words_and_report(api: Api) -> None:
    early = api.client.post("/api/lipsyncs/", json=a_body()).json()["id"]
    for path in ("captions.srt", "captions.vtt", "captions.json", "report/"):
        assert api.client.get(f"/api/lipsyncs/{early}/{path}").status_code == 400
    job_id = spoken(api).json()["id"]
    srt = api.client.get(f"/api/lipsyncs/{job_id}/captions.srt")
    assert srt.headers["content-type"].startswith("application/x-subrip")
    assert "00:00:00,000 -->" in srt.text
    vtt = api.client.get(f"/api/lipsyncs_v2/{job_id}/captions.vtt")
    assert vtt.text.startswith("WEBVTT")
    words = api.client.get(f"/api/lipsyncs/{job_id}/captions.json").json()
    assert words[1] == {"start": 0.5, "duration": 0.4, "text": "there"}
    report = api.client.get(f"/api/lipsyncs/{job_id}/report").json()
    assert report == {"id": job_id, "report": {"av_offset_ms": 3}}


def test_words_are_edited_before_the_video_is_rendered(api: Api, tmp_path: Path) -> None:
    job_id = spoken(api, "/api/lipsyncs/preview/").json()["id"]
    path, key = f"/api/lipsyncs/{job_id}/", f"work/{job_id}/speech/speech.json"
    (tmp_path / "speech.json").write_text('["hello", "there"]')
    api.service.store.put(key, tmp_path / "speech.json")

    def edit(*texts: Any) -> httpx.Response:
        return api.client.patch(path, json={"word_alignments": [{"text": t} for t in texts]})

    many = edit(*["word"] * 15)
    assert many.json() == {"word_alignments": ["This task has 2 words; send at most 14."]}
    assert edit("Hello", "").json() == {
        "word_alignments": [{}, {"text": ["This field may not be blank."]}]
    }
    edited = edit("Hello,", "T-Rex!")
    assert edited.status_code == 200, edited.text
    words = edited.json()["word_alignments"]
    assert [(word["start"], word["text"]) for word in words] == [(0.0, "Hello,"), (0.3, "T-Rex!")]
    kept = api.service.store.get(key, tmp_path)
    assert json.loads(kept.read_text()) == ["Hello,", "T-Rex!"]
    more = edit("Hello", "my", "dear").json()["word_alignments"]
    assert [word["text"] for word in more] == ["Hello", "my", "dear"]
    assert [word["text"] for word in edit("Hello").json()["word_alignments"]] == ["Hello"]
    api.client.post(path + "render/")
    assert edit("Too", "late").status_code == 400


def test_a_batch_is_taken_whole_or_not_at_all(api: Api) -> None:
    path = "/api/lipsyncs/batch/"
    before = len(api.client.get("/api/lipsyncs/").json())
    good = [a_body(name=str(number)) for number in range(3)]
    wrong = api.client.post(path, json={"requests": [*good, a_body(text=None)]})
    assert wrong.status_code == 400
    message = "Either text or audio is required."
    assert wrong.json() == {"requests": [{}, {}, {}, {"non_field_errors": [message]}]}
    assert len(api.client.get("/api/lipsyncs/").json()) == before
    made = api.client.post(path, json={"requests": good}, headers={"Idempotency-Key": "b1"})
    assert made.status_code == 201
    assert [job["name"] for job in made.json()["results"]] == ["0", "1", "2"]
    again = api.client.post(path, json={"requests": good}, headers={"Idempotency-Key": "b1"})
    assert again.json() == made.json()
    assert len(api.client.get("/api/lipsyncs/").json()) == before + 3
    many = api.client.post(path, json={"requests": good * 167})
    assert many.json() == {"requests": ["Ensure this field has no more than 500 elements."]}


def test_a_batch_that_costs_too_much_starts_nothing(tmp_path: Any) -> None:
    with http_api(tmp_path, credits=12) as api:
        answer = api.client.post("/api/lipsyncs/batch/", json={"requests": [a_body()] * 3})
        assert answer.status_code == 400
        assert "credits" in answer.json()["detail"]
        assert api.client.get("/api/lipsyncs/").json() == []
        assert api.client.get("/api/remaining_credits/").json() == {"remaining_credits": 12}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with http_api(tmp_path_factory.mktemp("many")) as api:
        made = [api.client.post("/api/lipsyncs/", json=a_body(name=str(i))) for i in range(5)]
        api.finish(made[0])
        api.fail(made[1], "no")
        api.client.post("/api/lipsyncs/preview/", json=a_body(name="draft"))
        yield api


def names(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [job["name"] for job in answer.json()]


@pytest.mark.parametrize(
    ("status", "expected"),
    [("done", ["0"]), ("failed", ["1"]), ("done,failed", ["1", "0"]), ("rejected", []),
     ("pending", ["draft", "4", "3", "2"]), ("in_queue", [])],
)  # fmt: skip
def test_lists_are_filtered_by_status(many: Api, status: str, expected: list[str]) -> None:
    found = many.client.get("/api/lipsyncs/", params={"status": status})
    assert names(found) == expected
    assert all(job["status"] in status for job in found.json())


def test_a_list_goes_on_where_it_ended(many: Api) -> None:
    found, url = [], "/api/lipsyncs/?limit=2"
    while url:
        answer = many.client.get(url)
        found += names(answer)
        url = answer.links.get("next", {}).get("url", "")
        assert ("x-next-cursor" in answer.headers) == bool(url)
    assert found == ["draft", "4", "3", "2", "1", "0"]
    oldest = many.client.get("/api/lipsyncs", params={"ordering": "created_at", "limit": 1})
    assert names(oldest) == ["0"]
    assert names(many.client.get(oldest.links["next"]["url"])) == ["1"]


def test_lists_are_filtered_by_time(many: Api) -> None:
    jobs = many.client.get("/api/lipsyncs/", params={"ordering": "created_at"}).json()
    moment = jobs[2]["created_at"]
    since = many.client.get("/api/lipsyncs/", params={"created_after": moment})
    assert names(since) == ["draft", "4", "3", "2"]
    before = many.client.get("/api/lipsyncs/", params={"created_before": moment})
    assert names(before) == ["1", "0"]


def test_every_wrong_filter_is_named(many: Api) -> None:
    query = {"status": "x", "created_after": "soon", "cursor": "!", "ordering": "x", "limit": "0",
             "ids": "x", "created_before": "9999-12-31T23:59:59-23:00"}  # fmt: skip
    answer = many.client.get("/api/lipsyncs/", params=query)
    assert answer.status_code == 400
    assert set(answer.json()) == set(query)


def test_the_errors_are_listed(api: Api) -> None:
    errors = {error["name"]: error for error in api.client.get("/api/errors/").json()}
    assert errors["NoFaceFound"]["where"] == "failed_reason"
    assert errors["throttled"]["status"] == 429
    assert errors["throttled"]["retry"]
    assert not errors["InvalidScript"]["retry"]


def test_music(api: Api) -> None:
    categories = [entry["name"] for entry in api.client.get("/api/music_categories/").json()]
    first = api.client.get("/api/musics/", params={"category": categories[0]}).json()
    assert (first["page"], first["page_size"]) == (1, 10)
    assert len(first["results"]) == min(10, first["count"])
    track = first["results"][0]
    assert (track["category"], track["is_favorite"]) == ([categories[0]], False)
    assert track["duration"] > 5
    heard = httpx.get(track["url"], headers={"range": "bytes=0-3"})
    assert (heard.status_code, heard.headers["content-type"]) == (206, "audio/ogg")
    scene = {"character": {"avatar_id": AVATAR}, "voice": {"type": "silence", "duration": 1}}
    music = {"url": track["url"], "volume": 0.5}
    made = api.client.post(
        "/api/lipsyncs_v2/", json={"video_inputs": [scene], "background_music": music}
    )
    order = api.order(made).music
    assert order is not None
    assert (order.url, order.volume) == (None, 0.5)
    assert order.bed
    assert api.client.get("/api/musics/", params={"category": "x"}).status_code == 400
    searched = api.client.get("/api/musics/", params={"search": track["name"].upper()}).json()
    assert searched["results"] == [track]


@pytest.mark.parametrize("path", ["lipsyncs_v2", "text_to_speech", "aurora", "personas"])
def test_every_kind_can_be_deleted(api: Api, path: str) -> None:
    scene = {"character": {"avatar_id": AVATAR}, "voice": {"type": "silence", "duration": 1}}
    bodies: dict[str, dict[str, Any]] = {
        "lipsyncs_v2": {"video_inputs": [scene]},
        "text_to_speech": {"script": "Hi."},
        "aurora": {"image": "https://a.com/i", "audio": "https://a.com/a", "consent": "yes"},
        "personas": {"creator_name": "E", "lipsync_input": "https://a.com/i", "consent": "yes"},
    }
    made = api.client.post(f"/api/{path}/", json=bodies[path]).json()["id"]
    assert api.client.delete(f"/api/{path}/{made}/").status_code == 204
    assert api.client.get(f"/api/{path}/{made}/").status_code == 404
    assert api.client.delete(f"/api/{path}/{made}/").status_code == 404


def test_what_is_everybodys_is_not_deleted(api: Api) -> None:
    assert api.client.delete(f"/api/personas/{AVATAR}/").status_code == 403
