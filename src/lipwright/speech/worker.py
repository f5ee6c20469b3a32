"""One worker process: passages of letters in on stdin, sounds out on stdout.

Run as ``python -m lipwright.speech.worker VOICE`` by `crew`.  It ends when its stdin does, so
it never outlives the process that started it, however that one dies.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from queue import SimpleQueue
from typing import BinaryIO

from lipwright.speech.acoustic import Utterance, write_sound
from lipwright.speech.kokoro import KokoroModel


def main(voice: str) -> None:
    """Answer passages until stdin ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not become sound
    passages: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, passages), daemon=True).start()
    model = KokoroModel(voice)
    while True:
        write_sound(answers, model.sound(Utterance(*json.loads(passages.get()))))


def _read(source: BinaryIO, passages: SimpleQueue[bytes]) -> None:
    for line in source:
        passages.put(line)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
