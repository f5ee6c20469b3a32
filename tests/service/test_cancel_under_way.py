"""A task is cancelled while its video is drawn, by real processes."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from service_world import a_body, add_card_avatars, receiver, wait_for, whole_service

pytestmark = pytest.mark.slow

ENCODER_STOPS_S = 2.0


def encoders(scratch: Path) -> list[str]:
    """Processes that write a file of a job."""
    found = []
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            target = link.readlink()
        except OSError:
            continue
        if scratch in target.parents and target.suffix == ".mp4":
            found.append(link.parts[2])
    return found


def test_the_encoder_stops_and_everything_is_given_back(tmp_path: Path) -> None:
    add_card_avatars(tmp_path)
    with whole_service(tmp_path) as service, receiver() as here:
        body = a_body(text="word " * 600, webhook_url=here.url)
        job_id = service.client.post("/api/lipsyncs/", json=body).json()["id"]
        scratch = service.settings.data_dir / "scratch"
        wait_for(lambda: service.job(job_id)["progress"] > 0.1 and encoders(scratch))
        asked_s = time.monotonic()
        answer = service.client.post(f"/api/lipsyncs/{job_id}/cancel/")
        assert (answer.status_code, answer.json()["failed_reason"]) == (200, "Cancelled.")
        wait_for(lambda: not encoders(scratch))
        stopped_s = time.monotonic() - asked_s
        wait_for(lambda: here.received)
        assert json.loads(here.received[0].body)["failed_reason"] == "Cancelled."
        left = service.client.get("/api/remaining_credits/").json()["remaining_credits"]
        assert left == 10_000
        work = service.settings.data_dir / "files" / "work" / job_id
        wait_for(lambda: not work.exists())
        assert not encoders(scratch)
        done = service.client.post("/api/lipsyncs/", json=a_body()).json()["id"]
        assert service.ended(done)["status"] == "done"  # its places are free again
        assert [line for line in service.log().splitlines() if '"level": "error"' in line] == []
    assert stopped_s < ENCODER_STOPS_S
