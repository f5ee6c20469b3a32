"""How often a key may ask: a bucket of tokens for each key, refilled evenly.

Each API process counts for itself: a count in the database would make a write of every read, and
the database the slowest part of a poll.  Behind a balancer that spreads evenly, n processes
together let through n times the setting.  What costs something, the tasks under way, is counted
in the database, exactly (`Records.insert`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from lipwright.service.problems import Problem, detail

FULL_S: Final = 60
"""An unused bucket holds what comes in this time: a minute's requests may come at once."""
KEPT: Final = 10_000
"""Buckets before full ones are forgotten: a full bucket says the same as none."""


@dataclass(slots=True)
class Throttle:
    """Counts the requests of every key in this process."""

    clock_s: Callable[[], float] = time.monotonic
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)
    """(tokens, when that was)."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def admit(self, api_id: str, per_minute: int) -> None:
        """Count a request; 0 a minute is no limit.

        Raises:
            Problem: 429, with the seconds to wait.
        """
        if per_minute <= 0:
            return
        with self._lock:
            now_s = self.clock_s()
            tokens = self._tokens(api_id, per_minute, now_s)
            if tokens < 1:
                raise throttled((1 - tokens) * FULL_S / per_minute)
            self._forget_full(now_s)
            self._buckets[api_id] = (tokens - 1, now_s)

    def _tokens(self, api_id: str, per_minute: int, now_s: float) -> float:
        tokens, since_s = self._buckets.get(api_id, (per_minute, now_s))
        return min(per_minute, tokens + (now_s - since_s) * per_minute / FULL_S)

    def _forget_full(self, now_s: float) -> None:
        if len(self._buckets) > KEPT:
            kept = {k: v for k, v in self._buckets.items() if now_s - v[1] < FULL_S}
            self._buckets = kept


def throttled(wait_s: float) -> Problem:
    """The key has to wait."""
    seconds = max(1, ceil(wait_s))
    unit = "second" if seconds == 1 else "seconds"
    message = f"Request was throttled. Expected available in {seconds} {unit}."
    return detail(429, message, {"Retry-After": str(seconds)})
