"""A disk that gets full while jobs run, and has room again: a real one, a small one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from machines import disk_of
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

MB = 1 << 20
LONG = "word " * 60
VERY_LONG = "word " * 300
"""Still drawn when the disk is full."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 48 MB."""
    with disk_of(48, tmp_path / "disk") as folder:
        yield folder


def fill(disk: Path, left_mb: int) -> Path:
    """A file of somebody else's, that leaves so much."""
    junk = disk / "others"
    with junk.open("wb", buffering=0) as file:
        while True:
            stat = os.statvfs(disk)
            spare = stat.f_bavail * stat.f_frsize - left_mb * MB
            if spare <= 0:
                return junk
            try:
                file.write(bytes(min(spare, MB)))
            except OSError:
                return junk


def create(service: WholeService, path: str = "/api/lipsyncs/", /, **fields: str) -> httpx.Response:
    return service.client.post(path, json=a_body(**{"text": LONG, **fields}))


def test_nothing_new_is_taken_while_the_disk_is_nearly_full(disk: Path) -> None:
    add_card_avatars(disk)
    with whole_service(disk, disk_floor_mb=16) as service:
        job_id = create(service).json()["id"]
        wait_for(lambda: service.job(job_id)["progress"] > 0.1)
        junk = fill(disk, 8)
        wait_for(lambda: service.log().count('"disk full"') == 1)  # a worker's
        upload = service.client.post(
            "/api/uploads/", content=b"x", headers={"content-type": "audio/wav"}
        )
        for refused in (create(service), create(service, "/api/lipsyncs/preview/"), upload):
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
            message = "There is no room on the disk just now; try again later."
            assert refused.json() == {"detail": message}
        for path in ("/api/lipsyncs/estimate/", f"/api/lipsyncs/{job_id}/cancel/"):
            assert create(service, path).status_code in (200, 409)
        other = service.client.get("/api/lipsyncs/")
        assert other.status_code == 200
        junk.unlink()
        again = wait_for(lambda: (a := create(service)).status_code == 201 and a)
        assert service.ended(again.json()["id"])["status"] == "done"


def test_what_was_under_way_when_the_last_byte_was_taken_comes_to_an_end(disk: Path) -> None:
    add_card_avatars(disk)
    with whole_service(disk, disk_floor_mb=0) as service, receiver() as here:
        scratch = service.settings.data_dir / "scratch"
        job_id = create(service, text=VERY_LONG, webhook_url=here.url).json()["id"]
        wait_for(lambda: service.job(job_id)["progress"] > 0.1 and writers_below(scratch))
        junk = fill(disk, 0)
        wait_for(lambda: not writers_below(scratch))  # the log has no room to tell it
        junk.unlink()
        job = service.ended(job_id)
        assert (job["status"], job["failed_reason"]) in (
            ("done", None), ("failed", "There is no room on the disk.")
        )  # fmt: skip
        wait_for(lambda: here.received)
        assert json.loads(here.received[0].body)["status"] == job["status"]
        left = service.client.get("/api/remaining_credits/").json()["remaining_credits"]
        assert service.settings.credits - left == job["credits_used"]
        again = create(service)
        assert service.ended(again.json()["id"])["status"] == "done"
