"""What a worker takes on."""

from __future__ import annotations

from pathlib import Path

from lipwright.service.disk import Disk
from lipwright.service.dispatch import PARENTS, PICTURES, PREVIEW, RENDER, SPEECH
from lipwright.service.intake import PATIENT_S, Intake


def intake(running: dict[str, int], folder: Path, floor_mb: int = 0) -> Intake:
    limits = {PARENTS: 64, SPEECH: 2, RENDER: 2, PREVIEW: 2, PICTURES: 1}
    return Intake(limits, 2, Disk(folder, floor_mb), lambda queue: running.get(queue, 0))


def test_queues_share_the_places_and_parents_need_none(tmp_path: Path) -> None:
    running = {SPEECH: 1}
    here = intake(running, tmp_path)
    assert (here.room(SPEECH), here.room(RENDER), here.room(PARENTS)) == (1, 1, 64)
    running[RENDER] = 1
    assert (here.room(SPEECH), here.room(RENDER), here.room(PARENTS)) == (0, 0, 64)


def test_previews_have_places_of_their_own_and_videos_wait_for_them(tmp_path: Path) -> None:
    running = {RENDER: 2}
    here = intake(running, tmp_path)
    assert here.room(PREVIEW) == 2
    running.update({RENDER: 0, PREVIEW: 2})
    assert (here.room(PREVIEW), here.room(RENDER)) == (0, 0)


def test_what_is_not_served_is_not_taken(tmp_path: Path) -> None:
    assert intake({}, tmp_path).room("gpu") == 0


def test_a_closed_intake_takes_nothing(tmp_path: Path) -> None:
    here = intake({}, tmp_path)
    here.close()
    assert not any(here.room(queue) for queue in (PARENTS, SPEECH, RENDER, PREVIEW))


def test_a_full_disk_takes_nothing_heavy_until_there_is_room(tmp_path: Path) -> None:
    now_s = 0.0
    here = intake({}, tmp_path, floor_mb=1 << 40)
    here.disk.clock = lambda: now_s
    assert (here.room(RENDER), here.room(PREVIEW), here.room(PARENTS)) == (0, 0, 64)
    here.disk.floor_mb = 0
    now_s = 10.0
    assert (here.room(RENDER), here.room(PREVIEW)) == (2, 2)


def test_pictures_wait_for_jobs_but_not_for_ever(tmp_path: Path) -> None:
    running, now_s = {PREVIEW: 1}, 0.0
    here = intake(running, tmp_path)
    here.clock = lambda: now_s
    assert here.room(PICTURES) == 0
    running.update({PREVIEW: 0, PARENTS: 1})
    assert here.room(PICTURES) == 0
    now_s = PATIENT_S + 1
    assert here.room(PICTURES) == 1
    running[PICTURES] = 1  # and the next one a while later
    assert here.room(PICTURES) == 0
    running.update({PICTURES: 0})
    assert here.room(PICTURES) == 0
    running[PARENTS] = 0
    assert here.room(PICTURES) == 1
