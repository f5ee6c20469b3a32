"""What a process that decodes strangers' media gives up before it sees any of them."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

CLONE_NEWUSER: Final = 0x10000000
CLONE_NEWNET: Final = 0x40000000
FILE_LIMIT: Final = 8 << 30
"""Bytes in one file: an hour of 1080p is about 3 GB."""
OPEN_FILES_LIMIT: Final = 512
CPU_SHARE: Final = 4
"""Cores that a step may keep busy on average for as long as it may take."""


def leave_network() -> bool:
    """Move into a network of its own, with nothing in it; whether the system allows that.

    Root may; others may inside a user namespace of their own, where that is not forbidden.  Call
    it before there are threads, and before asking to die with the parent, which it undoes.
    """
    if sys.platform != "linux":
        return False
    user, group = os.getuid(), os.getgid()
    if _unshared(CLONE_NEWNET):
        return True
    if not _unshared(CLONE_NEWUSER | CLONE_NEWNET):
        return False
    # the same user inside as outside: files stay as they were
    with suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    return True


def _unshared(flags: int) -> bool:
    return bool(ctypes.CDLL(None, use_errno=True).unshare(flags) == 0)


def limit(memory_mb: int, step_s: float) -> None:
    """Bound memory, processor time, the size of a file and the number of open ones."""
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, memory_mb << 20),
        (resource.RLIMIT_CPU, max(1, round(step_s * CPU_SHARE))),
        (resource.RLIMIT_FSIZE, FILE_LIMIT),
        (resource.RLIMIT_NOFILE, OPEN_FILES_LIMIT),
    ):
        hard = resource.getrlimit(what)[1]
        capped = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (capped, capped if what == resource.RLIMIT_CPU else hard))
