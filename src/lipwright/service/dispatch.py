"""How the API hands a job to the workers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from dbos import DBOSClient, EnqueueOptions

from lipwright.service.jobs import Goal, Job

APPLICATION: Final = "lipwright"
VERSION: Final = "4"
"""Version of the workflows' shape; raise it when recorded steps would no longer fit."""
ENGINE: Final = "engine"
PARENTS: Final = "jobs"
"""Queue of the workflows that wait for others; a parent never takes a child's place."""
SPEECH: Final = "speech"
RENDER: Final = "render"
GPU: Final = "gpu"
PLACED: Final = (SPEECH, RENDER, GPU)
"""Queues of what runs in render processes; a worker serves some of them."""
PREVIEW: Final = "preview"
"""Whole previews: one worker makes them from end to end, because every hand-over takes time."""
MESSAGES: Final = "webhooks"
PICTURES: Final = "pictures"
"""Apart from `PLACED`, one at a time and only while no job is under way: see `Intake`."""

CLEAR_AFTER_S: Final = 5
"""A step learns within a second that it was cancelled, and then ends its process."""
PREVIEW_PRIORITY: Final = 1
VIDEO_PRIORITY: Final = 10
"""A lower number goes first: somebody sits and waits for a preview."""


class Dispatch(Protocol):
    """Starts the work on a job."""

    def start(self, job: Job) -> None:
        """Have the job's current goal worked on; a second call changes nothing."""

    def stop(self, job: Job) -> None:
        """Have the work on a job stop that is at its end, and its files removed."""

    def deliver(self, event_id: str, attempt: int, delay_s: float) -> None:
        """Have a webhook sent; a second call for the same attempt changes nothing."""


@dataclass(frozen=True, slots=True)
class WorkflowDispatch:
    """Puts the job's workflow on a queue of the engine."""

    client: DBOSClient

    def start(self, job: Job) -> None:
        """Enqueue under the run's id, so that it exists once."""
        options = enqueued("produce", PREVIEW if job.goal is Goal.PREVIEW else PARENTS, job.run_id)
        options["priority"] = priority(job)
        self.client.enqueue(options, job.id, job.goal.value)

    def stop(self, job: Job) -> None:
        """Cancel the run and all that it started: their render processes are killed.

        The files go a little later, when nobody writes any more.
        """
        self.client.cancel_workflows([job.run_id], cancel_children=True)
        options = enqueued("clear", MESSAGES, f"{job.run_id}.clear.{job.deleted_at is not None}")
        options["delay_seconds"] = CLEAR_AFTER_S
        self.client.enqueue(options, job.id)

    def deliver(self, event_id: str, attempt: int, delay_s: float) -> None:
        """Enqueue under the attempt's number."""
        options = enqueued("deliver", MESSAGES, f"{event_id}.{attempt}")
        options["delay_seconds"] = delay_s
        self.client.enqueue(options, event_id, attempt)


@dataclass(frozen=True, slots=True)
class NoDispatch:
    """Remembers what it was asked to start, for tests."""

    started: list[Any] = field(default_factory=list)

    stopped: list[Any] = field(default_factory=list)
    sent: list[Any] = field(default_factory=list)

    def start(self, job: Job) -> None:
        """Take a note."""
        self.started.append(job.run_id)

    def stop(self, job: Job) -> None:
        """Take a note."""
        self.stopped.append(job.run_id)

    def deliver(self, event_id: str, attempt: int, delay_s: float) -> None:
        """Take a note."""
        self.sent.append((event_id, attempt))


def enqueued(workflow: str, queue: str, workflow_id: str) -> EnqueueOptions:
    """How to put one of the engine's workflows on a queue."""
    return EnqueueOptions(
        workflow_name=f"Engine.{workflow}",
        class_name="Engine",
        instance_name=ENGINE,
        queue_name=queue,
        workflow_id=workflow_id,
        app_version=VERSION,
        application_name=APPLICATION,
    )


def queue_of(step: str, gpu_steps: Collection[str]) -> str:
    """Who does a step of a video."""
    if step in gpu_steps:
        return GPU
    return SPEECH if step == "speak" else RENDER


def priority(job: Job) -> int:
    """Place in every queue."""
    return PREVIEW_PRIORITY if job.goal is Goal.PREVIEW else VIDEO_PRIORITY
