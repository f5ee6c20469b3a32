"""Who is dead, seen on one's own clock."""

from __future__ import annotations

import inspect

from dbos import DBOS, DBOSClient

from lipwright.service.keeper import Watch


def test_a_worker_that_beats_is_alive() -> None:
    watch = Watch(30)
    assert all(not watch.dead({"a"}, {"a": beat}, 10.0 * beat) for beat in range(1, 20))


def test_a_silent_worker_is_dead_after_the_silence_and_not_before() -> None:
    watch = Watch(30)
    assert watch.dead({"a", "b"}, {"a": 1, "b": 1}, 0) == []
    assert watch.dead({"a", "b"}, {"a": 1, "b": 2}, 29) == []
    assert watch.dead({"a", "b"}, {"a": 1, "b": 3}, 31) == ["a"]


def test_a_worker_that_never_beat_is_given_the_same_time() -> None:
    watch = Watch(30)
    assert watch.dead({"ghost"}, {}, 100) == []
    assert watch.dead({"ghost"}, {}, 131) == ["ghost"]


def test_a_worker_that_comes_back_is_alive_again() -> None:
    watch = Watch(30)
    watch.dead({"a"}, {"a": 1}, 0)
    assert watch.dead({"a"}, {"a": 1}, 40) == ["a"]
    assert watch.dead({"a"}, {"a": 2}, 41) == []


def test_the_engine_still_has_what_the_keeper_needs() -> None:
    # not all of it is public, and that is why the version is pinned
    assert "executor_ids" in inspect.signature(DBOS._recover_pending_workflows).parameters
    assert "workflow_id" in inspect.signature(DBOS.get_workflow_status).parameters
    assert "system_database_url" in inspect.signature(DBOS.migrate).parameters
    assert "options" in inspect.signature(DBOSClient.enqueue).parameters
