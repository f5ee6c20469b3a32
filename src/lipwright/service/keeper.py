"""What no workflow can do for itself: notice the dead, and close loose ends.

Open-source DBOS gives a worker its own work back when it starts again, but nobody adopts the work
of a worker that never does.  So each worker beats, and a live one takes over what a silent one
left.  The keeper also starts jobs that were written down but never started, ends jobs whose
workflow is lost, and sends webhooks that nobody is sending.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSClient, EnqueueOptions

from lipwright.service.database import beats
from lipwright.service.dispatch import (
    APPLICATION,
    ENGINE,
    MESSAGES,
    PICTURES,
    VERSION,
    Dispatch,
)
from lipwright.service.jobs import TERMINAL, Job
from lipwright.service.workshop import Workshop

log = structlog.get_logger()

LOST: Final = frozenset({"ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "SUCCESS"})
"""Statuses of a workflow that does nothing more for an unfinished job."""


@dataclass(slots=True)
class Watch:
    """Who was silent for how long, on the watcher's own clock: machines' clocks need not agree."""

    silence_s: float
    _seen: dict[str, tuple[int | None, float]] = field(default_factory=dict)

    def dead(self, workers: set[str], counts: Mapping[str, int], now_s: float) -> list[str]:
        """Those of `workers` whose count has not moved for `silence_s`."""
        found = []
        for worker in sorted(workers):
            count, since_s = self._seen.get(worker, (None, now_s))
            if worker not in self._seen or count != counts.get(worker):
                self._seen[worker] = (counts.get(worker), now_s)
            elif now_s - since_s > self.silence_s:
                found.append(worker)
        return found


@dataclass(frozen=True, slots=True)
class Keeper:
    """Looks around every `beat_s`."""

    worker: str
    workshop: Workshop
    dispatch: Dispatch
    client: DBOSClient
    watch: Watch

    def run(self, stop: threading.Event) -> None:
        """Look around until told to stop; a bad look is logged, and the next one comes."""
        while not stop.is_set():
            try:
                self.look()
            except Exception:
                log.warning("the keeper could not look", exc_info=True)
            stop.wait(self.workshop.settings.beat_s)

    def look(self) -> None:
        """Once."""
        self._beat()
        self._adopt()
        for job in self.workshop.records.unfinished():
            self._mend(job)
        for event_id in self.workshop.records.open_webhooks():
            self._send(event_id)
        self._order_pictures()

    def _beat(self) -> None:
        with self.workshop.records.engine.begin() as connection:
            mine = beats.c.worker == self.worker
            change = beats.update().where(mine).values(count=beats.c.count + 1)
            if not connection.execute(change).rowcount:
                connection.execute(beats.insert().values(worker=self.worker, count=1))

    def _adopt(self) -> None:
        running = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        others = {w.executor_id for w in running if w.executor_id} - {self.worker}
        with self.workshop.records.engine.connect() as connection:
            counts = {
                worker: count
                for worker, count in connection.execute(sa.select(beats.c.worker, beats.c.count))
            }
        dead = self.watch.dead(others, counts, time.monotonic())
        if dead:
            log.warning("taking over", workers=dead)
            # not public, and the reason why the version of dbos is pinned
            DBOS._recover_pending_workflows(dead)

    def _mend(self, job: Job) -> None:
        status = DBOS.get_workflow_status(job.run_id)
        if status is None:
            self.dispatch.start(job)
        elif status.status in LOST:
            now = self.workshop.records.job(job.id)
            if now is not None and now.run_id == job.run_id and now.state not in TERMINAL:
                log.error("job lost its workflow", job=job.id, status=status.status)
                self.workshop.give_up(now, "The workers that made this video died too often.")

    def _send(self, event_id: str) -> None:
        webhook = self.workshop.records.webhook(event_id)
        if webhook is None or not webhook.is_open:
            return
        tries = webhook.attempts
        status = DBOS.get_workflow_status(f"{event_id}.{tries}")
        if status is not None and status.status in LOST - {"SUCCESS"}:
            log.warning("webhook lost its workflow", webhook=event_id, status=status.status)
            tries += 1  # its number is used up; the next is free
            self.workshop.records.tried(event_id, tries, "lost", closed=False)
        elif status is not None:
            return
        pauses_s = self.workshop.settings.webhook_retries_s
        options = self._options("deliver", MESSAGES, f"{event_id}.{tries}")
        options["delay_seconds"] = pauses_s[tries - 1] if 0 < tries <= len(pauses_s) else 0
        self.client.enqueue(options, event_id, tries)

    def _order_pictures(self) -> None:
        for persona in self.workshop.catalogue.personas():
            avatar_id, wanted = persona.card.id, len(persona.file_names)
            # a later version may bring more of them: then it is another piece of work
            workflow_id = f"pictures.{avatar_id}.{wanted}"
            if len(self.workshop.store.names(f"public/{avatar_id}")) >= wanted:
                continue
            if DBOS.get_workflow_status(workflow_id) is None:
                options = self._options("pictures", PICTURES, workflow_id)
                self.client.enqueue(options, avatar_id)

    def _options(self, workflow: str, queue: str, workflow_id: str) -> EnqueueOptions:
        return EnqueueOptions(
            workflow_name=f"Engine.{workflow}",
            class_name="Engine",
            instance_name=ENGINE,
            queue_name=queue,
            workflow_id=workflow_id,
            app_version=VERSION,
            application_name=APPLICATION,
        )
