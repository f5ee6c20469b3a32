"""What follows what, durably: DBOS workflows around the `Workshop`'s steps.

    produce: begin -> collect -> make -> speak -> draw, draw, … -> join -> finish -> webhook

An order says which of the middle stages it needs.

A workflow's id is made from the job's, so it exists once; a step that was recorded is not done
again, one that was not recorded is.  `speak` has the same id for a preview and its video: the
speech is made once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final, ParamSpec, TypeVar

import structlog
from dbos import (
    DBOS,
    DBOSConfiguredInstance,
    SetEnqueueOptions,
    SetWorkflowID,
    WorkflowHandleAsync,
    error,
)

from lipwright.errors import InvalidRequest, LipwrightError, RenderCancelled, RenderFailed
from lipwright.service.disk import NO_ROOM, is_no_room
from lipwright.service.dispatch import (
    ENGINE,
    MESSAGES,
    PREVIEW_PRIORITY,
    VIDEO_PRIORITY,
    queue_of,
)
from lipwright.service.jobs import Goal, Job, State
from lipwright.service.orders import Stage
from lipwright.service.trials import WorkersDied
from lipwright.service.workshop import Workshop

log = structlog.get_logger()
P = ParamSpec("P")
R = TypeVar("R")
Workflow = Callable[..., Coroutine[Any, Any, R]]

UNLIMITED: Final = None
"""Deaths of workers that a workflow survives.  Most only wait, and are not the cause; steps that
do something count those that happened during them (`trials`)."""
DATABASE_ATTEMPTS: Final = 6
"""Half a minute: as long as a database takes to come back."""
HERE_LIMIT: Final = 2
"""Segments of a preview that its worker draws by itself; more go to whoever is free."""
HALVED_FRAMES: Final = 180
"""6 s; of less, a second process would take longer to begin than it saves."""
VIDEO_POLL_S: Final = 0.5
"""How often a worker asks for a step that another may be doing."""
JOIN_PRIORITY: Final = 5
"""Before other jobs' segments: what is nearly done should be done."""


def halved(segments: list[list[int]]) -> list[list[int]]:
    """A short preview in two parts, for two cores: somebody sits and waits for it."""
    (start, stop), *more = segments
    if more or stop - start < HALVED_FRAMES:
        return segments
    middle = (start + stop) // 2
    return [[start, middle], [middle, stop]]


def _may_help(failure: BaseException) -> bool:
    """Whether doing a step again may help."""
    return not isinstance(failure, InvalidRequest | RenderCancelled | WorkersDied)


def _heavy(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A step that takes long: tried three times, and stopped when its job is cancelled."""
    return DBOS.step(
        name=name, retries_allowed=True, max_attempts=3, should_retry=_may_help, preemptible=True
    )


def _written(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A step that only writes something down: tried until the database is back."""
    return DBOS.step(
        name=name,
        retries_allowed=True,
        max_attempts=DATABASE_ATTEMPTS,
        should_retry=_may_help,
    )


@DBOS.dbos_class("Engine")
class Engine(DBOSConfiguredInstance):
    """The workflows of a worker."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        super().__init__(ENGINE)

    @DBOS.workflow(name="Engine.produce", max_recovery_attempts=UNLIMITED)
    async def produce(self, job_id: str, goal: str) -> None:
        """Work on a job until its goal is reached, or will not be."""
        try:
            stages = await self.begin(job_id, goal)
            if stages:
                await self.collect(job_id)
                report = await self._reported(job_id, goal, stages)
                event_id = await self.finish(job_id, goal, report)
            else:
                event_id = None
        except (RenderCancelled, error.DBOSAwaitedWorkflowCancelledError):
            event_id = None  # whoever cancelled it sees to the webhook
        except Exception as failure:
            event_id = await self.give_up(job_id, goal, _reason(failure, job_id))
        if event_id is not None:
            await self._enqueue(MESSAGES, f"{event_id}.0", self.deliver, event_id, 0)

    async def _reported(self, job_id: str, goal: str, stages: list[str]) -> dict[str, Any]:
        report: dict[str, Any] = {}
        if Stage.MAKE in stages:
            priority = PREVIEW_PRIORITY if goal == Goal.PREVIEW else VIDEO_PRIORITY
            making = await self._enqueue(
                self._queue("make", here=goal == Goal.PREVIEW),
                *(f"{job_id}.make", self.make, job_id),
                priority=priority,
            )
            report = await self._result(making)
        if Stage.FILM in stages:
            report = await self._filmed(job_id, goal)
        return await self._handed_over(job_id, report) if Stage.HAND_OVER in stages else report

    async def _handed_over(self, job_id: str, report: dict[str, Any]) -> dict[str, Any]:
        """The report, with a warning if the file went nowhere: it can still be fetched from us."""
        try:
            await self._tried(self.hand_over_step(job_id))
        except (InvalidRequest, RenderFailed) as failure:
            return {**report, "warnings": [*report.get("warnings", ()), str(failure)]}
        return report

    async def _filmed(self, job_id: str, goal: str) -> dict[str, Any]:
        first = PREVIEW_PRIORITY if goal == Goal.PREVIEW else None
        is_preview = goal == Goal.PREVIEW
        speaking = await self._enqueue(
            *(self._queue("speak", here=is_preview), f"{job_id}.speech", self.speak, job_id),
            priority=first or VIDEO_PRIORITY,
        )
        segments = await self._result(speaking)
        frame_count = segments[-1][1]
        segments = halved(segments) if is_preview else segments
        here = is_preview and len(segments) <= HERE_LIMIT
        drawing = [
            await self._enqueue(
                *(self._queue("draw", here=here), f"{job_id}.{goal}.{part}", self.draw),
                *(job_id, goal, part, frames, frame_count),
                priority=first or VIDEO_PRIORITY,
            )
            for part, frames in enumerate(segments)
        ]
        try:
            for handle in drawing:
                await self._result(handle)
        except Exception:
            await DBOS.cancel_workflows_async([handle.workflow_id for handle in drawing])
            raise
        joining = await self._enqueue(
            *(self._queue("join", here=here), f"{job_id}.{goal}.join", self.join),
            *(job_id, goal, len(segments)),
            priority=first or JOIN_PRIORITY,
        )
        report: dict[str, Any] = await self._result(joining)
        return report

    def _queue(self, step: str, *, here: bool) -> str | None:
        return None if here else queue_of(step, self.workshop.settings.gpu_steps)

    async def _enqueue(
        self,
        queue: str | None,
        workflow_id: str,
        workflow: Workflow[R],
        *values: object,
        priority: int = PREVIEW_PRIORITY,
        delay_s: float | None = None,
    ) -> WorkflowHandleAsync[R]:
        """Have a workflow done by whoever serves a queue; without one at once, and here."""
        if queue is None:
            with SetWorkflowID(workflow_id):
                return await DBOS.start_workflow_async(workflow, *values)
        with (
            SetWorkflowID(workflow_id),
            SetEnqueueOptions(priority=priority, delay_seconds=delay_s),
        ):
            return await DBOS.enqueue_workflow_async(queue, workflow, *values)

    async def _result(self, handle: WorkflowHandleAsync[R]) -> R:
        return await handle.get_result(polling_interval_sec=VIDEO_POLL_S)

    @DBOS.workflow(name="Engine.make", max_recovery_attempts=UNLIMITED)
    async def make(self, job_id: str) -> dict[str, Any]:
        """What is not a video."""
        return await self._tried(self.make_step(job_id))

    @DBOS.workflow(name="Engine.speak", max_recovery_attempts=UNLIMITED)
    async def speak(self, job_id: str) -> list[list[int]]:
        """The speech of a job, once for its preview and its video."""
        return await self._tried(self.speak_step(job_id))

    @DBOS.workflow(name="Engine.draw", max_recovery_attempts=UNLIMITED)
    async def draw(
        self, job_id: str, goal: str, part: int, frames: list[int], frame_count: int
    ) -> None:
        """One segment."""
        await self._tried(self.draw_step(job_id, goal, part, frames, frame_count))

    @DBOS.workflow(name="Engine.join", max_recovery_attempts=UNLIMITED)
    async def join(self, job_id: str, goal: str, count: int) -> dict[str, Any]:
        """The finished file."""
        return await self._tried(self.join_step(job_id, goal, count))

    @DBOS.workflow(name="Engine.deliver", max_recovery_attempts=UNLIMITED)
    async def deliver(self, event_id: str, tries: int) -> None:
        """One try of a webhook; the next waits on the queue, not in a worker."""
        pause_s = await self.deliver_step(event_id, tries)
        if pause_s is not None:
            await self._enqueue(
                *(MESSAGES, f"{event_id}.{tries + 1}", self.deliver, event_id, tries + 1),
                delay_s=pause_s,
            )

    @DBOS.workflow(name="Engine.clear", max_recovery_attempts=UNLIMITED)
    async def clear(self, job_id: str) -> None:
        """The files of a job that nobody wants any more."""
        await self.clear_step(job_id)

    @DBOS.workflow(name="Engine.pictures")
    async def pictures(self, avatar_id: str) -> None:
        """The preview pictures of an avatar."""
        await self.pictures_step(avatar_id)

    async def _tried(self, step: Coroutine[Any, Any, R]) -> R:
        try:
            return await step
        except error.DBOSMaxStepRetriesExceeded as exhausted:
            raise exhausted.errors[-1] from None

    @_written("begin")
    async def begin(self, job_id: str, goal: str) -> list[str]:
        """The stages to go through."""
        self.workshop.crew.warm()
        job = await self._job(job_id, goal)
        return [str(stage) for stage in await asyncio.to_thread(self.workshop.stages, job)]

    @_heavy("collect")
    async def collect(self, job_id: str) -> None:
        """Fetch the caller's files."""
        async with self._trial(job_id) as job:
            await self.workshop.collect(job)

    @_heavy("make")
    async def make_step(self, job_id: str) -> dict[str, Any]:
        """Make what is not a video."""
        async with self._trial(job_id) as job:
            return await self.workshop.make(job)

    @_heavy("speak")
    async def speak_step(self, job_id: str) -> list[list[int]]:
        """Make the speech."""
        async with self._trial(job_id) as job:
            return await self.workshop.speak(job)

    @_heavy("draw")
    async def draw_step(
        self, job_id: str, goal: str, part: int, frames: list[int], frame_count: int
    ) -> None:
        """Draw a segment."""
        async with self._trial(job_id, goal) as job:
            await self.workshop.draw(job, part, (frames[0], frames[1]), frame_count)

    @_heavy("join")
    async def join_step(self, job_id: str, goal: str, count: int) -> dict[str, Any]:
        """Join the segments."""
        async with self._trial(job_id, goal) as job:
            return await self.workshop.join(job, count)

    @_heavy("hand over")
    async def hand_over_step(self, job_id: str) -> None:
        """Put the finished file where the caller wants it."""
        async with self._trial(job_id) as job:
            await self.workshop.hand_over(job)

    @_written("finish")
    async def finish(self, job_id: str, goal: str, report: dict[str, Any]) -> str | None:
        """End the job well; the id of the webhook to send."""
        job = await self._job(job_id, goal)
        await asyncio.to_thread(self.workshop.finish, job, report)
        return await self._webhook(job)

    @_written("give up")
    async def give_up(self, job_id: str, goal: str, reason: str) -> str | None:
        """End the job badly; the id of the webhook to send."""
        job = await self._job(job_id, goal)
        await asyncio.to_thread(self.workshop.give_up, job, reason)
        return await self._webhook(job)

    @DBOS.step(name="deliver", retries_allowed=True, max_attempts=DATABASE_ATTEMPTS)
    async def deliver_step(self, event_id: str, tries: int) -> float | None:
        """Try to deliver a webhook; seconds until the next try."""
        return await self.workshop.deliver(event_id, tries)

    @DBOS.step(name="clear", retries_allowed=True, max_attempts=DATABASE_ATTEMPTS)
    async def clear_step(self, job_id: str) -> None:
        """Remove a job's files."""
        await asyncio.to_thread(self.workshop.clear, job_id)

    @DBOS.step(name="pictures")
    async def pictures_step(self, avatar_id: str) -> None:
        """Draw an avatar's pictures."""
        await self.workshop.draw_pictures(avatar_id)

    async def _webhook(self, job: Job) -> str | None:
        found = await asyncio.to_thread(self.workshop.records.outbox.webhook, job.event_id)
        return found.id if found else None

    @asynccontextmanager
    async def _trial(self, job_id: str, goal: str | None = None) -> AsyncIterator[Job]:
        """The job, for a step that does something: should its worker die, that is known."""
        async with self.workshop.trials.of(str(DBOS.workflow_id)):
            yield await self._job(job_id, goal)

    async def _job(self, job_id: str, goal: str | None = None) -> Job:
        job = await asyncio.to_thread(self.workshop.records.job, job_id)
        if job is None:
            raise RuntimeError(f"the job {job_id} is gone from the database")
        if job.state is State.CANCELLED:
            raise RenderCancelled
        if goal is not None and job.goal != goal:
            raise RuntimeError(f"the job {job_id} moved on from {goal}")
        return job


def _reason(failure: Exception, job_id: str) -> str:
    if isinstance(failure, LipwrightError):
        return str(failure)
    if is_no_room(failure):
        return NO_ROOM
    log.error("job failed for an unforeseen reason", job=job_id, exc_info=failure)
    return f"It could not be made, for a reason inside Lipwright (job {job_id})."
