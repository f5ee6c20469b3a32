"""Spoken files: ``/api/text_to_speech/``."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from lipwright.request import SCRIPT_LIMIT
from lipwright.service.jobs import Job
from lipwright.service.orders import SpeechOrder
from lipwright.service.urls import Urls
from lipwright.service.wire import tasks
from lipwright.service.wire.fields import (
    Body,
    Pronunciations,
    SpeakingRate,
    Status,
    Text,
    VoiceId,
    WebhookUrl,
    required_text,
)


class TextToSpeechRequest(Body):
    """Body of ``POST /api/text_to_speech/``."""

    script: Annotated[Text, required_text, Field(max_length=SCRIPT_LIMIT)]
    accent: VoiceId | None = None
    speaking_rate: SpeakingRate = 1
    pronunciations: Pronunciations = Field(default_factory=list)
    webhook_url: WebhookUrl | None = None

    def order(self, account_name: str) -> SpeechOrder:
        """What is asked for, in our words; a voice needs nobody's consent."""
        return SpeechOrder(
            script=self.script,
            voice_id=self.accent,
            speaking_rate=self.speaking_rate,
            pronunciations=tuple((entry.word, entry.say) for entry in self.pronunciations),
            webhook_url=self.webhook_url,
        )

    def echo(self) -> dict[str, Any]:
        """The fields that every answer repeats."""
        return self.model_dump(exclude={"speaking_rate", "pronunciations"})


class TextToSpeech(tasks.Answer):
    """A spoken file, or one on its way."""

    id: str
    script: str
    output: str | None
    media_job: str | None
    credits_used: int
    duration: int
    progress: float
    is_hidden: bool
    status: Status
    failed_reason: str | None
    created_at: str
    updated_at: str
    accent: str | None
    webhook_url: str | None


def text_to_speech(job: Job, urls: Urls) -> dict[str, Any]:
    """Every field of `TextToSpeech`."""
    output = urls.output(job) if tasks.is_done(job) else None
    return {**job.echo, **tasks.common(job), "output": output, "is_hidden": False}
