"""Addresses handed out in answers and webhooks."""

from __future__ import annotations

from dataclasses import dataclass

from lipwright.service.jobs import Job


@dataclass(frozen=True, slots=True)
class Urls:
    """Makes public URLs; a job's id is 122 random bits, so its files cannot be guessed."""

    base: str

    def file(self, folder: str, name: str) -> str:
        """A file of a job or an avatar."""
        return f"{self.base}/files/{folder}/{name}"

    def output(self, job: Job) -> str:
        """The finished video."""
        return self.file(job.id, f"output.{job.order.container}")

    def preview(self, job: Job) -> str:
        """The page that plays the draft; it may stand in a frame."""
        return f"{self.base}/preview/{job.id}"
