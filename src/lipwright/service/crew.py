"""Render processes: one for each heavy step, started before it is needed, never outliving us.

A process takes two seconds of a core to import the library, so a few wait with that done: enough
for a preview from end to end.  They start while nothing else goes on, or they would take the cores
from the next step.  Each does one step and ends: whatever went wrong in it is gone with it.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from lipwright.errors import InvalidRequest, RenderFailed
from lipwright.service import telemetry
from lipwright.service.child import TASK, Task
from lipwright.service.metrics import STEPS

log = structlog.get_logger()

KEPT_VARIABLES: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV")
"""What a child may know of our environment; the database's password is not in it."""
LINE_LIMIT: Final = 16 << 20
"""Bytes in one message: the words of an hour of speech are about 1 MB."""
IDLE_S: Final = 1.0
"""Nothing goes on for so long when a job is over; between two of its steps less time passes."""


@dataclass(slots=True)
class Crew:
    """At most `size` processes at work, and as many waiting; twice as many when it is quiet.

    What is urgent (a preview) has `size` places of its own, and the kernel prefers it.
    """

    renderer: str
    size: int
    timeout_s: float = 1800
    idle_s: float = IDLE_S
    _spares: list[Process] = field(default_factory=list)
    _places: asyncio.Semaphore = field(init=False)
    _urgent_places: asyncio.Semaphore = field(init=False)
    _starting: set[asyncio.Task[None]] = field(default_factory=set)
    _at_work: int = 0
    _looking: asyncio.TimerHandle | None = None

    def __post_init__(self) -> None:
        # recovered work does not queue, so the queues alone are no limit
        self._places = asyncio.Semaphore(self.size)
        self._urgent_places = asyncio.Semaphore(self.size)

    def warm(self) -> None:
        """Have processes started for a job that begins."""
        self._warm(self.size)

    def _look_later(self) -> None:
        """Have more started when nothing goes on any more."""
        if self._looking is not None:
            self._looking.cancel()
        loop = asyncio.get_running_loop()
        self._looking = loop.call_later(self.idle_s, self._warm_if_idle)

    def _warm_if_idle(self) -> None:
        if not self._at_work:
            self._warm(2 * self.size)

    def _warm(self, count: int) -> None:
        for _ in range(count - len(self._spares) - len(self._starting)):
            starting = asyncio.create_task(self._prepare())
            self._starting.add(starting)
            starting.add_done_callback(self._starting.discard)

    async def _prepare(self) -> None:
        self._spares.append(await self._started())

    async def attempt(self, task: Task, advance: Callable[[int], None] = lambda _: None) -> Any:  # noqa: ANN401
        """The result of a step, any JSON value.

        Raises:
            InvalidRequest: The caller can fix it.
            RenderFailed: It failed, died or took too long.
        """
        async with self._urgent_places if task.urgent else self._places:
            self._at_work += 1
            child, began_s = await self._hired(), time.monotonic()
            try:
                with telemetry.span(task.verb):
                    async with asyncio.timeout(self.timeout_s):
                        return await _conversation(child, TASK.dump_json(task), advance)
            except TimeoutError:
                message = f"A step took longer than {self.timeout_s:g} s."
                raise RenderFailed(message) from None
            finally:
                self._at_work -= 1
                self._look_later()
                await _end(child)
                took_s = time.monotonic() - began_s
                STEPS.labels(task.verb).observe(took_s)
                log.info("step", verb=task.verb, took_s=round(took_s, 2))

    async def _hired(self) -> Process:
        while self._spares:
            child = self._spares.pop()
            if child.returncode is None:
                return child
        return await self._started()

    async def _started(self) -> Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "lipwright.service.child", self.renderer, str(os.getpid())),
            stdin=PIPE,
            stdout=PIPE,
            limit=LINE_LIMIT,
            env=_environ(),
        )

    async def dismiss(self) -> None:
        """End the processes that wait."""
        if self._looking is not None:
            self._looking.cancel()
        await asyncio.gather(*self._starting)
        while self._spares:
            await _end(self._spares.pop())


async def _end(child: Process) -> None:
    if child.returncode is None:
        child.kill()
    await child.wait()


def _environ() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    # one process a core: threads inside a process only get in the way
    return {**kept, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


async def _conversation(child: Process, task: bytes, advance: Callable[[int], None]) -> Any:  # noqa: ANN401
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("the child has no pipes")
    child.stdin.write(task)
    child.stdin.write_eof()
    async for line in child.stdout:
        message = json.loads(line)
        if "done" in message:
            advance(message["done"])
        elif "error" in message:
            raise (InvalidRequest if message["invalid"] else RenderFailed)(message["error"])
        else:
            return message["result"]
    raise RenderFailed(f"The render process died ({_how(await child.wait())}).")


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit status {status}"
