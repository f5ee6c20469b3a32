"""Memory that nobody needs any more, and that is still kept."""

from __future__ import annotations

import ctypes
import gc
import sys


def give_back() -> None:
    """Hand freed memory back to the system, before much is needed for something else.

    glibc keeps 200 to 400 MB that a voice, a recognizer or pictures used; other libraries of C have
    no such call.  A closed file's decoder keeps its pictures, 70 MB of 4K, until Python looks for
    what refers to itself.
    """
    gc.collect()
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
