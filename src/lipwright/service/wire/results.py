"""What can be asked about a task beside itself: its price, its report, its words."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, field_validator

from lipwright.service.jobs import Job
from lipwright.service.wire import tasks
from lipwright.service.wire.fields import Body, Text, required_text, wrong
from lipwright.service.wire.lipsyncs import Lipsync, LipsyncRequest

BATCH_LIMIT = 500


class Estimate(tasks.Answer):
    """What a task would come to; null where a recording or a clip decides."""

    seconds: float | None
    credits: int
    preview_credits: int
    bytes: int | None


class Report(tasks.Answer):
    """What was measured in the finished file, and what was found on the way."""

    id: str
    report: dict[str, Any]


class BatchRequest(Body):
    """Body of ``POST /api/lipsyncs/batch/``: all are taken, or none."""

    requests: Annotated[list[LipsyncRequest], Field(min_length=1, max_length=BATCH_LIMIT)]


class Batch(tasks.Answer):
    """The tasks of a batch, in its order."""

    results: list[Lipsync]


class EditedWord(Body):
    """A word as it shall be written."""

    text: Annotated[Text, required_text, Field(max_length=200)]


class WordsRequest(Body):
    """Body of ``PATCH /api/lipsyncs/{id}/``: every word that shall be shown, in order."""

    word_alignments: Annotated[list[EditedWord], Field(max_length=100_000)]

    @field_validator("word_alignments")
    @classmethod
    def _some(cls, words: list[EditedWord]) -> list[EditedWord]:
        if not words:
            raise wrong("This list may not be empty.")
        return words


def report(job: Job) -> dict[str, Any]:
    """Every field of `Report`."""
    return {"id": job.id, "report": job.report or {}}
