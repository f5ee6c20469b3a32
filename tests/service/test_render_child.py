"""The child process does its task, and takes nobody with it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from service_world import AVATAR, add_card_avatars, wait_for

from lipwright.errors import InvalidRequest, RenderFailed
from lipwright.request import Output, RenderRequest
from lipwright.service import branches
from lipwright.service.child import TASK, Task
from lipwright.service.crew import Crew


def a_task(folder: Path, script: str = "Hello there.", /, **fields: Any) -> Task:
    if not (folder / "avatars").exists():
        add_card_avatars(folder)
        (folder / "speech").mkdir()
    request = RenderRequest.single(
        folder / "avatars" / AVATAR, script, output=Output(short_side_px=360)
    )
    return Task(request=request, speech=folder / "speech", **{"verb": "speak", **fields})


def done(task: Task, timeout_s: float = 60, steps: list[int] | None = None) -> Any:
    async def attempted() -> Any:
        crew = Crew("card", 1, timeout_s)
        try:
            return await crew.attempt(task, (steps if steps is not None else []).append)
        finally:
            await crew.dismiss()

    return asyncio.run(attempted())


def test_a_task_survives_the_pipe(tmp_path: Path) -> None:
    task = a_task(tmp_path, frames=(0, 5))
    assert TASK.validate_json(TASK.dump_json(task)) == task


def test_a_video_is_made_step_by_step(tmp_path: Path) -> None:
    said = done(a_task(tmp_path))
    assert [word["text"] for word in said["words"]] == ["Hello", "there."]
    assert said["segments"] == [[0, 18]]
    steps: list[int] = []
    segment = tmp_path / "0.mp4"
    done(a_task(tmp_path, verb="draw", frames=(0, 18), output=segment), steps=steps)
    assert steps == list(range(1, 19))
    files: dict[str, Any] = {
        "output": tmp_path / "output.mp4",
        "thumbnail": tmp_path / "thumbnail.jpg",
    }
    report = done(a_task(tmp_path, verb="join", segments=(segment,), **files))
    assert report["frame_count"] == 18
    assert all(path.stat().st_size > 0 for path in files.values())


def test_the_callers_fault_and_ours_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="says that it is invalid"):
        done(a_task(tmp_path, "[invalid]"))
    with pytest.raises(RenderFailed, match="says that it fails"):
        done(a_task(tmp_path, "[fail]"))


def test_a_native_crash_is_an_error_like_another(tmp_path: Path) -> None:
    with pytest.raises(RenderFailed, match=f"signal {signal.SIGABRT.value}"):
        done(a_task(tmp_path, "[crash]"))


def test_a_step_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    with pytest.raises(RenderFailed, match="longer than"):
        done(a_task(tmp_path), timeout_s=0.01)
    wait_for(lambda: not children())


def test_a_cancelled_step_leaves_no_process(tmp_path: Path) -> None:
    done(a_task(tmp_path, "word " * 500))

    async def cancelled() -> None:
        drawing = asyncio.Event()
        output = tmp_path / "0.mp4"
        task = a_task(tmp_path, verb="draw", frames=(0, 4000), output=output)
        crew = Crew("card", 1)
        running = asyncio.create_task(crew.attempt(task, lambda _: drawing.set()))
        await drawing.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await crew.dismiss()

    asyncio.run(cancelled())
    assert not children()


def children(parent: int | None = None) -> list[str]:
    """Processes of ours, or of another, that live."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == (parent or os.getpid()) and fields[0] != "Z":
            found.append(status.parent.name)
    return found


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    done(a_task(tmp_path, "word " * 2000))
    output = tmp_path / "0.mp4"
    task = a_task(tmp_path, verb="draw", frames=(0, 15_000), output=output)
    code = f"""
import asyncio
from lipwright.service.child import TASK
from lipwright.service.crew import Crew
async def main():
    task = TASK.validate_json({TASK.dump_json(task)!r})
    await Crew("card", 1).attempt(task, lambda done: print(done, flush=True))
asyncio.run(main())
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    try:
        parent.stdout.readline()
        wait_for(lambda: drawing(output))
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()
    wait_for(lambda: not drawing(output))


def drawing(output: Path) -> list[str]:
    """Processes that have the file open."""
    found = []
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if link.readlink() == output:
                found.append(link.parts[2])
        except OSError:
            continue
    return found


def test_an_orphan_does_not_start(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "lipwright.service.stem", "card", "1"]
    orphan = subprocess.run(command, input=TASK.dump_json(a_task(tmp_path)), stdout=subprocess.PIPE)
    assert (orphan.returncode, orphan.stdout) == (1, b"")


def test_each_step_has_a_process_of_its_own_and_the_library_is_imported_once(
    tmp_path: Path,
) -> None:
    async def two_steps() -> None:
        crew = Crew("card", 2)
        await crew.stem.ready()
        (stem,) = children()
        await asyncio.gather(crew.attempt(a_task(tmp_path)), crew.attempt(a_task(tmp_path)))
        assert children() == [stem]
        assert not children(int(stem))
        await crew.dismiss()

    asyncio.run(two_steps())
    assert not children()


def test_a_stem_that_died_waiting_is_replaced(tmp_path: Path) -> None:
    async def killed() -> None:
        crew = Crew("card", 1)
        assert await crew.attempt(a_task(tmp_path))
        (stem,) = children()
        os.kill(int(stem), signal.SIGKILL)
        async with asyncio.timeout(30):
            while children():
                await asyncio.sleep(0.01)
        assert await crew.attempt(a_task(tmp_path))
        assert children() != [stem]
        await crew.dismiss()

    asyncio.run(killed())


def test_what_branched_off_a_stem_dies_with_it_and_the_step_can_be_tried_again(
    tmp_path: Path,
) -> None:
    done(a_task(tmp_path, "word " * 500))

    async def killed() -> None:
        crew, output = Crew("card", 1), tmp_path / "0.mp4"
        task = a_task(tmp_path, verb="draw", frames=(0, 4000), output=output)

        def kill(_: int) -> None:
            for stem in children():
                os.kill(int(stem), signal.SIGKILL)

        with pytest.raises(RenderFailed, match="died"):
            await crew.attempt(task, kill)
        assert not drawing(output)
        assert await crew.attempt(a_task(tmp_path))
        await crew.dismiss()

    asyncio.run(killed())


def test_the_password_of_the_database_is_not_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIPWRIGHT_DATABASE_URL", "postgresql://me:secret@db/x")
    assert "secret" not in str(branches._environ())
