"""Who is dead, seen on one's own clock."""

from __future__ import annotations

import inspect

from dbos import DBOS, DBOSClient
from dbos._core import ActiveWorkflowById
from dbos._queue import queue_worker_thread
from dbos._sys_db import SystemDatabase

from lipwright.service.pulse import Watch


def test_a_worker_that_beats_is_alive() -> None:
    watch = Watch(30)
    assert all(not watch.dead({"a"}, {"a": beat}, 10.0 * beat) for beat in range(1, 20))


def looked(watch: Watch, counts: dict[str, int], *moments_s: float) -> list[str]:
    return [watch.dead(set(counts) | {"ghost"}, counts, now_s) for now_s in moments_s][-1]


def test_a_silent_worker_is_dead_after_the_silence_and_not_before() -> None:
    watch = Watch(30)
    assert watch.dead({"a", "b"}, {"a": 1, "b": 1}, 0) == []
    assert watch.dead({"a", "b"}, {"a": 1, "b": 2}, 15) == []
    assert watch.dead({"a", "b"}, {"a": 1, "b": 3}, 29) == []
    assert watch.dead({"a", "b"}, {"a": 1, "b": 4}, 31) == ["a"]


def test_a_worker_that_never_beat_is_given_the_same_time() -> None:
    watch = Watch(30)
    assert looked(watch, {}, 100, 110, 120, 130) == []
    assert looked(watch, {}, 131) == ["ghost"]


def test_a_worker_that_comes_back_is_alive_again() -> None:
    watch = Watch(30, blind_s=100)
    watch.dead({"a"}, {"a": 1}, 0)
    assert watch.dead({"a"}, {"a": 1}, 40) == ["a"]
    assert watch.dead({"a"}, {"a": 2}, 41) == []


def test_whoever_did_not_look_takes_nobody_for_dead() -> None:
    # the database was away for a minute: nobody could beat, and nobody died
    watch = Watch(30)
    assert looked(watch, {"a": 1}, 0, 5, 65) == []
    assert watch.dead({"a"}, {"a": 1}, 75) == []
    assert watch.dead({"a"}, {"a": 2}, 96) == []


def test_the_engine_still_has_what_the_keeper_needs() -> None:
    # not all of it is public, and that is why the version is pinned
    assert "executor_ids" in inspect.signature(DBOS._recover_pending_workflows).parameters
    assert "workflow_id" in inspect.signature(DBOS.get_workflow_status).parameters
    assert "system_database_url" in inspect.signature(DBOS.migrate).parameters
    assert "options" in inspect.signature(DBOSClient.enqueue).parameters
    assert "name" in inspect.signature(SystemDatabase.get_queue).parameters
    assert "queue_name" in inspect.signature(ActiveWorkflowById.count_for_queue).parameters
    loop = inspect.getsource(queue_worker_thread)
    assert "dbos._sys_db.get_queue(queue.name)" in loop  # asked before every look
    assert "q._worker_concurrency - running" in loop  # and this is what it takes
