"""Work in processes of its own, a few at a time.  Whatever ends this process ends them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from lipwright.errors import LipwrightError, RenderFailed

T = TypeVar("T")
Work = Callable[[T, Callable[[int], None]], None]
"""Does one item, and says now and then how much of it is done."""


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def side_by_side(
    work: Work[T], items: Sequence[T], most: int, progress: Callable[[int], None]
) -> None:
    """Do every item in a process of its own.

    Args:
        work: Importable by name, as are the items: new interpreters do them.
        items: What is to be done, in this order.
        most: Processes at a time.
        progress: Told of the sum of what all have done; may raise to stop them.

    Raises:
        RenderFailed: A process died.
        LipwrightError: What one of them raised.
    """
    done, waiting = [0] * len(items), list(range(len(items)))
    running: dict[Connection, tuple[int, BaseProcess]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < most:
                number = waiting.pop(0)
                connection, process = _started(work, items[number])
                running[connection] = number, process
            ready = wait(list(running))
            for connection in [each for each in running if each in ready]:
                number, process = running[connection]
                message = _received(connection, process)
                if message is None:
                    del running[connection]
                else:
                    done[number] = message
                    progress(sum(done))
    finally:
        for _, process in running.values():
            process.kill()
            process.join()


def _started(work: Work[T], item: T) -> tuple[Connection, BaseProcess]:
    # a fork would share locks that other threads hold
    context = get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(work, item, sending))
    process.start()
    sending.close()
    return receiving, process


def _received(connection: Connection, process: BaseProcess) -> int | None:
    """How much is done; None at the end."""
    try:
        message = connection.recv()
    except EOFError:
        process.join()
        if process.exitcode:
            raise RenderFailed(f"A process that drew died ({process.exitcode}).") from None
        return None
    if isinstance(message, LipwrightError):
        raise message
    return int(message)


def _child(work: Work[Any], item: object, sending: Connection) -> None:
    # the terminal's Ctrl-C is for the parent, which ends us
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        # a parent that died reads no more: the next message ends this process
        work(item, sending.send)
    except LipwrightError as error:
        sending.send(error)
