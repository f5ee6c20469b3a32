"""What the C library keeps of memory that was freed."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Hand freed memory back to the system, before much is needed for something else.

    glibc keeps 200 to 400 MB that a voice or a recognizer used; other libraries of C have no such
    call.
    """
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
