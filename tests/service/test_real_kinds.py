"""Every kind of job with the real renderer: what is spoken, made and filmed is what was asked."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import httpx
import pytest
from service_world import WholeService, receiver, whole_service
from test_whole_kinds import made

from lipwright.gallery import STOCK
from lipwright.pipeline import read_card

pytestmark = pytest.mark.slow

CONSENT = {"consent": "Public domain.", "consent_given_by": "NASA"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeService]:
    with whole_service(tmp_path_factory.mktemp("real"), renderer="pipeline") as service:
        yield service


@pytest.fixture(scope="module")
def spoken(service: WholeService) -> bytes:
    """An MP3 that the service made."""
    script = {"script": "Mama made a map.", "pronunciations": [{"word": "map", "say": "nap"}]}
    job = made(service, "/api/text_to_speech/", script)
    assert job["status"] == "done", job["failed_reason"]
    return httpx.get(job["output"]).content


def probed(url: str) -> dict[str, Any]:
    with av.open(io.BytesIO(httpx.get(url).content), "r") as container:
        video, sound = container.streams.video[0], container.streams.audio[0]
        return {
            "size": (video.width, video.height),
            "codecs": (video.codec_context.name, sound.codec_context.name),
            "seconds": (container.duration or 0) / av.time_base,
        }


def test_a_script_becomes_an_mp3(spoken: bytes) -> None:
    with av.open(io.BytesIO(spoken), "r") as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.channels) == ("mp3float", 48_000, 1)
        assert 0.7 < (container.duration or 0) / av.time_base < 3


def test_a_portrait_speaks_a_recording(
    service: WholeService, spoken: bytes, portrait_path: Path
) -> None:
    files = [(200, dict[str, str](), content) for content in (spoken, portrait_path.read_bytes())]
    with receiver(*files) as here:
        body = {"image": here.url, "audio": here.url, "resolution": "480p", **CONSENT}
        job = made(service, "/api/aurora/", body)
    assert job["status"] == "done", job["failed_reason"]
    video = probed(job["video_output"])
    assert (video["size"], video["codecs"]) == ((468, 468), ("h264", "aac"))
    assert job["credits_used"] == -(-video["seconds"] // 1) or job["credits_used"] <= 3
    report = service.client.get(f"/api/lipsyncs/{job['id']}/report/").json()["report"]
    assert report["expected_size"] == [468, 468]


def test_an_avatar_is_made_of_a_portrait_and_shows_itself(
    service: WholeService, portrait_path: Path
) -> None:
    with receiver((200, {}, portrait_path.read_bytes())) as here:
        body = {"creator_name": "Eileen", "gender": "f", "lipsync_input": here.url, **CONSENT}
        persona = made(service, "/api/personas/", body)
    assert persona["process_status"] == "done", persona["failed_reason"]
    assert all(isinstance(note, str) for note in persona["notes"])
    assert probed(persona["preview_video_9_16"])["size"] == (360, 640)
    assert httpx.get(persona["preview_image_1_1"]).headers["content-type"] == "image/jpeg"


def test_two_scenes_with_music_become_one_video(service: WholeService) -> None:
    avatar = read_card(next(STOCK.glob("*/avatar.json")).parent).id
    track = service.client.get("/api/musics/").json()["results"][0]["url"]
    scene = {
        "character": {"avatar_id": avatar, "avatar_style": "circle", "scale": 0.8},
        "voice": {"type": "text", "input_text": "Hi there."},
        "background": {"type": "color", "color": "#204060"},
        "caption_setting": {"font_family": "Poppins", "text_color": "#FFFFFFFF"},
        "transition_effect": {"transition_out": "fade"},
    }
    quiet = {"character": {"avatar_id": avatar}, "voice": {"type": "silence", "duration": 1}}
    body = {"video_inputs": [scene, quiet], "background_music": {"url": track}}
    answer = service.client.post("/api/lipsyncs_v2/preview/", json=body)
    assert answer.status_code == 200, answer.text
    job_id = answer.json()["id"]
    ready = _ready(service, job_id)
    assert [word["text"] for word in ready["word_alignments"]] == ["Hi", "there."]
    words = {"word_alignments": [{"text": "HI"}, {"text": "THERE!"}]}
    edited = service.client.patch(f"/api/lipsyncs_v2/{job_id}/", json=words)
    assert edited.status_code == 200, edited.text
    service.client.post(f"/api/lipsyncs_v2/{job_id}/render/")
    done = service.ended(job_id)
    assert done["status"] == "done", done["failed_reason"]
    video = probed(done["output"])
    assert video["size"] == (1080, 1920)
    assert 1.5 < video["seconds"] < 4
    vtt = service.client.get(f"/api/lipsyncs/{job_id}/captions.vtt").text
    assert "HI THERE!" in vtt


def _ready(service: WholeService, job_id: str) -> dict[str, Any]:
    from service_world import wait_for

    def ready() -> dict[str, Any] | None:
        job: dict[str, Any] = service.client.get(f"/api/lipsyncs_v2/{job_id}/").json()
        assert job["status"] != "failed", job["failed_reason"]
        return job if job["preview"] else None

    found: dict[str, Any] = wait_for(ready)
    return found
