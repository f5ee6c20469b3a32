"""Work in processes of its own, side by side: what it takes of the clock, the cores, the memory."""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from threading import BrokenBarrierError
from typing import Any, Generic, TypeVar

T = TypeVar("T")

Prepare = Callable[[], Callable[[], T]]
"""Called in the new process; whatever it does is not measured, what it gives is."""


@dataclass(frozen=True, slots=True)
class Spent(Generic[T]):
    """What one process gave, and what it took."""

    given: T
    began_s: float
    """By the machine's steady clock, which all processes share."""
    ended_s: float
    cpu_s: float
    peak_mb: float
    """Most resident memory of the whole process, its start and its preparation included."""

    @property
    def wall_s(self) -> float:
        """By the clock."""
        return self.ended_s - self.began_s


def spent_together(prepared: Sequence[Prepare[T]], *, on_one_core: bool = False) -> list[Spent[T]]:
    """Do works in a process each, all beginning when the last one is prepared.

    Args:
        prepared: Functions that can be pickled, as of a module or a `functools.partial`.
        on_one_core: Keep all of them to one core, where the system can.

    Raises:
        LipwrightError: Whatever a work raised.
    """
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(len(prepared))
    pipes = [context.Pipe(duplex=False) for _ in prepared]
    processes = [
        context.Process(target=_child, args=(prepare, gate, sending, on_one_core))
        for prepare, (_, sending) in zip(prepared, pipes, strict=True)
    ]
    for process in processes:
        process.start()
    for _, sending in pipes:
        sending.close()
    try:
        return [_received(receiving) for receiving, _ in pipes]
    finally:
        for process in processes:
            process.terminate()
            process.join()


def alone(prepare: Prepare[T], *, on_one_core: bool = False) -> Spent[T]:
    """Do one work in a process of its own."""
    return spent_together([prepare], on_one_core=on_one_core)[0]


def wall_s(spent: Sequence[Spent[Any]]) -> float:
    """From the first begin to the last end."""
    return max(one.ended_s for one in spent) - min(one.began_s for one in spent)


def _received(receiving: Connection) -> Any:  # noqa: ANN401 - whatever the work gives
    answer = receiving.recv()
    if isinstance(answer, BaseException):
        raise answer
    return answer


def _child(prepare: Prepare[Any], gate: Any, sending: Connection, on_one_core: bool) -> None:  # noqa: ANN401 - a barrier of any context
    try:
        if on_one_core and sys.platform == "linux":
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        work = prepare()
        gate.wait()
        began_s, cpu_s = time.monotonic(), time.process_time()
        given = work()
        spent = time.process_time() - cpu_s
        sending.send(Spent(given, began_s, time.monotonic(), spent, peak_mb()))
    except BrokenBarrierError:
        pass  # another one says why
    except Exception as error:
        sending.send(error)
        gate.abort()


def peak_mb() -> float:
    """The most memory that this process had resident, in MB of 10^6 bytes.

    `getrusage` would answer with the peak of whoever started the process, where that is higher.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024 / 1e6
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1e6 if sys.platform == "darwin" else used * 1024 / 1e6
