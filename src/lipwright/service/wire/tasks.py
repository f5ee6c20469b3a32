"""What all kinds of tasks answer alike: status, progress, results, webhooks."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from lipwright.service.jobs import Goal, Job, State
from lipwright.service.orders import Kind
from lipwright.service.selections import Phase
from lipwright.service.urls import Urls
from lipwright.service.wire.fields import Status


class Answer(BaseModel):
    """What comes back; null where a field does not apply yet."""

    model_config = ConfigDict(protected_namespaces=())


class Page(Answer):
    """Some entries of a list, and where the others are; subclasses say what `results` are."""

    count: int
    next: str | None
    previous: str | None


class Credits(Answer):
    """What is left."""

    remaining_credits: int


class WordAlignment(BaseModel):
    """When a word is spoken, in seconds."""

    start: float
    duration: float
    text: str


def status(job: Job) -> Status:
    """The seed's six words; a preview stays ``pending`` until somebody renders it."""
    if job.state in (State.FAILED, State.CANCELLED):
        return "failed"
    if job.goal is Goal.PREVIEW:
        return "pending"
    if job.state is State.QUEUED:
        return "in_queue" if job.drafted else "pending"
    return "done" if job.state is State.SUCCEEDED else "running"


_ENDED_BADLY: Final = tuple(
    Phase(goal, state) for goal in Goal for state in (State.FAILED, State.CANCELLED)
)
PHASES: Final[dict[Status, tuple[Phase, ...]]] = {
    "pending": (
        Phase(Goal.VIDEO, State.QUEUED, drafted=False),
        *(Phase(Goal.PREVIEW, state) for state in (State.QUEUED, State.RUNNING, State.SUCCEEDED)),
    ),
    "in_queue": (Phase(Goal.VIDEO, State.QUEUED, drafted=True),),
    "running": (Phase(Goal.VIDEO, State.RUNNING),),
    "failed": _ENDED_BADLY,
    "done": (Phase(Goal.VIDEO, State.SUCCEEDED),),
    "rejected": (),
}
"""The jobs that have each `status`."""


def is_done(job: Job) -> bool:
    """Whether there is a finished file."""
    return job.goal is Goal.VIDEO and job.state is State.SUCCEEDED


def failed_reason(job: Job) -> str | None:
    """Why there is no video, if there will be none."""
    return "Cancelled." if job.state is State.CANCELLED else job.failure


def common(job: Job) -> dict[str, Any]:
    """Fields that every kind of task has."""
    return {
        "id": job.id,
        "created_at": job.created_at.isoformat(),
        "updated_at": job.updated_at.isoformat(),
        "credits_used": job.credits_used,
        "duration": max(1, round(job.duration_s)) if job.duration_s else 0,
        "progress": job.progress,
        "failed_reason": failed_reason(job),
        "media_job": job.run_id,
        "status": status(job),
    }


def video(job: Job, urls: Urls) -> dict[str, Any]:
    """Fields that every kind of video has, besides the `common` ones."""
    return {
        "output": urls.output(job) if is_done(job) else None,
        "video_thumbnail": urls.file(job.id, "thumbnail.jpg") if is_done(job) else None,
        "preview": urls.preview(job) if job.preview_ready else None,
        "editor_url": None,
    }


def word_alignments(job: Job) -> list[dict[str, Any]]:
    """Every word, as `WordAlignment`."""
    return [
        {"start": word.start_s, "duration": word.duration_s, "text": word.text}
        for word in job.words
    ]


def webhook(job: Job, urls: Urls) -> dict[str, Any]:
    """The body that is posted to ``webhook_url``; its last key differs from kind to kind."""
    output = "video_output" if job.kind in (Kind.SPEECH, Kind.PORTRAIT) else "output"
    return {
        "id": job.id,
        "status": status(job),
        "failed_reason": failed_reason(job),
        output: urls.output(job) if is_done(job) else None,
    }
