"""Kill the service's processes at random moments, and see that nothing is lost.

    python tools/chaos.py --database sqlite --kills 200 --seed 1
    python tools/chaos.py --database postgres --workers 3 --kills 200 --seed 1

API, workers and, with Postgres, the database are killed with ``kill -9`` while mixed jobs are
made: previews, their videos, videos at once, some that fail, some whose webhook is refused at
first.  When the number of kills is reached, the rest is left to finish, and then it is checked that
every job that was accepted has one terminal state and keeps it, that each webhook came with one id,
that the credits add up, and that no file is left over.  Prints one JSON object; exit status 1 if
anything is wrong.

With ``--into FILE`` the counts of each round (100 kills on a new installation) are added to that
file and the kills that it already holds are not made again, so a long run may be stopped and
continued.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "service"))

from machines import bucket, postgres
from service_world import AVATAR, add_card_avatars, free_port, headers_of, receiver, wait_for

from lipwright.service.settings import Settings

ROUND_KILLS = 100
JOBS_AT_ONCE = 6
PATIENCE_S = 1800
ENDED = ("done", "failed")
TERMINAL_CHECK_S = 3
ANSWER_S = 30


ZYGOTE = """
import json, os, signal, sys
import lipwright.service.serve, lipwright.service.worker
from lipwright.service.child import die_with
from lipwright.service.settings import Settings

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
die_with(int(sys.argv[1]))
me = os.getpid()
for line in sys.stdin:
    order = json.loads(line)
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        die_with(me)
        os.environ.update(order["environ"])
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1), os.dup2(log, 2)
        if order["api"]:
            lipwright.service.serve.serve(Settings())
        else:
            lipwright.service.worker.work(Settings())
        os._exit(0)
    print(pid, flush=True)
"""
"""Has everything imported and forks: a start costs little, so that many kills fit into an hour."""


class Zygote:
    """Starts the installation's processes."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", ZYGOTE, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.lock = threading.Lock()

    def start(self, settings: Settings, *, api: bool) -> int:
        """A new process; its id."""
        order = {"environ": {**os.environ, **settings.environ()}, "api": api}
        with self.lock:
            self.process.stdin.write(
                json.dumps({**order, "log": f"{settings.data_dir}/log"}) + "\n"
            )
            self.process.stdin.flush()
            return int(self.process.stdout.readline())

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


@dataclass
class Program:
    """One process of the installation, started again whenever it is killed."""

    name: str
    settings: Settings
    zygote: Zygote
    pid: int = 0

    def start(self) -> None:
        """Start it."""
        self.pid = self.zygote.start(self.settings, api=self.name == "api")

    def kill(self) -> None:
        """As a power cut would."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        wait_for(lambda: not self.is_alive)

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        try:
            return ") Z " not in Path(f"/proc/{self.pid}/stat").read_text()
        except OSError:
            return False

    def revive(self) -> None:
        """Start again what died, by us or by itself."""
        if not self.is_alive:
            self.start()


@dataclass
class Found:
    """What was counted in a round."""

    kills: Counter[str] = field(default_factory=Counter)
    jobs: Counter[str] = field(default_factory=Counter)
    webhooks: int = 0
    tries: int = 0
    wrong: list[str] = field(default_factory=list)
    took_s: float = 0


@dataclass
class Round:
    """One installation, from its first job to its last check."""

    arguments: argparse.Namespace
    number: int
    kills: int
    found: Found = field(default_factory=Found)

    def run(self) -> Found:
        """Everything, and what was found."""
        began = time.monotonic()
        self.chance = random.Random(self.arguments.seed * 1000 + self.number)
        folder = Path(tempfile.mkdtemp(prefix="chaos-"))
        try:
            with ExitStack() as stack:
                self._open(stack, folder)
                self._trouble()
                self._settle()
                self._check()
        finally:
            if self.found.wrong:
                print(f"kept for a look: {folder}", file=sys.stderr)
            else:
                shutil.rmtree(folder, ignore_errors=True)
        self.found.took_s = round(time.monotonic() - began, 1)
        return self.found

    def _open(self, stack: ExitStack, folder: Path) -> None:
        given: dict[str, Any] = {}
        self.database = None
        if self.arguments.database == "postgres":
            self.database = stack.enter_context(postgres(folder / "postgres"))
            stack.enter_context(bucket())
            given["database_url"] = self.database.database()
            given["storage_url"] = "s3://lipwright/chaos"
        self.settings = Settings.model_validate(
            {
                "data_dir": folder / "data",
                "port": free_port(),
                "renderer": "card",
                "trusted_hosts": ["127.0.0.1"],
                "workers": 0,
                "concurrency": 1,
                "beat_s": 1,
                "silence_s": 8,
                "deaths_limit": 1000,  # here they die all the time, and not of what they do
                "disk_floor_mb": 1,
                "video_price": 5,
                "webhook_retries_s": [0.5] + [2] * 60,
                **given,
            }
        )
        add_card_avatars(self.settings.data_dir)
        headers = headers_of(self.settings, "chaos")
        self.client = stack.enter_context(
            httpx.Client(base_url=self.settings.base_url, headers=headers, timeout=30)
        )
        self.here = stack.enter_context(receiver(*[(503, {}, b"")] * 5))
        zygote = Zygote()
        stack.callback(zygote.close)
        names = ("api", *(f"worker {number}" for number in range(self.arguments.workers)))
        self.programs = [Program(name, self.settings, zygote) for name in names]
        for program in self.programs:
            program.start()
            stack.callback(program.kill)
        wait_for(lambda: self._try("GET", "/healthz"), PATIENCE_S)
        self.credits = self._credits()
        self.jobs: dict[str, dict[str, Any]] = {}

    def _try(self, method: str, path: str, **given: Any) -> httpx.Response | None:
        """The answer, or None if the service is just not there."""
        try:
            answer = self.client.request(method, path, **given)
        except httpx.TransportError:
            return None
        return None if answer.status_code >= 500 else answer

    def _answer(self, method: str, path: str, **given: Any) -> httpx.Response:
        found: httpx.Response = wait_for(lambda: self._try(method, path, **given), PATIENCE_S)
        return found

    def _credits(self) -> int:
        return int(self._answer("GET", "/api/remaining_credits/").json()["remaining_credits"])

    def _trouble(self) -> None:
        """Make jobs and kill, until there were enough kills."""
        stop = threading.Event()
        maker = threading.Thread(target=self._make_jobs, args=(stop,))
        maker.start()
        try:
            while (left := self.kills - sum(self.found.kills.values())) > 0:
                self._await_answer()
                time.sleep(self.chance.uniform(0.2, self.arguments.pause_s))
                self._kill_some(left)
                time.sleep(self.chance.uniform(0, 0.5))
                for program in self.programs:
                    program.revive()
        finally:
            stop.set()
            maker.join()

    def _await_answer(self) -> None:
        """Whoever is killed while starting does no work, and a kill of it shows little."""
        deadline = time.monotonic() + ANSWER_S
        while self._try("GET", "/healthz") is None and time.monotonic() < deadline:
            time.sleep(0.1)

    def _kill_some(self, most: int) -> None:
        """One, or several at the same moment."""
        everybody = [*self.programs, *([self.database] if self.database else [])]
        count = min(most, self.chance.choice((1, 1, 2, len(everybody))))
        victims = self.chance.sample(everybody, count)
        for victim in victims:
            victim.kill()
            name = "postgres" if victim is self.database else victim.name.split()[0]
            self.found.kills[name] += 1
        if self.database in victims:
            time.sleep(self.chance.uniform(0, 2))
            self.database.start()

    def _make_jobs(self, stop: threading.Event) -> None:
        chance = random.Random(self.chance.random())
        while not stop.is_set():
            if len([job for job in self.jobs.values() if not job["ended"]]) < JOBS_AT_ONCE:
                self._make_job(chance)
            self._move_on()
            stop.wait(1)

    def _make_job(self, chance: random.Random) -> None:
        kind = chance.choice(["preview", "preview", "preview", "render", "video", "fail", "crash"])
        words = {"fail": "[fail]", "crash": "[crash]"}.get(
            kind, "word " * chance.choice([2, 3, 4, 5, 6, 8, 20])
        )
        path = "/api/lipsyncs/preview/" if kind in ("preview", "render") else "/api/lipsyncs/"
        body = {
            "text": words,
            "creator": AVATAR,
            "aspect_ratio": "16x9",
            "webhook_url": f"{self.here.url}/hook",
        }
        answer = self._try("POST", path, json=body)
        if answer is None:
            return  # the caller heard nothing and may ask again; a job may exist all the same
        if answer.status_code not in (200, 201):
            self.found.wrong.append(f"create answered {answer.status_code}: {answer.text[:200]}")
            return
        self.jobs[answer.json()["id"]] = {"kind": kind, "ended": False, "asked": False}

    def _move_on(self) -> None:
        for job_id, job in self.jobs.items():
            if job["ended"]:
                continue
            answer = self._try("GET", f"/api/lipsyncs/{job_id}/")
            if answer is None:
                continue
            if answer.status_code != 200:
                self.found.wrong.append(f"{job_id} answered {answer.status_code}")
                job["ended"] = True
                continue
            task = answer.json()
            if job["kind"] == "render" and task["preview"] and not job["asked"]:
                job["asked"] = self._try("POST", f"/api/lipsyncs/{job_id}/render/") is not None
            is_watched = job["kind"] == "preview" and task["preview"] is not None
            job["ended"] = is_watched or task["status"] in ENDED
            job["task"] = task

    def _settle(self) -> None:
        """Nobody is killed any more: everything comes to its end."""

        def all_ended() -> bool:
            for program in self.programs:
                program.revive()
            self._move_on()
            return all(job["ended"] for job in self.jobs.values())

        wait_for(all_ended, PATIENCE_S)
        wait_for(lambda: self._unfinished() == 0, PATIENCE_S)
        # the keeper's next cleaning removes what deaths left behind
        wait_for(lambda: not self._left_over(), PATIENCE_S)

    def _unfinished(self) -> int:
        answer = self._answer("GET", "/metrics").text
        wanted = ("lipwright_unfinished_jobs{", "lipwright_open_webhooks ")
        lines = [line for line in answer.splitlines() if line.startswith(wanted)]
        return sum(int(float(line.rsplit(" ", 1)[1])) for line in lines)

    def _store(self) -> Any:
        from lipwright.service.storage import open_store

        return open_store(self.settings)

    def _left_over(self) -> list[str]:
        """Working files of jobs that need none: all but succeeded previews."""
        kept = {job_id for job_id, task in self._tasks().items() if task["status"] == "pending"}
        return sorted(set(self._store().folders("work")) - kept)

    def _tasks(self) -> dict[str, dict[str, Any]]:
        return {task["id"]: task for task in self._answer("GET", "/api/lipsyncs/").json()}

    def _check(self) -> None:
        wrong = self.found.wrong
        tasks = self._tasks()
        time.sleep(TERMINAL_CHECK_S)
        again = self._tasks()
        for job_id, task in tasks.items():
            if again[job_id]["status"] != task["status"]:
                wrong.append(f"{job_id} went from {task['status']} to {again[job_id]['status']}")
        for job_id, job in self.jobs.items():
            kind, task = job["kind"], tasks.get(job_id)
            if task is None:
                wrong.append(f"{job_id} is lost")
                continue
            wanted = {"preview": "pending", "fail": "failed", "crash": "failed"}.get(kind, "done")
            if task["status"] != wanted:
                wrong.append(f"{job_id}, a {kind}, is {task['status']}: {task['failed_reason']}")
            self.found.jobs[kind] += 1
        self._check_webhooks(tasks)
        self._check_credits(tasks)
        self._check_files(tasks)

    def _check_webhooks(self, tasks: dict[str, dict[str, Any]]) -> None:
        ids: dict[str, set[str]] = {}
        states: dict[str, set[str]] = {}
        for call in self.here.received:
            body = json.loads(call.body)
            ids.setdefault(body["id"], set()).add(call.headers["webhook-id"])
            states.setdefault(body["id"], set()).add(body["status"])
        self.found.webhooks, self.found.tries = len(ids), len(self.here.received)
        for job_id, task in tasks.items():
            if task["status"] in ENDED:
                if len(ids.get(job_id, ())) != 1:
                    self.found.wrong.append(f"{job_id} has webhook ids {ids.get(job_id)}")
                if states.get(job_id) != {task["status"]}:
                    self.found.wrong.append(f"{job_id} told {states.get(job_id)}")

    def _check_credits(self, tasks: dict[str, dict[str, Any]]) -> None:
        used = sum(task["credits_used"] for task in tasks.values())
        due = sum(5 for task in tasks.values() if task["status"] == "done")
        left = self._credits()
        if not self.credits - left == used == due:
            self.found.wrong.append(f"{self.credits - left} credits gone, {used} told, {due} due")

    def _check_files(self, tasks: dict[str, dict[str, Any]]) -> None:
        store = self._store()
        avatars = {path.name for path in (self.settings.data_dir / "avatars").iterdir()}
        for job_id in set(store.folders("public")) - avatars:
            if job_id not in tasks:
                self.found.wrong.append(f"files of nobody: public/{job_id}")
        for task in tasks.values():
            names = store.names(f"public/{task['id']}")
            if task["status"] == "done" and "output.mp4" not in names:
                self.found.wrong.append(f"{task['id']} is done and has no video: {names}")


def added(total: dict[str, Any], found: Found) -> dict[str, Any]:
    """Counts of several rounds together."""
    for name, value in vars(found).items():
        if isinstance(value, dict):
            total[name] = dict(Counter(total.get(name, {})) + Counter(value))
        elif isinstance(value, list):
            total[name] = total.get(name, []) + value
        else:
            total[name] = round(total.get(name, 0) + value, 1)
    total["rounds"] = total.get("rounds", 0) + 1
    return total


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause-s", type=float, default=6, help="longest time between two kills")
    parser.add_argument("--into", type=Path, help="file that keeps the counts")
    arguments = parser.parse_args()
    total: dict[str, Any] = {}
    if arguments.into and arguments.into.exists():
        total = json.loads(arguments.into.read_text())
    while (left := arguments.kills - sum(total.get("kills", {}).values())) > 0:
        number = total.get("rounds", 0)
        found = Round(arguments, number, min(left, ROUND_KILLS)).run()
        total = added(total, found)
        if arguments.into:
            arguments.into.write_text(json.dumps(total))
    print(json.dumps(total))
    return 1 if total.get("wrong") else 0


if __name__ == "__main__":
    sys.exit(main())
