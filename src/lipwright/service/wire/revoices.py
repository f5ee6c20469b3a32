"""Clips that say something else: ``/api/revoices/``, ours, in the style of the others."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from lipwright.request import SyncMode
from lipwright.service.jobs import Job
from lipwright.service.orders import RevoiceOrder
from lipwright.service.urls import Urls
from lipwright.service.wire import tasks
from lipwright.service.wire.consent import WithConsent
from lipwright.service.wire.fields import (
    Body,
    MediaUrl,
    Name,
    Script,
    Status,
    VoiceId,
    WebhookUrl,
    whole_wrong,
)

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
SyncModeName = Literal["cut_off", "loop", "bounce", "silence"]


class FacePlace(Body):
    """A point in the first picture, in shares of its width and height."""

    x: Share
    y: Share


class RevoiceRequest(WithConsent):
    """Body of ``POST /api/revoices/``."""

    video: MediaUrl
    audio: MediaUrl | None = None
    text: Script | None = None
    accent: VoiceId | None = None
    sync_mode: SyncModeName = "cut_off"
    face: FacePlace | None = None
    name: Name | None = None
    webhook_url: WebhookUrl | None = None

    @model_validator(mode="after")
    def _something_to_say(self) -> RevoiceRequest:
        if self.audio is None and not (self.text or "").strip():
            raise whole_wrong("Either text or audio is required.")
        return self

    def order(self, account_name: str) -> RevoiceOrder:
        """What is asked for, in our words."""
        return RevoiceOrder(
            footage_url=self.video,
            script=self.text,  # beside a recording: its words
            recording_url=self.audio,
            voice_id=self.accent,
            sync_mode=SyncMode(self.sync_mode),
            face=(self.face.x, self.face.y) if self.face else None,
            permission=self.permission(account_name),
            webhook_url=self.webhook_url,
        )

    def echo(self) -> dict[str, Any]:
        """The fields that every answer repeats."""
        hidden = {"consent", "consent_video", "consent_given_by", "video", "audio"}
        given = self.model_dump(exclude=hidden)
        return {**given, "video_url": self.video, "audio_url": self.audio}


class Revoice(tasks.Answer):
    """A clip that says something else, or one on its way."""

    id: str
    name: str | None
    video_url: str
    audio_url: str | None
    text: str | None
    accent: str | None
    sync_mode: SyncModeName
    face: dict[str, float] | None
    output: str | None
    video_thumbnail: str | None
    created_at: str
    updated_at: str
    credits_used: int
    duration: int
    progress: float
    failed_reason: str | None
    media_job: str | None
    status: Status
    webhook_url: str | None


def revoice(job: Job, urls: Urls) -> dict[str, Any]:
    """Every field of `Revoice`."""
    video = tasks.video(job, urls)
    files = {name: video[name] for name in ("output", "video_thumbnail")}
    return {**job.echo, **tasks.common(job), **files}
