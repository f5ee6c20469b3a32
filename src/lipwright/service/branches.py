"""The worker's side of a `stem`: a process for each step, that branches off it."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import structlog

from lipwright.service.stem import ENDED

log = structlog.get_logger()

KEPT_VARIABLES: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV")
"""What a render process may know of our environment; the database's password is not in it."""
LINE_LIMIT: Final = 16 << 20
"""Bytes in one message: the words of an hour of speech are about 1 MB."""
_END_S: Final = 60
"""A stem that imports takes a few seconds to answer; one that does not answer is of no use."""
_TRIES: Final = 2
"""A stem that died is noticed when it is asked; the next one is ours."""


@dataclass(slots=True)
class Branch:
    """A process that does one step."""

    lines: asyncio.StreamReader
    """What it says; at its end when the process is."""
    leash: socket.socket
    _is_over: bool = False
    _status: int | None = None

    async def end(self) -> int | None:
        """Kill it, unless it ended; a negative signal or an exit status, None if nobody knows."""
        if not self._is_over:
            with suppress(OSError):  # the stem is gone, and with it all that branched off
                self.leash.shutdown(socket.SHUT_WR)
                said = await asyncio.get_running_loop().sock_recv(self.leash, ENDED.size)
                self._status = ENDED.unpack(said)[0] if len(said) == ENDED.size else None
            self._is_over = True
        return self._status


@dataclass(slots=True)
class Stem:
    """Starts when it is first needed, and again when it died."""

    renderer: str
    _process: Process | None = None
    _line: socket.socket | None = None
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ready(self) -> socket.socket:
        """Where to ask for branches; it imports the library in the meantime."""
        async with self._starting:
            if self._line is None or self._process is None or self._process.returncode is not None:
                self.let_go()
                self._line, theirs = socket.socketpair()
                with theirs:
                    self._process = await asyncio.create_subprocess_exec(
                        *(sys.executable, "-m", "lipwright.service.stem"),
                        *(self.renderer, str(os.getpid())),
                        stdin=theirs.fileno(),
                        env=_environ(),
                    )
            return self._line

    @asynccontextmanager
    async def branch(self, task: bytes) -> AsyncIterator[Branch]:
        """A process that is given `task`; it is killed at the end, and gone if nobody hurries.

        Raises:
            OSError: None can be started.
        """
        loop = asyncio.get_running_loop()
        reading, writing = os.pipe()
        lines = asyncio.StreamReader(LINE_LIMIT)
        with os.fdopen(reading, "rb") as source:
            try:
                leash = await self._asked(task, writing)
            finally:
                os.close(writing)
            transport, _ = await loop.connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(lines), source
            )
            branch = Branch(lines, leash)
            try:
                yield branch
            finally:
                transport.close()
                with leash:
                    await self._ended(branch)

    async def _ended(self, branch: Branch) -> None:
        try:
            async with asyncio.timeout(_END_S):
                await branch.end()
        except TimeoutError:
            log.warning("a stem did not answer")
            await self.dismiss()

    async def _asked(self, task: bytes, sink: int) -> socket.socket:
        for left in reversed(range(_TRIES)):
            line = await self.ready()
            leash, theirs = socket.socketpair()
            leash.setblocking(False)
            with theirs, tempfile.TemporaryFile() as source:
                source.write(task)
                source.seek(0)
                try:
                    files = [source.fileno(), sink, theirs.fileno()]
                    socket.send_fds(line, [b"."], files)
                except OSError:
                    leash.close()
                    self.let_go()
                    if not left:
                        raise
                else:
                    return leash
        raise RuntimeError("the last try returns or raises")

    def let_go(self) -> None:
        """Leave the stem, which ends then."""
        if self._line is not None:
            self._line.close()
        self._line = None

    async def dismiss(self) -> None:
        """End the stem, and what branched off it."""
        self.let_go()
        if self._process is not None:
            if self._process.returncode is None:
                self._process.kill()
            await self._process.wait()


def _environ() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    # one process a core: threads inside a process only get in the way, and a stem must have none;
    # macOS would not let a process branch off otherwise
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return {**kept, **threads, "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES"}
