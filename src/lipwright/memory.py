"""Memory that nobody needs any more, and that is still kept."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_MMAP_THRESHOLD: Final = -3
"""Of `mallopt`, in malloc.h."""
_LARGE_BYTES: Final = 1 << 20
_MOST_BYTES: Final = 32 << 20
"""The threshold that glibc itself comes to where large blocks are freed."""


def give_back() -> None:
    """Hand freed memory back to the system, before much is needed for something else.

    glibc keeps 200 to 400 MB that a voice, a recognizer or pictures used; other libraries of C have
    no such call.  A closed file's decoder keeps its pictures, 70 MB of 4K, until Python looks for
    what refers to itself.
    """
    gc.collect()
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)


@contextmanager
def large_blocks_apart() -> Iterator[None]:
    """Pictures go back to the system when they are freed, and leave no holes: 100 MB of 4K.

    For what takes its time with each picture: fresh memory costs a millisecond for 10 MB.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is None:
        yield
        return
    mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
    try:
        yield
    finally:
        mallopt(_MMAP_THRESHOLD, _MOST_BYTES)
