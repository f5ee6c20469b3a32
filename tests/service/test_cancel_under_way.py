"""A task is cancelled while its video is drawn, by real processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from service_world import (
    a_body,
    add_card_avatars,
    receiver,
    wait_for,
    whole_service,
    writers_below,
)

pytestmark = pytest.mark.slow


def test_the_encoder_stops_and_everything_is_given_back(tmp_path: Path) -> None:
    add_card_avatars(tmp_path)
    with whole_service(tmp_path) as service, receiver() as here:
        body = a_body(text="word " * 600, webhook_url=here.url)
        job_id = service.client.post("/api/lipsyncs/", json=body).json()["id"]
        scratch = service.settings.data_dir / "scratch"
        wait_for(lambda: service.job(job_id)["progress"] > 0.1 and writers_below(scratch))
        answer = service.client.post(f"/api/lipsyncs/{job_id}/cancel/")
        assert (answer.status_code, answer.json()["failed_reason"]) == (200, "Cancelled.")
        wait_for(lambda: not writers_below(scratch))
        wait_for(lambda: here.received)
        assert json.loads(here.received[0].body)["failed_reason"] == "Cancelled."
        left = service.client.get("/api/remaining_credits/").json()["remaining_credits"]
        assert left == 10_000
        work = service.settings.data_dir / "files" / "work" / job_id
        wait_for(lambda: not work.exists())
        assert not writers_below(scratch)
        done = service.client.post("/api/lipsyncs/", json=a_body()).json()["id"]
        assert service.ended(done)["status"] == "done"  # its places are free again
        assert [line for line in service.log().splitlines() if '"level": "error"' in line] == []
