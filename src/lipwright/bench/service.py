"""How long those wait who use the service, and how true what they are told of it is.

Starts `lipwright serve` in a folder of its own, with the real renderer, and asks it over HTTP as a
client does.  These are times by the clock, so they say something about a quiet machine only.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeVar

import httpx

from lipwright.bench.figures import Figure, Figures
from lipwright.errors import InvalidRequest, RenderFailed
from lipwright.service.accounts import KeyOrder, account_named, create_key, opened
from lipwright.service.settings import Settings

T = TypeVar("T")

SCRIPT: Final = (
    "Every morning the baker opened her shop before the sun was up. She warmed the big oven, "
    "weighed the flour, and put the first loaves on the long table. By six the street smelled "
    "of bread, and people came by on their way to work to see what she had made."
)
"""About 15 s of speech."""
PATIENCE_S: Final = 300
PREVIEW_READY_S: Final = 8
ENCODER_STOPS_S: Final = 2
TIME_LEFT_SHARE: Final = 0.2
TOLD_FROM: Final = 0.1
"""Share of a job's time after which what is told of the rest shall be true."""
LOOK_EVERY_S: Final = 0.02
POLL_EVERY_S: Final = 0.2
"""As a client that is in a hurry."""


def figures(avatar: Path) -> Figures:
    """Seconds until a preview is there, with their split, and until a cancelled encoder is gone.

    Also how wrong the time left is that is told of a preview and a video, at worst.
    """
    with TemporaryDirectory(prefix="lipwright-bench-") as name, _served(Path(name)) as service:
        creator = _creator(avatar, service)
        service.previewed({"text": "Hello.", "creator": creator})  # everything has been read once
        return {
            **_preview(service, creator),
            **_time_left(service, creator),
            **_cancel(service, creator),
        }


@dataclass(frozen=True, slots=True)
class _Service:
    settings: Settings
    client: httpx.Client
    log: Path

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The answer; whatever is refused ends the measurement."""
        answer = self.client.request(method, path, json=body)
        if not answer.is_success:
            raise RenderFailed(f"{path} was answered {answer.status_code}: {answer.text}")
        return dict(answer.json())

    def previewed(self, body: dict[str, Any]) -> dict[str, Any]:
        """The task, when its preview is there."""
        sent = {**body, "aspect_ratio": "16x9"}
        made = self.ask("POST", "/api/lipsyncs/preview/", sent)

        def ready() -> dict[str, Any] | None:
            task = self.ask("GET", f"/api/lipsyncs/{made['id']}/")
            if task["failed_reason"]:
                raise RenderFailed(task["failed_reason"])
            return task if task["preview"] else None

        return _awaited(ready, POLL_EVERY_S)

    def followed(self, path: str, body: dict[str, Any]) -> list[tuple[float, float]]:
        """Seconds since a task was made, and its progress, again and again until it is there."""
        began_s, told = time.monotonic(), []
        made = self.ask("POST", path, body)

        def ended() -> bool:
            task = self.ask("GET", f"/api/lipsyncs/{made['id']}/")
            if task["failed_reason"]:
                raise RenderFailed(task["failed_reason"])
            told.append((time.monotonic() - began_s, float(task["progress"])))
            return bool(task["preview"] or task["output"])

        _awaited(ended, POLL_EVERY_S)
        return told

    def steps_s(self) -> list[tuple[str, float]]:
        """Kind and length of every step so far, as the worker tells them."""
        lines = (json.loads(line) for line in self.log.read_text().splitlines() if line[:1] == "{")
        return [(line["verb"], line["took_s"]) for line in lines if line["event"] == "step"]

    def encoders(self) -> list[str]:
        """Processes that have a video open for writing, below where work is under way."""
        scratch, found = self.settings.data_dir / "scratch", []
        for link in Path("/proc").glob("[0-9]*/fd/*"):
            try:
                target = link.readlink()
            except OSError:
                continue
            if scratch in target.parents and target.suffix in (".mp4", ".partial"):
                found.append(link.parts[2])
        return found


def _preview(service: _Service, creator: str) -> Figures:
    before, began_s = len(service.steps_s()), time.monotonic()
    task = service.previewed({"text": SCRIPT, "creator": creator})
    ready_s = time.monotonic() - began_s
    steps_s = [step for step in service.steps_s()[before:] if step[0] != "pictures"]
    parts = {verb: max((s for v, s in steps_s if v == verb), default=0.0) for verb, _ in steps_s}
    return {
        "preview_ready": Figure(ready_s, "s", ceiling=PREVIEW_READY_S),
        "preview_length": Figure(_end_s(task), "s"),
        **{f"preview_{verb}": Figure(took_s, "s") for verb, took_s in parts.items()},
        "preview_between_steps": Figure(ready_s - sum(parts.values()), "s"),
    }


def _time_left(service: _Service, creator: str) -> Figures:
    body = {"text": SCRIPT, "creator": creator, "aspect_ratio": "16x9"}
    service.followed("/api/lipsyncs/", body)  # a video was never made here
    paths = {"preview": "/api/lipsyncs/preview/", "video": "/api/lipsyncs/"}
    wrong = {name: misjudged(service.followed(path, body)) for name, path in paths.items()}
    return {
        f"time_left_{name}": Figure(share, "of the job's time", ceiling=TIME_LEFT_SHARE)
        for name, share in wrong.items()
    }


def misjudged(told: Sequence[tuple[float, float]]) -> float:
    """The largest error of the whole time that was told after a tenth of it, as a share of it.

    Args:
        told: Seconds since the beginning, and the share of the time that is said to be over; the
            last one is the end.
    """
    whole_s = told[-1][0]
    wrong = (
        abs(now_s / max(progress, 1e-3) / whole_s - 1)
        for now_s, progress in told[:-1]
        if now_s >= TOLD_FROM * whole_s
    )
    return max(wrong, default=0.0)


def _end_s(task: dict[str, Any]) -> float:
    last = task["word_alignments"][-1]
    return float(last["start"]) + float(last["duration"])


def _cancel(service: _Service, creator: str) -> Figures:
    if sys.platform != "linux":
        return {}  # elsewhere nobody says which process has a file open
    body = {"text": SCRIPT, "creator": creator, "aspect_ratio": "16x9"}
    job_id = service.ask("POST", "/api/lipsyncs/", body)["id"]
    _awaited(service.encoders, LOOK_EVERY_S)
    began_s = time.monotonic()
    service.ask("POST", f"/api/lipsyncs/{job_id}/cancel/")
    _awaited(lambda: not service.encoders(), LOOK_EVERY_S)
    return {
        "encoder_stops": Figure(time.monotonic() - began_s, "s", ceiling=ENCODER_STOPS_S),
    }


def _creator(avatar: Path, service: _Service) -> str:
    """Id of the avatar, which the service is given unless it ships."""
    try:
        avatar_id = str(json.loads((avatar / "avatar.json").read_text())["id"])
    except (OSError, ValueError, KeyError) as error:
        raise InvalidRequest(f"{avatar} is no avatar.") from error
    if service.client.get(f"/api/personas/{avatar_id}/").status_code == 404:
        shutil.copytree(avatar, service.settings.data_dir / "avatars" / avatar_id)
    return avatar_id


@contextmanager
def _served(folder: Path) -> Iterator[_Service]:
    settings = Settings(data_dir=folder, port=_free_port())
    code = "from lipwright.service import serve, settings; serve.serve(settings.Settings())"
    log = folder / "log"
    with log.open("wb") as lines:
        program = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", code],
            env={**os.environ, **settings.environ()},
            stderr=lines,
            start_new_session=True,
        )
    try:
        with httpx.Client(
            base_url=settings.base_url, headers=_key(settings), timeout=30, trust_env=False
        ) as client:
            _awaited(lambda: _is_ready(client), POLL_EVERY_S)
            yield _Service(settings, client, log)
    finally:
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()


def _is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").is_success
    except httpx.TransportError:
        return False


def _key(settings: Settings) -> dict[str, str]:
    with opened(settings) as engine:
        with engine.begin() as connection:
            account_id = account_named(connection, "bench", settings.credits)
        key = create_key(engine, account_id, KeyOrder())
    return {"X-API-ID": key.api_id, "X-API-KEY": key.api_key}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _awaited(look: Callable[[], T | None], every_s: float) -> T:
    deadline_s = time.monotonic() + PATIENCE_S
    while not (found := look()):
        if time.monotonic() > deadline_s:
            raise RenderFailed(f"The service did not come so far within {PATIENCE_S} s.")
        time.sleep(every_s)
    return found
