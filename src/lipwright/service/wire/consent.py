"""Who allowed the use of a face: part of every body that brings one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import Field, ValidationInfo, field_validator

from lipwright.service.orders import Permission
from lipwright.service.wire.fields import Body, MediaUrl, Name, Text, wrong

ASKED: Final = (
    "This field is required: the words in which the person allowed the use of this face. "
    "A consent_video does as well."
)


class WithConsent(Body):
    """Fields of ours; which the API that we follow asks for elsewhere or not at all."""

    consent_video: MediaUrl | None = None
    consent_given_by: Name | None = None
    consent: Annotated[Text, Field(max_length=2000)] | None = Field(None, validate_default=True)

    @field_validator("consent")
    @classmethod
    def _asked_for(cls, value: str | None, info: ValidationInfo) -> str | None:
        required = info.context.consent_required if info.context else False
        # a wrong consent_video is not among the values, and is told of itself
        clip = info.data.get("consent_video", "wrong")
        if required and clip is None and not (value or "").strip():
            raise wrong(ASKED)
        return value

    def permission(self, account_name: str) -> Permission:
        """What is recorded: the words or the clip, who, and when."""
        return Permission(
            statement=self.consent,
            clip_url=self.consent_video,
            given_by=self.consent_given_by or account_name,
            recorded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
