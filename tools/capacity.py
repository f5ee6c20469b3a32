"""How many machines a load needs: measure this one, then simulate many of them.

    python tools/capacity.py measure > figures.json
    python tools/capacity.py simulate --minutes-an-hour 10000 --figures figures.json

``measure`` makes one video step by step and counts processor time, bytes and memory.  ``simulate``
plays hours of jobs that come at random through the real structure (speech, then segments on any
free place, then joining; previews first) with those costs, on more and more workers, until jobs
wait no longer than asked; and adds up what database, bucket and network see.  The same seed gives
the same hours.
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
import os
import random
import resource
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

SEGMENT_S = 20
SCRIPT = (
    "Welcome to our little shop. Every morning we bake fresh bread, and every evening we give away "
    "what is left. Come in, sit down, and have a cup of coffee with us. You will meet good people "
    "here, and we would love to meet you too. Tell your friends, and bring them along next time."
)
PREVIEW_SHARE = 1.0
"""Previews made for each video: most people look before they render."""
MEDIAN_S, SPREAD = 40, 0.8
"""Length of videos: log-normal, most under a minute, some of many minutes."""
QUERIES_A_STEP, QUERIES_A_JOB, QUERIES_A_WORKER_S = 14, 40, 20
"""Statements, counted in the log of a Postgres; a worker's are its looks at its queues."""


@dataclass(frozen=True)
class Figures:
    """Costs of a second of video on one core."""

    speech_cpu: float = 0.5
    draw_cpu: float = 0.5
    draw_preview_cpu: float = 0.2
    join_cpu: float = 0.1
    fixed_cpu_s: float = 2.0
    """Of every step: starting its process, loading what it needs."""
    output_bytes: float = 300_000
    work_bytes: float = 700_000


def measure() -> dict[str, float]:
    """One video of about 20 s with a stock presenter, step by step."""
    from lipwright.gallery import STOCK
    from lipwright.request import Output, RenderRequest
    from lipwright.service.library import PipelineRenderer

    avatar = sorted(STOCK.glob("*/avatar.json"))[0].parent
    renderer = PipelineRenderer()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "speech").mkdir()

        def request(side: int) -> Any:
            output = Output(short_side_px=side)
            return RenderRequest.single(avatar=avatar, script=SCRIPT, output=output)

        spoken, speech_s = _timed(lambda: renderer.speak(request(1080), folder / "speech"))
        seconds = spoken.sample_count / 48_000
        drawn = {}
        for side in (540, 1080):
            path = folder / f"{side}.mp4"
            frames = renderer.plan(request(side), folder / "speech")
            whole = range(frames[0].start, frames[-1].stop)

            def draw(side: int = side, path: Path = path, whole: range = whole) -> None:
                renderer.render_segment(
                    request(side), folder / "speech", whole, path, lambda _: None
                )

            drawn[side] = _timed(draw)[1]
        output = folder / "output.mp4"
        _, join_s = _timed(
            lambda: renderer.assemble(
                request(1080), folder / "speech", [folder / "1080.mp4"], output, folder / "t.jpg"
            )
        )
        work = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        return {
            "seconds": round(seconds, 2),
            "speech_cpu": round(speech_s / seconds, 3),
            "draw_cpu": round(drawn[1080] / seconds, 3),
            "draw_preview_cpu": round(drawn[540] / seconds, 3),
            "join_cpu": round(join_s / seconds, 3),
            "fixed_cpu_s": Figures.fixed_cpu_s,
            "output_bytes": round(output.stat().st_size / seconds),
            "work_bytes": round(work / seconds),
            "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


def _timed(action: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives, and the processor time of this process and of those that it started."""
    began = sum(os.times()[:4])
    found = action()
    return found, sum(os.times()[:4]) - began


@dataclass(order=True)
class Piece:
    """Work for one place: urgent first, then nearly done, then in the order of arrival."""

    priority: int
    number: int
    job: Job = field(compare=False)
    cpu_s: float = field(compare=False)


@dataclass
class Job:
    """One job on its way through the steps."""

    arrived_s: float
    seconds: float
    is_preview: bool
    left: int = 0
    is_joining: bool = False


def simulate(figures: Figures, minutes_an_hour: float, places: int, hours: float, seed: int) -> Any:
    """Waits of the jobs of some hours on so many places."""
    chance = random.Random(seed)
    mean_s = MEDIAN_S * math.exp(SPREAD**2 / 2)
    rate = minutes_an_hour * 60 / mean_s / 3600
    numbers, now_s, free = count(), 0.0, places
    queue: list[Piece] = []
    running: list[tuple[float, int, Piece]] = []
    delays: dict[bool, list[float]] = {True: [], False: []}
    busy_s, steps, jobs, end_s = 0.0, 0, 0, hours * 3600
    arrivals = _arrivals(chance, rate, end_s)
    coming = next(arrivals, None)

    def put(job: Job, cpu_s: float, priority: int) -> None:
        heapq.heappush(queue, Piece(priority, next(numbers), job, cpu_s + figures.fixed_cpu_s))

    while coming or running or queue:
        while queue and free:
            piece = heapq.heappop(queue)
            free, steps, busy_s = free - 1, steps + 1, busy_s + piece.cpu_s
            heapq.heappush(running, (now_s + piece.cpu_s, piece.number, piece))
        if running and (coming is None or running[0][0] <= coming.arrived_s):
            now_s, _, piece = heapq.heappop(running)
            free += 1
            _advance(figures, piece.job, put)
            if piece.job.left < 0:
                ideal_s = _ideal_s(figures, piece.job)
                delays[piece.job.is_preview].append(now_s - piece.job.arrived_s - ideal_s)
        elif coming:
            now_s, jobs = coming.arrived_s, jobs + 1
            put(coming, figures.speech_cpu * coming.seconds, 1 if coming.is_preview else 10)
            coming = next(arrivals, None)
    return delays, busy_s / (places * now_s), steps / now_s, jobs / now_s


def _arrivals(chance: random.Random, rate: float, end_s: float) -> Any:
    now_s = 0.0
    while (now_s := now_s + chance.expovariate(rate * (1 + PREVIEW_SHARE))) < end_s:
        seconds = chance.lognormvariate(math.log(MEDIAN_S), SPREAD)
        yield Job(now_s, seconds, chance.random() < PREVIEW_SHARE / (1 + PREVIEW_SHARE))


def _advance(figures: Figures, job: Job, put: Callable[[Job, float, int], None]) -> None:
    """What comes after a step: the segments, then the joining, then nothing."""
    if job.is_joining:
        job.left = -1
    elif job.left == 0:
        job.left = max(1, round(job.seconds / SEGMENT_S))
        cost = figures.draw_preview_cpu if job.is_preview else figures.draw_cpu
        for _ in range(job.left):
            put(job, cost * job.seconds / job.left, 1 if job.is_preview else 10)
    elif (left := job.left - 1) == 0:
        job.is_joining = True
        put(job, figures.join_cpu * job.seconds, 1 if job.is_preview else 5)
    else:
        job.left = left


def _ideal_s(figures: Figures, job: Job) -> float:
    """How long it takes on an idle installation."""
    draw = figures.draw_preview_cpu if job.is_preview else figures.draw_cpu
    parts = max(1, round(job.seconds / SEGMENT_S))
    steps = figures.speech_cpu * job.seconds + draw * job.seconds / parts
    return steps + figures.join_cpu * job.seconds + 3 * figures.fixed_cpu_s


def wanted(figures: Figures, arguments: argparse.Namespace) -> dict[str, Any]:
    """The fewest workers with which previews and videos wait no longer than asked."""
    per_s = figures.speech_cpu + figures.draw_cpu + figures.join_cpu
    least = arguments.minutes_an_hour * 60 * per_s / 3600 / arguments.cores
    workers = max(1, math.ceil(least))
    while True:
        delays, busy, steps, jobs = simulate(
            figures, arguments.minutes_an_hour, workers * arguments.cores, arguments.hours,
            arguments.seed,
        )  # fmt: skip
        preview, video = (_share(delays[kind], 0.95) for kind in (True, False))
        if preview <= arguments.preview_wait_s and video <= arguments.video_wait_s:
            break
        workers += max(1, workers // 20)
    video_s = arguments.minutes_an_hour / 60
    queries = steps * QUERIES_A_STEP + jobs * QUERIES_A_JOB + workers * QUERIES_A_WORKER_S
    return {
        "minutes_an_hour": arguments.minutes_an_hour,
        "workers": workers,
        "cores": workers * arguments.cores,
        "busy": round(busy, 2),
        "preview_wait_p95_s": round(preview, 1),
        "video_wait_p95_s": round(video, 1),
        "jobs_a_second": round(jobs, 2),
        "statements_a_second": round(queries),
        "bucket_written_mbit_s": round(
            video_s * (figures.output_bytes + figures.work_bytes) * 8 / 1e6, 1
        ),
        "kept_gb_a_day": round(video_s * 86_400 * figures.output_bytes / 1e9, 1),
    }


def _share(values: list[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))] if values else 0


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("measure", "simulate"))
    parser.add_argument("--minutes-an-hour", type=float, default=10_000)
    parser.add_argument("--cores", type=int, default=8, help="of one worker")
    parser.add_argument("--preview-wait-s", type=float, default=2, help="95 % wait no longer")
    parser.add_argument("--video-wait-s", type=float, default=60, help="95 % wait no longer")
    parser.add_argument("--hours", type=float, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--figures", type=Path, help="what `measure` printed")
    arguments = parser.parse_args()
    if arguments.what == "measure":
        print(json.dumps(measure()))
        return 0
    given = json.loads(arguments.figures.read_text()) if arguments.figures else {}
    figures = Figures(**{k: v for k, v in given.items() if k in Figures.__dataclass_fields__})
    print(json.dumps(wanted(figures, arguments)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
