"""Passages said in parallel by worker processes, each with its own model.

Plain subprocesses, not `multiprocessing`: they need no guard in the caller's main module, may
be started from a daemonic process, and end by themselves when their stdin closes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import IO, BinaryIO, cast

from lipwright.errors import SynthesisFailed
from lipwright.speech.acoustic import Sound, Utterance, read_sound


def sounds_of_crew(voice: str, passages: Sequence[Utterance], *, workers: int) -> tuple[Sound, ...]:
    """The sound of each passage, in order, whoever said it.

    Raises:
        SynthesisFailed: A worker ended early.
    """
    # The longest first, so that no worker is left alone with a long one at the end.
    todo = deque(sorted(range(len(passages)), key=lambda index: -len(passages[index].letters)))
    said: dict[int, Sound] = {}

    def work(_: int) -> None:
        try:
            _say_all(voice, passages, todo, said)
        except BaseException:
            todo.clear()
            raise

    with ThreadPoolExecutor(workers) as threads:
        list(threads.map(work, range(min(workers, len(passages)))))
    return tuple(said[index] for index in range(len(passages)))


def _say_all(
    voice: str, passages: Sequence[Utterance], todo: deque[int], said: dict[int, Sound]
) -> None:
    """Start one worker and give it passages until none is left."""
    command = [sys.executable, "-P", "-m", "lipwright.speech.worker", voice]
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(  # noqa: S603 - our own interpreter and module; the voice is a known name
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints
        ) as worker,
    ):
        try:
            for index in _taken(todo):
                said[index] = _say(worker, passages[index])
        except (EOFError, BrokenPipeError) as error:
            raise SynthesisFailed(f"The voice stopped: {_last_line(complaints)}") from error
        finally:
            worker.kill()


def _taken(todo: deque[int]) -> Iterator[int]:
    while True:
        try:
            index = todo.popleft()
        except IndexError:
            return
        yield index


def _say(worker: subprocess.Popen[bytes], passage: Utterance) -> Sound:
    if worker.stdin is None or worker.stdout is None:
        raise SynthesisFailed("The voice's worker has no pipes.")
    worker.stdin.write(json.dumps(passage).encode() + b"\n")
    worker.stdin.flush()
    return read_sound(cast(BinaryIO, worker.stdout))


def _last_line(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    lines = complaints.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it was ended from outside"
