"""What Prometheus reads: counts and times of this process, and how all are, from the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa
import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from lipwright.service.database import beats, jobs, webhooks
from lipwright.service.jobs import State

log = structlog.get_logger()

REGISTRY: Final = CollectorRegistry()
REQUESTS: Final = Histogram(
    "lipwright_request_seconds",
    "Time to answer a request.",
    ("method", "route", "status"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)
STEPS: Final = Histogram(
    "lipwright_step_seconds",
    "Time that a render process took for a step.",
    ("verb",),
    buckets=(0.5, 1, 2.5, 5, 10, 25, 60, 180, 600, 1800),
    registry=REGISTRY,
)
ENDED: Final = Counter(
    "lipwright_ended_total", "Goals that this worker brought to an end.", ("goal", "state"),
    registry=REGISTRY,
)  # fmt: skip
FILMED: Final = Counter(
    "lipwright_video_seconds_total", "Seconds of finished video.", ("goal",), registry=REGISTRY
)
TAKEOVERS: Final = Counter(
    "lipwright_takeovers_total", "Dead workers whose work was taken over.", registry=REGISTRY
)


@dataclass(frozen=True, slots=True)
class Situation(Collector):
    """Asks the database when Prometheus asks; the same from every process."""

    engine: sa.Engine
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def collect(self) -> Iterator[Metric]:
        """Gauges; none while the database is away."""
        try:
            with self.engine.connect() as connection:
                yield from self._gauges(connection)
        except sa.exc.SQLAlchemyError:
            log.warning("no metrics from the database", exc_info=True)

    def _gauges(self, connection: sa.Connection) -> Iterator[Metric]:
        unfinished = GaugeMetricFamily(
            "lipwright_unfinished_jobs", "Jobs not at their end.", labels=("goal", "state")
        )
        waiting = jobs.c.state.in_((State.QUEUED, State.RUNNING))
        query = sa.select(jobs.c.goal, jobs.c.state, sa.func.count()).where(waiting)
        for goal, state, count in connection.execute(query.group_by(jobs.c.goal, jobs.c.state)):
            unfinished.add_metric((goal, state), count)
        yield unfinished
        query = sa.select(sa.func.min(jobs.c.updated_at)).where(jobs.c.state == State.QUEUED)
        oldest = connection.scalar(query)
        yield GaugeMetricFamily(
            "lipwright_oldest_queued_seconds",
            "How long the first in the queue has waited.",
            (self.clock() - oldest).total_seconds() if oldest else 0,
        )
        for name, what, count in (
            ("open_webhooks", "Webhooks not delivered yet.", _open_webhooks()),
            ("workers", "Workers that have not said goodbye.", _rows(beats)),
        ):
            yield GaugeMetricFamily(f"lipwright_{name}", what, int(connection.scalar(count) or 0))


def _open_webhooks() -> sa.Select[int]:
    return _rows(webhooks).where(webhooks.c.closed_at.is_(None))


def _rows(table: sa.Table) -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(table)


def page(engine: sa.Engine) -> bytes:
    """Everything, as Prometheus reads it."""
    state = CollectorRegistry()
    state.register(Situation(engine))
    return generate_latest(REGISTRY) + generate_latest(state)
