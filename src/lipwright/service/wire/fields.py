"""Kinds of fields that several bodies have, and how a body is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, Literal, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from lipwright.request import CAPTION_STYLES, TRANSCRIPT_LIMIT, Aspect
from lipwright.service.drf import field_errors
from lipwright.service.orders import Tariff
from lipwright.service.problems import invalid

AspectName = Literal["16x9", "1x1", "9x16"]
ModelVersion = Literal["standard", "aurora_v1", "aurora_v1_fast"]
Status = Literal["pending", "in_queue", "running", "failed", "done", "rejected"]

TARIFFS: Final = {
    "standard": Tariff.STANDARD,
    "aurora_v1": Tariff.PORTRAIT,
    "aurora_v1_fast": Tariff.PORTRAIT_FAST,
}
LATER_STYLES: Final = {"shout-block": "brick", "comic-shadow": "toons", "hand-script": "bilo"}
"""Styles that the service took after the first eighteen, and the nearest of ours."""
STYLES: Final = (*CAPTION_STYLES, *LATER_STYLES)
REQUIRED: Final = "This field is required."
COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}")
OFFSET_LIMIT: Final = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Known:
    """What a body may refer to, and how long a script may be."""

    avatars: frozenset[str] = frozenset()
    voices: frozenset[str] = frozenset()
    script_limit: int = 0
    consent_required: bool = True


class Body(BaseModel):
    """What every request body has in common."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, protected_namespaces=())

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, body: object) -> object:
        if not isinstance(body, Mapping):
            return body
        given = {name: value for name, value in body.items() if value is not None}
        return {name: value for name, value in given.items() if value != "" or cls._needs(name)}

    @classmethod
    def _needs(cls, name: str) -> bool:
        field = cls.model_fields.get(name)
        return field is not None and field.is_required()


B = TypeVar("B", bound=Body)


def read(kind: type[B], body: object, known: Known) -> B:
    """Check a body.

    Raises:
        Problem: 400, with every wrong field.
    """
    try:
        return kind.model_validate(body, context=known)
    except ValidationError as error:
        raise invalid(field_errors(error, body)) from None


def wrong(message: str, **values: object) -> PydanticCustomError:
    """A field's own refusal."""
    return PydanticCustomError("field", message, values)


def whole_wrong(message: str) -> PydanticCustomError:
    """A refusal of an object whose fields are right, each by itself."""
    return PydanticCustomError("whole", message)


def no_choice(value: object) -> PydanticCustomError:
    """The refusal of a word that is not on the list."""
    return wrong('"{given}" is not a valid choice.', given=value)


def _offset(value: object) -> str:
    """A decimal from -0.5 to 0.5, kept as it was written."""
    text = str(value).strip()
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise wrong("A valid number is required.") from None
    if isinstance(value, bool) or not number.is_finite() or len(text) > 20:
        raise wrong("A valid number is required.")
    if number > OFFSET_LIMIT:
        raise wrong("Ensure this value is less than or equal to 0.5.")
    if number < -OFFSET_LIMIT:
        raise wrong("Ensure this value is greater than or equal to -0.5.")
    return text


def _url(value: object) -> object:
    if not isinstance(value, str):
        return value  # the type is told by the field itself
    try:
        parts = urlsplit(value)
        good = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
        good = good and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    spaced = any(letter <= " " or letter == "\x7f" for letter in value)
    if not good or spaced or not _is_unicode(value):
        raise wrong("Enter a valid URL.")
    return value


def _color(value: object) -> object:
    if isinstance(value, str) and not COLOR.fullmatch(value):
        raise wrong("Enter a colour as #RRGGBB.")
    return value


def _with_x(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.replace(":", "x") not in [*Aspect]:
        raise no_choice(value)
    return value.replace(":", "x")


def _text(value: object) -> object:
    if isinstance(value, str) and "\x00" in value:
        raise wrong("Null characters are not allowed.")
    if isinstance(value, str) and not _is_unicode(value):
        raise wrong("Not a valid string.")
    return value


def _is_unicode(value: str) -> bool:
    """Whether a database can keep it: JSON may carry halves of surrogate pairs."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _not_blank(value: str) -> str:
    if not value.strip():
        raise wrong("This field may not be blank.")
    return value


required_text: Final = AfterValidator(_not_blank)


def _script(value: str, info: ValidationInfo) -> str:
    """A script, or what a recording says, which may be longer; `audio` is read before it."""
    limit = info.context.script_limit if info.context else None
    if info.data.get("audio") is not None:
        limit = TRANSCRIPT_LIMIT
    if limit is not None and len(value) > limit:
        raise wrong("Ensure this field has no more than {limit} characters.", limit=limit)
    return value


def _style(value: object) -> object:
    if isinstance(value, str) and value not in STYLES:
        raise no_choice(value)
    return value


def _avatar_id(value: str, info: ValidationInfo) -> str:
    return known_id(value, info.context.avatars) if info.context else value


def _voice_id(value: str, info: ValidationInfo) -> str:
    return known_id(value, info.context.voices) if info.context else value


def known_id(value: str, known: frozenset[str]) -> str:
    """A UUID, written in its usual form, that is one of `known`."""
    try:
        wanted = str(UUID(value))
    except ValueError:
        raise wrong("Must be a valid UUID.") from None
    if wanted not in known:
        raise wrong('Invalid pk "{pk}" - object does not exist.', pk=wanted)
    return wanted


_ID: Final[dict[str, Any]] = {"format": "uuid"}
AspectRatio = Annotated[AspectName, BeforeValidator(_with_x)]
AvatarId = Annotated[
    str,
    AfterValidator(_avatar_id),
    Field(json_schema_extra=_ID, description="Avatar id, from `/api/personas/`."),
]
CaptionStyle = Annotated[str, BeforeValidator(_style), Field(json_schema_extra={"enum": STYLES})]
Offset = Annotated[str, BeforeValidator(_offset)]
Text = Annotated[str, BeforeValidator(_text)]
Name = Annotated[Text, Field(max_length=255)]
Script = Annotated[Text, AfterValidator(_script)]
Url = Annotated[str, BeforeValidator(_url)]
Color = Annotated[str, BeforeValidator(_color), Field(json_schema_extra={"pattern": COLOR.pattern})]
MediaUrl = Annotated[Url, Field(max_length=2048)]
VoiceId = Annotated[
    str,
    AfterValidator(_voice_id),
    Field(json_schema_extra=_ID, description="Voice id: an accent of `/api/voices/`."),
]
WebhookUrl = Annotated[Url, Field(max_length=200)]


class Pronunciation(Body):
    """How a word is said."""

    word: Annotated[Text, required_text, Field(max_length=100)]
    say: Annotated[
        Text,
        required_text,
        Field(max_length=200, description="Other words, or IPA between slashes."),
    ]


Pronunciations = Annotated[list[Pronunciation], Field(max_length=200)]
SpeakingRate = Annotated[float, Field(ge=0.5, le=2, allow_inf_nan=False)]
