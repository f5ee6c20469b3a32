"""Passages said in parallel by worker processes, each with its own model.

Plain subprocesses, not `multiprocessing`: they need no guard in the caller's main module, may
be started from a daemonic process, and end by themselves when their stdin closes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO, BinaryIO, Final, cast

from lipwright.errors import SynthesisFailed
from lipwright.speech.acoustic import Sound, Told, Utterance, read_sound

_WORTH_TELLING: Final = 3
"""Passages of which it is told how far they are: what the workers are in the middle of is only
guessed, and of two passages it would be all."""


def sounds_of_crew(
    voice: str, passages: Sequence[Utterance], told: Told, *, workers: int
) -> tuple[Sound, ...]:
    """The sound of each passage, in order, whoever said it; told of the letters said.

    Raises:
        SynthesisFailed: A worker ended early.
    """
    # The longest first, so that no worker is left alone with a long one at the end.
    todo = deque(sorted(range(len(passages)), key=lambda index: -len(passages[index].letters)))
    recital = _Recital(voice, passages, told, todo)

    def work(_: int) -> None:
        try:
            _say_all(recital)
        except BaseException:
            todo.clear()
            raise

    with ThreadPoolExecutor(workers) as threads:
        list(threads.map(work, range(min(workers, len(passages)))))
    return tuple(recital.said[index] for index in range(len(passages)))


@dataclass(slots=True, eq=False)
class _Recital:
    """What the workers say together."""

    voice: str
    passages: Sequence[Utterance]
    told: Told
    todo: deque[int]
    said: dict[int, Sound] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def taken(self) -> Iterator[int]:
        """Passages for one worker, until none is left."""
        while True:
            try:
                index = self.todo.popleft()
            except IndexError:
                return
            yield index

    def keep(self, index: int, sound: Sound) -> None:
        """A passage was said."""
        with self._lock:
            self.said[index] = sound
            if len(self.passages) >= _WORTH_TELLING:
                self.told(self._letters_said())

    def _letters_said(self) -> int:
        """The passages that the other workers are at count half."""
        waiting = set(self.todo)
        return sum(
            len(passage.letters) if index in self.said else len(passage.letters) // 2
            for index, passage in enumerate(self.passages)
            if index not in waiting
        )


def _say_all(recital: _Recital) -> None:
    """Start one worker and give it passages until none is left."""
    command = [sys.executable, "-P", "-m", "lipwright.speech.worker", recital.voice]
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(  # noqa: S603 - our own interpreter and module; the voice is a known name
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints
        ) as worker,
    ):
        try:
            for index in recital.taken():
                recital.keep(index, _say(worker, recital.passages[index]))
        except (EOFError, BrokenPipeError) as error:
            raise SynthesisFailed(f"The voice stopped: {_last_line(complaints)}") from error
        finally:
            worker.kill()


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
