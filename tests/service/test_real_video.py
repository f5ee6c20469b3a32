"""The whole service with the real renderer: a face, a voice, a preview, its video."""

from __future__ import annotations

import hashlib
import io
from functools import partial
from pathlib import Path
from typing import Any

import av
import httpx
import pytest
from service_world import ENDED, WholeService, receiver, wait_for, whole_service

from lipwright import pipeline
from lipwright.avatar import AvatarCard, Consent

pytestmark = pytest.mark.slow

FACE = "33333333-3333-5333-8333-333333333333"
SCRIPT = "Peter Piper bought a map."


def add_portrait(data_dir: Path, portrait: Path) -> None:
    consent = Consent("Public domain.", "nobody", "2026-01-01T00:00:00+00:00")
    card = AvatarCard(FACE, "Portrait", "f", pipeline.voices()[0].name, "public domain", consent)
    (data_dir / "avatars").mkdir()
    pipeline.add_photo_avatar(portrait, card, data_dir / "avatars" / FACE)


def sha256(url: str) -> str:
    return hashlib.sha256(httpx.get(url).content).hexdigest()


def is_picture(url: str) -> bool:
    return httpx.get(url).headers["content-type"] == "image/jpeg"


def streams(url: str) -> dict[str, Any]:
    with av.open(io.BytesIO(httpx.get(url).content), "r") as container:
        video, sound = container.streams.video[0], container.streams.audio[0]
        return {
            "video": (video.codec_context.name, video.width, video.height),
            "sound": (sound.codec_context.name, sound.rate, sound.channels),
            "frames": len(list(container.decode(video))),
        }


def ready(service: WholeService, job_id: str) -> dict[str, Any]:
    wait_for(lambda: service.job(job_id)["preview"] or service.job(job_id)["status"] in ENDED)
    job = service.job(job_id)
    assert job["failed_reason"] is None
    return job


def test_a_portrait_speaks_through_the_api(portrait_path: Path, tmp_path: Path) -> None:
    add_portrait(tmp_path, portrait_path)
    with receiver() as here, whole_service(tmp_path, renderer="pipeline") as service:
        body = {"creator": FACE, "text": SCRIPT, "aspect_ratio": "9:16", "no_caption": False}
        answer = service.client.post(
            "/api/lipsyncs/preview/", json={**body, "webhook_url": here.url}
        )
        job_id = answer.json()["id"]
        preview = ready(service, job_id)
        assert [word["text"] for word in preview["word_alignments"]] == SCRIPT.split()
        speech = sha256(preview["preview_audio"])
        page = preview["preview"]
        draft = streams(page.replace(f"/preview/{job_id}", f"/files/{job_id}/preview.mp4"))

        service.client.post(f"/api/lipsyncs/{job_id}/render/")
        done = service.ended(job_id)
        assert done["status"] == "done", done["failed_reason"]
        video = streams(done["output"])
        assert video["video"] == ("h264", 1080, 1920)
        assert video["sound"] == ("aac", 48_000, 2)
        # the preview's speech and mouth are the final's
        assert video["frames"] == draft["frames"]
        assert sha256(done["preview_audio"]) == speech
        wait_for(lambda: here.received)
        persona = service.client.get(f"/api/personas/{FACE}/").json()
        for shape in ("16_9", "1_1", "9_16"):
            url = persona[f"preview_image_{shape}"]
            wait_for(partial(is_picture, url))
