"""Where render processes branch off: it imports the library once, and forks for each step.

An import takes two seconds of a core, which no step has to wait for or to pay.  It has one thread,
decodes nothing, and ends with its worker; its branches end with it.  On its stdin, a socket, comes
one byte for each branch, with three files: the branch's stdin, its stdout, and its leash, a socket
too.  When the other end of the leash is closed for writing, the branch is killed if it still lives,
and how it ended is said there: `ENDED`, as `os.waitstatus_to_exitcode` says it.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final, NoReturn

from lipwright.service.child import attend, die_with
from lipwright.service.confinement import leave_network
from lipwright.service.renderer import Renderer, open_renderer

ENDED: Final = struct.Struct("=i")
FILES: Final = 3


def main(renderer_name: str, parent_pid: int) -> None:
    """Branch off as asked, until the worker is gone."""
    leave_network()
    die_with(parent_pid)
    # a terminal's Ctrl-C is for the worker, which lets steps finish
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    renderer = open_renderer(renderer_name)
    renderer.prepare()
    gc.collect()
    gc.freeze()  # what all branches share is not looked at again, and so not copied
    with socket.socket(fileno=os.dup(0)) as line, selectors.DefaultSelector() as selector:
        selector.register(line, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is not line:
                    selector.unregister(key.fileobj)
                    _cut(socket.socket(fileno=key.fd), key.data)
                    continue
                asked, files, _, _ = socket.recv_fds(line, 1, FILES)
                if not asked:
                    return
                ours = [selector.fileno(), *(key.fd for key in selector.get_map().values())]
                pid = _branched(renderer_name, renderer, files, ours)
                selector.register(files[-1], selectors.EVENT_READ, pid)


def _branched(renderer_name: str, renderer: Renderer, files: list[int], ours: list[int]) -> int:
    stem_pid = os.getpid()
    pid = os.fork()
    if not pid:
        _grow(partial(attend, renderer_name, renderer), stem_pid, files, ours)
    for file in files[:-1]:
        os.close(file)
    return pid


def _grow(work: Callable[[], None], stem_pid: int, files: list[int], ours: list[int]) -> NoReturn:
    """Do one step in the new process, and never come back."""
    status = 1
    try:
        die_with(stem_pid)
        source, sink, _ = files
        os.dup2(source, 0)
        os.dup2(sink, 1)
        for file in (*files, *ours):
            os.close(file)
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(status)


def _cut(leash: socket.socket, pid: int) -> None:
    with leash, suppress(OSError):  # nobody may be there any more to be told
        os.kill(pid, signal.SIGKILL)  # its number is its own until it was waited for
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        leash.sendall(ENDED.pack(ended))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
