"""The machine's clock is set forward and back while jobs run: real processes, a preloaded clock."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
from service_world import a_body, add_card_avatars, receiver, wait_for, whole_service

pytestmark = pytest.mark.slow

SOURCE = Path(__file__).parent / "clock_shift.c"
HOUR_S = 3600


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with the seconds by which every program that starts now is wrong."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler to build the preloaded clock with")
    library, shift = tmp_path / "clock_shift.so", tmp_path / "shift"
    command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    shift.write_text("0")
    monkeypatch.setenv("LD_PRELOAD", str(library))
    monkeypatch.setenv("CLOCK_SHIFT", str(shift))
    return shift


def test_jobs_and_webhooks_survive_a_clock_that_jumps(tmp_path: Path, clock: Path) -> None:
    data = tmp_path / "data"
    add_card_avatars(data)
    refusals: list[tuple[int, dict[str, str], bytes]] = [(503, {}, b"")] * 3
    with (
        whole_service(data, silence_s=5, webhook_retries_s=[2] * 20) as service,
        receiver(*refusals) as here,
    ):

        def started() -> str:
            body = a_body(text="word " * 40, webhook_url=here.url)
            job_id = str(service.client.post("/api/lipsyncs/", json=body).json()["id"])
            wait_for(lambda: service.job(job_id)["progress"] > 0.1)
            return job_id

        first = started()
        clock.write_text(str(HOUR_S))
        done = service.ended(first)
        assert done["status"] == "done", done["failed_reason"]
        late = done["updated_at"]
        wait_for(lambda: here.received)  # it was refused; the next try waits, by the late clock
        clock.write_text(str(-HOUR_S))
        second = started()
        done = service.ended(second)
        assert done["status"] == "done", done["failed_reason"]
        assert httpx.get(done["output"]).is_success  # the address is valid by the API's clock
        assert done["updated_at"] < late
        accepted = {job_id: 0 for job_id in (first, second)}
        wait_for(lambda: len(here.received) >= 5)
        for call in here.received[3:]:
            accepted[json.loads(call.body)["id"]] += 1
        assert min(accepted.values()) >= 1
        assert "taking over" not in service.log()
