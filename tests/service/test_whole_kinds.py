"""Every kind of job through the whole service in real processes, with the cheap renderer."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import av
import httpx
import pytest
from PIL import Image
from service_world import (
    AVATAR,
    WholeService,
    a_body,
    add_card_avatars,
    receiver,
    wait_for,
    whole_service,
)

pytestmark = pytest.mark.slow

CONSENT = {"consent": "Nobody is shown."}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeService]:
    folder = tmp_path_factory.mktemp("kinds")
    add_card_avatars(folder)
    with whole_service(folder, silence_s=3) as service:
        yield service


def picture(size: tuple[int, int]) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", size, "red").save(content, "PNG")
    return content.getvalue()


def made(service: WholeService, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """What a task has become at its end."""
    answer = service.client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    url = f"{path}{answer.json()['id']}/"

    def ended() -> dict[str, Any] | None:
        job: dict[str, Any] = service.client.get(url).json()
        status = job.get("status", job.get("process_status"))
        return job if status in ("done", "failed") else None

    found: dict[str, Any] = wait_for(ended)
    return found


def test_a_script_is_spoken_into_an_mp3(service: WholeService) -> None:
    with receiver() as here:
        job = made(
            service, "/api/text_to_speech/", {"script": "One two three.", "webhook_url": here.url}
        )
        assert (job["status"], job["credits_used"], job["duration"]) == ("done", 1, 1)
        wait_for(lambda: here.received)
        told = json.loads(here.received[0].body)
    assert set(told) == {"id", "status", "failed_reason", "video_output"}
    answer = httpx.get(job["output"])
    assert answer.headers["content-type"] == "audio/mpeg"
    with av.open(io.BytesIO(answer.content), "r") as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.channels) == ("mp3float", 48_000, 1)
    failed = made(service, "/api/text_to_speech/", {"script": "[invalid]"})
    assert failed["failed_reason"] == "The script says that it is invalid."


@pytest.mark.parametrize(("size", "shape"), [((90, 160), (1080, 1920)), ((100, 104), (1080, 1080))])
def test_a_picture_speaks(
    service: WholeService, size: tuple[int, int], shape: tuple[int, int]
) -> None:
    with receiver((200, {}, picture(size)), (200, {}, picture(size))) as here:
        body = {"image": here.url, "audio": here.url, **CONSENT}
        job = made(service, "/api/aurora/", body)
    assert job["status"] == "done", job["failed_reason"]
    with av.open(io.BytesIO(httpx.get(job["video_output"]).content), "r") as container:
        video = container.streams.video[0]
        assert (video.width, video.height) == shape
    assert not (service.settings.data_dir / "files" / "work" / job["id"]).exists()


def test_a_video_is_put_where_its_caller_wants_it(service: WholeService) -> None:
    files = [(200, dict[str, str](), picture((64, 64)))] * 2
    with receiver(*files) as here, receiver() as bucket:
        body = {"image": here.url, "audio": here.url, **CONSENT}
        there = f"{bucket.url}/mine.mp4?signature=x"
        job = made(service, "/api/aurora/", {**body, "output_upload_url": there, "ttl_days": 2})
        assert job["status"] == "done", job["failed_reason"]
        (put,) = bucket.received
    assert (put.path, put.headers["content-type"]) == ("/mine.mp4?signature=x", "video/mp4")
    assert put.body == httpx.get(job["video_output"]).content
    assert "transfer-encoding" not in put.headers
    assert bucket.url not in json.dumps(job)


def test_a_video_that_nobody_takes_is_still_there(service: WholeService) -> None:
    files = [(200, dict[str, str](), picture((64, 64)))] * 2
    with receiver(*files) as here, receiver((403, {}, b"")) as bucket:
        body = {"image": here.url, "audio": here.url, **CONSENT}
        job = made(service, "/api/aurora/", {**body, "output_upload_url": bucket.url})
        assert len(bucket.received) == 1
    assert job["status"] == "done", job["failed_reason"]
    assert httpx.get(job["video_output"]).status_code == 200
    report = service.client.get(f"/api/lipsyncs/{job['id']}/report/").json()["report"]
    assert report["warnings"] == [
        "The video could not be put at output_upload_url: "
        "The host answered 403 and did not take it."
    ]


def test_scenes_become_one_video(service: WholeService) -> None:
    with receiver((200, {}, picture((64, 36)))) as here:
        scene = {"character": {"avatar_id": AVATAR}, "voice": {"type": "text", "input_text": "Hi."}}
        behind = {"type": "image", "url": here.url}
        quiet = {**scene, "voice": {"type": "silence", "duration": 1}, "background": behind}
        body = {"video_inputs": [scene, quiet], "aspect_ratio": "1x1"}
        job = made(service, "/api/lipsyncs_v2/", body)
    assert job["status"] == "done", job["failed_reason"]
    with av.open(io.BytesIO(httpx.get(job["output"]).content), "r") as container:
        assert (container.streams.video[0].width, job["credits_used"]) == (1080, 5)


def test_an_avatar_is_made_and_speaks(service: WholeService) -> None:
    with receiver((200, {}, picture((64, 64)))) as here:
        body = {"creator_name": "Eve", "gender": "f", "lipsync_input": here.url, **CONSENT}
        persona = made(service, "/api/personas/", {**body, "webhook_url": here.url})
        assert persona["process_status"] == "done", persona["failed_reason"]
        assert persona["is_active"]
        wait_for(lambda: len(here.received) == 2)
    for shape in ("16_9", "1_1", "9_16"):
        answer = httpx.get(persona[f"preview_image_{shape}"])
        assert answer.headers["content-type"] == "image/jpeg"
    video = made(service, "/api/lipsyncs/", a_body(creator=persona["id"]))
    assert video["status"] == "done", video["failed_reason"]


def test_a_clip_says_something_else(service: WholeService) -> None:
    clip = httpx.get(made(service, "/api/lipsyncs/", a_body())["output"]).content
    with receiver((200, {}, clip)) as here:
        job = made(service, "/api/revoices/", {"video": here.url, "text": "Hi.", **CONSENT})
    assert job["status"] == "done", job["failed_reason"]
    assert (job["credits_used"], job["duration"]) == (5, 1)
    with av.open(io.BytesIO(httpx.get(job["output"]).content), "r") as container:
        assert len(list(container.decode(video=0))) == 9
    report = service.client.get(f"/api/lipsyncs/{job['id']}/report/").json()["report"]
    assert report == {"frame_count": 9}


def test_a_clip_that_speaks_survives_kill_9_of_everything(service: WholeService) -> None:
    clip = httpx.get(made(service, "/api/lipsyncs/", a_body())["output"]).content
    with receiver((200, {}, clip)) as here:
        body = {"video": here.url, "text": "word " * 60, **CONSENT}
        job_id = service.client.post("/api/revoices/", json=body).json()["id"]
        segments = service.settings.data_dir / "files" / "work" / job_id / "video"
        # the third one comes a while after the first one's step was written down
        wait_for(lambda: len(list(segments.glob("*"))) >= 3)
        service.kill()
        first = sorted(segments.glob("*"))[0].stat().st_mtime_ns
        service.start()
        wait_for(lambda: len(list(segments.glob("*"))) >= 4)
        assert sorted(segments.glob("*"))[0].stat().st_mtime_ns == first, "it was not drawn again"
        url = f"/api/revoices/{job_id}/"
        job = wait_for(lambda: _at_its_end(service.client.get(url).json()))
        assert len(here.received) == 1, "the clip was not fetched again"
    assert job["status"] == "done", job["failed_reason"]
    with av.open(io.BytesIO(httpx.get(job["output"]).content), "r") as container:
        assert container.streams.video[0].frames == 60 * 9


def _at_its_end(job: dict[str, Any]) -> dict[str, Any] | None:
    return job if job["status"] in ("done", "failed") else None


def test_what_is_no_picture_is_no_avatar(service: WholeService) -> None:
    with receiver((200, {}, b"no picture")) as here:
        body = {"creator_name": "Eve", "gender": "f", "lipsync_input": here.url, **CONSENT}
        persona = made(service, "/api/personas/", body)
    assert (persona["process_status"], persona["is_active"]) == ("failed", False)
    assert persona["failed_reason"] == "The file is no picture."
