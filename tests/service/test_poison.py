"""Jobs that take their process, or their worker, along; and those beside them."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator

import pytest
from service_world import (
    WholeService,
    a_body,
    add_card_avatars,
    receiver,
    wait_for,
    whole_service,
    writers_below,
)

pytestmark = pytest.mark.slow

DIED = "3 workers died while they worked on this; it was given up."


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeService]:
    folder = tmp_path_factory.mktemp("poison")
    add_card_avatars(folder)
    with whole_service(folder, silence_s=3) as service:
        yield service


def steps(service: WholeService, verb: str) -> int:
    """How often a step of this kind ran."""
    lines = (json.loads(line) for line in service.log().splitlines() if line.startswith("{"))
    return sum(line["event"] == "step" and line["verb"] == verb for line in lines)


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("[crash]", "The render process died (signal 6)."),
        ("[hog]", "It needs more than 4096 MB of memory."),
    ],
)
def test_what_its_process_dies_of_is_tried_three_times(
    service: WholeService, word: str, reason: str
) -> None:
    before = steps(service, "speak")
    with receiver() as here:
        body = a_body(text=word, webhook_url=here.url)
        job_id = service.client.post("/api/lipsyncs/", json=body).json()["id"]
        job = service.ended(job_id)
        wait_for(lambda: here.received)
        assert json.loads(here.received[0].body)["failed_reason"] == reason
    assert (job["status"], job["failed_reason"]) == ("failed", reason)
    assert steps(service, "speak") - before == 3
    left = service.client.get("/api/remaining_credits/").json()["remaining_credits"]
    assert left == service.settings.credits


def test_a_process_that_the_system_kills_is_replaced(service: WholeService) -> None:
    job_id = service.client.post("/api/lipsyncs/", json=a_body(text="word " * 30)).json()["id"]
    scratch = service.settings.data_dir / "scratch"
    before = steps(service, "draw")
    victim = wait_for(lambda: writers_below(scratch))[0]
    os.kill(victim, signal.SIGKILL)  # as the kernel does when memory runs out
    assert service.ended(job_id)["status"] == "done"
    assert steps(service, "draw") - before == 3  # two segments, one of them twice


def test_a_job_that_takes_its_workers_along_is_given_up_and_the_others_are_not(
    service: WholeService,
) -> None:
    with receiver() as here:
        others = [
            service.client.post("/api/lipsyncs/", json=a_body(text="word " * 60)).json()["id"]
            for _ in range(2)
        ]
        wait_for(lambda: service.job(others[0])["progress"] > 0)
        body = a_body(text="[kill]", webhook_url=here.url)
        job_id = service.client.post("/api/lipsyncs/", json=body).json()["id"]
        job = service.ended(job_id)
        assert (job["status"], job["failed_reason"]) == ("failed", DIED)
        wait_for(lambda: here.received)
        assert json.loads(here.received[0].body)["failed_reason"] == DIED
    assert service.log().count('"event": "the worker ended"') == 3
    for other in others:
        assert service.ended(other)["status"] == "done"
