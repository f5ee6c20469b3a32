"""One try of a heavy step: start the child process, listen to it, never outlive it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from typing import Any, Final

from lipwright.errors import InvalidRequest, RenderFailed
from lipwright.service.child import TASK, Task

KEPT_VARIABLES: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV")
"""What a child may know of our environment; the database's password is not in it."""
LINE_LIMIT: Final = 16 << 20
"""Bytes in one message: the words of an hour of speech are about 1 MB."""


async def attempt(task: Task, timeout_s: float, advance: Callable[[int], None]) -> Any:  # noqa: ANN401
    """The child's result, any JSON value.

    Raises:
        InvalidRequest: The caller can fix it.
        RenderFailed: It failed, died or took too long.
    """
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lipwright.service.child"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_LIMIT,
        env=_environ(),
    )
    try:
        async with asyncio.timeout(timeout_s):
            return await _conversation(child, TASK.dump_json(task), advance)
    except TimeoutError:
        raise RenderFailed(f"A step took longer than {timeout_s:g} s.") from None
    finally:
        if child.returncode is None:  # timeout, cancel, or an error while listening
            child.kill()
        await child.wait()


def _environ() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    # one process a core: threads inside a process only get in the way
    return {**kept, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


async def _conversation(
    child: asyncio.subprocess.Process, task: bytes, advance: Callable[[int], None]
) -> Any:  # noqa: ANN401
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
