"""A picture that speaks a recording: ``/api/aurora/``."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from lipwright.service.jobs import Job
from lipwright.service.orders import Tariff, VideoOrder
from lipwright.service.scene_orders import SceneOrder
from lipwright.service.urls import Urls
from lipwright.service.wire import tasks
from lipwright.service.wire.consent import WithConsent
from lipwright.service.wire.fields import MediaUrl, Name, Status, Text, WebhookUrl

AuroraVersion = Literal["aurora_v1", "aurora_v1_fast", "aurora_v2"]
TARIFFS: Final = {"aurora_v1": Tariff.PORTRAIT, "aurora_v1_fast": Tariff.PORTRAIT_FAST}
SHORT_SIDES_PX: Final = {"480p": 468, "720p": 720, "1080p": 1080, "2k": 1440}
"""The nearest that frames can have: multiples of 36."""

_HIDDEN: Final = {
    *("consent", "consent_video", "consent_given_by"),
    "output_upload_url",  # whoever has it may write there
    "ttl_days",
}


class AuroraRequest(WithConsent):
    """Body of ``POST /api/aurora/``."""

    image: MediaUrl
    audio: MediaUrl
    name: Name | None = None
    text_prompt: Annotated[Text, Field(max_length=2000)] | None = None
    prompt_guidance_scale: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] = 1
    model_version: AuroraVersion = "aurora_v1"
    resolution: Literal["480p", "720p", "1080p", "2k"] = "1080p"
    webhook_url: WebhookUrl | None = None
    ttl_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    output_upload_url: MediaUrl | None = None

    def order(self, account_name: str) -> VideoOrder:
        """What is asked for, in our words: an avatar for this video alone."""
        return VideoOrder(
            scenes=(SceneOrder(portrait_url=self.image, recording_url=self.audio),),
            aspect=None,
            short_side_px=SHORT_SIDES_PX[self.resolution],
            tariff=TARIFFS.get(self.model_version) or Tariff(f"portrait-2-{self.resolution}"),
            permission=self.permission(account_name),
            webhook_url=self.webhook_url,
            kept_days=self.ttl_days,
            output_upload_url=self.output_upload_url,
        )

    def echo(self) -> dict[str, Any]:
        """The fields that every answer repeats."""
        return self.model_dump(exclude=_HIDDEN)


class Aurora(tasks.Answer):
    """A talking picture, or one on its way."""

    id: str
    created_at: str
    updated_at: str
    audio: str
    image: str
    video_output: str | None
    video_thumbnail: str | None
    credits_used: int
    duration: int
    progress: float
    failed_reason: str | None
    media_job: str | None
    status: Status
    is_hidden: bool
    preview: str | None
    editor_url: str | None
    name: str | None
    text_prompt: str | None
    prompt_guidance_scale: float
    model_version: AuroraVersion
    resolution: str
    webhook_url: str | None


def aurora(job: Job, urls: Urls) -> dict[str, Any]:
    """Every field of `Aurora`."""
    video = tasks.video(job, urls)
    output = video.pop("output")
    return {**job.echo, **tasks.common(job), **video, "video_output": output, "is_hidden": False}
