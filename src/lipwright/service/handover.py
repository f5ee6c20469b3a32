"""Work that changes hands: from the dead, from one that stops, and from nobody."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Final

import structlog
from dbos import DBOS
from dbos._utils import INTERNAL_QUEUE_NAME

from lipwright.service.intake import running_engine
from lipwright.service.metrics import TAKEOVERS

log = structlog.get_logger()

PENDING: Final = "PENDING"


def take_over(workers: list[str]) -> None:
    """Put what the dead left back on its queues."""
    log.warning("taking over", workers=workers)
    TAKEOVERS.inc(len(workers))
    # not public, and the reason why the version of dbos is pinned
    DBOS._recover_pending_workflows(workers)


def hand_over(worker: str) -> None:
    """Put what a worker has under way back on its queues, because it stops."""
    DBOS._recover_pending_workflows([worker])


@dataclass(slots=True)
class Strays:
    """What this worker has taken and is not doing: the engine could not write down how it ended.

    That happens when the disk is full or the database breaks off; nobody else would ever do it.
    """

    worker: str
    _seen: Set[str] = frozenset()

    def gather(self) -> None:
        """Put back on their queues what was also stray the last time."""
        taken = DBOS.list_workflows(
            status=PENDING, executor_id=[self.worker], load_input=False, load_output=False
        )
        active = set(running_engine()._active_workflows_set.activeList())
        stray = {workflow.workflow_id for workflow in taken} - active
        for workflow_id in sorted(stray & self._seen):
            log.warning("taking up again", workflow=workflow_id)
            running_engine()._sys_db.reenqueue_for_recovery(
                workflow_id, [self.worker], INTERNAL_QUEUE_NAME
            )
        self._seen = stray
