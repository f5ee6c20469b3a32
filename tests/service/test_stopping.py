"""The service is told to stop while clients watch: streams end, jobs go on after the restart."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from service_world import a_body, add_card_avatars, wait_for, whole_service

pytestmark = pytest.mark.slow


def test_open_streams_end_cleanly_and_the_job_goes_on(tmp_path: Path) -> None:
    add_card_avatars(tmp_path)
    with whole_service(tmp_path, drain_s=0) as service:
        body = a_body(text="word " * 60)
        job_id = service.client.post("/api/lipsyncs/", json=body).json()["id"]
        wait_for(lambda: service.job(job_id)["progress"] > 0.1)
        assert service.group is not None
        with service.client.stream("GET", f"/api/lipsyncs/{job_id}/events/") as stream:
            lines = stream.iter_lines()
            assert next(line for line in lines if line.startswith("event:")) == "event: progress"
            os.kill(service.group.pid, signal.SIGTERM)
            # to the end: a connection that is cut raises here
            assert "event: end" not in list(lines)
        assert service.group.wait(30) == 0
        problems = [line for line in service.log().splitlines() if '"level": "error"' in line]
        assert not problems
        service.start()
        assert service.ended(job_id)["status"] == "done"
