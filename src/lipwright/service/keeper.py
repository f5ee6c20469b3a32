"""What no workflow can do for itself: take over from the dead, and close loose ends.

Open-source DBOS gives a worker its own work back when it starts again, but nobody adopts the work
of a worker that never does.  So each worker beats (`pulse`), and every living one takes over what a
silent one left.  One of them, the first by name, also starts jobs that were written down but never
started, ends jobs whose workflow is lost, sends webhooks that nobody is sending, starts anew what
only workers of another version could continue, and cleans up.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Final

import structlog
from dbos import DBOS, DBOSClient, WorkflowStatus

from lipwright.service.cleaning import Cleaner, batched
from lipwright.service.dispatch import PICTURES, VERSION, Dispatch, enqueued
from lipwright.service.handover import Strays, take_over
from lipwright.service.jobs import TERMINAL, Job
from lipwright.service.pulse import heard
from lipwright.service.webhooks import pause_s
from lipwright.service.workshop import Workshop

log = structlog.get_logger()

ACTIVE: Final = ("ENQUEUED", "DELAYED", "PENDING")
LOST: Final = frozenset({"ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "SUCCESS"})
"""Statuses of a workflow that does nothing more for an unfinished job."""


CLEAN_EVERY: Final = 12
"""Looks between two cleanings, each of which reads more: once a minute."""
CLOCK_JUMP_S: Final = 60
"""A message that waits so much longer than its pause was written down by a clock that was wrong."""


@dataclass(slots=True)
class Keeper:
    """Looks around every `beat_s`."""

    worker: str
    workshop: Workshop
    dispatch: Dispatch
    client: DBOSClient
    cleaner: Cleaner
    strays: Strays
    _looks: int = 0

    def run(self, stop: threading.Event) -> None:
        """Look around until told to stop; a bad look is logged, and the next one comes."""
        while not stop.is_set():
            try:
                self.look()
            except Exception:
                log.warning("the keeper could not look", exc_info=True)
            stop.wait(self.workshop.settings.beat_s)

    def look(self) -> None:
        """Once; whoever is not the first leaves it to the first."""
        self.strays.gather()
        others = heard(self.workshop.records.engine)
        if min({*others, self.worker}) != self.worker:
            return
        is_cleaning_time = self._looks % CLEAN_EVERY == 0
        self._looks += 1
        if is_cleaning_time:
            self._start_anew({beat.version for beat in others.values()} | {VERSION})
        self._adopt_from_unknown({*others, self.worker})
        jobs = self.workshop.records.unfinished()
        statuses = _statuses([job.run_id for job in jobs])
        for job in jobs:
            self._mend(job, statuses.get(job.run_id))
        for event_id in self.workshop.records.outbox.open_ids():
            self._send(event_id)
        self._order_pictures()
        if is_cleaning_time:
            self.cleaner.clean()

    def _adopt_from_unknown(self, known: set[str]) -> None:
        """Take over from whoever works and never said so; everybody beats before working."""
        running = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        ghosts = {w.executor_id for w in running if w.executor_id} - known
        if ghosts:
            take_over(sorted(ghosts))

    def _start_anew(self, versions: set[str]) -> None:
        """Forget what no living worker can continue; what is missing is then started as usual.

        Every step may be done again, so a job in flight during an upgrade costs time only.
        """
        active = DBOS.list_workflows(status=list(ACTIVE), load_input=False, load_output=False)
        stranded = [w.workflow_id for w in active if w.app_version not in versions | {None}]
        for ids in batched(stranded):
            log.warning("starting anew under another version", workflows=len(ids))
            DBOS.delete_workflows(ids)

    def _mend(self, job: Job, status: str | None) -> None:
        if status is None:
            self.dispatch.start(job)
        elif status in LOST:
            now = self.workshop.records.job(job.id)
            if now is not None and now.run_id == job.run_id and now.state not in TERMINAL:
                log.error("job lost its workflow", job=job.id, status=status)
                self.workshop.give_up(now, f"Its work was lost (job {job.id}).")

    def _send(self, event_id: str) -> None:
        webhook = self.workshop.records.outbox.webhook(event_id)
        if webhook is None or not webhook.is_open:
            return
        tries = webhook.attempts
        status = DBOS.get_workflow_status(f"{event_id}.{tries}")
        if status is not None and status.status in LOST - {"SUCCESS"}:
            log.warning("webhook lost its workflow", webhook=event_id, status=status.status)
            self.workshop.records.outbox.lost(event_id, tries)
            tries += 1  # its number is used up; the next is free
        made = tries - webhook.first_attempt
        pauses_s = self.workshop.settings.webhook_retries_s
        delay_s = (pause_s(pauses_s, event_id, tries - 1, made) if made else None) or 0
        if status is None or status.status in LOST - {"SUCCESS"}:
            self.dispatch.deliver(event_id, tries, delay_s)
        elif status.status == "DELAYED" and _waits_s(status) > delay_s + CLOCK_JUMP_S:
            log.warning("a clock was set back", webhook=event_id, waits_s=_waits_s(status))
            DBOS.set_workflow_delay(status.workflow_id, delay_seconds=delay_s)

    def _order_pictures(self) -> None:
        for persona in self.workshop.catalogue.personas():
            avatar_id, wanted = persona.card.id, len(persona.file_names)
            # a later version may bring more of them: then it is another piece of work
            workflow_id = f"pictures.{avatar_id}.{wanted}"
            if len(self.workshop.store.names(f"public/{avatar_id}")) >= wanted:
                continue
            if DBOS.get_workflow_status(workflow_id) is None:
                self.client.enqueue(enqueued("pictures", PICTURES, workflow_id), avatar_id)


def _waits_s(workflow: WorkflowStatus) -> float:
    """Seconds until a workflow leaves for its queue, by this machine's clock."""
    return (workflow.delay_until_epoch_ms or 0) / 1000 - time.time()


def _statuses(workflow_ids: list[str]) -> dict[str, str]:
    """Status of each workflow that exists."""
    return {
        found.workflow_id: found.status
        for ids in batched(workflow_ids)
        for found in DBOS.list_workflows(workflow_ids=ids, load_input=False, load_output=False)
    }
