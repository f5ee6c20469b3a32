"""The whole service in real processes: API, worker, render children, webhooks, kill -9."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import httpx
import pytest
from PIL import Image
from service_world import (
    VOICE,
    Receiver,
    WholeService,
    a_body,
    add_card_avatars,
    receiver,
    wait_for,
    whole_service,
)

pytestmark = pytest.mark.slow

LONG = "word " * 60
"""18 s of speech, four segments: long enough to be killed in the middle."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeService]:
    folder = tmp_path_factory.mktemp("whole")
    add_card_avatars(folder)
    chosen = {"webhook_retries_s": [0.1, 2, 2, 2], "log_level": "debug", "silence_s": 3}
    with whole_service(folder, **chosen) as service:
        yield service


def work_of(service: WholeService, job_id: str) -> Path:
    return service.settings.data_dir / "files" / "work" / job_id


def credits_left(service: WholeService) -> int:
    return int(service.client.get("/api/remaining_credits/").json()["remaining_credits"])


def create(service: WholeService, path: str = "/api/lipsyncs/", /, **fields: Any) -> str:
    answer = service.client.post(path, json=a_body(**fields))
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["id"])


def probe(url: str) -> tuple[str, int, int, int]:
    """Codec, width, height and frame count of a video."""
    with av.open(io.BytesIO(httpx.get(url).content), "r") as container:
        stream = container.streams.video[0]
        frames = len(list(container.decode(stream)))
        return stream.codec_context.name, stream.width, stream.height, frames


def told(here: Receiver, count: int = 1) -> dict[str, Any]:
    """The last webhook, when `count` tries have come, all with one id."""
    wait_for(lambda: len(here.received) >= count)
    assert len({call.headers["webhook-id"] for call in here.received}) == 1
    body: dict[str, Any] = json.loads(here.received[-1].body)
    assert set(body) == {"id", "status", "failed_reason", "output"}
    return body


def test_preview_then_render_then_webhook(service: WholeService) -> None:
    with receiver((503, {}, b"")) as here:
        job_id = create(service, "/api/lipsyncs/preview/", webhook_url=here.url + "/hook")
        wait_for(lambda: service.job(job_id)["preview"])
        ready = service.job(job_id)
        assert ready["status"] == "pending"
        assert httpx.get(ready["preview"]).status_code == 200
        assert httpx.get(ready["preview_audio"]).headers["content-type"] == "audio/wav"
        assert [word["text"] for word in ready["word_alignments"]] == ["Hello", "there."]
        draft = probe(
            ready["preview"].replace(f"/preview/{job_id}", f"/files/{job_id}/preview.mp4")
        )
        assert not here.received

        service.client.post(f"/api/lipsyncs/{job_id}/render/")
        done = service.ended(job_id)
        assert (done["status"], done["progress"], done["credits_used"]) == ("done", 1, 5)
        codec, width, height, frames = probe(done["output"])
        assert (codec, width, height) == ("h264", 1920, 1080)
        assert draft == ("h264", 960, 540, frames)
        assert httpx.get(done["video_thumbnail"]).headers["content-type"] == "image/jpeg"
        body = told(here, 2)
        assert body == {
            "id": job_id, "status": "done", "failed_reason": None, "output": done["output"]
        }  # fmt: skip
        check_signature(service, here)
        assert not work_of(service, job_id).exists()


def check_signature(service: WholeService, here: Receiver) -> None:
    secret = service.client.get("/api/webhook_secret/").json()["webhook_secret"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    for call in here.received:
        signed = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode()
        expected = base64.b64encode(hmac.digest(key, signed + call.body, hashlib.sha256)).decode()
        assert call.headers["webhook-signature"] == f"v1,{expected}"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": "[invalid]"}, "The script says that it is invalid."),
        ({"text": "[fail]"}, "The script says that it fails."),
        ({"text": "[crash]"}, "The render process died (signal 6)."),
        (
            {"background_asset_image_url": "http://[::1]/a.png"},
            "The background image could not be fetched: "
            "The host ::1 is at a private address; that is not allowed.",
        ),
    ],
)
def test_every_way_to_fail_ends_with_a_reason_and_a_webhook(
    service: WholeService, fields: dict[str, Any], reason: str
) -> None:
    before = credits_left(service)
    with receiver() as here:
        job_id = create(service, webhook_url=here.url, **fields)
        job = service.ended(job_id)
        assert (job["status"], job["failed_reason"]) == ("failed", reason)
        body = told(here)
    failed = {"id": job_id, "status": "failed", "failed_reason": reason, "output": None}
    assert body == failed
    assert (job["credits_used"], credits_left(service)) == (0, before)


def test_callers_files_are_fetched_once_and_used(service: WholeService) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (64, 36), "red").save(picture, "PNG")
    with receiver((200, {}, picture.getvalue())) as here:
        url = here.url + "/background.png"
        path = "/api/lipsyncs/preview/"
        job_id = create(service, path, background_asset_image_url=url, aspect_ratio="1:1")
        wait_for(lambda: service.job(job_id)["preview"])
        service.client.post(f"/api/lipsyncs/{job_id}/render/")
        assert service.ended(job_id)["status"] == "done"
        assert len(here.received) == 1
        transparent = create(service, green_screen=True)
        output = service.ended(transparent)["output"]
        assert "/output.webm?" in output
        assert httpx.get(output).headers["content-type"] == "video/webm"


@pytest.mark.parametrize("where", ["speech", "first segment", "second segment", "last segment"])
def test_a_job_survives_kill_9_of_everything(service: WholeService, where: str) -> None:
    before = credits_left(service)
    with receiver((503, {}, b"")) as here:
        job_id = create(service, text=LONG, webhook_url=here.url)
        segments = work_of(service, job_id) / "video"
        moments: dict[str, Callable[[], object]] = {
            "speech": lambda: service.job(job_id)["status"] == "running",
            "first segment": lambda: service.job(job_id)["progress"] > 0.1,
            "second segment": lambda: len(list(segments.glob("*"))) >= 1,
            "last segment": lambda: len(list(segments.glob("*"))) >= 3,
        }
        wait_for(moments[where])
        service.kill(signal.SIGKILL)
        service.start()
        done = service.ended(job_id)
        assert done["status"] == "done", done["failed_reason"]
        assert probe(done["output"])[3] == 60 * 9
        assert told(here, 2)["status"] == "done"
    assert (done["credits_used"], before - credits_left(service)) == (5, 5)
    wait_for(lambda: not work_of(service, job_id).exists())


def test_another_worker_takes_over_from_one_that_never_comes_back(service: WholeService) -> None:
    job_id = create(service, text=LONG)
    wait_for(lambda: service.job(job_id)["progress"] > 0.1)
    service.kill(signal.SIGKILL)
    # whoever starts now has another name, and does not know whose work this is
    (service.settings.data_dir / "workers" / "machine").write_text("another")
    service.start()
    assert service.ended(job_id)["status"] == "done"
    assert '"event": "taking over"' in service.log()


def test_a_webhook_survives_kill_9(service: WholeService) -> None:
    with receiver(*[(503, dict[str, str](), b"")] * 3) as here:
        create(service, webhook_url=here.url)
        wait_for(lambda: len(here.received) >= 2)
        service.kill(signal.SIGKILL)
        service.start()
        assert told(here, 4)["status"] == "done"


def test_a_job_written_down_but_never_started_is_started(service: WholeService) -> None:
    job_id = create(service)
    service.kill()
    # as if the process had died between the two writes
    for path in service.settings.data_dir.glob("workflows.sqlite*"):
        path.unlink()
    service.start()
    assert service.ended(job_id)["status"] == "done"


def test_sigterm_ends_the_service_and_loses_nothing(service: WholeService) -> None:
    job_id = create(service, text=LONG)
    wait_for(lambda: service.job(job_id)["progress"] > 0.1)
    service.kill(signal.SIGTERM)
    service.start()
    assert service.ended(job_id)["status"] == "done"


def test_no_secret_is_in_the_log(service: WholeService) -> None:
    with receiver() as here:
        create(service, webhook_url=here.url + "/?token=hush", text="[invalid] hush")
        wait_for(lambda: here.received)
    client, once = service.client, {"Idempotency-Key": "hush-once"}
    new = client.post("/api/keys/", json={"label": "hush"}, headers=once).json()
    rotated = client.post(f"/api/keys/{new['api_id']}/rotate/").json()
    client.post("/api/webhook_secret/rotate/", headers={"Idempotency-Key": "hush-twice"})
    sound = {"Content-Type": "audio/wav"}
    upload = client.post(
        "/api/uploads/", params={"name": "hush.wav"}, content=b"hush", headers=sound
    )
    client.patch(f"/api/uploads/{upload.json()['id']}/", content=b"hush", headers=sound)
    body = {"script": "hush", "accent": VOICE}
    spoken = client.post("/api/text_to_speech/", json=body, headers={**once, "X-API-KEY": "hush"})
    assert spoken.status_code == 401
    spoken = client.post("/api/text_to_speech/", json=body)
    path = f"/api/text_to_speech/{spoken.json()['id']}/"
    output = wait_for(lambda: client.get(path).json()["output"])
    httpx.get(output)
    log = service.log()
    signature = output.partition("signature=")[2]
    keys = (client.headers["X-API-KEY"], new["api_key"], rotated["api_key"])
    for secret in (*keys, signature, "hush", "whsec_"):
        assert secret
        assert secret not in log
    assert '"path": "/api/lipsyncs/"' in log
