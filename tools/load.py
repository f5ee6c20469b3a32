"""Many clients at once: 200 that poll and 20 that create, while videos are drawn.

Starts `lipwright serve` with the card renderer in a folder of its own, lets the clients loose for a
bounded time, and prints one JSON object: how long answers took, which statuses came, and what a
request cost the API process.  Exit status 1 where a bound is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

AVATAR = "11111111-1111-5111-8111-111111111111"
GET_P99_MS = 100
POLL_S = 2.0
"""As often as clients look."""


@dataclass
class Seen:
    """What the clients saw."""

    get_ms: list[float] = field(default_factory=list)
    post_ms: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    job_ids: list[str] = field(default_factory=list)


@dataclass
class Client:
    """One connection that is kept."""

    port: int
    head: str
    seen: Seen
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, body: bytes = b"") -> dict[str, Any]:
        """Send one request and read the answer; its time is noted."""
        began = time.perf_counter()
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = f"{method} {path} HTTP/1.1\r\nHost: load\r\n{self.head}"
        self.writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        status, content = await self._answer()
        took_ms = (time.perf_counter() - began) * 1000
        (self.seen.get_ms if method == "GET" else self.seen.post_ms).append(took_ms)
        self.seen.statuses[f"{method} {status}"] += 1
        return json.loads(content) if status < 300 else {}

    async def _answer(self) -> tuple[int, bytes]:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        return int(head.split(" ")[1]), await self.reader.readexactly(length)


async def poll(client: Client, until: float) -> None:
    """Look at some task now and then."""
    await asyncio.sleep(random.uniform(0, POLL_S))
    while time.monotonic() < until:
        began = time.monotonic()
        if client.seen.job_ids:
            job_id = random.choice(client.seen.job_ids)
            await client.ask("GET", f"/api/lipsyncs/{job_id}/")
        await asyncio.sleep(max(0.0, POLL_S - (time.monotonic() - began)))


async def create(client: Client, until: float) -> None:
    """Make one task after the other, and look whether it is there."""
    fields = {"text": "word " * 200, "creator": AVATAR, "aspect_ratio": "16x9"}
    while time.monotonic() < until:
        made = await client.ask("POST", "/api/lipsyncs/", json.dumps(fields).encode())
        if made:
            client.seen.job_ids.append(made["id"])
        await asyncio.sleep(POLL_S)


async def loose(port: int, key: dict[str, str], given: argparse.Namespace) -> Seen:
    """All clients for the given time."""
    head = "".join(f"{name}: {value}\r\n" for name, value in key.items())
    head += "Content-Type: application/json\r\n"
    seen, until = Seen(), time.monotonic() + given.seconds
    clients = [create(Client(port, head, seen), until) for _ in range(given.creators)]
    clients += [poll(Client(port, head, seen), until) for _ in range(given.pollers)]
    await asyncio.gather(*clients)
    return seen


@contextmanager
def served(folder: Path, port: int) -> Iterator[tuple[dict[str, str], int]]:
    """A key, and the process id of the API of a service of its own."""
    environ = {
        **os.environ,
        "LIPWRIGHT_DATA_DIR": str(folder),
        "LIPWRIGHT_PORT": str(port),
        "LIPWRIGHT_RENDERER": "card",
        "LIPWRIGHT_CREDITS": "1000000000",
        "LIPWRIGHT_RATE_PER_MINUTE": "0",
        "LIPWRIGHT_UNFINISHED_LIMIT": "0",
        "LIPWRIGHT_LOG_LEVEL": "warning",
    }
    program = str(Path(sys.executable).parent / "lipwright")
    made = subprocess.run(
        [program, "keys", "create", "--name", "load", "--json"],
        env=environ, capture_output=True, check=True,
    )  # fmt: skip
    avatar = folder / "avatars" / AVATAR
    avatar.mkdir(parents=True)
    card = {"id": AVATAR, "name": "Ann", "gender": "f", "default_voice": "low", "licence": "x"}
    (avatar / "avatar.json").write_text(json.dumps(card))
    server = subprocess.Popen([program, "serve"], env=environ, start_new_session=True)
    try:
        wait_for_port(port)
        yield json.loads(made.stdout)[0], server.pid
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def wait_for_port(port: int) -> None:
    """Until somebody listens."""
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the service did not start")


def cpu_s(pid: int) -> float:
    """Processor time of a process so far, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of all are below."""
    return round(sorted(values)[min(len(values) - 1, int(len(values) * share))], 1)


def main() -> None:
    """Run and judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pollers", type=int, default=200)
    parser.add_argument("--creators", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30)
    given = parser.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), port) as (key, pid):
        before = cpu_s(pid)
        seen = asyncio.run(loose(port, key, given))
        requests = len(seen.get_ms) + len(seen.post_ms)
        spent_ms = (cpu_s(pid) - before) * 1000 / max(1, requests)
    broken = sum(count for name, count in seen.statuses.items() if name.split()[1] >= "500")
    p99 = percentile(seen.get_ms, 0.99)
    figures = {
        "get_p50_ms": percentile(seen.get_ms, 0.5),
        "get_p99_ms": p99,
        "post_p99_ms": percentile(seen.post_ms, 0.99),
        "cpu_ms_a_request": round(spent_ms, 2),
        "statuses": dict(seen.statuses),
        "ok": p99 < GET_P99_MS and not broken,
    }
    print(json.dumps(figures))
    raise SystemExit(0 if figures["ok"] else 1)


if __name__ == "__main__":
    main()
