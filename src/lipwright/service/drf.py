"""Validation errors in the words and the shape of Django REST Framework."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_MESSAGES: Final = {
    "missing": "This field is required.",
    "string_type": "Not a valid string.",
    "string_unicode": "Not a valid string.",
    "string_too_long": "Ensure this field has no more than {max_length} characters.",
    "too_long": "Ensure this field has no more than {max_length} characters.",
    "bool_type": "Must be a valid boolean.",
    "bool_parsing": "Must be a valid boolean.",
    "int_type": "A valid integer is required.",
    "int_parsing": "A valid integer is required.",
    "int_from_float": "A valid integer is required.",
    "greater_than_equal": "Ensure this value is greater than or equal to {ge}.",
    "less_than_equal": "Ensure this value is less than or equal to {le}.",
}


def field_errors(error: ValidationError) -> dict[str, Any]:
    """``{"field": ["message"]}``, nested where the fields are."""
    answer: dict[str, Any] = {}
    for found in error.errors(include_url=False):
        path = [str(part) for part in found["loc"]] or ["non_field_errors"]
        inner = answer
        for part in path[:-1]:
            inner = inner.setdefault(part, {})
        inner.setdefault(path[-1], []).append(_message(found))
    return answer


def _message(found: ErrorDetails) -> str:
    kind, given = found["type"], found["input"]
    if kind == "literal_error":
        return f'"{given}" is not a valid choice.'
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return f"Invalid data. Expected a dictionary, but got {type(given).__name__}."
    if kind in _MESSAGES:
        return _MESSAGES[kind].format(**found.get("ctx", {}))
    # every other kind is one that `wire` raises, with its message ready
    return found["msg"]
