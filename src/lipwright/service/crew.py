"""Render processes: one for each heavy step, never outliving us.

To import the library takes two seconds of a core, so that is done once, and each process branches
off the one that did (`branches`).  Each does one step and ends: whatever went wrong in it is gone
with it.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from lipwright.errors import InvalidRequest, RenderFailed
from lipwright.service import telemetry
from lipwright.service.branches import Branch, Stem
from lipwright.service.child import TASK, Task
from lipwright.service.metrics import STEPS

log = structlog.get_logger()


@dataclass(slots=True)
class Crew:
    """At most `size` processes at work.

    What is urgent (a preview) has `size` places of its own, and the kernel prefers it.
    """

    renderer: str
    size: int
    timeout_s: float = 1800
    stem: Stem = field(init=False)
    _places: asyncio.Semaphore = field(init=False)
    _urgent_places: asyncio.Semaphore = field(init=False)
    _warming: asyncio.Task[object] | None = None

    def __post_init__(self) -> None:
        # recovered work does not queue, so the queues alone are no limit
        self.stem = Stem(self.renderer)
        self._places = asyncio.Semaphore(self.size)
        self._urgent_places = asyncio.Semaphore(self.size)

    def warm(self) -> None:
        """Have the library imported, while there is time."""
        self._warming = asyncio.create_task(self.stem.ready())

    async def attempt(self, task: Task, advance: Callable[[int], None] = lambda _: None) -> Any:  # noqa: ANN401
        """The result of a step, any JSON value.

        Raises:
            InvalidRequest: The caller can fix it.
            RenderFailed: It failed, died or took too long.
        """
        async with self._urgent_places if task.urgent else self._places:
            began_s = time.monotonic()
            try:
                with telemetry.span(task.verb):
                    async with (
                        asyncio.timeout(self.timeout_s),
                        self.stem.branch(TASK.dump_json(task)) as branch,
                    ):
                        return await _conversation(branch, advance)
            except TimeoutError:
                message = f"A step took longer than {self.timeout_s:g} s."
                raise RenderFailed(message) from None
            finally:
                took_s = time.monotonic() - began_s
                STEPS.labels(task.verb).observe(took_s)
                log.info("step", verb=task.verb, took_s=round(took_s, 2))

    async def dismiss(self) -> None:
        """End what waits for the next step."""
        await self.stem.dismiss()


async def _conversation(branch: Branch, advance: Callable[[int], None]) -> Any:  # noqa: ANN401
    async for line in branch.lines:
        message = json.loads(line)
        if "done" in message:
            advance(message["done"])
        elif "error" in message:
            raise (InvalidRequest if message["invalid"] else RenderFailed)(message["error"])
        else:
            return message["result"]
    raise RenderFailed(f"The render process died ({_how(await branch.end())}).")


def _how(status: int | None) -> str:
    if status is None:
        return "with all others"
    return f"signal {-status}" if status < 0 else f"exit status {status}"
