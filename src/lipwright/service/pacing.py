"""Things done now and then while something else goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

REPORT_EVERY_S: Final = 0.5
"""How often progress is written; clients poll every 2 s or so."""


@asynccontextmanager
async def repeated(action: Callable[[], None]) -> AsyncIterator[None]:
    """Do something now and then while the block runs."""

    async def repeat() -> None:
        while True:
            await asyncio.sleep(REPORT_EVERY_S)
            await asyncio.to_thread(action)

    task = asyncio.create_task(repeat())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
